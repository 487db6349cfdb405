"""The one rule at work: what two portals tell in their own words is one opportunity, and everybody can see why."""

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator.store import likely
from aggregator.store.draft import Draft
from aggregator.store.put import Put, known, put
from aggregator.store.session import Store
from connectors.base.contract import Body, Deadline, Money, Title
from tests.aggregator.intake.reading import listed
from tests.aggregator.store.sample import NOW, all_of, draft, keep

LATER = NOW + timedelta(days=1)
TEXT = (
    "<p>The municipality seeks a cooperative to clean eleven schools, two gymnasiums and the public library, every working "
    "day, with products that carry the ecolabel, for three years from the first of March. Staff of the present contractor "
    "is to be taken over under the clause of the collective agreement.</p>"
)


def call(id: str, source: str, **given: Any) -> Draft:
    facts: dict[str, Any] = {
        "title": "Cleaning of schools, gymnasiums and the library of Valdorata",
        "body": TEXT,
        "lang": "en",
        "deadlines": (Deadline(on=date(2027, 1, 12), at="12:00", zone="Europe/Rome"),),
        "countries": ("IT",),
        "codes": ("cpv:90919300",),
        "organisation": Body(name="Comune di Valdorata", country="IT"),
        "budget": Money(total="480000", currency="EUR", raw="480.000 EUR"),
    }
    return draft(id, source=source, **facts | given)


def told(store: Store, source: str, *drafts: Draft, **given: Any) -> Put:
    with store.read() as connection:
        likely.refresh(connection, now=NOW)
    return keep(store, drafts, source=source, **given)


def groups(store: Store) -> list[list[str]]:
    return [[n.source_id for n in item.notices] for item in all_of(store)]


def test_the_same_call_on_two_portals_is_one_opportunity_that_says_why(store: Store) -> None:
    told(store, "one", call("A", "one"))
    title = "Ref. 12/2026 - CLEANING OF SCHOOLS, GYMNASIUMS AND THE LIBRARY OF VALDORATA"
    done = told(store, "two", call("B", "two", title=title, budget=None))
    assert (groups(store), done.joined, done.new) == ([["A", "B"]], 1, [])
    because = all_of(store)[0].notices[1].merged_because
    assert because is not None
    for word in ("title", "2027-01-12"):
        assert word in because
    assert listed(store, 'SELECT opportunity_id, source, source_id, "by" FROM merges') == [(1, "two", "B", "rule")]


@pytest.mark.parametrize(
    "other",
    [
        {"deadlines": (Deadline(on=date(2027, 2, 12)),)},
        {"organisation": Body(name="Comune di Montelupo", country="IT")},
        {"budget": Money(total="90000", currency="EUR", raw="90.000 EUR")},
        {"countries": ("FR",), "organisation": None},
        {"codes": ("cpv:55524000",)},
        {"title": "Cleaning of schools, gymnasiums and the library of Valdorata - Lot 2", "deadlines": ()},
    ],
    ids=["deadline", "buyer", "money", "country", "code", "no fact but the buyer"],
)
def test_what_contradicts_it_stays_an_opportunity_of_its_own(store: Store, other: dict[str, Any]) -> None:
    told(store, "one", call("A", "one", title="Cleaning of schools, gymnasiums and the library of Valdorata - Lot 1"))
    told(store, "two", call("B", "two", **other))
    assert groups(store) == [["A"], ["B"]]


def test_two_notices_of_one_source_are_two_however_alike_they_are(store: Store) -> None:
    told(store, "one", call("A", "one"), call("B", "one"))
    told(store, "one", call("C", "one"))
    assert groups(store) == [["A"], ["B"], ["C"]]
    # And so another portal's notice could be any of the three: it is said once more, and hides nothing.
    told(store, "two", call("D", "two"))
    assert groups(store) == [["A"], ["B"], ["C"], ["D"]]


def test_a_translation_joins_on_equal_facts_alone(store: Store) -> None:
    told(store, "one", call("A", "one"))
    italian = {"titles": {"it": Title(text="Pulizia di scuole, palestre e biblioteca di Valdorata")}, "lang": "it"}
    words = "<p>Servizio di pulizia di undici scuole, due palestre e della biblioteca comunale.</p>"
    told(store, "two", call("B", "two", body=words, **italian))
    assert groups(store) == [["A", "B"]]
    assert set(all_of(store)[0].titles) == {"en", "it"}
    told(store, "three", call("C", "three", body=words, budget=None, organisation=None, codes=(), **italian))
    assert groups(store) == [["A", "B"], ["C"]]


def test_a_key_comes_before_the_rule(store: Store) -> None:
    told(store, "one", call("A", "one", same_as=("ted:1-2026",)))
    told(store, "two", call("B", "two", title="Something else entirely", same_as=("ted:1-2026",)))
    assert all_of(store)[0].notices[1].merged_because == "ted:1-2026"


def test_what_a_rolled_back_transaction_wrote_is_compared_with_nothing(store: Store) -> None:
    with store.trial() as connection:
        put(connection, [call("X", "one")], source="one", held={}, now=NOW)
    told(store, "two", call("B", "two"))
    told(store, "three", call("C", "three"))
    assert groups(store) == [["B", "C"]]


def test_without_a_look_at_what_others_wrote_meanwhile_nothing_is_missed(store: Store) -> None:
    told(store, "one", call("A", "one"))
    keep(store, [call("B", "two")], source="two")  # no refresh: another process wrote A
    assert groups(store) == [["A", "B"]]


def test_a_notice_that_changes_is_found_by_what_it_says_now(store: Store) -> None:
    told(store, "one", call("A", "one", title="Catering for the canteens of Montelupo", body="<p>Meals.</p>"))
    told(store, "one", call("A", "one"), now=LATER)
    told(store, "two", call("B", "two"), now=LATER)
    assert groups(store) == [["A", "B"]]
    with store.read() as connection:
        assert len(known(connection, "one")) == 1
    assert len(listed(store, "SELECT id FROM likenesses")) == 2
