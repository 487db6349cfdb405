"""Read the kept pages of a source again, after a fix of ours. The network is not asked.

The one thing to know: of each notice the newest kept page counts, and what changes is marked as our own reading, so that
nobody is told that a deadline moved when only we have learnt to read it.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from aggregator.directory import put as directory
from aggregator.directory.draft import OrganisationDraft
from aggregator.directory.tables import organisations
from aggregator.intake import kept, lease, sources
from aggregator.intake.normalise import normalise
from aggregator.intake.reading import Batch, read_page, readings
from aggregator.intake.titles import joined
from aggregator.matching.engine import prepare, record
from aggregator.people import members
from aggregator.store.history import differences
from aggregator.store.opportunities import many
from aggregator.store.put import Draft, known, put
from aggregator.store.session import Store
from aggregator.store.tables import notices
from connectors.base.contract import TITLES, Notice, Page, ParseError, Title, Translation

_BATCH = 500


@dataclass(slots=True)
class Reread:
    """What reading again would change, or did. `lost` are notices of which no page is kept any more, with their period."""

    pages: int = 0
    notices: int = 0
    organisations: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    lost: int = 0
    lost_from: str | None = None
    lost_to: str | None = None
    rejected: list[str] = field(default_factory=list)
    differences: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)


def reparse(store: Store, name: str, *, now: datetime, dry: bool) -> Reread:
    """Read all kept pages of a source again and write what they say now in one transaction; a dry run rolls it back.

    Raises ParamError when there is no such source, Busy while it is being read.
    """
    done = Reread()
    with store.trial() if dry else store.write() as connection:
        source = sources.get(connection, name)
        held_lease = lease.take(connection, name, now=now)
    try:
        # Outside of any writing transaction: this is long, and others want to write meanwhile.
        drafts, met = _read_again(store, source, done)
        with store.trial() if dry else store.write() as connection:
            if not dry:
                lease.renew(connection, held_lease, now=now)
            _write(connection, name, drafts, done, now=now)
            _write_organisations(connection, name, met, done, now=now)
            _lost(connection, name, drafts.keys() | met.keys(), done)
    except lease.Lost as exc:
        raise lease.Busy(str(exc)) from exc
    finally:
        if not dry:
            with store.write() as connection:
                lease.release(connection, held_lease)
    return done


def _read_again(
    store: Store, source: sources.Source, done: Reread
) -> tuple[dict[str, Draft], dict[str, OrganisationDraft]]:
    drafts: dict[str, Draft] = {}
    met: dict[str, OrganisationDraft] = {}
    titles = _titles(store, source)
    with store.read() as connection:
        for page in kept.every(connection, source.name):
            done.pages += 1
            said = _said(source, page, titles, done)
            # Pages come newest first: what an older one says of the same notice is history.
            drafts = {draft.notice.source_id: draft for draft in said.drafts} | drafts
            met = {one.source_id: one for one in said.organisations} | met
    done.notices, done.organisations = len(drafts), len(met)
    return drafts, met


def _titles(store: Store, source: sources.Source) -> dict[str, dict[str, Title]]:
    """Titles that pages of their own gave, of each notice the newest: in a visit they come before what they belong to."""
    titles: dict[str, dict[str, Title]] = {}
    with store.read() as connection:
        for page in kept.every(connection, source.name, role=TITLES):
            with contextlib.suppress(ParseError):
                for reading in readings(source.module, page.with_params(source.params)):
                    if isinstance(reading, Translation):
                        titles[reading.source_id] = {**reading.titles, **titles.get(reading.source_id, {})}
    return titles


def _write(connection: sa.Connection, name: str, drafts: dict[str, Draft], done: Reread, *, now: datetime) -> None:
    held = known(connection, name)
    prepared = prepare(members.everyone(connection))
    _compare(connection, drafts, {key: held[key].opportunity_id for key in drafts if key in held}, done)
    every = list(drafts.values())
    for start in range(0, len(every), _BATCH):
        written = put(connection, every[start : start + _BATCH], source=name, held=held, now=now, cause="our_reading")
        # What we have only now learnt to read must find its members like any other.
        record(connection, [*written.new, *written.changed], prepared, now=now)
        done.new, done.changed = done.new + len(written.new) + written.joined, done.changed + len(written.changed)
        done.same += written.same


def _write_organisations(
    connection: sa.Connection, name: str, met: Mapping[str, OrganisationDraft], done: Reread, *, now: datetime
) -> None:
    held = directory.known(connection, name)
    every = list(met.values())
    for start in range(0, len(every), _BATCH):
        written = directory.put(
            connection, every[start : start + _BATCH], source=name, held=held, now=now, cause="our_reading"
        )
        done.new, done.changed = done.new + written.new, done.changed + written.changed
        done.same += written.same


def _said(source: sources.Source, page: Page, titles: Mapping[str, Mapping[str, Title]], done: Reread) -> Batch:
    def made(notice: Notice) -> Draft:
        whole = joined(notice, titles.get(notice.source_id))
        return normalise(
            whole, source=source.name, about=source.about, fetched_at=page.fetched_at, rights=source.rights(whole)
        )

    try:
        batch = read_page(source.module, page.with_params(source.params), normalise=made)
    except ParseError as exc:
        done.rejected.append(str(exc))
        return Batch()
    done.rejected += [f"{bad.where}: {bad.reason}" for bad in batch.rejected]
    return batch


def _compare(connection: sa.Connection, drafts: dict[str, Draft], ids: dict[str, int], done: Reread) -> None:
    before = many(connection, ids.values())
    for key, id in ids.items():
        after = drafts[key].opportunity.model_copy(update={"withdrawn_at": before[id].withdrawn_at})
        was = before[id].model_copy(update={"withdrawn_at": None})
        done.differences += [(key, *row) for row in differences(was, after)]


def _lost(connection: sa.Connection, source: str, read: set[str], done: Reread) -> None:
    rows = [
        row
        for table in (notices, organisations)
        for row in connection.execute(sa.select(table.c.source_id, table.c.fetched_at).where(table.c.source == source))
    ]
    gone = sorted(row.fetched_at for row in rows if row.source_id not in read)
    if gone:
        done.lost, done.lost_from, done.lost_to = len(gone), gone[0], gone[-1]
