"""Read again what stands aside, after a fix: each record on the kept page where it stood last. The network is not asked.

The one thing to know: what can be read now is put into the store as our own reading and stands aside no longer; of the rest
is written down why today's reader fails.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from aggregator.directory.draft import OrganisationDraft
from aggregator.intake import kept, lease, quarantine, rereading, sources
from aggregator.intake.quarantine import Aside
from aggregator.intake.reading import fingerprint_of
from aggregator.intake.rereading import Holding, Titles
from aggregator.store import likely
from aggregator.store.put import Draft
from aggregator.store.session import Store
from aggregator.store.tables import notices, stamp
from connectors.base.contract import Page, ParamError, ParseError, Record


@dataclass(slots=True)
class Look:
    """What came of it: rows that are read now, rows that still fail with the reason, and how many notices are new."""

    read: list[Aside] = field(default_factory=list)
    failing: list[tuple[Aside, str]] = field(default_factory=list)
    new: int = 0
    changed: int = 0


@dataclass(slots=True)
class _OfPage:
    drafts: dict[str, Draft] = field(default_factory=dict)
    organisations: dict[str, OrganisationDraft] = field(default_factory=dict)
    read: list[Aside] = field(default_factory=list)
    failing: list[tuple[Aside, str]] = field(default_factory=list)


def look(
    store: Store,
    rows: Sequence[Aside],
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Look:
    """Read these rows again, a page and a transaction at a time. Raises Busy while one of their sources is being read."""
    done, began = Look(), time.monotonic()
    for name, of_source in groupby(
        sorted(rows, key=lambda row: (row.source, row.page_id or 0)), lambda row: row.source
    ):
        mine = list(of_source)

        def begin(connection: sa.Connection, name: str = name) -> tuple[sources.Source, lease.Lease]:
            return sources.get(connection, name), lease.take(connection, name, now=now)

        try:
            source, held_lease = store.whole(begin)
        except ParamError as exc:  # it was removed, or its row is wrong
            done.failing += [(row, str(exc)) for row in mine]
            continue
        try:
            holding = store.look(lambda c, name=name: rereading.hold(c, name))  # type: ignore[misc]
            titles = rereading.titles_of(store, source)
            for number, on_page in groupby(mine, lambda row: row.page_id):
                page = store.look(lambda c, number=number: kept.one(c, number)) if number else None  # type: ignore[misc]
                found = _read(source, page, list(on_page), titles)
                at = now + timedelta(seconds=time.monotonic() - began)
                _write(store, source, held_lease, holding, found, page, done, now=now, at=at)
                progress(len(done.read) + len(done.failing), len(rows))
        except lease.Lost as exc:
            raise lease.Busy(str(exc)) from exc
        finally:
            store.whole(lambda c, one=held_lease: lease.release(c, one))  # type: ignore[misc]
    return done


def _read(source: sources.Source, page: Page | None, rows: Sequence[Aside], titles: Titles) -> _OfPage:
    found = _OfPage()
    if page is None:
        found.failing = [(row, "the page on which it stood is not kept any more") for row in rows]
        return found
    try:
        records = rereading.records_of(source, page)
    except ParseError as exc:
        found.failing = [(row, str(exc)) for row in rows]
        return found
    by_record = {fingerprint_of(record): record for record in records}
    for row in rows:
        for why in _failing(source, page, by_record.get(row.record), records, row, titles, found):
            found.failing.append((row, why))
            break
        else:
            found.read.append(row)
    return found


def _failing(
    source: sources.Source,
    page: Page,
    record: Record | None,
    records: Sequence[Record],
    row: Aside,
    titles: Titles,
    found: _OfPage,
) -> Iterator[str]:
    """Why a row still fails, if it does; what can be read is added to `found`."""
    # A record that is cut out differently now, or that failed in our own cleaning, is known by whose it is alone.
    batch = rereading.read(source, page, [record] if record else records, titles=titles)
    if record is not None:
        yield from (f"{bad.where}: {bad.reason}" for bad in batch.rejected)
        mine = set[str]() if batch.rejected else {draft.notice.source_id for draft in batch.drafts}
        mine |= set[str]() if batch.rejected else {one.source_id for one in batch.organisations}
    else:
        told = {draft.notice.source_id for draft in batch.drafts} | {one.source_id for one in batch.organisations}
        yield from (
            f"{bad.where}: {bad.reason}"
            for bad in batch.rejected
            if bad.record == row.record or (bad.source_id is not None and bad.source_id == row.source_id)
        )
        if row.source_id not in told:
            yield "it is not found on the page on which it stood; the next visit says more"
        mine = {row.source_id} if row.source_id else set()
    found.drafts |= {key: draft for draft in batch.drafts if (key := draft.notice.source_id) in mine}
    found.organisations |= {one.source_id: one for one in batch.organisations if one.source_id in mine}


def _write(
    store: Store,
    source: sources.Source,
    held_lease: lease.Lease,
    holding: Holding,
    found: _OfPage,
    page: Page | None,
    done: Look,
    *,
    now: datetime,
    at: datetime,
) -> None:
    def write(connection: sa.Connection) -> rereading.Wrote:
        lease.renew(connection, held_lease, now=at)
        # What a later visit has read of the same notice is not undone by an older page.
        later = _read_since(connection, source.name, list(found.drafts), page)
        drafts = [draft for key, draft in found.drafts.items() if key not in later]
        wrote = rereading.write(connection, source, holding, drafts, list(found.organisations.values()), now=now)
        quarantine.release(connection, [row.id for row in found.read])
        quarantine.failed_again(connection, [(row.id, why) for row, why in found.failing])
        return wrote

    store.look(lambda connection: likely.refresh(connection, now=now))
    wrote = store.whole(write, anew=lambda c: _anew(holding, c, source.name))
    done.new, done.changed = done.new + wrote.new, done.changed + wrote.counted
    done.read += found.read
    done.failing += found.failing


def _anew(holding: Holding, connection: sa.Connection, source: str) -> None:
    fresh = rereading.hold(connection, source)
    holding.notices.clear()
    holding.notices.update(fresh.notices)
    holding.organisations.clear()
    holding.organisations.update(fresh.organisations)


def _read_since(connection: sa.Connection, source: str, keys: Sequence[str], page: Page | None) -> set[str]:
    if page is None or not keys:
        return set()
    mine = sa.select(notices.c.source_id).where(notices.c.source == source, notices.c.source_id.in_(keys))
    return set(connection.scalars(mine.where(notices.c.fetched_at > stamp(page.fetched_at))))
