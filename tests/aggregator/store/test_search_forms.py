"""Word forms on both databases: who types one finds the others, in five languages, and what is meant exactly stays exact."""

from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.store import forms
from aggregator.store.put import known, put
from aggregator.store.query import Query
from aggregator.store.search import find
from aggregator.store.session import Store
from tests.aggregator.store.sample import NOW, draft, keep


def ask(store: Store, text: str, **given: Any) -> list[str]:
    with store.read() as connection:
        found = find(connection, Query(text=text, **given), now=NOW)
    return sorted(item.notices[0].source_id for item in found.items)


def forms_of(store: Store, word: str) -> tuple[str, ...]:
    with store.read() as connection:
        return forms.forms(connection, word)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("pulizie", "Servizio di pulizia"),
        ("pulizia", "Servizi di pulizie"),
        ("scuole", "Mensa della scuola"),
        ("companies", "Seeking a company"),
        ("company", "Seeking companies"),
        ("cities", "Clean city"),
        ("planning", "Plans of towns"),
        ("nationaux", "Programme national"),
        ("national", "Parcs nationaux"),
        ("écoles", "Nettoyage d'une ecole"),
        ("ciudades", "Limpieza de la ciudad"),
        ("ciudad", "Limpieza de ciudades"),
        ("Häuser", "Reinigung im Haus"),
        ("haus", "Reinigung der Häuser"),
        ("PULIZIE", "servizio di PULIZIA"),
    ],
)
def test_B5_a_word_finds_its_other_forms(store: Store, typed: str, written: str) -> None:
    keep(store, [draft("it", title=written), draft("other", title="Something else")])
    assert ask(store, typed) == ["it"]


def test_B5_phrases_exclusions_and_short_words_mean_what_they_say(store: Store) -> None:
    keep(store, [draft("one", title="Servizio di pulizia"), draft("two", title="Servizio di pulizie e gas")])
    assert ask(store, "pulizia") == ["one", "two"]
    assert ask(store, '"pulizia"') == ["one"]
    assert ask(store, '"di pulizia"') == ["one"]
    assert ask(store, "servizio -pulizia") == ["two"]
    assert ask(store, "pulizia -pulizie") == ["one"]
    assert ask(store, "servizi pulizia") == ["one", "two"]
    keep(store, [draft("three", title="Gis")])
    assert ask(store, "gas") == ["two"]


def test_B5_all_the_words_are_wanted_or_any_of_them(store: Store) -> None:
    keep(
        store,
        [
            draft("both", title="Pulizie delle scuole"),
            draft("one", title="Pulizia di uffici"),
            draft("other", title="Mense per la scuola"),
            draft("none", title="Energia dal sole"),
        ],
    )
    assert ask(store, "pulizia scuola") == ["both"]
    assert ask(store, "pulizia scuola", any_word=True) == ["both", "one", "other"]
    assert ask(store, "pulizia scuola -uffici", any_word=True) == ["both", "other"]
    assert ask(store, '"delle scuole" mense', any_word=True) == ["both", "other"]
    assert ask(store, "-pulizia", any_word=True) == []
    assert ask(store, "", any_word=True) == ["both", "none", "one", "other"]
    for sort in ("relevance", "newest"):
        assert ask(store, 'OR ) "*" NEAR( | & !', any_word=True, sort=sort) == []


def test_a_word_that_is_new_in_the_store_is_a_form_at_once(store: Store) -> None:
    keep(store, [draft("one", title="Servizio di pulizia")])
    assert forms_of(store, "pulizie") == ("pulizia",)
    assert forms_of(store, "pulizia") == ()
    keep(store, [draft("two", title="Impresa di pulizie")])
    assert forms_of(store, "pulizia") == ("pulizie",)


def test_words_of_a_transaction_that_was_rolled_back_are_learned_when_they_come_again(store: Store) -> None:
    keep(store, [draft("one", title="Servizio di pulizia")])
    for _ in range(2):
        with store.trial() as connection:
            new = draft("two", title="Impresa di pulizie")
            put(connection, [new], source="one", held=known(connection, "one"), now=NOW)
            assert forms.forms(connection, "pulizia") == ("pulizie",)
        assert forms_of(store, "pulizia") == ()
    for source_id in ("two", "three", "four"):
        keep(store, [draft(source_id, title="Impresa di pulizie")])
        assert forms_of(store, "pulizia") == ("pulizie",)


def test_a_word_that_lies_there_is_not_written_again(store: Store) -> None:
    for n in range(3):
        keep(store, [draft(str(n), title="Impresa di pulizie")])
    asked: list[Any] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    keep(store, [draft("9", title="Pulizie dell'impresa, agenzia")])
    written = [parameters["words"] for statement, parameters in asked if "INTO vocabulary" in statement]
    # The index of SQLite is asked for its words, and needs no table of them.
    assert written == ([] if store.sqlite else [["agenzia", "dell"]])


def test_there_is_an_end_to_the_forms_of_a_word_and_to_the_words_that_have_them(store: Store) -> None:
    endings = (
        "",
        "e",
        "es",
        "s",
        "ed",
        "er",
        "en",
        "em",
        "ing",
        "ings",
        "ly",
        "a",
        "o",
        "i",
        "as",
        "os",
        "ando",
        "are",
    )
    every = [f"{stem}{ending}{more}" for stem in ("marc", "march") for ending in endings for more in ("", "s", "e")]
    keep(store, [draft("one", title=" ".join(dict.fromkeys(every)))])
    assert 10 < len(forms_of(store, "marchi")) <= 30
    assert ask(store, " ".join(["marchi"] * 32)) == ["one"]
    assert ask(store, " ".join(every[:32]), any_word=True, sort="relevance") == ["one"]
    for hostile in ("", "a", "marc" * 100, "12345", "ma%_", "\U0010ffff" * 5, "Σίσυφος", "ﬁnanze", "it's"):
        assert isinstance(forms_of(store, hostile), tuple)


def test_words_are_looked_up_by_their_beginning_and_not_one_by_one(store: Store) -> None:
    keep(store, [draft(str(n), title=f"Pulizie {n}") for n in range(50)])
    asked: list[Any] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with store.read() as connection:
        forms.forms(connection, "pulizia")
        ((statement, parameters),) = [one for one in asked if not one[0].startswith("BEGIN")]
        if store.sqlite:
            plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters).all()
            assert any("opportunity_terms VIRTUAL TABLE INDEX" in row[-1] for row in plan), plan
            # 6: from a term to a term; 0 would be all of them.
            assert any(row[-1].endswith("INDEX 6:") for row in plan), plan
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql("EXPLAIN " + statement, parameters).all()
            assert any("Index" in row[0] and "vocabulary" in row[0] for row in plan), plan
