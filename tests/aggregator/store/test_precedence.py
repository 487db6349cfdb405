"""Which notice's field wins: one declared table, and what follows from it."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.intake.normalise import normalise
from aggregator.rights import shown
from aggregator.store.draft import Draft
from aggregator.store.opportunity import Opportunity, Said
from aggregator.store.precedence import OWN, TABLE
from aggregator.store.session import Store
from connectors.base.contract import About, Deadline, Eligibility, Link, Money, Notice, Rights, Title
from tests.aggregator.store.sample import NOW, all_of, found_by, keep

LATER = NOW + timedelta(days=1)
KEY = ("ted:383667-2026",)
OPEN = Rights(show="full", basis="CC BY 4.0", attribution="Open data")
SHORT = Rights(show="summary", attribution="The network")
LINK = Rights(show="link", audience="public")


def told(source: str, *, rights: Rights = OPEN, zone: str = "Europe/Brussels", **given: Any) -> Draft:
    about = About(name=source, title=source, home="https://www.example.org", rights=rights, zone=zone)
    facts = {"url": f"https://{source}.example.org/1", "kind": "tender", "titles": {"en": Title(text="Clean schools")}}
    notice = Notice.model_validate(facts | given | {"source_id": source.upper(), "same_as": KEY})
    return normalise(notice, source=source, about=about, fetched_at=NOW, rights=rights)


def both(store: Store, first: Draft, second: Draft) -> Opportunity:
    for draft in (first, second):
        keep(store, [draft], source=draft.opportunity.notices[0].source)
    (item,) = all_of(store)
    return item


def test_every_field_of_an_opportunity_has_its_place_in_the_table() -> None:
    assert set(TABLE) | OWN == set(Opportunity.model_fields)
    assert not set(TABLE) & OWN
    lent = {name for name, way in TABLE.items() if way != "leads"}
    assert lent <= set(Said.model_fields)


def test_the_page_on_merging_prints_the_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "merging.md").read_text(encoding="utf-8")
    printed = {
        name: way
        for fields, way in re.findall(r"^\| (`.+`) \| (\w+) \|$", page, re.M)
        for name in re.findall(r"`(\w+)`", fields)
    }
    assert printed == dict(TABLE)


def test_the_leader_is_never_contradicted_and_what_it_leaves_open_is_filled(store: Store) -> None:
    item = both(
        store,
        told("one", deadlines=(Deadline(on=date(2027, 1, 12)),), countries=("FR",)),
        told(
            "two",
            deadlines=(Deadline(on=date(2027, 1, 30)),),
            countries=("DE",),
            budget=Money(total="10000", currency="EUR", raw="10 000"),
            offer_languages=("fr",),
        ),
    )
    assert ([d.on for d in item.deadlines], item.countries) == ([date(2027, 1, 12)], ("FR",))
    assert (item.budget and item.budget.raw, item.offer_languages) == ("10 000", ("fr",))


def test_a_deadline_that_is_lent_is_meant_in_the_zone_of_who_stated_it(store: Store) -> None:
    item = both(
        store,
        told("one", deadlines=(Deadline(certainty="not_stated"),), zone="UTC"),
        told("two", deadlines=(Deadline(on=date(2027, 1, 30), at="17:00"),), zone="America/New_York"),
    )
    assert [(d.on, d.zone) for d in item.deadlines] == [(date(2027, 1, 30), "America/New_York")]


def test_codes_documents_and_keywords_of_all_are_joined_the_leader_s_first(store: Store) -> None:
    page, other = Link(url="https://x.example.org/a.pdf", title="A"), Link(url="https://x.example.org/b.pdf")
    item = both(
        store,
        told("one", codes=("cpv:90910000",), keywords=("schools",), documents=(page,)),
        told("two", codes=("cpv:90911000", "cpv:90910000"), keywords=("schools", "floors"), documents=(other, page)),
    )
    assert item.codes == ("cpv:90910000", "cpv:90911000")
    assert (item.keywords, [d.url for d in item.documents]) == (("schools", "floors"), [page.url, other.url])


def test_text_comes_with_the_rights_under_which_it_may_be_shown(store: Store) -> None:
    item = both(
        store,
        told("one", rights=LINK, body="<p>Words that nobody may see.</p>", summary="Hidden words."),
        told("two", rights=SHORT, summary="A short text.", lang="en"),
    )
    assert (item.summary, item.rights.show, item.rights.attribution) == ("A short text.", "summary", "The network")
    seen = shown(item, to="public", now=NOW)
    assert (seen.summary, seen.body) == ("A short text.", None)
    # When the leader may be shown after all, its own text is back.
    keep(store, [told("one", rights=OPEN, summary="Hidden words.")], source="one", now=LATER)
    (item,) = all_of(store)
    assert (item.summary, item.rights.show, item.rights.attribution) == ("Hidden words.", "full", "Open data")


def test_conditions_are_lent_without_their_words_where_the_lender_allows_no_full_text(store: Store) -> None:
    conditions = Eligibility(text="Long conditions.", verdict="restricted", codes=("grants:25",))
    item = both(store, told("one"), told("two", rights=SHORT, eligibility=conditions))
    assert item.eligibility == Eligibility(verdict="restricted", codes=("grants:25",))


@pytest.mark.parametrize("audience", ["members", "office"])
def test_who_is_for_fewer_people_lends_nothing_at_all(store: Store, audience: str) -> None:
    narrow = Rights(show="full", audience=audience, basis="written", attribution="A letter")  # type: ignore[arg-type]
    secret: dict[str, Any] = {
        "summary": "Confidential words.",
        "budget": Money(total="1", raw="1"),
        "codes": ("cpv:90911000",),
    }
    item = both(
        store, told("one"), told("two", rights=narrow, **secret, titles={"it": Title(text="Pulizia riservata")})
    )
    own = item.model_dump_json(exclude={"notices"})
    assert (item.budget, item.codes, item.summary, set(item.titles)) == (None, (), None, {"en"})
    assert "onfidential" not in own
    assert found_by(store, "confidential") == found_by(store, "riservata") == []


def test_what_a_follower_says_finds_the_opportunity_and_no_longer_when_it_says_so_no_more(store: Store) -> None:
    both(store, told("one", summary="Floors of schools."), told("two", rights=SHORT, summary="Pavimenti delle scuole."))
    assert found_by(store, "pavimenti") == found_by(store, "floors") == [1]
    keep(store, [told("one", summary="Windows of schools.")], source="one", now=LATER)
    assert (found_by(store, "pavimenti"), found_by(store, "windows"), found_by(store, "floors")) == ([1], [1], [])
    keep(store, [told("two", rights=SHORT, summary="Finestre.")], source="two", now=LATER)
    assert (found_by(store, "pavimenti"), found_by(store, "finestre"), found_by(store, "windows")) == ([], [1], [1])


def test_what_was_lent_goes_when_the_lender_says_it_no_more(store: Store) -> None:
    money = Money(total="5", raw="5 EUR")
    both(store, told("one"), told("two", budget=money, codes=("cpv:90911000",)))
    keep(store, [told("two")], source="two", now=LATER)
    (item,) = all_of(store)
    assert (item.budget, item.codes) == (None, ())
