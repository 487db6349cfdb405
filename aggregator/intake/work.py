"""The state of one visit, from its lease to its last word (aggregator/intake/ending.py).

The one thing to know: what was held when it began is read once, and every page is compared with that.
"""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import cast

import sqlalchemy as sa

from aggregator.directory import put as directory
from aggregator.directory.draft import Held
from aggregator.intake import alerts, backlog, flood, lease, sources
from aggregator.intake.plausible import WINDOW, Plausible, is_alike, usual, varied
from aggregator.intake.result import Result
from aggregator.intake.standing import GOOD
from aggregator.intake.tables import sources as rows_of_sources
from aggregator.intake.tables import visits
from aggregator.matching.engine import Prepared, prepare
from aggregator.people import members
from aggregator.store.put import Known, known
from aggregator.store.session import Store
from aggregator.store.tables import memory, moment, notices, stamp, unpack
from connectors.base.contract import Mode, Notice, Page, Seen, Title

ALIKE_ACCEPTED = "alike"
"""Under this key a source's memory holds when a person has said that its titles or addresses are alike."""
MEASURED = 4
"""A visit is held against the median of so many complete ones before it."""


@dataclass(slots=True, kw_only=True)
class Work:
    """What one visit carries from page to page."""

    source: sources.Source
    lease: lease.Lease
    visit_id: int
    started: datetime
    mode: Mode
    held: dict[str, Known]
    organisations: dict[str, Held]
    prepared: Prepared
    since: datetime | None
    before: int | None
    usual: float | None
    plausible: Plausible
    waiting: dict[str, Seen]
    tries: dict[str, int]
    resuming: bool
    rereads: bool
    """Pages that say nothing new are read all the same: a sweep must know who is listed, and a source that failed last
    time is well again only when its pages can be read."""
    announced: int | None = None
    cut_short: bool = False
    listed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    """The organisations that were read, as `told` are the notices."""
    gone: set[str] = field(default_factory=set)
    said_gone: set[str] = field(default_factory=set)
    unreadable: set[str | None] = field(default_factory=set)
    """Who is listed and was not read; None stands for records that nobody could name."""
    poison: set[str] = field(default_factory=set)
    """The records that could not be read, as quarantine knows them."""
    clocks: dict[str, timedelta] = field(default_factory=dict)
    """How far the clock of each host that answered is ahead of ours."""
    titles: dict[str, dict[str, Title]] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    audited: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    repeats: int = 0
    repeated: bool = False
    details: int = 0
    bad_details: int = 0
    gone_details: int = 0
    """Pages of notices that are gone; what a list itself calls over is not among them."""
    doubts: int = 0
    doubted: str | None = None
    suspect: str | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    passed: int = 0
    uncounted: list[Page] = field(default_factory=list)
    rejected: int = 0
    pages: int = 0
    unchanged: int = 0
    dated: int = 0
    newest: datetime | None = None
    bad_pages: list[str] = field(default_factory=list)

    @property
    def read_before(self) -> Mapping[str, backlog.Read]:
        """Notices and organisations by id, as they are held at any moment of the visit."""
        maps = (self.held, self.organisations)
        return ChainMap(*(cast(MutableMapping[str, backlog.Read], held) for held in maps))

    def as_stored(self, connection: sa.Connection) -> None:
        """Bring what is held in memory back to what the store says, after a transaction that was broken off."""
        # The maps themselves stay: the connector looks into them.
        self.held.clear()
        self.held.update(known(connection, self.source.name))
        self.organisations.clear()
        self.organisations.update(directory.known(connection, self.source.name))

    @property
    def unread(self) -> int:
        """How many details are still to be read, without those that were asked for in vain too often."""
        return sum(self.tries.get(key, 0) < backlog.GIVE_UP for key in self.waiting)


