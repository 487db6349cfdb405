"""One record of SAM.gov at a time: what it says, and what is not said is left out."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import sam_gov
from connectors.base.contract import Notice, ParseError, Seen, Skipped
from tests.connectors.sam_gov.records import ID, PLAIN, notice, page, reading

NOTHING: tuple[Any, ...] = (None, "", "null", " NULL ", {}, [])


def test_a_record_says_who_buys_what_where_and_until_when() -> None:
    said = notice()
    assert said.source_id == ID
    assert (said.kind, said.countries, said.origin_country) == ("tender", ("IT",), "US")
    assert said.organisation is not None
    assert said.organisation.name == "DEPT OF EXAMPLES · CONTRACTING OFFICE, NORTH"
    assert said.codes == ("naics:812332", "psc:S209", "sam-type:o")
    assert str(said.published_at) == "2026-11-20"
    (deadline,) = said.deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == ("2026-12-14", "14:00", "America/Chicago")
    assert said.extra["sam_gov"] == {"solicitation": "SIM-26-001", "type": "Solicitation", "place": "Vicenza"}


def test_no_person_is_in_what_is_kept_of_a_record() -> None:
    given = page(PLAIN)
    (record,) = sam_gov.split(given)
    assert "Marlowe" not in repr(record)
    assert "Marlowe" not in repr(sam_gov.read(record, given))


@pytest.mark.parametrize(
    ("stated", "state", "country", "read"),
    [
        ("2026-12-14T14:00:00-06:00", "TX", "USA", ("2026-12-14", "14:00", "America/Chicago")),
        ("2026-12-14T14:00:00-05:00", "TX", "USA", ("2026-12-14", "14:00", "America/New_York")),
        ("2026-12-14T14:00:00-08:00", "", "USA", ("2026-12-14", "14:00", "America/Los_Angeles")),
        ("2026-07-14T14:00:00-07:00", "AZ", "USA", ("2026-07-14", "14:00", "America/Phoenix")),
        ("2026-12-14T14:00:00+01:00", "", "ITA", ("2026-12-14", "14:00", "Europe/Rome")),
        ("2026-12-14T14:00:00+05:30", "", "USA", ("2026-12-14", "08:30", "UTC")),
        ("2026-12-14T01:00:00+09:00", "", "JPN", ("2026-12-14", "01:00", "Asia/Tokyo")),
        ("2026-11-01T01:30:00-05:00", "OH", "USA", ("2026-11-01", "01:30", "America/Chicago")),
        ("2026-12-14", "CA", "USA", ("2026-12-14", None, "America/Los_Angeles")),
        ("2026-12-14", "", "ITA", ("2026-12-14", None, "Europe/Rome")),
        ("2026-12-14", "", "DEU", ("2026-12-14", None, "Europe/Berlin")),
        ("2026-12-14", "??", "USA", ("2026-12-14", None, "America/New_York")),
        ("2026-12-14", None, None, ("2026-12-14", None, "America/New_York")),
    ],
)
def test_a_deadline_is_kept_as_it_was_stated_on_the_clock_of_its_office(
    stated: str, state: Any, country: Any, read: tuple[str, str | None, str]
) -> None:
    (deadline,) = notice(responseDeadLine=stated, officeAddress={"state": state, "countryCode": country}).deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == read


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_missing_value_has_many_disguises_and_is_left_out(nothing: Any) -> None:
    names = ("responseDeadLine", "naicsCode", "naicsCodes", "classificationCode", "award", "typeOfSetAside", "uiLink")
    more = ("fullParentPathName", "fullParentPathCode", "placeOfPerformance", "officeAddress", "resourceLinks")
    said = notice(**dict.fromkeys((*names, *more, "additionalInfoLink", "postedDate", "solicitationNumber"), nothing))
    assert (said.deadlines, said.documents) == ((), ())
    assert [said.organisation, said.budget, said.eligibility, said.published_at] == [None] * 4
    assert said.codes == ("sam-type:o",)
    assert said.countries == ("US",)
    assert said.url == f"https://sam.gov/opp/{ID}/view"
    assert "null" not in said.model_dump_json().lower()


@pytest.mark.parametrize(
    ("place", "office", "read"),
    [
        ({"country": {"code": "DEU"}}, "USA", ("DE",)),
        ({"country": {"code": "XKS"}}, "USA", ("XK",)),
        ({"country": {"code": "QQQ"}}, "USA", ()),
        ({"country": {}}, "ITA", ("IT",)),
        ({}, "ITA", ("IT",)),
        (None, "USA", ("US",)),
        ({"state": {"name": "Ohio"}}, None, ("US",)),
    ],
)
def test_the_place_is_as_stated_else_that_of_the_office_else_the_united_states(
    place: Any, office: Any, read: tuple[str, ...]
) -> None:
    assert notice(placeOfPerformance=place, officeAddress={"countryCode": office}).countries == read


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("6515--DRIVING SIMULATOR", "DRIVING SIMULATOR"),
        ("S--Laundry", "Laundry"),
        ("25-- PARTS KIT", "PARTS KIT"),
        ("Well-known -- indeed", "Well-known -- indeed"),
        ("HVAC--", "HVAC--"),
        ("AMEND--PARTS", "AMEND--PARTS"),
    ],
)
def test_a_product_code_before_a_title_is_taken_off_and_the_raw_title_stays(title: str, read: str) -> None:
    said = notice(title=title)
    assert said.titles["en"].text == read
    assert said.extra["sam_gov"].get("title", title) == title


@pytest.mark.parametrize(
    ("label", "kind", "due", "announced"),
    [
        ("Solicitation", "tender", "submission", False),
        ("Combined Synopsis/Solicitation", "tender", "submission", False),
        ("Intent to Bundle Requirements (DoD-Funded)", "tender", "submission", False),
        ("Presolicitation", "tender", "eoi", True),
        ("Sources Sought", "tender", "eoi", True),
        ("Special Notice", "news", "eoi", False),
        ("Award Notice", "news", "eoi", False),
    ],
)
def test_a_type_decides_the_kind_and_what_its_date_means(label: str, kind: str, due: str, announced: bool) -> None:
    said = notice(type=label)
    assert (said.kind, said.deadlines[0].kind) == (kind, due)
    assert ("stage:planning" in said.codes) == announced


def test_a_special_notice_that_invites_is_an_event() -> None:
    said = notice(type="Special Notice", title="Industry Day: linen for clinics")
    assert (said.kind, said.deadlines[0].kind) == ("event", "registration")


def test_the_department_and_the_office_are_told_also_where_a_name_holds_a_dot() -> None:
    name = notice(fullParentPathName="DEPT OF A.OFFICE B.MICC-FT. NORTH", fullParentPathCode="1.2.3").organisation
    assert name is not None
    assert name.name == "DEPT OF A · MICC-FT. NORTH"
    old = notice(fullParentPathName=None, department="DEPT OF OLD", subTier="BUREAU", office="ROOM 5").organisation
    assert old is not None
    assert old.name == "DEPT OF OLD · ROOM 5"


def test_a_set_aside_is_only_for_companies_of_the_united_states() -> None:
    said = notice(typeOfSetAside="SDVOSBC", typeOfSetAsideDescription="Veterans").eligibility
    assert said is not None
    assert (said.verdict, said.text, said.codes) == ("us_only", "Veterans", ("sam-set-aside:SDVOSBC",))
    skipped = reading(typeOfSetAside="SBA")
    assert skipped == Skipped("set aside for companies of the United States", ID)
    for none in ("", None, "NONE", "none"):
        assert isinstance(reading(typeOfSetAside=none), Seen)


def test_an_award_is_no_opportunity_unless_somebody_asks_for_it() -> None:
    award = {"date": "2026-11-01", "number": "C7", "amount": "800620.50", "awardee": {"name": "An Example LLC"}}
    assert isinstance(reading(type="Award Notice", award=award), Skipped)
    said = notice(type="Award Notice", award=award)
    assert said.budget is not None
    assert (said.budget.total, said.budget.currency) == (Decimal("800620.50"), "USD")
    assert said.extra["sam_gov"]["award"] == {"date": "2026-11-01", "number": "C7"}


def test_what_is_not_active_any_more_is_left_out() -> None:
    assert reading(active="No") == Skipped("not active any more", ID)


@pytest.mark.parametrize(
    ("params", "changed", "kept"),
    [
        ({"countries": ("IT",)}, {}, True),
        ({"countries": ("DE",)}, {}, False),
        ({"countries": ("DE",)}, {"officeAddress": {"countryCode": "DEU"}}, True),
        ({"countries": ("DE",), "words": ("linen",)}, {}, True),
        ({"words": ("line",)}, {}, True),
        ({"words": ("inen",)}, {}, False),
        ({"words": ("c++ (",)}, {}, False),
        ({"words": ("LINEN",)}, {"placeOfPerformance": None}, True),
    ],
)
def test_a_filter_keeps_a_place_or_a_word(params: dict[str, Any], changed: dict[str, Any], kept: bool) -> None:
    assert isinstance(reading(sam_gov.Params(**params), **changed), Seen) == kept


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"noticeId": None}, "noticeId"),
        ({"noticeId": "../../etc"}, "noticeId"),
        ({"type": "Invitation"}, "not known"),
        ({"type": None}, "not known"),
        ({"title": "null"}, "title"),
        ({"responseDeadLine": "soon"}, "responseDeadLine"),
        ({"responseDeadLine": "2026-13-40"}, "responseDeadLine"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_alone(changed: dict[str, Any], why: str) -> None:
    given = page(PLAIN | changed, PLAIN)
    bad, good = sam_gov.split(given)
    with pytest.raises(ParseError, match=why):
        sam_gov.read(bad, given)
    assert isinstance(sam_gov.read(good, given), Seen)


def test_a_field_that_nobody_reads_is_heard_of() -> None:
    (record,) = sam_gov.split(page(PLAIN | {"newField": 1}))
    assert list(sam_gov.audit(record)) == ["newField"]


def test_the_page_of_one_notice_is_read_with_its_description() -> None:
    text = "<p>Clean <b>linen</b>.</p><script>alert(1)</script><p>Contact: Robin Marlowe, 210-555-0100.</p>"
    whole = page(opportunity=PLAIN, description=text)
    (record,) = sam_gov.split(whole)
    said = sam_gov.read(record, whole)
    assert isinstance(said, Notice)
    assert said.body is not None
    assert said.body.startswith("<p>Clean <strong>linen</strong>.</p>")
    for cut in ("alert", "Marlowe", "555"):
        assert cut not in said.model_dump_json()


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(PLAIN)), _VALUES, max_size=6))
def test_whatever_a_field_holds_concerns_its_record_alone(changed: dict[str, Any]) -> None:
    given = page(PLAIN | changed)
    for record in sam_gov.split(given):
        try:
            sam_gov.read(record, given)
        except ParseError:
            continue


@given(_VALUES)
def test_whatever_stands_in_the_list_is_refused_or_read(value: Any) -> None:
    given = page(value)
    for record in sam_gov.split(given):
        with pytest.raises(ParseError):
            sam_gov.read(record, given)
