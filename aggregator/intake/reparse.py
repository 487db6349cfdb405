"""Read the kept pages of a source again, after a fix of ours. The network is not asked.

The one thing to know: of each notice the newest kept page counts, and it goes on in batches that are each a whole, so that
however long it takes little is held in memory, others can write meanwhile, and what was broken off is done by repeating it.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from aggregator.directory.draft import Held, OrganisationDraft
from aggregator.directory.tables import organisations
from aggregator.intake import kept, lease, rereading, sources
from aggregator.intake.rereading import Holding, Wrote
from aggregator.store import likely
from aggregator.store.history import differences
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import Draft, Known
from aggregator.store.session import Store
from aggregator.store.tables import notices
from connectors.base.contract import Page, ParseError, Record
from connectors.base.text import shorten

T = TypeVar("T")
BATCH = 500
SHOWN = 20
"""So many examples are kept of what changes in each field, and of what cannot be read; all are counted."""
_VALUE = 160
# As the history calls them (aggregator/store/history.py).
_CALLED = {"titles": "title", "deadlines": "deadline", "announced": "status", "opens_at": "opens"}
# What says nothing of how a page is read.
_OWN = frozenset({"id", "notices", "first_seen", "changed_at", "withdrawn_at"})
# Of a long text its length is enough.
_TEXTS = frozenset({"summary", "body"})


@dataclass(frozen=True, slots=True)
class Step:
    """How far it has come."""

    pages: int
    of: int
    notices: int


@dataclass(slots=True)
class Reread:
    """What reading again would change, or did. `lost` are notices of which no page is kept any more, by the month in which
    they were fetched; `counts` says in how many notices each field differs, `differences` shows some of them."""

    pages: int = 0
    notices: int = 0
    organisations: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    lost: int = 0
    lost_from: str | None = None
    lost_to: str | None = None
    lost_by_month: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    rejected: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)


def reparse(
    store: Store, name: str, *, now: datetime, dry: bool, progress: Callable[[Step], None] = lambda _: None
) -> Reread:
    """Read all kept pages of a source again and write what they say now, a batch at a time; a dry run rolls each back.

    Raises ParamError when there is no such source, Busy while it is being read.
    """
    done, began = Reread(), time.monotonic()

    def begin(connection: sa.Connection) -> tuple[sources.Source, lease.Lease]:
        return sources.get(connection, name), lease.take(connection, name, now=now)

    source, held_lease = store.whole(begin, dry=dry)
    holding = store.look(lambda c: rereading.hold(c, name))

    def flush(drafts: list[Draft], met: list[OrganisationDraft]) -> None:
        def write(connection: sa.Connection) -> Wrote:
            if not dry:
                lease.renew(connection, held_lease, now=now + timedelta(seconds=time.monotonic() - began))
            return rereading.write(connection, source, holding, drafts, met, now=now)

        ours = _remembered(holding, drafts, met)
        store.look(lambda connection: likely.refresh(connection, now=now))
        wrote = store.whole(write, dry=dry, anew=lambda _: _restore(holding, ours))
        if dry:  # what was rolled back was not learnt
            _restore(holding, ours)
        _count(done, wrote)

    try:
        told, met = _read_again(store, source, done, flush=flush, progress=progress)
        _lost(done, store.look(lambda c: _fetched(c, name, told, met)))
    except lease.Lost as exc:
        raise lease.Busy(str(exc)) from exc
    finally:
        if not dry:
            store.whole(lambda c: lease.release(c, held_lease))
    return done


def _read_again(
    store: Store,
    source: sources.Source,
    done: Reread,
    *,
    flush: Callable[[list[Draft], list[OrganisationDraft]], None],
    progress: Callable[[Step], None],
) -> tuple[set[str], set[str]]:
    told: set[str] = set()
    met: set[str] = set()
    drafts: list[Draft] = []
    organisations: list[OrganisationDraft] = []

    def room() -> int:
        return BATCH - len(drafts) - len(organisations)

    titles = rereading.titles_of(store, source)
    pages = store.look(lambda c: kept.numbers(c, source.name))
    for page in rereading.pages_of(store, pages):
        done.pages += 1
        here: set[str] = set()
        there: set[str] = set()
        for part in _parts(source, page, done, room=room):
            batch = rereading.read(source, page, part, titles=titles, told=told, met=met)
            done.unreadable += len(batch.rejected)
            done.rejected += [f"{bad.where}: {bad.reason}" for bad in batch.rejected][
                : max(SHOWN - len(done.rejected), 0)
            ]
            drafts += batch.drafts
            organisations += batch.organisations
            here.update(draft.notice.source_id for draft in batch.drafts)
            there.update(one.source_id for one in batch.organisations)
            if room() <= 0:
                flush(drafts, organisations)
                drafts.clear()
                organisations.clear()
        # Pages come newest first: what an older one says of the same notice is history.
        told |= here
        met |= there
        done.notices, done.organisations = len(told), len(met)
        progress(Step(done.pages, len(pages), len(told) + len(met)))
    if drafts or organisations:
        flush(drafts, organisations)
    return told, met


def _parts(source: sources.Source, page: Page, done: Reread, *, room: Callable[[], int]) -> Iterator[list[Record]]:
    """The records of a page, no more at a time than there is room for; none where the page cannot be read."""
    try:
        records = rereading.records_of(source, page)
    except ParseError as exc:
        done.unreadable += 1
        done.rejected += [str(exc)][: max(SHOWN - len(done.rejected), 0)]
        return
    start = 0
    while start < len(records):
        end = start + room()
        yield records[start:end]
        start = end


_Ours = tuple[dict[str, Known | None], dict[str, Held | None]]


def _remembered(holding: Holding, drafts: Sequence[Draft], met: Sequence[OrganisationDraft]) -> _Ours:
    return (
        {draft.notice.source_id: holding.notices.get(draft.notice.source_id) for draft in drafts},
        {one.source_id: holding.organisations.get(one.source_id) for one in met},
    )


def _restore(holding: Holding, ours: _Ours) -> None:
    _set(holding.notices, ours[0])
    _set(holding.organisations, ours[1])


def _set(held: dict[str, T], before: Mapping[str, T | None]) -> None:
    for key, one in before.items():
        if one is None:
            held.pop(key, None)
        else:
            held[key] = one


def _count(done: Reread, wrote: Wrote) -> None:
    done.new, done.changed, done.same = done.new + wrote.new, done.changed + wrote.counted, done.same + wrote.same
    for key, before, after in wrote.changed:
        for name, was, is_ in _differing(before, after):
            done.counts[name] = count = done.counts.get(name, 0) + 1
            if count <= SHOWN:
                done.differences.append((key, name, _shown(was), _shown(is_)))


def _differing(before: Opportunity, after: Opportunity) -> Iterator[tuple[str, str | None, str | None]]:
    """What members see differently, field by field: first what the history watches, then all else."""
    watched = differences(before, after)
    yield from watched
    said = {name.partition(":")[0] for name, _, _ in watched}
    for name in Opportunity.model_fields:
        called = _CALLED.get(name, name)
        if name not in _OWN and called not in said and getattr(before, name) != getattr(after, name):
            yield called, _said(before, name), _said(after, name)


def _said(item: Opportunity, name: str) -> str | None:
    value = item.model_dump(mode="json", include={name}).get(name)
    if value is None:
        return None
    if name in _TEXTS:
        return f"{len(value)} characters"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(value: str | None) -> str | None:
    return shorten(value, _VALUE) if value else None


def _fetched(connection: sa.Connection, source: str, told: Collection[str], met: Collection[str]) -> list[str]:
    """When those were fetched of which no page is kept any more."""
    gone: list[str] = []
    for table, read in ((notices, told), (organisations, met)):
        rows = connection.execute(sa.select(table.c.source_id, table.c.fetched_at).where(table.c.source == source))
        gone += [row.fetched_at for row in rows if row.source_id not in read]
    return sorted(gone)


def _lost(done: Reread, gone: list[str]) -> None:
    if gone:
        done.lost, done.lost_from, done.lost_to = len(gone), gone[0], gone[-1]
        done.lost_by_month = dict(Counter(at[:7] for at in gone))
