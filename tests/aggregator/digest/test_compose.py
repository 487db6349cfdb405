"""From matches to a written letter, in a real store."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.digest import compose
from aggregator.digest.digest import Digest, period_of
from aggregator.digest.outbox import body
from aggregator.digest.tables import digest_items, digests, outbox
from aggregator.matching.engine import record
from aggregator.people.member import Member
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from aggregator.store.tables import opportunities, stamp
from connectors.base.contract import Deadline
from tests.aggregator.digest.sample import NOW, SOURCES, WORD, settings, tender
from tests.aggregator.digest.stored import enrol, keep, match, member, states

FAR = (Deadline(on=date(2027, 3, 1), zone="Europe/Paris"),)
WEEK = timedelta(days=7)


class PowerCut(Exception):
    """Whatever ends a process in the middle of a transaction."""


def tenders(store: Store, count: int, **given: object) -> list[Opportunity]:
    each = [tender(0, source=f"source-{n}", deadlines=FAR, **given) for n in range(count)]
    return keep(store, each)


def plan(store: Store, who: Member, tmp_path: Path, now: datetime = NOW) -> Digest | None:
    with store.read() as connection:
        return compose.plan(connection, who, now=now, settings=settings(tmp_path), sources=SOURCES)


def write(store: Store, who: Member, tmp_path: Path, now: datetime = NOW) -> int | None:
    with store.write() as connection:
        return compose.write(connection, who, now=now, settings=settings(tmp_path), sources=SOURCES)


def ids(digest: Digest | None) -> list[int]:
    return [c.item.id for c in digest.items] if digest else []


def test_D1_late_news_is_news_whenever_it_was_published(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (old,) = tenders(store, 1, published_at=date(2026, 6, 1))
    with store.write() as connection:
        match(connection, who, old)
    assert ids(plan(store, who, tmp_path)) == [old.id]


def test_D1_the_engines_own_matches_become_a_letter(store: Store, tmp_path: Path) -> None:
    who = member(profiles=[{"name": "Clean", "sectors": ["facility_cleaning"]}])
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        assert record(connection, [item], [who], now=NOW) == 1
    digest = plan(store, who, tmp_path)
    assert digest is not None
    assert [r.kind for r in digest.items[0].reasons if r.kind == "sector"] == ["sector"]


def test_D2_shown_becomes_sent_and_the_rest_offered_and_counted(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    items = tenders(store, 11)
    with store.write() as connection:
        for n, item in enumerate(items):
            match(connection, who, item, score=n / 20)
    digest = plan(store, who, tmp_path)
    assert digest is not None
    assert ids(digest) == [item.id for item in reversed(items[3:])]
    assert digest.more == 3
    # One profile leaves sectors open, the other countries: only the kinds can narrow the board without losing any.
    assert digest.rest == "kind=tender&kind=grant_call&sort=newest"
    assert write(store, who, tmp_path) is not None
    became = [states(store)["coop/one", item.id] for item in items]
    assert became == ["offered"] * 3 + ["sent"] * 8


def test_D2_what_was_only_offered_comes_back_when_it_is_closing(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item, state="offered")
    assert plan(store, who, tmp_path) is None
    digest = plan(store, who, tmp_path, datetime(2027, 2, 20, 7, tzinfo=UTC))
    assert digest is not None
    assert [c.section for c in digest.items] == ["closing"]
    assert digest.more == 0


def test_D3_an_item_of_two_profiles_comes_once_with_the_reasons_of_both(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item, profile=0, score=0.3)
        match(connection, who, item, profile=1, score=0.6, tier="like", reasons=(WORD, WORD))
    digest = plan(store, who, tmp_path)
    assert digest is not None
    assert len(digest.items) == 1
    assert digest.items[0].section == "new"
    assert [r.kind for r in digest.items[0].reasons] == ["sector", "keyword"]
    write(store, who, tmp_path)
    assert set(states(store).values()) == {"sent"}


def test_D5_a_moved_deadline_of_a_sent_item_is_told_once(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    moved = tender(0, source="source-0", deadlines=(Deadline(on=date(2027, 3, 20), zone="Europe/Paris"),))
    keep(store, [moved], now=NOW + timedelta(days=2))
    digest = plan(store, who, tmp_path, NOW + WEEK)
    assert digest is not None
    assert [(c.item.id, c.section) for c in digest.items] == [(item.id, "changed")]
    assert [(c.before, c.after) for c in digest.items[0].changes] == [("2027-03-01", "2027-03-20")]
    write(store, who, tmp_path, NOW + WEEK)
    assert plan(store, who, tmp_path, NOW + 2 * WEEK) is None


def test_D6_a_closing_reminder_comes_once(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    near = datetime(2027, 2, 16, 7, tzinfo=UTC)
    assert ids(plan(store, who, tmp_path, near)) == [item.id]
    write(store, who, tmp_path, near)
    assert plan(store, who, tmp_path, near + timedelta(days=8)) is None


def test_D7_nothing_to_say_is_no_letter_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item, tier="like")
    assert write(store, who, tmp_path) is None
    assert set(states(store).values()) == {"new"}
    with store.read() as connection:
        assert connection.execute(sa.select(digests)).all() == []


def test_D8_what_closed_or_was_withdrawn_before_the_letter_is_not_in_it(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    first, second, third = tenders(store, 3)
    with store.write() as connection:
        for item in (first, second, third):
            match(connection, who, item)
        connection.execute(
            sa.update(opportunities).where(opportunities.c.id == second.id).values(withdrawn_at=stamp(NOW))
        )
    digest = plan(store, who, tmp_path)
    assert digest is not None
    assert (ids(digest), digest.more) == ([first.id, third.id], 0)
    assert plan(store, who, tmp_path, datetime(2027, 3, 3, tzinfo=UTC)) is None


def test_a_dropped_match_is_not_told(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item, state="dropped")
    assert plan(store, who, tmp_path) is None


def test_what_only_the_office_may_see_is_in_no_letter(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (hidden,) = tenders(store, 1, rights={"audience": "office"})
    (members_only,) = keep(store, [tender(0, source="mail", deadlines=FAR, rights={"audience": "members"})])
    with store.write() as connection:
        match(connection, who, hidden)
        match(connection, who, members_only)
    digest = plan(store, who, tmp_path)
    assert digest is not None
    assert (ids(digest), digest.more) == ([members_only.id], 0)


def test_X1_a_week_has_one_letter_whoever_writes_it(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    first, second = tenders(store, 2)
    with store.write() as connection:
        match(connection, who, first)
    assert write(store, who, tmp_path) is not None
    with store.write() as connection:
        match(connection, who, second)
    assert write(store, who, tmp_path, NOW + timedelta(days=3)) is None
    assert states(store)["coop/one", second.id] == "new"
    with store.write() as connection:
        row = connection.execute(sa.select(digests)).mappings().one()
    again = sa.insert(digests).values({**row, "id": row["id"] + 1})
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        connection.execute(again)


def test_X2_letter_items_outbox_and_states_are_written_together_or_not_at_all(store: Store, tmp_path: Path) -> None:
    who = member(recipients=[{"email": "a@example.org"}, {"email": "b@example.org"}])
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    with suppress(PowerCut), store.write() as connection:
        assert compose.write(connection, who, now=NOW, settings=settings(tmp_path), sources=SOURCES) is not None
        raise PowerCut
    with store.read() as connection:
        counts = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (digests, digest_items, outbox)]
    assert counts == [0, 0, 0]
    assert set(states(store).values()) == {"new"}
    write(store, who, tmp_path)
    with store.read() as connection:
        rows = connection.execute(sa.select(outbox.c.recipient, outbox.c.state)).all()
    assert [tuple(row) for row in rows] == [("a@example.org", "pending"), ("b@example.org", "pending")]


def test_D13_a_preview_is_the_letter_that_would_go_and_leaves_no_trace(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    with store.read() as connection:
        seen = compose.preview(connection, who, now=NOW, settings=settings(tmp_path), sources=SOURCES)
    assert set(states(store).values()) == {"new"}
    write(store, who, tmp_path)
    with store.read() as connection:
        stored = connection.scalar(sa.select(outbox.c.body))
    assert seen is not None
    assert stored is not None
    assert body(stored) == seen.eml


def test_the_week_is_the_week_of_the_offices_calendar() -> None:
    assert period_of(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Rome") == "2026-W48"
    assert period_of(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "UTC") == "2026-W47"
    assert period_of(datetime(2027, 1, 1, 12, tzinfo=UTC), "Europe/Rome") == "2026-W53"
