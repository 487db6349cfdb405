"""Rows of any table: which column is what, what a cell means, and who a row is. All connectors of tables share this."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.contract import Notice, Skipped
from connectors.generic.columns import Columns, Table, missing
from connectors.generic.licence import rights_under
from connectors.generic.rows import identified, notice_of_row

AT = datetime(2026, 6, 12, 9, tzinfo=UTC)
PAGE = "https://dati.example/dataset/bandi"


def table(**params: Any) -> Table:
    return Table.model_validate(
        {"lang": "it", "origin_country": "IT", "kind": "grant_call", "currency": "EUR"} | params
    )


def read(row: dict[str, Any], **params: Any) -> Notice | Skipped:
    chosen = table(**params)
    (one,) = identified([{"title": "Bando"} | row], chosen)
    return notice_of_row(one, chosen, name="ckan", address=PAGE, fetched_at=AT)


def notice(row: dict[str, Any], **params: Any) -> Notice:
    made = read(row, **params)
    assert isinstance(made, Notice)
    return made


def unread(made: Notice) -> list[str]:
    return list(made.extra.get("ckan", {}).get("unread", []))


def ids(rows: list[dict[str, Any]], **params: Any) -> list[str]:
    return [one.source_id for one in identified(rows, table(**params))]


@pytest.mark.parametrize(
    ("written", "on", "at"),
    [
        ("1/9/2026", "2026-09-01", None),
        ("02/12/26", "2026-12-02", None),
        ("2026-09-01T00:00:00.000", "2026-09-01", None),
        ("2026-09-01 00:00:00", "2026-09-01", None),
        ("01/09/2026 ore 12:00", "2026-09-01", "12:00"),
        ("2026-09-01T10:00:00Z", "2026-09-01", "12:00"),
        ("30 settembre 2026", "2026-09-30", None),
    ],
)
def test_F15_a_deadline_is_read_day_first(written: str, on: str, at: str | None) -> None:
    (deadline,) = notice({"deadline": written}).deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == (on, at, "Europe/Rome")


def test_F15_the_order_of_day_and_month_is_set_and_never_guessed() -> None:
    assert [str(d.on) for d in notice({"deadline": "09/01/2026"}, dates="mdy").deadlines] == ["2026-09-01"]
    assert [str(d.on) for d in notice({"deadline": "09/01/2026"}).deadlines] == ["2026-01-09"]
    american = notice({"deadline": "12/31/2026"})
    assert american.deadlines == ()
    assert unread(american) == ["deadline: 12/31/2026"]


@pytest.mark.parametrize("written", ["aprile 2024", "31/02/2026", "a breve", "Summer 2025"])
def test_F15_a_cell_without_a_day_is_no_deadline_and_is_named(written: str) -> None:
    made = notice({"deadline": written, "opens": written, "html": "Domande entro il 1/9/2026"})
    assert made.deadlines == ()
    assert made.opens_at is None
    assert unread(made) == [f"deadline: {written}", f"opens: {written}"]


@pytest.mark.parametrize(
    ("written", "certainty"),
    [("Ongoing", "continuous"), ("sempre aperto", "continuous"), ("Fino ad esaurimento fondi", "until_funds")],
)
def test_words_for_a_deadline_without_a_day_are_understood(written: str, certainty: str) -> None:
    assert [each.certainty for each in notice({"deadline": written}).deadlines] == [certainty]


def test_several_deadlines_of_a_cell_are_all_kept_and_an_empty_cell_asks_the_text() -> None:
    assert [str(each.on) for each in notice({"deadline": "1/9/2026; 1/3/2027"}).deadlines] == [
        "2026-09-01",
        "2027-03-01",
    ]
    assert [str(each.on) for each in notice({"deadline": "", "html": "Scadenza: 1/9/2026"}).deadlines] == ["2026-09-01"]


@pytest.mark.parametrize(
    ("written", "params", "total"),
    [
        ("3.200.000,00", {}, "3200000.00"),
        ("245310.5", {"decimal": "."}, "245310.5"),
        ("4562.455", {"decimal": "."}, "4562.455"),
        ("562.455", {"decimal": "."}, "562.455"),
        ("562.455", {"decimal": ","}, "562455"),
        (1250, {}, "1250"),
        ("€ 1.500", {}, "1500"),
    ],
)
def test_an_amount_is_read_with_the_decimal_sign_of_its_source(written: Any, params: Any, total: str) -> None:
    budget = notice({"budget": written}, **params).budget
    assert budget
    assert (budget.total, budget.currency) == (Decimal(total), "EUR")


@pytest.mark.parametrize("written", ["0", "0,00", "0.00 €", "-", "n/a", None])
def test_nothing_is_no_amount_and_no_fault(written: Any) -> None:
    made = notice({"budget": written})
    assert made.budget is None
    assert unread(made) == []


def test_an_amount_in_words_is_named() -> None:
    assert unread(notice({"grant": "secondo il progetto"})) == ["grant: secondo il progetto"]


def test_a_closed_row_waits_for_no_later_day() -> None:
    (late,) = notice({"state": "Scaduto", "deadline": "1/9/2026"}, closed=["scaduto"]).deadlines
    assert late.kind == "stage"
    (past,) = notice({"state": "scaduto", "deadline": "1/3/2026"}, closed=["scaduto"]).deadlines
    assert past.kind == "submission"
    assert notice({"state": "scaduto", "html": "Domande entro il 1/9/2026"}, closed=["scaduto"]).deadlines == ()
    assert notice({"state": "scaduto", "deadline": "Ongoing"}, closed=["scaduto"]).deadlines == ()


def test_a_state_that_is_left_out_is_named_and_still_counts_as_listed() -> None:
    assert read({"id": "7", "state": " REVOCATO "}, skip=["revocato"]) == Skipped("state: REVOCATO", "7")


def test_places_are_codes_and_a_name_that_is_a_code_by_chance_is_none() -> None:
    assert notice({"region": "LODI; LECCO"}).regions == ("nuts:ITC49", "nuts:ITC43")
    assert notice({"region": "ITC4C"}).regions == ("nuts:ITC4C",)
    lost = notice({"region": "Atlantide", "country": "Atlantis; FR"}, regions=["nuts:ITC4"])
    assert (lost.regions, lost.countries) == (("nuts:ITC4",), ("FR",))
    assert unread(lost) == ["region: Atlantide", "country: Atlantis"]


def test_codes_addressees_and_links_are_read_from_what_a_cell_holds() -> None:
    made = notice(
        {
            "cpv": "90911200-8; 55524000",
            "eligibility": "Cooperative",
            "url": '<a target="_blank" href="/b/1">Scheda</a>',
        }
    )
    assert made.codes == ("cpv:90911200", "cpv:55524000")
    assert made.eligibility
    assert made.eligibility.text == "Cooperative"
    assert made.url == "https://dati.example/b/1"
    assert notice({}).url == PAGE
    assert notice({"url": "javascript:alert(1)"}).url == PAGE
    assert notice({"url": {"url": "https://a.example/x"}}).url == "https://a.example/x"


def test_rows_that_share_a_page_are_not_the_same_thing() -> None:
    assert notice({"url": "https://a.example/x"}).same_as == ()
    assert notice({"url": "https://a.example/x"}, own_pages=True).same_as == ("url:https://a.example/x",)


def test_the_identity_is_the_id_or_title_and_opening_and_never_the_place() -> None:
    rows = [{"title": "Uno", "opens": "1/9/2026"}, {"title": "Uno", "opens": "1/9/2027"}, {"title": "Due"}]
    assert ids(rows) == list(reversed(ids(list(reversed(rows)))))
    assert len(set(ids(rows))) == 3
    assert ids([{"title": " UNO ", "opens": "01/09/26"}]) == ids(rows[:1])
    assert ids([{"code": "A", "year": "2026", "title": "x"}], columns={"id": ["code", "year"]}) == ["A|2026"]


def test_rows_alike_in_title_and_opening_are_told_apart_and_the_same_row_again_is_skipped() -> None:
    rows = [{"title": "Uno", "deadline": "1/9/2026"}, {"title": "Uno", "deadline": "1/9/2027"}]
    assert len(set(ids(rows))) == 2
    twice = list(identified([*rows, rows[0], {"summary": "niente"}], table()))
    assert [one.skip for one in twice] == ["", "", "the same row again", "a row without id and title"]


def test_columns_that_the_table_lost_are_named_and_their_writing_does_not_matter() -> None:
    chosen = table(columns={"title": "Intervento", "deadline": "Chiusura", "extra": ["Nota"]})
    assert missing(["INTERVENTO", " chiusura "], chosen) == ("Nota",)
    assert missing(["intervento", "Chiusura", "nota"], chosen) == ()


def test_of_two_columns_that_differ_in_case_the_one_that_is_named_counts() -> None:
    assert notice({"Name": "Primo", "name": "secondo"}, columns={"title": "Name"}).titles["it"].text == "Primo"
    assert notice({"Name": "Primo", "name": "secondo"}, columns={"title": "name"}).titles["it"].text == "secondo"


def test_persons_are_cut_wherever_they_stand() -> None:
    row = {"organisation": "Referente: Ada Belmonte", "nota": "ada.belmonte@posta.example", "html": "RUP: Ada Belmonte"}
    row |= {"eligibility": "Referente: Ada Belmonte", "deadline": "chiedere a Referente: Ada Belmonte", "state": "x"}
    told = notice(row, columns={"extra": ["nota"]}).model_dump_json()
    assert "Belmonte" not in told
    assert "ada.belmonte" not in told


@pytest.mark.parametrize(
    ("licence", "show"),
    [
        *((name, "full") for name in ("CC0 1.0", "CC BY 4.0", "cc-by-sa 3.0", "IODL 2.0", "CC BY 3.0 IT")),
        *((name, "summary") for name in ("", "CC BY-NC 4.0", "CC BY-ND 4.0", "all rights reserved", "CC BY 4.0 or so")),
    ],
)
def test_only_an_open_licence_lets_the_whole_text_be_shown(licence: str, show: str) -> None:
    rights = rights_under(licence, "Regione Dorena")
    assert rights.show == show
    assert ("Regione Dorena" in rights.attribution) == (show == "full")


cells = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.lists(st.text(max_size=9))
names = st.sampled_from([*Columns.model_fields, "Title", "x"])


@given(st.lists(st.dictionaries(names, cells, max_size=12), max_size=5))
def test_F23_whatever_stands_in_the_cells_ends_as_a_notice_or_with_a_reason(rows: list[dict[str, Any]]) -> None:
    chosen = table()
    for one in identified(rows, chosen):
        made = notice_of_row(one, chosen, name="ckan", address=PAGE, fetched_at=AT)
        assert isinstance(made, Notice | Skipped)
        if isinstance(made, Notice):
            assert Notice.model_validate_json(made.model_dump_json()) == made


@given(st.lists(st.dictionaries(names, cells, max_size=6), max_size=6), st.randoms())
def test_a_row_keeps_its_identity_wherever_it_stands(rows: list[dict[str, Any]], chance: Any) -> None:
    turned = list(rows)
    chance.shuffle(turned)

    def told(given: list[dict[str, Any]]) -> set[str]:
        return {one.source_id for one in identified(given, table())}

    assert told(rows) == told(turned)
