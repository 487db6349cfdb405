"""The columns in memory say what plain SQL says, whatever is asked, and never what was not committed."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.store import columns, plain, search
from aggregator.store.put import known, put
from aggregator.store.query import Found, Query
from aggregator.store.session import Store
from aggregator.store.tables import opportunities, stamp
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, draft, keep

_WORDS = ("pulizia", "pulizie", "scuole", "scuola", "école", "écoles", "companies", "company", "cleaning", "of", "a")
_PLACED = (
    "Évreux",
    "Gebäude",
    "Reinigung",
    "servicios",
    "ciudad",
    "lot",
    "2026",
    "uffici",
    "verde",
    "Straße",
    "energia",
)
_KINDS = ("tender", "grant_call", "event", "news")
_PLACES = ("FR", "DE", "IT", "ES", "*")
_MOMENTS = [NOW + timedelta(days=days, seconds=seconds) for days in (-20, -1, 0, 3, 14, 60) for seconds in (-1, 0, 1)]


@pytest.fixture(autouse=True)
def even_a_small_store_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY", 1)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How the columns were read: whole, or what was written since."""
    seen: list[str] = []
    read = columns._read

    def watched(connection: sa.Connection, before: columns.Columns | None, seq: int) -> columns.Columns:
        seen.append("since" if before else "whole")
        return read(connection, before, seq)

    monkeypatch.setattr(columns, "_read", watched)
    return seen


def text(random_: random.Random, most: int) -> str:
    return " ".join(random_.choice(_WORDS + _PLACED) for _ in range(random_.randint(1, most)))


