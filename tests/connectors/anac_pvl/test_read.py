"""One act at a time: what makes a call, what each part becomes, and acts as they should not be."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import anac_pvl
from connectors.base.contract import Notice, ParseError, Skipped
from tests.connectors.anac_pvl.conftest import call, noticed, page_of, read


def hours(record: Any) -> list[tuple[str, str | None, str | None]]:
    return [(str(d.on), d.at, d.label) for d in noticed(record).deadlines]


def test_a_term_with_its_offset_is_that_instant_by_the_clock_of_rome() -> None:
    record = call(dataScadenza="2026-12-18T09:00:00.000+00:00", lot={"termine_invito": "2026-12-18T10:00:00+01:00"})
    assert hours(record) == [("2026-12-18", "10:00", None)]


@pytest.mark.parametrize("written", ["2026-12-18T12:00:00Z", "2026-12-18T12:00:00.000+00:00"])
def test_a_term_as_utc_is_the_clock_of_rome_so_that_nobody_comes_too_late(written: str) -> None:
    assert hours(call(dataScadenza=written, lot={"termine_invito": written})) == [("2026-12-18", "12:00", None)]
    bare = call(dataScadenza=written, lot={"termine_invito": None, "termine_ricezione": None})
    assert hours(bare) == [("2026-12-18", "12:00", None)]


def test_a_term_in_the_hour_that_the_clocks_leave_out_or_repeat_is_read() -> None:
    for written in ("2027-03-28T02:30:00Z", "2027-10-31T02:30:00Z"):
        assert hours(call(dataScadenza=written, lot={"termine_invito": written}))[0][1] == "02:30"


def test_lots_with_terms_of_their_own_are_named_beside_them_where_they_have_a_number() -> None:
    record = call(66)  # a call in two lots
    first, second = record["template"][0]["template"]["sections"][2]["items"]
    for lot, at in ((first, "2026-12-18T12:00:00+01:00"), (second, "2026-12-20T12:00:00+01:00")):
        lot.pop("termine_invito", None)
        lot["termine_ricezione"] = at
    del first["cig"]
    assert hours(record) == [("2026-12-18", "12:00", None), ("2026-12-20", "12:00", f"lotto {second['cig']}")]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ({"tipo": "rettifica"}, "of type rettifica, no call"),
        ({"tipo": None}, "of type None, no call"),
        ({"oscurato": True}, "withheld from the public"),
        ({"attivo": False}, "not active"),
        ({"dataScadenza": None}, "without a term: a result, or a change of a contract"),
        ({"dataScadenza": "presto"}, "without a term: a result, or a change of a contract"),
        ({"dataScadenza": "2026-11-21T10:30:00.000+00:00"}, "its term had passed when it was published"),
    ],
)
def test_what_is_no_call_is_left_out_by_name_and_still_listed(head: dict[str, Any], why: str) -> None:
    record = call(**head)
    assert read(record) == Skipped(why, record["idAvviso"])


def test_what_closes_before_it_is_read_but_after_it_was_published_is_read() -> None:
    record = call(dataScadenza="2026-11-23T08:00:00.000+00:00", lot={"termine_invito": "2026-11-23T09:00:00+01:00"})
    assert isinstance(read(record), Notice)


def test_the_kind_of_form_decides_nothing() -> None:
    assert noticed(call(codiceScheda="XX_99")).extra["anac_pvl"]["form"] == "XX_99"


@pytest.mark.parametrize(
    ("place", "regions", "countries"),
    [
        ("Padova", ("nuts:ITH36",), ("IT",)),
        ("REGGIO NELL'EMILIA", ("nuts:ITH53",), ("IT",)),
        ("Reggio di Calabria", ("nuts:ITF65",), ("IT",)),
        ("L’Aquila", ("nuts:ITF11",), ("IT",)),
        ("ITALIA", (), ("IT",)),
        ("GERMANIA", (), ("DE",)),
        ("Stati Uniti", (), ("US",)),
        ("Altrove", (), ("IT",)),
        (None, (), ("IT",)),
    ],
)
def test_a_place_is_a_province_or_a_country_or_only_italy(
    place: str | None, regions: tuple[str, ...], countries: tuple[str, ...]
) -> None:
    notice = noticed(call(lot={"luogo_nuts": place}))
    assert (notice.regions, notice.countries) == (regions, countries)


def test_a_trade_is_its_label_until_somebody_knows_its_code() -> None:
    notice = noticed(call(lot={"cpv": "Servizi sociali"}))
    assert (notice.codes, notice.keywords) == (("cpv-label:Servizi sociali",), ("Servizi sociali",))
    written = noticed(call(lot={"cpv": "85320000-8 Servizi sociali"}))
    assert (written.codes, written.keywords) == (("cpv:85320000",), ())


def test_the_value_is_the_sum_of_all_lots_and_unknown_where_one_is() -> None:
    lots = call(66)
    first, second = lots["template"][0]["template"]["sections"][2]["items"]
    first["valore_complessivo_stimato"], second["valore_complessivo_stimato"] = 0.1, 0.2
    budget = noticed(lots).budget
    assert budget is not None
    assert budget.total == Decimal("0.3")
    second["valore_complessivo_stimato"] = None
    assert noticed(lots).budget is None


@pytest.mark.parametrize(
    ("link", "keys"),
    [
        ("https://ted.europa.eu/it/notice/-/detail/383667-2026", ("ted:383667-2026",)),
        ("https://ted.europa.eu/notice/00383667-2026/pdf", ("ted:383667-2026",)),
        ("https://elsewhere.example.org/383667-2026", ()),
        ("https://ted.europa.eu/it/", ()),
        (7, ()),
    ],
)
def test_a_link_to_ted_is_a_key_where_it_carries_the_publication_number(link: Any, keys: tuple[str, ...]) -> None:
    assert noticed(call(metadata={"link_eform_ted": link})).same_as == keys


def test_tax_codes_and_persons_are_nowhere() -> None:
    record = call(metadata={"descrizione": "Pulizie. RUP: Ada Verdi, tel. 035 1234567, ada.verdi@example.org"})
    buyers = record["template"][0]["template"]["sections"][0]["fields"]["soggetti_sa"]
    buyers.append({"codice_fiscale": "VRDDAA80A01F205X", "denominazione_amministrazione": "dott.ssa Ada Verdi"})
    told = noticed(record).model_dump_json()
    secret = ("Verdi", "1234567", "VRDDAA80A01F205X", *(buyer["codice_fiscale"] for buyer in buyers))
    assert not [word for word in secret if word in told]


def test_a_title_wins_over_the_description_and_the_lot_speaks_where_both_are_silent() -> None:
    both = noticed(call(metadata={"titolo": "Un titolo", "descrizione": "Una descrizione"}))
    assert (both.titles["it"].text, both.summary) == ("Un titolo", "Una descrizione")
    silent = call(metadata={"titolo": None, "descrizione": None}, lot={"descrizione": "Un lotto"})
    assert noticed(silent).titles["it"].text == "Un lotto"
    with pytest.raises(ParseError, match="neither a title"):
        read(call(metadata={"descrizione": None}, lot={"descrizione": None}))


def test_sections_are_found_by_how_their_names_begin() -> None:
    record = call()
    for section in record["template"][0]["template"]["sections"]:
        section["name"] = section["name"].split(" - ")[0] + " - Altro nome"
    assert noticed(record).organisation is not None


def test_an_act_in_thousands_of_lots_ends() -> None:
    record = call()
    items = record["template"][0]["template"]["sections"][2]["items"]
    items *= 5_000
    assert noticed(record).documents


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_an_act_holds_it_is_read_left_out_or_refused(data: st.DataObject) -> None:
    record = call()
    template = record["template"][0]["template"]
    first = template["sections"][2]["items"][0]
    for where in (record, template, template["metadata"], template["sections"][0]["fields"], first):
        for name in data.draw(st.lists(st.sampled_from(sorted(where)), max_size=2)):
            where[name] = data.draw(json_values)
    page = page_of(record)
    (one,) = anac_pvl.split(page)
    try:
        anac_pvl.read(one, page)
    except (ParseError, ValueError):
        return


@pytest.mark.parametrize("record", [None, 3, "x", [], {}, {"idAvviso": 7}, {"idAvviso": "../../x"}])
def test_what_is_no_act_is_refused_alone(record: Any) -> None:
    page = page_of(record, call())
    bad, good = anac_pvl.split(page)
    with pytest.raises(ParseError, match="idAvviso"):
        anac_pvl.read(bad, page)
    assert isinstance(anac_pvl.read(good, page), Notice)
    assert anac_pvl.identify(bad) is None
