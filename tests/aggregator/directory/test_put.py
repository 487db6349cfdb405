"""The directory in a real store: what is new, changed, the same; entries that follow; merges that can be undone."""

import random
from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import given as given_by
from hypothesis import strategies as st

from aggregator.directory import absence
from aggregator.directory.draft import OrganisationDraft
from aggregator.directory.search import get
from aggregator.directory.tables import entries, organisations
from aggregator.store.session import Store
from connectors.base.contract import Relation
from tests.aggregator.directory.sample import NOW, draft, held, keep, look, names, reasons, together
from tests.aggregator.intake.reading import listed, tables

SITE = "https://latteria.example"


def test_new_changed_and_the_same_are_told_apart_and_the_same_costs_no_write(store: Store) -> None:
    first = keep(store, "a", draft("1"), draft("2", "Caseificio del Ponte"))
    before = tables(store)
    second = keep(store, "a", draft("1"), draft("2", "Caseificio del Ponte"))
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    assert (second.new, second.changed, second.same) == (0, 0, 2)
    assert tables(store) == before
    third = keep(store, "a", draft("1", description="Formaggi di malga."), draft("2", "Caseificio del Ponte"))
    assert (third.new, third.changed, third.same) == (0, 1, 1)
    (entry,) = look(store, "malga")
    assert entry.description == "Formaggi di malga."


def test_a_second_source_joins_the_entry_and_both_stay_named_with_their_licence_and_the_reason(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE, country="IT", source="The valley's list", licence="CC0"))
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE, description="Käse aus dem Tal.", place="Valdorata"))
    (entry,) = look(store)
    assert (entry.id, entry.country, entry.description) == (1, "IT", "Käse aus dem Tal.")
    assert {entry.name, *entry.other_names} == {"Latteria Montana", "Berg-Molkerei"}
    told = {one.source: (one.title, one.licence, one.because) for one in entry.sources}
    assert told == {
        "a": ("The valley's list", "CC0", None),
        "b": ("A list", "CC BY 4.0", "website latteria.example"),
    }
    assert names(look(store, "molkerei")) == names(look(store, "latteria"))


def test_when_a_reason_falls_away_they_part_again_and_each_has_its_own_number(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE))
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE))
    assert together(store) == {frozenset({"a:1", "b:9"})}
    keep(store, "b", draft("9", "Berg-Molkerei", website="https://molkerei.example"))
    assert together(store) == {frozenset({"a:1"}), frozenset({"b:9"})}
    assert sorted((entry.id, entry.name) for entry in look(store)) == [(1, "Latteria Montana"), (2, "Berg-Molkerei")]
    assert reasons(store) == set()


def test_a_second_name_on_a_host_of_one_source_parts_whom_the_host_had_joined(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE))
    keep(store, "b", draft("9", "Berg-Molkerei", website=SITE))
    keep(store, "a", draft("2", "Caseificio del Ponte", website=f"{SITE}/ponte"))
    assert {len(one) for one in together(store)} == {1}
    assert len(look(store)) == 3


def test_rows_of_one_source_with_one_name_and_website_are_one_entry(store: Store) -> None:
    keep(store, "a", *(draft(str(n), website=SITE, codes=(f"ica-activity:ICA{n}0",)) for n in (1, 5, 14)))
    (entry,) = look(store)
    assert entry.codes == ("ica-activity:ICA10", "ica-activity:ICA140", "ica-activity:ICA50")
    assert reasons(store) == {"the same name and website in one source"}