def fill(store: Store, count: int, *, seed: int = 1) -> None:
    """Opportunities of every state, place and audience: a few hundred facts in all their mixtures."""
    random_ = random.Random(seed)
    for source in ("one", "two"):
        keep(store, [draft(f"{n}", source=source, title=text(random_, 6)) for n in range(count // 2)], source=source)
    with store.write() as connection:
        for id in connection.scalars(sa.select(opportunities.c.id)).all():
            first, last = sorted(random_.choices(_MOMENTS, k=2))
            dated = random_.random() < 0.7
            facts: dict[str, Any] = {
                "kind": random_.choice(_KINDS),
                "places": held(random_, _PLACES),
                "sectors": held(random_, ("food", "care", "energy")),
                "sources": held(random_, ("one", "two", "three")),
                "audience": random_.choice(("public", "public", "members", "office")),
                "first_deadline": stamp(first) if dated else None,
                "closes_at": stamp(last) if dated else None,
                "opens_at": stamp(random_.choice(_MOMENTS)) if random_.random() < 0.3 else None,
                "announced": random_.random() < 0.1,
                "endless": random_.random() < 0.2,
                "reserved": held(random_, ("res-ws", "res-pub-ser")),
                "published": stamp(random_.choice(_MOMENTS)) if random_.random() < 0.5 else None,
                "first_seen": stamp(random_.choice(_MOMENTS)),
                "withdrawn_at": stamp(NOW) if random_.random() < 0.15 else None,
            }
            connection.execute(sa.update(opportunities).where(opportunities.c.id == id).values(**facts))


def held(random_: random.Random, values: tuple[str, ...]) -> str:
    some = random_.sample(values, random_.randint(0, 2))
    return f" {' '.join(some)} " if some else ""


def question(random_: random.Random) -> tuple[Query, datetime, int, int]:
    """Any question that a reader or a program could put, and when, and which page of which size."""

    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(random_.choice(values) for _ in range(random_.choice((0, 0, 0, 0, 0, 0, 1, 2))))

    texts = [
        "",
        "",
        text(random_, 1),
        text(random_, 1),
        text(random_, 2),
        f'"{text(random_, 2)}"',
        f"{text(random_, 2)} -{text(random_, 1)}",
    ]
    texts += [random_.choice(_WORDS)[:3], f"-{text(random_, 1)}", f'{text(random_, 1)} -"{text(random_, 2)}"', "(* NOT"]
    statuses = ("open", "forthcoming", "unknown", "closed", "withdrawn", "nonsense")
    asked = Query(
        text=random_.choice(texts),
        any_word=random_.random() < 0.3,
        kinds=some(_KINDS),
        countries=some((*_PLACES, "fr", "FR DE", "%", "", "XX")),
        sectors=some(("food", "care", "energy", "foo", "_ood")),
        sources=some(("one", "two", "three")),
        statuses=random_.choice((*[Query().statuses] * 4, some(statuses), ("closed",), statuses)),
        deadline_days=random_.choice((*[None] * 8, 0, 14, 90)),
        posted_days=random_.choice((*[None] * 8, 1, 30)),
        reserved=random_.choice((*[None] * 8, "any", "res-ws", "res")),
        sort=random_.choice(("deadline", "deadline", "newest", "published", "relevance")),
        audience=random_.choice(("public", "member", "office")),
    )
    now = random_.choice(_MOMENTS) + timedelta(microseconds=random_.choice((0, 600_000)))
    return asked, now, random_.choice((1, 1, 1, 1, 2, 3, 40)), random_.choice((5, 20, 100))


def both(connection: sa.Connection, asked: Query, *, now: datetime = NOW, **page: Any) -> tuple[Found, Found]:
    return search.find(connection, asked, now=now, **page), plain.find(connection, asked, now=now, **page)


def ids(store: Store, asked: Query | None = None) -> list[int]:
    """What the columns find, after a look that plain SQL finds the same."""
    with store.read() as connection:
        ours, right = both(connection, asked or Query(sort="newest"), size=1_000)
    assert ours == right
    return [item.id for item in ours.items]


def test_B5_five_hundred_questions_are_answered_as_by_plain_sql(store: Store, reads: list[str]) -> None:
    fill(store, 240)
    random_ = random.Random(5)
    met = 0
    with store.read() as connection:
        for number in range(500):
            asked, now, page, size = question(random_)
            ours, right = both(connection, asked, now=now, page=page, size=size)
            assert ours.total == right.total, (number, asked, now)
            assert ours.facets == right.facets, (number, asked, now)
            assert ours == right, (number, asked, now, page, size)
            assert search.count(connection, asked, now=now) == right.total
            met += bool(ours.items)
    assert met > 150, "too few of the questions found anything"
    assert reads == ["whole"]


def test_B5_without_facets_only_their_counts_are_left_out(store: Store) -> None:
    fill(store, 40)
    with store.read() as connection:
        ours, right = both(connection, Query(text="pulizia", any_word=True, audience="office"), facets=False)
        assert ours == right
        assert ours.facets == {}


def test_what_is_added_changed_and_withdrawn_is_seen_without_reading_everything_again(
    store: Store, reads: list[str]
) -> None:
    keep(store, [draft(str(n)) for n in range(5)])
    assert ids(store) == [5, 4, 3, 2, 1]
    assert reads == ["whole"]
    keep(store, [draft("5", countries=("SE",)), draft("1", countries=("FI",), kind="news")])
    assert ids(store, Query(countries=("SE", "FI"))) == [2, 6]
    assert ids(store, Query(kinds=("news",))) == [2]
    with store.write() as connection:
        gone = sa.update(opportunities).where(opportunities.c.id == 3)
        last = connection.scalar(sa.select(sa.func.max(opportunities.c.seq))) or 0
        connection.execute(gone.values(withdrawn_at=stamp(NOW), seq=last + 1))
    assert ids(store) == [6, 5, 4, 2, 1]
    assert ids(store, Query(statuses=("withdrawn",))) == [3]
    assert reads == ["whole", "since", "since"]


def test_an_unchanged_store_is_not_read_again(store: Store, reads: list[str]) -> None:
    keep(store, [draft(str(n)) for n in range(5)])
    for _ in range(3):
        keep(store, [draft(str(n)) for n in range(5)])
        assert len(ids(store)) == 5
    assert reads == ["whole"]


def test_what_is_rolled_back_was_never_there_though_its_number_is_given_again(store: Store, reads: list[str]) -> None:
    keep(store, [draft(str(n)) for n in range(3)])
    assert len(ids(store)) == 3
    with pytest.raises(RuntimeError, match="halfway"):
        write_and_fall(store)
    with store.trial() as connection:
        search_within(connection, "nor of a dry run")
    assert ids(store) == [3, 2, 1]
    assert reads == ["whole"]
    keep(store, [draft("3", title="This one stays")])
    assert ids(store, Query(text="stays")) == [4]
    assert reads == ["whole", "since"]


def write_and_fall(store: Store) -> None:
    with store.write() as connection:
        search_within(connection, "nothing of it stays")
        raise RuntimeError("halfway")


def search_within(connection: sa.Connection, title: str) -> None:
    """Write in a transaction and ask in the same: it finds its own writing."""
    put(connection, [draft("new", title=title)], source="one", held=known(connection, "one"), now=NOW)
    found = search.find(connection, Query(text=f'"{title}"'), now=NOW)
    assert [item.titles["en"].text for item in found.items] == [title]


def test_an_older_picture_of_the_store_is_answered_as_it_was(store: Store, reads: list[str]) -> None:
    keep(store, [draft("0", title="first")])
    # PostgreSQL looks anew with each statement unless it is told to hold still.
    still = {} if store.sqlite else {"isolation_level": "REPEATABLE READ"}
    with store.engine.connect().execution_options(**still) as connection:
        assert search.find(connection, Query(), now=NOW).total == 1
        keep(store, [draft("1", title="second")])
        assert len(ids(store)) == 2
        assert [item.id for item in search.find(connection, Query(), now=NOW).items] == [1]
    assert reads == ["whole", "since"]


def test_rows_taken_out_by_hand_do_not_leave_a_hole_in_the_page(store: Store, reads: list[str]) -> None:
    keep(store, [draft(str(n), deadlines=[Deadline(on=date(2027, 1, 1 + n))]) for n in range(6)])
    assert len(ids(store)) == 6
    with store.write() as connection:
        search.remove(connection, [2])
        connection.exec_driver_sql("DELETE FROM strong_keys WHERE opportunity_id = 2")
        connection.exec_driver_sql("DELETE FROM notices WHERE opportunity_id = 2")
        connection.exec_driver_sql("DELETE FROM opportunities WHERE id = 2")
    assert ids(store) == [6, 5, 4, 3, 1]
    assert ids(store) == [6, 5, 4, 3, 1]
    assert reads == ["whole", "whole"]


def test_a_small_store_needs_no_columns(store: Store, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY", 10)
    keep(store, [draft(str(n)) for n in range(9)])
    assert len(ids(store)) == 9
    assert reads == []
    keep(store, [draft("9")])
    assert len(ids(store)) == 10
    assert reads == ["whole"]


def test_the_columns_of_a_store_end_with_it(store: Store) -> None:
    keep(store, [draft("0")])
    assert len(ids(store)) == 1
    assert store.engine in columns._held
    columns.forget(store.engine)
    assert store.engine not in columns._held
    assert len(ids(store)) == 1


def test_the_numbers_that_words_found_are_kept_for_the_next_page_and_not_without_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, [draft(str(n), title=f"word{n} cleaning") for n in range(8)])
    monkeypatch.setattr(columns, "_KEPT", 10)
    asked: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with store.read() as connection:
        held = columns.columns_of(connection, seq=search.stands(connection)[1])
        assert held is not None
        for page in (1, 2, 3):
            assert search.find(connection, Query(text="cleaning"), now=NOW, page=page, size=3).total == 8
        assert sum("opportunity_words" in statement for statement in asked) == 1
        for n in range(8):
            assert search.find(connection, Query(text=f"word{n}"), now=NOW).total == 1
        assert sum(map(len, held.found.values())) <= 10
        assert replace(Query(text="cleaning"), any_word=True) != Query(text="cleaning")
