"""One record at a time: what each field becomes, and records as they should not be."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import incentivi
from connectors.base.contract import ParseError, Record
from tests.connectors.incentivi.conftest import TODAY, page_of, read
from tests.portals.incentivi_content import REGIONS, SECTORS, incentive


@pytest.mark.parametrize("filler", ["2027-12-31T00:00:00", "2028-12-31T00:00:00"])
def test_the_last_day_of_a_later_year_means_until_the_money_ends(filler: str) -> None:
    notice = read(zs_field_close_date=filler)
    (deadline,) = notice.deadlines
    assert (deadline.on, deadline.certainty) == (None, "until_funds")
    assert notice.extra["incentivi"]["closes"] == filler[:10]


def test_when_that_day_has_passed_it_is_a_day_like_any_other_and_closes() -> None:
    notice = read(zs_field_close_date="2027-12-31T00:00:00", at=datetime(2028, 1, 1, 7, tzinfo=UTC))
    assert notice.deadlines[0].on == date(2027, 12, 31)


@pytest.mark.parametrize("day", ["2026-12-31", "2027-12-30", "2027-03-28", "2026-10-25"])
def test_another_day_is_a_day_without_an_hour_in_rome(day: str) -> None:
    (deadline,) = read(zs_field_close_date=f"{day}T00:00:00").deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == (day, None, "Europe/Rome")


def test_a_day_that_is_none_is_left_out_and_kept_as_written() -> None:
    notice = read(zs_field_close_date="a sportello")
    assert (notice.deadlines, notice.extra["incentivi"]["closes"]) == ((), "a sportello")
    assert read(zs_field_close_date=None).deadlines == ()


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [(["1500", "40000"], 1500, 40000), (["50000", "5000"], 5000, 50000), (["0", "20000"], None, 20000)],
)
def test_the_two_ends_of_the_aid_come_in_either_order(given: list[str], least: int | None, most: int) -> None:
    grant = read(zm_field_support_grant_type_min_max=given).grant
    assert grant is not None
    assert (grant.min, grant.max) == (None if least is None else Decimal(least), Decimal(most))


@pytest.mark.parametrize("nothing", [["0", "0"], [], ["", "x"], ["NaN", "Infinity"], None])
def test_an_aid_without_an_amount_is_not_stated(nothing: Any) -> None:
    assert read(zm_field_support_grant_type_min_max=nothing).grant is None
    assert read(zs_field_budget_allocation="0").budget is None


def test_every_region_is_the_whole_country_and_twice_the_same_is_once() -> None:
    assert read(zm_field_regions_value=[*REGIONS, REGIONS[0]]).regions == ()
    assert read(zm_field_regions_value=list(REGIONS[:2])).regions == ("nuts:ITF1", "nuts:ITF5")
    assert read(zm_field_regions_value=["Trentino-Alto Adige/Südtirol"]).regions == ("nuts:ITH1", "nuts:ITH2")


def test_a_region_that_nobody_knows_is_named_and_not_guessed() -> None:
    notice = read(zm_field_regions_value=["Puglia", "Terra di Mezzo"])
    assert notice.regions == ("nuts:ITF4",)
    assert notice.extra["incentivi"]["not_understood"] == ["Terra di Mezzo"]


def test_all_values_are_read_and_not_the_first_alone() -> None:
    notice = read(zm_field_subject_type_value=["Impresa", "Cooperative/Associazioni Non Profit"])
    assert notice.eligibility is not None
    assert "incentivi:Cooperative/Associazioni Non Profit" in notice.eligibility.codes
    assert "Cooperative/Associazioni Non Profit" in (notice.eligibility.text or "")
    assert "anche cooperative" in (notice.eligibility.text or "")


def test_a_measure_for_all_sectors_has_no_sector_as_a_word() -> None:
    assert not set(SECTORS) & set(read(zm_field_activity_sector_value=list(SECTORS)).keywords)
    assert "Turismo" in read(zm_field_activity_sector_value=["Turismo"]).keywords


@pytest.mark.parametrize(
    ("prose", "codes"),
    [
        ("10.51; 10.71; 56.1;", ("ateco:10.51", "ateco:10.71", "ateco:56.1")),
        ("ATECO 2025: 10.51; 10; 55.90.", ("ateco:10.51", "ateco:10", "ateco:55.90")),
        ("Tutti i settori economici ammissibili a ricevere aiuti", ()),
        ("Imprese con meno di 50 addetti e 10 anni", ()),
        ("", ()),
    ],
)
def test_codes_are_read_from_a_list_of_codes_and_never_from_a_sentence(prose: str, codes: tuple[str, ...]) -> None:
    assert read(zs_field_ateco=prose).codes == codes


def test_the_text_gets_its_headings_back_and_the_summary_is_what_it_is_about() -> None:
    notice = read(zs_body="Cos'è Un aiuto per botteghe. A chi si rivolge Alle botteghe.  Cosa prevede La metà.")
    assert notice.summary == "Un aiuto per botteghe."
    assert notice.body is not None
    assert notice.body.startswith(
        "<h3>Cos'è</h3><p>Un aiuto per botteghe.</p>\n<h3>A chi si rivolge</h3><p>Alle botteghe.</p>\n<h3>Cosa prevede</h3><p>La metà.</p>"
    )


def test_a_text_without_headings_stays_whole() -> None:
    assert read(zs_body="Solo testo, e cosa prevede la legge.").summary == "Solo testo, e cosa prevede la legge."


def test_persons_and_their_addresses_are_cut() -> None:
    told = read(
        zs_body="Cos'è Aiuto. Responsabile del procedimento: dott. Aldo Bianchi, a.bianchi@example.org",
        zs_field_close_date_descriptor="Scrivere a mario.neri@example.org",
        zs_field_other_characteristic="Referente: Pia Rossi",
    ).model_dump_json()
    assert not [word for word in ("Bianchi", "a.bianchi", "mario.neri", "Pia Rossi") if word in told]


def test_hostile_markup_in_a_text_is_harmless() -> None:
    body = read(zs_body="Cos'è <script>alert(1)</script><img src=x onerror=alert(1)> Aiuto").body or ""
    assert "script" not in body
    assert "onerror" not in body


@pytest.mark.parametrize("field", ["zs_nid", "zs_title", "zs_url"])
def test_a_record_without_number_title_or_address_is_refused(field: str) -> None:
    with pytest.raises(ParseError, match="zs_"):
        read(**dict[str, Any]({field: None}))
    assert read(zs_field_link=None).links == ()


def test_a_field_that_nobody_has_seen_is_named() -> None:
    doc = incentive(0, seed=1, today=TODAY)
    assert list(incentivi.audit(Record("docs[0]", doc))) == []
    assert list(incentivi.audit(Record("docs[0]", doc | {"zs_field_new": "1"}))) == ["zs_field_new"]


@pytest.mark.parametrize("record", [None, 3, "x", [], {"zs_nid": 3}, {"zs_nid": "³"}, {"zs_nid": "1", "zs_title": {}}])
def test_what_is_no_record_is_refused_alone(record: Any) -> None:
    page = page_of(record, incentive(1, seed=1, today=TODAY))
    bad, good = incentivi.split(page)
    with pytest.raises(ParseError):
        incentivi.read(bad, page)
    assert incentivi.read(good, page).source_id == "3001"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(incentive(0, seed=1, today=TODAY))), json_values, max_size=6))
def test_whatever_a_field_holds_the_record_is_read_or_refused(facts: dict[str, Any]) -> None:
    page = page_of(incentive(0, seed=1, today=TODAY) | facts)
    (record,) = incentivi.split(page)
    try:
        notice = incentivi.read(record, page)
    except (ParseError, ValueError):
        return
    assert notice.titles["it"].text
