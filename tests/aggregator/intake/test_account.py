"""For any opportunity a person can see which notices make it up, why, what changed, in which visit and on which page."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from aggregator.intake import joining, kept
from aggregator.intake.account import Account, account, behind
from aggregator.intake.tables import sources
from aggregator.store.opportunities import get
from aggregator.store.session import Store
from aggregator.store.tables import merges
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_tiny, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row

KEY = "ted:1-2026"


@pytest.fixture
def portals(store: Store) -> Iterator[tuple[TinyPortal, TinyPortal]]:
    """Two portals that tell one call, and the first tells ten others before it, two a page."""
    mine = row(1, same_as=[KEY], due="2027-01-10", title="Catering for schools")
    first = TinyPortal(rows=[*(row(n) for n in range(10, 20)), mine], size=2)
    second = TinyPortal(rows=[row(2, same_as=[KEY], due="2027-01-11", title="Catering for schools")])
    with first, second:
        add_tiny(store, first, "first")
        add_tiny(store, second, "second")
        visit(store, "first", mode="sweep")
        visit(store, "second", at=NOW + HOUR, mode="sweep")
        yield first, second


def number(store: Store, source_id: str) -> int:
    id = one(store, f"SELECT opportunity_id FROM notices WHERE source_id = '{source_id}'")
    assert isinstance(id, int)
    return id


def told(store: Store, id: int) -> Account:
    with store.read() as connection:
        found = account(connection, id)
    assert found is not None
    return found


def move(portals: tuple[TinyPortal, TinyPortal], due: str) -> None:
    portals[0].rows[-1]["due"] = due


def test_every_notice_is_named_with_what_put_it_there_and_the_page_it_was_read_from(
    store: Store, portals: tuple[TinyPortal, TinyPortal]
) -> None:
    found = told(store, number(store, "T1"))
    assert [(b.source, b.source_id, b.leads, b.stands) for b in found.behind] == [
        ("first", "T1", True, "listed"),
        ("second", "T2", False, "listed"),
    ]
    leader, follower = found.behind
    assert leader.merge is None
    assert follower.merge is not None
    assert (follower.merge.by, follower.merge.because, follower.merge.at) == ("key", KEY, NOW + HOUR)
    # Of six pages of one visit, the one on which T1 stands: not that of T10, which begins alike.
    assert leader.page is not None
    assert leader.page.url.endswith("page=6")
    assert found.visits[leader.page.visit_id].kind == "ok"
    assert follower.page is not None
    assert follower.merge.visit_id == follower.page.visit_id != leader.page.visit_id


def test_what_the_notices_say_differently_is_told_and_what_they_say_alike_is_not(
    store: Store, portals: tuple[TinyPortal, TinyPortal]
) -> None:
    assert told(store, number(store, "T1")).says == {"deadline": ("2027-01-10", "2027-01-11")}
    assert told(store, number(store, "T10")).says == {}


def test_F16_a_change_is_told_with_its_visit_and_the_page_that_brought_it(
    store: Store, portals: tuple[TinyPortal, TinyPortal]
) -> None:
    move(portals, "2027-01-20")
    visit(store, "first", at=NOW + DAY, mode="sweep")
    (change,) = told(store, number(store, "T1")).changes
    assert (change.row.change.before, change.row.change.after) == ("2027-01-10", "2027-01-20")
    assert change.visit is not None
    assert (change.visit.id, change.visit.started_at, change.visit.kind) == (change.row.visit_id, NOW + DAY, "ok")
    assert change.page is not None
    assert change.page.url.endswith("page=6")
    # The other five pages said what they had said before, and were not kept again.
    assert (change.page.visit_id, change.kept_pages) == (change.visit.id, 1)


def test_a_page_that_is_no_longer_kept_is_not_made_up(store: Store, portals: tuple[TinyPortal, TinyPortal]) -> None:
    move(portals, "2027-01-20")
    visit(store, "first", at=NOW + DAY, mode="sweep")
    with store.write() as connection:
        kept.prune(connection, "first", now=NOW + 120 * DAY)
        kept.prune(connection, "second", now=NOW + 120 * DAY)
    found = told(store, number(store, "T1"))
    assert [b.page for b in found.behind] == [None, None]
    assert [(c.page, c.kept_pages) for c in found.changes] == [(None, 0)]
    assert found.changes[0].visit is not None, "the visit is still on record"


def test_how_a_notice_stands_at_its_source_is_told(store: Store, portals: tuple[TinyPortal, TinyPortal]) -> None:
    def stands(at: datetime) -> list[tuple[str, datetime | None]]:
        visit(store, "second", at=at, mode="sweep")
        return [(b.stands, b.since) for b in told(store, number(store, "T1")).behind]

    portals[1].rows[:] = [row(8), row(9), row(2, same_as=[KEY], due="2027-01-11", title="Catering for schools")]
    assert stands(NOW + DAY)[1] == ("listed", None)
    portals[1].rows.pop()
    gone = NOW + 2 * DAY
    assert stands(gone)[1] == ("missing", gone)
    assert stands(NOW + 3 * DAY) == [("listed", None), ("withdrawn", NOW + 3 * DAY)]
    with store.write() as connection:
        connection.execute(sa.update(sources).where(sources.c.name == "first").values(enabled=False))
    assert [b.stands for b in told(store, number(store, "T1")).behind] == ["off", "withdrawn"]


def test_numbers_that_lead_here_and_the_reason_are_told_and_an_undone_merge_too(
    store: Store, portals: tuple[TinyPortal, TinyPortal]
) -> None:
    elder, younger = number(store, "T10"), number(store, "T1")
    with store.write() as connection:
        joining.merge(connection, elder, younger, by="office", because="a person said so", now=NOW + DAY)
    found = told(store, elder)
    assert found.old_numbers == (younger,)
    reasons = {b.source_id: (b.merge.by, b.merge.old_id) for b in found.behind if b.merge}
    assert reasons == {"T1": ("office", younger), "T2": ("office", younger)}
    with store.read() as connection:
        assert account(connection, younger) is None
    with store.write() as connection:
        joining.split(connection, elder, source="first", source_id="T1", now=NOW + 2 * DAY)
    parted = told(store, elder)
    assert [(m.source_id, m.undone_at) for m in parted.undone] == [("T1", NOW + 2 * DAY)]
    assert [b.source_id for b in parted.behind] == ["T10", "T2"]
    assert [m.source_id for m in told(store, younger).undone] == ["T1"], "known from the other side, too"


def test_what_was_noted_of_another_number_says_so(store: Store, portals: tuple[TinyPortal, TinyPortal]) -> None:
    elder, younger = number(store, "T10"), number(store, "T1")
    move(portals, "2027-01-20")
    visit(store, "first", at=NOW + DAY, mode="sweep")
    with store.write() as connection:
        joining.merge(connection, elder, younger, by="office", because="a person said so", now=NOW + 2 * DAY)
    rows = [c.row for c in told(store, elder).changes if c.row.change.field == "deadline"]
    assert [(r.noted_of, r.change.after) for r in rows] == [(younger, "2027-01-20")]


def test_a_reason_from_before_reasons_were_written_down_is_told_from_the_notice(
    store: Store, portals: tuple[TinyPortal, TinyPortal]
) -> None:
    with store.write() as connection:
        connection.execute(sa.delete(merges))
    follower = told(store, number(store, "T1")).behind[1]
    assert follower.merge is not None
    assert (follower.merge.by, follower.merge.because, follower.merge.visit_id) == ("key", KEY, None)


def test_the_board_does_not_look_for_pages(store: Store, portals: tuple[TinyPortal, TinyPortal]) -> None:
    asked: list[str] = []
    with store.read() as connection:
        item = get(connection, number(store, "T1"))
        assert item is not None
        sa.event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]), named=False)
        found = behind(connection, item)
    assert [b.page for b in found] == [None, None]
    assert asked
    assert not any("FROM pages" in statement for statement in asked)
    assert len(asked) <= 6
