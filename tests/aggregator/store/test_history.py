"""What changed in an opportunity, what of it a reader is told, and what never stands in history."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.store import noted
from aggregator.store.history import (
    WORTH_TELLING,
    differences,
    said,
    worth_telling,
)
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from aggregator.store.tables import changes
from connectors.base.contract import Eligibility, Money, Title
from tests.aggregator.store.sample import NOW, draft, history, keep

HOUR = timedelta(hours=1)


def item(**given: Any) -> Opportunity:
    return draft("A", **given).opportunity


def fields(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return differences(item(**before), item(**after))


# What is noted


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        ({"organisation": {"name": "Comune A"}}, {"organisation": {"name": "Comune B"}}, ("organisation", "Comune A", "Comune B")),
        ({}, {"programme": {"code": "CERV", "name": "Citizens"}}, ("programme", None, "CERV Citizens")),
        ({"countries": ["FR"]}, {"countries": ["IT", "FR"]}, ("countries", "FR", "FR, IT")),
        ({"regions": ["nuts:ITH5"]}, {}, ("regions", "nuts:ITH5", None)),
        ({"codes": ["cpv:90910000"]}, {"codes": ["cpv:77310000"]}, ("codes", "cpv:90910000", "cpv:77310000")),
        ({"offer_languages": ["fr"]}, {"offer_languages": ["fr", "en"]}, ("offer_languages", "fr", "en, fr")),
        ({"url": "https://www.example.org/a"}, {"url": "https://www.example.org/b"}, ("url", "https://www.example.org/a", "https://www.example.org/b")),
        ({}, {"documents": [{"url": "https://www.example.org/d.pdf"}]}, ("documents", None, "https://www.example.org/d.pdf")),
        ({}, {"opens_at": date(2027, 1, 4)}, ("opens", None, "2027-01-04")),
        ({}, {"deadlines": [{"certainty": "until_funds"}]}, ("deadline", None, "until_funds")),
        ({"kind": "tender"}, {"kind": "grant_call"}, ("kind", "tender", "grant_call")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_every_fact_that_changes_is_noted_with_both_values(
    before: dict[str, Any], after: dict[str, Any], noted: tuple[str, str | None, str | None]
) -> None:
    assert noted in fields(before, after)
    assert fields(before, before) == []


def test_a_further_title_is_noted_by_its_language() -> None:
    before = {"titles": {"fr": Title(text="Nettoyage"), "de": Title(text="Reinigung"), "es": Title(text="Limpieza")}}
    after = {"titles": {"fr": Title(text="Lavage"), "de": Title(text="Säuberung"), "it": Title(text="Pulizia")}}
    assert fields(before, after) == [
        ("title", "Nettoyage", "Lavage"),
        ("title:de", "Reinigung", "Säuberung"),
        ("title:es", "Limpieza", None),
        ("title:it", None, "Pulizia"),
    ]


def test_another_order_or_another_writing_says_nothing_else() -> None:
    two = [{"on": "2027-01-12"}, {"on": "2027-02-01", "at": "12:00"}]
    money = {"total": "1200000", "currency": "EUR"}
    before = {"deadlines": two, "countries": ["FR", "IT"], "budget": money | {"raw": "1200000 EUR"}}
    after = {"deadlines": two[::-1], "countries": ["IT", "FR"], "budget": money | {"raw": "1.200.000,00 €"}}
    assert fields(before, after) == []
    # A second lot with the deadline of the first moves none.
    assert fields({"deadlines": two[:1]}, {"deadlines": [two[0], two[0] | {"label": "lot 2"}]}) == []


def test_amounts_without_a_number_are_compared_by_their_words() -> None:
    assert fields({"budget": Money(raw="to be agreed")}, {"budget": Money(raw="none")}) == [
        ("budget", "to be agreed", "none")
    ]


SECRET = "Only cooperatives of the valley with seventeen goats may apply"


def test_of_a_text_its_length_is_noted_and_never_its_words() -> None:
    before: dict[str, Any] = {"summary": SECRET, "body": f"<p>{SECRET}</p>"}
    before["eligibility"] = Eligibility(text=SECRET, verdict="restricted", codes=("own:b", "own:a"))
    found = fields(before, {"eligibility": Eligibility(verdict="open")})
    assert [name for name, *_ in found] == ["eligibility", "summary", "text"]
    assert found[0][1] is not None
    assert found[0][1].startswith(f"restricted, own:a, own:b, {len(SECRET)} #")
    assert found[0][2] == "open"
    assert found[1][1] is not None
    assert found[1][1].startswith(f"{len(SECRET)} #")
    assert not any(word in str(found) for word in SECRET.split() if len(word) > 4)


def test_two_texts_of_one_length_are_two_texts() -> None:
    ((_, was, is_),) = fields({"summary": "soap and water"}, {"summary": "sand and water"})
    assert was != is_
    assert str(was).split()[0] == str(is_).split()[0] == "14"


def test_words_that_an_earlier_version_kept_in_history_are_told_by_nobody(store: Store) -> None:
    keep(store, [draft("A")])
    old = Eligibility(text=SECRET, verdict="restricted").model_dump_json()
    with store.write() as connection:
        values = {"opportunity_id": 1, "source": "one", "field": "eligibility", "at": "2026-11-24T07:00:00Z"}
        connection.execute(sa.insert(changes).values(**values, cause="source", before=old, after=None))
    with store.read() as connection:
        rows = [*noted.noted(connection, [1])[1], *noted.every(connection)]
    assert len(rows) == 2
    for read in rows:
        assert read.change.before is not None
        assert read.change.before.startswith(f"restricted, {len(SECRET)} #")


def test_F25_signs_that_hide_or_turn_text_do_not_reach_history(store: Store) -> None:
    turned: dict[str, Any] = {
        "title": "Pay\u202etxt.exe\u202c of\u0000 schools",
        "organisation": {"name": "Com\u200bune \u2066B\u2069"},
        "budget": {"raw": "1 \ufeffEUR\u0000"},
        "reserved": [{"type": "res-ws", "lots": ["LOT\u0000-1", "\u200b"]}],
    }
    keep(store, [draft("A", organisation={"name": "Comune A"})])
    keep(store, [draft("A", **turned)], now=NOW + HOUR)
    values = {name: after for name, _, after, _ in history(store, 1)}
    assert values["title"] == "Paytxt.exe of schools"
    assert values["organisation"] == "Comune B"
    assert values["budget"] == "1 EUR"
    assert values["reserved"] == "res-ws LOT-1"


# What is worth telling


def test_a_new_wording_alone_is_not_worth_telling_and_a_deadline_is() -> None:
    named = "deadline status budget grant eligibility reserved opens withdrawn reopened"
    assert " ".join(WORTH_TELLING) == named
    words = fields({"summary": "old", "codes": ["cpv:1"], "title": "a"}, {"summary": "new", "title": "b"})
    assert len(words) == 3
    assert not worth_telling(words)
    assert worth_telling([*words, ("deadline", None, "2027-01-12")])
    assert not worth_telling([])


def test_what_a_notice_says_is_told_in_the_words_of_history() -> None:
    notice = draft("A", deadlines=[{"on": "2027-01-12", "at": "12:00"}], countries=["FR"], summary="text").notice
    assert said(notice) == {
        "title": "Cleaning of school number A",
        "deadline": "2027-01-12T12:00",
        "kind": "tender",
        "countries": "FR",
    }
