"""What notices that follow lend to an opportunity: titles in other languages, and the page that goes with them."""

from datetime import timedelta
from typing import Any

from aggregator.store.draft import Draft
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import Put
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, all_of, draft, found_by, history, keep, withdraw

LATER = NOW + timedelta(days=1)
KEY = ("een:TRLT20260720004",)
ENGLISH, ITALIAN, GERMAN = "Seeks a composter", "Cerca una compostiera", "Sucht einen Komposter"


def told(source: str, titles: dict[str, str], *, audience: str = "public", **given: Any) -> Draft:
    made = draft(
        source.upper(),
        source=source,
        titles={lang: {"text": text} for lang, text in titles.items()},
        same_as=KEY,
        **given,
    )
    rights = made.opportunity.rights.model_copy(update={"audience": audience, "attribution": source})
    opportunity = made.opportunity.model_copy(update={"rights": rights})
    return Draft(
        notice=made.notice,
        hash=made.hash + audience,
        opportunity=opportunity,
        title_text=made.title_text,
        text=made.text,
    )


def say(store: Store, source: str, titles: dict[str, str], **given: Any) -> Put:
    settings = {name: given.pop(name) for name in ("now", "cause") if name in given}
    return keep(store, [told(source, titles, **given)], source=source, **settings)


def seen(store: Store) -> dict[str, str]:
    return {lang: title.text for lang, title in the(store).titles.items()}


def the(store: Store) -> Opportunity:
    (item,) = all_of(store)
    return item


def test_a_follower_s_title_in_another_language_reaches_the_reader_and_the_search(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    done = say(store, "mirror", {"it": ITALIAN}, now=LATER)
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN}
    assert the(store).title("it", "en") == (ITALIAN, "it")
    assert found_by(store, "compostiera") == found_by(store, "composter") == [1]
    # It goes to the matching once more; that a title came is on record, and nobody is told of it.
    assert [item.id for item in done.changed] == [1]
    assert history(store, 1) == [("title:it", None, ITALIAN, "source")]


def test_the_page_in_that_language_goes_with_the_title_and_its_source_is_named(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    item = the(store)
    assert (item.link("it"), item.link("en")) == ("https://www.example.org/MIRROR", "https://www.example.org/NETWORK")
    assert item.rights.attribution == "network · mirror"


def test_what_the_leader_says_itself_stands_and_a_repetition_is_no_translation(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"en": "Another English title", "it": ENGLISH.upper()})
    assert seen(store) == {"en": ENGLISH}
    assert the(store).rights.attribution == "network"


def test_the_first_of_several_followers_lends_each_language(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    say(store, "other", {"it": "Un altro titolo", "de": GERMAN})
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN, "de": GERMAN}


def test_a_title_for_fewer_people_than_the_leader_s_is_not_lent(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mailbox", {"it": ITALIAN}, audience="members")
    assert seen(store) == {"en": ENGLISH}
    assert found_by(store, "compostiera") == []
    assert the(store).link("it") == "https://www.example.org/NETWORK"


def test_a_title_for_as_many_people_or_more_is_lent(store: Store) -> None:
    say(store, "mailbox", {"en": ENGLISH}, audience="members")
    say(store, "mirror", {"it": ITALIAN})
    say(store, "circle", {"de": GERMAN}, audience="members")
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN, "de": GERMAN}
    assert the(store).rights.audience == "members"


def test_when_the_leader_is_for_more_people_a_narrower_title_goes_at_once(store: Store) -> None:
    say(store, "network", {"en": ENGLISH}, audience="members")
    say(store, "mailbox", {"it": ITALIAN}, audience="members")
    say(store, "network", {"en": ENGLISH}, audience="public", cause="our_reading")
    assert seen(store) == {"en": ENGLISH}
    assert found_by(store, "compostiera") == []


def test_when_the_follower_is_for_fewer_people_its_title_goes_at_once_and_comes_back(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    say(store, "mirror", {"it": ITALIAN}, audience="office", cause="our_reading")
    assert seen(store) == {"en": ENGLISH}
    assert (the(store).rights.attribution, found_by(store, "compostiera")) == ("network", [])
    say(store, "mirror", {"it": ITALIAN}, cause="our_reading")
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN}


def test_what_the_leader_changes_keeps_what_was_lent(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    say(store, "network", {"en": "Seeks two composters"}, now=LATER, deadlines=(Deadline(on=LATER.date()),))
    assert seen(store) == {"en": "Seeks two composters", "it": ITALIAN}
    assert found_by(store, "compostiera") == found_by(store, "composters") == [1]


def test_what_the_follower_changes_is_changed_and_the_old_word_finds_nothing(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    done = say(store, "mirror", {"it": "Cerca due macchine"}, now=LATER)
    assert seen(store) == {"en": ENGLISH, "it": "Cerca due macchine"}
    assert (found_by(store, "compostiera"), found_by(store, "macchine")) == ([], [1])
    assert [item.changed_at for item in done.changed] == [LATER]


def test_a_language_that_the_leader_learns_is_its_own(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    say(store, "network", {"en": ENGLISH, "it": "Titolo della rete"}, now=LATER)
    assert seen(store) == {"en": ENGLISH, "it": "Titolo della rete"}
    say(store, "network", {"en": ENGLISH}, now=LATER + timedelta(days=1))
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN}


def test_an_unchanged_follower_writes_nothing_again(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    before = the(store)
    for cause in ("source", "our_reading"):
        done = say(store, "mirror", {"it": ITALIAN}, now=LATER, cause=cause)
        assert (done.changed, done.same) == ([], 1)
    done = say(store, "network", {"en": ENGLISH}, now=LATER, cause="our_reading")
    assert (done.changed, done.same, the(store)) == ([], 1, before)


def test_what_was_withdrawn_is_open_again_with_the_title_of_the_one_that_lists_it(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    withdraw(store, "network", "NETWORK", now=LATER)
    done = say(store, "mirror", {"it": ITALIAN}, now=LATER)
    assert ([item.id for item in done.changed], the(store).withdrawn_at) == ([1], None)
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN}
    withdraw(store, "mirror", "MIRROR", now=LATER)
    done = say(store, "mirror", {"it": "Cerca due macchine"}, now=LATER + timedelta(days=7))
    assert (len(done.changed), the(store).withdrawn_at) == (1, None)
    assert seen(store) == {"en": ENGLISH, "it": "Cerca due macchine"}


def test_pairs_of_an_older_store_lend_from_the_next_word_of_the_follower(store: Store) -> None:
    say(store, "network", {"en": ENGLISH})
    say(store, "mirror", {"it": ITALIAN})
    item = the(store)
    bare = item.model_copy(
        update={
            "titles": {"en": item.titles["en"]},
            "notices": tuple(n.model_copy(update={"says": None}) for n in item.notices),
        }
    )
    from aggregator.store.write import retell

    with store.write() as connection:
        retell(connection, [(bare, "")])
    assert seen(store) == {"en": ENGLISH}
    say(store, "mirror", {"it": ITALIAN}, cause="our_reading")
    assert seen(store) == {"en": ENGLISH, "it": ITALIAN}