_ONE = st.tuples(
    st.sampled_from(("Alfa", "Beta", "Gamma scarl")),
    st.sampled_from((None, "https://x.example", "https://y.example", "https://facebook.com/z")),
    st.sampled_from((None, "IT", "FR")),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_by(st.lists(st.tuples(st.sampled_from("abc"), _ONE), min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_who_stands_together_does_not_depend_on_who_came_first_nor_on_pages(
    store: Store, told: list[tuple[str, tuple[str, str | None, str | None]]], chance: random.Random
) -> None:
    made = [
        (source, draft(str(n), name, website=website, country=country))
        for n, (source, (name, website, country)) in enumerate(told)
    ]
    results = []
    for _ in range(2):
        _empty(store)
        for source, one in made:
            keep(store, source, one)
        results.append((together(store), reasons(store), _shown(store)))
        chance.shuffle(made)
    _empty(store)
    for source in "cab":
        keep(store, source, *(one for of, one in made if of == source))
    results.append((together(store), reasons(store), _shown(store)))
    assert results[0] == results[1] == results[2]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_by(st.lists(st.tuples(st.sampled_from("abc"), _ONE, _ONE), min_size=2, max_size=8))
def test_what_organisations_said_before_leaves_no_trace(
    store: Store, told: list[tuple[str, tuple[str, str | None, str | None], tuple[str, str | None, str | None]]]
) -> None:
    def made(n: int, said: tuple[str, str | None, str | None]) -> OrganisationDraft:
        name, website, country = said
        return draft(str(n), name, website=website, country=country)

    _empty(store)
    for n, (source, before, _) in enumerate(told):
        keep(store, source, made(n, before))
    for n, (source, _, now) in enumerate(told):
        keep(store, source, made(n, now))
    moved = (together(store), reasons(store), _shown(store))
    _empty(store)
    for n, (source, _, now) in enumerate(told):
        keep(store, source, made(n, now))
    assert moved == (together(store), reasons(store), _shown(store))


def _empty(store: Store) -> None:
    with store.write() as connection:
        for name in ("directory_words", "directory", "organisations_apart", "organisation_relations", "organisations"):
            connection.exec_driver_sql(f"DELETE FROM {name}")


def _shown(store: Store) -> list[str]:
    return sorted(
        entry.model_dump_json(exclude={"id": True, "sources": {"__all__": {"number"}}})
        for entry in look(store, limit=100)
    )


def test_missing_twice_is_hidden_and_never_deleted_and_comes_back_when_it_is_listed(store: Store) -> None:
    keep(store, "a", draft("1"), draft("2", "Caseificio del Ponte"))
    for hidden in (0, 1):
        with store.write() as connection:
            gone = absence.note(connection, "a", held=held(store, "a"), missing={"2"}, now=NOW)
        assert gone == hidden
    assert names(look(store)) == ["Latteria Montana"]
    with store.read() as connection:
        entry = get(connection, 2)
        assert entry is not None
        assert entry.hidden
        assert connection.scalar(sa.select(sa.func.count()).select_from(organisations)) == 2
    assert keep(store, "a", draft("2", "Caseificio del Ponte")).changed == 1
    assert len(look(store, "ponte")) == 1
    assert listed(store, "SELECT missed, missing_since, hidden_at FROM organisations WHERE source_id = '2'") == [
        (0, None, None)
    ]


def test_who_is_listed_again_in_between_was_never_missing(store: Store) -> None:
    keep(store, "a", draft("1"))
    for _ in range(3):
        with store.write() as connection:
            absence.note(connection, "a", held=held(store, "a"), missing={"1"}, now=NOW)
        with store.write() as connection:
            absence.back(connection, "a", held=held(store, "a"), listed={"1"})
    assert len(look(store)) == 1


def test_another_source_keeps_in_sight_what_one_lists_no_more_and_speaks_first(store: Store) -> None:
    keep(store, "a", draft("1", website=SITE, description="Old words.", place="Valdorata"))
    keep(store, "b", draft("9", website=SITE, description="New words."))
    for _ in range(2):
        with store.write() as connection:
            absence.note(connection, "a", held=held(store, "a"), missing={"1"}, now=NOW)
    (entry,) = look(store)
    assert (entry.description, [told.gone for told in entry.sources]) == ("New words.", [False, True])


def test_what_another_question_does_not_list_is_not_missing(store: Store) -> None:
    keep(store, "a", draft("1"))
    with store.write() as connection:
        absence.ask_anew(connection, "a")
    for _ in range(3):
        with store.write() as connection:
            assert absence.note(connection, "a", held=held(store, "a"), missing={"1"}, now=NOW) == 0
    assert len(look(store)) == 1


def test_a_second_reading_of_ours_does_not_bring_back_what_nobody_lists(store: Store) -> None:
    keep(store, "a", draft("1"))
    for _ in range(2):
        with store.write() as connection:
            absence.note(connection, "a", held=held(store, "a"), missing={"1"}, now=NOW)
    assert keep(store, "a", draft("1", description="Read better."), cause="our_reading").changed == 1
    assert look(store) == []
    assert held(store, "a")["1"].withdrawn


def test_a_fingerprint_is_kept_and_alone_changes_nothing_else(store: Store) -> None:
    keep(store, "a", draft("1").marked("f1"))
    assert held(store, "a")["1"].fingerprint == "f1"
    done = keep(store, "a", draft("1").marked("f2"))
    assert (done.same, held(store, "a")["1"].fingerprint) == (1, "f2")
    keep(store, "a", draft("1"))
    assert held(store, "a")["1"].fingerprint == "f2"


def test_an_entry_row_for_every_organisation_group_and_words_for_every_entry(store: Store) -> None:
    for n in range(30):
        keep(store, "ab"[n % 2], draft(str(n), f"Cooperativa numero {n // 3}", country="IT"))
    keep(store, "a", *(replace(draft(str(n), f"Altra {n}"), fingerprint=None) for n in range(0, 30, 4)))
    with store.read() as connection:
        ids = set(connection.scalars(sa.select(entries.c.id)))
        assert ids == set(connection.scalars(sa.select(organisations.c.entry)))
        assert ids == {row[0] for row in connection.exec_driver_sql("SELECT rowid FROM directory_words")}


def test_relations_are_rewritten_with_their_organisation(store: Store) -> None:
    keep(store, "a", draft("1", relations=(Relation(type="member_of", of="7"),)))
    keep(
        store, "a", draft("1", relations=(Relation(type="member_of", of="8"), Relation(type="seat_in", of="Valdorata")))
    )
    rows = listed(store, "SELECT type, of FROM organisation_relations ORDER BY type")
    assert rows == [("member_of", "8"), ("seat_in", "Valdorata")]


def test_who_is_listed_no_more_speaks_against_nobody_who_is(store: Store) -> None:
    keep(store, "b", draft("9", country="IT"))
    keep(store, "a", draft("old", country="IT"), draft("other", "Caseificio del Ponte", website=SITE))
    keep(store, "c", draft("7", "Berg-Molkerei", website=SITE))
    assert together(store) >= {frozenset({"a:old", "b:9"}), frozenset({"a:other", "c:7"})}
    # The list numbers its members anew, and one has another name now.
    keep(store, "a", draft("new", country="IT"), draft("renamed", "Caseificio della Valle", website=SITE))
    for _ in range(2):
        with store.write() as connection:
            absence.note(connection, "a", held=held(store, "a"), missing={"old", "other"}, now=NOW)
    assert together(store) == {
        frozenset({"a:new", "b:9"}),
        frozenset({"a:renamed", "c:7"}),
        frozenset({"a:old"}),
        frozenset({"a:other"}),
    }
    keep(store, "a", draft("old", country="IT"))
    assert frozenset({"b:9"}) in together(store)