def begin(connection: sa.Connection, source: sources.Source, *, mode: Mode | None, now: datetime) -> Work:
    held_lease = lease.take(connection, source.name, now=now)
    # Visits before the parameters changed asked another question; those of a clock that was ahead never were.
    accepted = sa.select(rows_of_sources.c.accepted_at).where(rows_of_sources.c.name == source.name).scalar_subquery()
    mine = sa.and_(
        visits.c.source == source.name,
        visits.c.started_at >= sa.func.coalesce(accepted, ""),
        visits.c.started_at <= stamp(now),
    )
    last = connection.scalar(sa.select(sa.func.max(visits.c.started_at)).where(mine, visits.c.complete))
    last_sweep = connection.scalar(
        sa.select(sa.func.max(visits.c.started_at)).where(mine, visits.c.complete, visits.c.mode == "sweep")
    )
    sweep_days = source.sweep_days
    if mode is None:
        due = sweep_days is not None and (last_sweep is None or moment(last_sweep) + timedelta(days=sweep_days) <= now)
        mode = "sweep" if due else "recent"
    # An unchanged page is not read again and counts nothing, so the last visits that did count are the measure.
    counted = (
        sa.select(visits.c.seen, visits.c.filled)
        .where(mine, visits.c.complete, visits.c.seen > 0, visits.c.mode == mode)
        .order_by(visits.c.id.desc())
        .limit(MEASURED)
    )
    earlier = connection.execute(counted).all()
    ended = sa.select(visits.c["class"], visits.c.complete, visits.c.error).where(mine, visits.c.ended_at.is_not(None))
    before = connection.execute(ended.order_by(visits.c.id.desc()).limit(1)).first()
    cards, tries = backlog.waiting(connection, source.name)
    held = known(connection, source.name)
    plausible = Plausible(
        source.about.expect.markup,
        usual(row.filled for row in earlier),
        varied=varied(row.filled for row in earlier),
        alike=_alike_accepted(connection, source.name),
    )
    if before is not None and is_alike(before.error or ""):
        # What a doubted visit let through before it could be told is the beginning of what comes now.
        plausible.go_on_from(_latest(connection, source.name))
    opened = connection.execute(sa.insert(visits).values(source=source.name, mode=mode, started_at=stamp(now)))
    assert opened.inserted_primary_key is not None
    return Work(
        source=source,
        lease=held_lease,
        visit_id=opened.inserted_primary_key[0],
        started=now,
        mode=mode,
        held=held,
        organisations=directory.known(connection, source.name),
        prepared=prepare(members.everyone(connection)),
        since=moment(last) if last else None,
        before=earlier[0].seen if earlier else None,
        usual=median(row.seen for row in earlier) if earlier else None,
        plausible=plausible,
        waiting=cards,
        tries=tries,
        resuming=before is not None and not before.complete,
        rereads=mode == "sweep" or before is None or before[0] not in {"ok", "same"} or _half_heard(source, held),
    )


def _alike_accepted(connection: sa.Connection, name: str) -> bool:
    said = connection.scalar(sa.select(memory.c.value).where(memory.c.source == name, memory.c.key == ALIKE_ACCEPTED))
    accepted = connection.scalar(sa.select(rows_of_sources.c.accepted_at).where(rows_of_sources.c.name == name))
    # Other parameters since then, other pages.
    return said is not None and said >= (accepted or "")


def _latest(connection: sa.Connection, name: str) -> list[Notice]:
    since = stamp(flood.unsettled_since(connection, name, after=GOOD))
    mine = sa.and_(notices.c.source == name, notices.c.fetched_at >= since)
    query = sa.select(notices.c.doc).where(mine).order_by(notices.c.fetched_at.desc()).limit(WINDOW)
    return [Notice.model_validate_json(unpack(doc)) for doc in connection.scalars(query)]


def _half_heard(source: sources.Source, held: Mapping[str, Known]) -> bool:
    # Two readings withdraw: where a list on a page for people has called something over once, a page that says the same
    # words again is the second one.
    return source.about.expect.markup and any(one.missed == 1 and not one.withdrawn for one in held.values())


def refused(store: Store, result: Result, *, now: datetime) -> None:
    """Write down a visit that could not begin, because the source's own row is wrong; it is tried again in a day."""

    def write(connection: sa.Connection) -> None:
        moments = {"started_at": stamp(now), "ended_at": stamp(now)}
        row = {"source": result.source, "mode": "recent", "class": result.kind, "error": result.error}
        connection.execute(sa.insert(visits).values({**row, **moments}))
        connection.execute(
            sa.update(rows_of_sources)
            .where(rows_of_sources.c.name == result.source)
            .values(next_visit=stamp(now + timedelta(days=1)))
        )
        alerts.after_visit(connection, result.source, result.kind, result.error, complete=False, now=now)

    store.whole(write)
