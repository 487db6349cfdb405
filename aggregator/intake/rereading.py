"""Kept pages, read again with the reader of today; what they say now is put into the store as our own reading.

The one thing to know: it joins, matches and speaks like what a visit brings, but proves nothing of what is listed today; and
a text that may be kept no longer does not come back by it.
"""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from aggregator.directory import put as directory
from aggregator.directory.draft import Held, OrganisationDraft
from aggregator.intake import joining, kept, leading, sources
from aggregator.intake.normalise import normalise
from aggregator.intake.reading import Batch, read_page, readings
from aggregator.intake.titles import joined
from aggregator.matching.engine import Prepared, prepare, record
from aggregator.people import members
from aggregator.rights import over
from aggregator.store import likely
from aggregator.store.opportunities import many
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import Draft, Known, known, put
from aggregator.store.retention import draft_without_text
from aggregator.store.session import Store
from aggregator.store.tables import changes
from connectors.base.contract import (
    TITLES,
    Connector,
    Notice,
    Organisation,
    Page,
    ParseError,
    Reading,
    Record,
    Skipped,
    Title,
    Translation,
)

log = structlog.get_logger(__name__)
Titles = Mapping[str, Mapping[str, Title]]


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store holds of a source, kept in step with what is written; and for whom matches are looked for."""

    notices: dict[str, Known]
    organisations: dict[str, Held]
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Wrote:
    """What one batch did. `changed` are opportunities as they were and as they are, each with the notice that did it."""

    new: int = 0
    same: int = 0
    counted: int = 0
    changed: list[tuple[str, Opportunity, Opportunity]] = field(default_factory=list)


def hold(connection: sa.Connection, source: str) -> Holding:
    everyone = prepare(members.everyone(connection))
    return Holding(known(connection, source), directory.known(connection, source), everyone)


def titles_of(store: Store, source: sources.Source) -> dict[str, dict[str, Title]]:
    """Titles that pages of their own gave, of each notice the newest: in a visit they come before what they belong to."""
    titles: dict[str, dict[str, Title]] = {}
    for page in pages_of(store, store.look(lambda c: kept.numbers(c, source.name, role=TITLES))):
        with contextlib.suppress(ParseError):
            for reading in readings(source.module, page.with_params(source.params)):
                if isinstance(reading, Translation):
                    titles[reading.source_id] = {**reading.titles, **titles.get(reading.source_id, {})}
    return titles


def pages_of(store: Store, numbers: Sequence[int]) -> Iterator[Page]:
    """The kept pages of these numbers, each read when it is asked for; one that went meanwhile is passed over."""
    for number in numbers:
        page = _page(store, number)
        if page is not None:
            yield page


def _page(store: Store, number: int) -> Page | None:
    return store.look(lambda c: kept.one(c, number))


def records_of(source: sources.Source, page: Page) -> list[Record]:
    """Split a page. Raises ParseError where it cannot be: then nothing of it is used, as in a visit."""
    try:
        return list(source.module.split(page.with_params(source.params)))
    except ParseError:
        raise
    except Exception as exc:
        log.exception("page failed", url=page.url)
        raise ParseError(page.url, "page", f"{type(exc).__name__}: {exc}"[:300]) from exc


def read(
    source: sources.Source,
    page: Page,
    records: Sequence[Record],
    *,
    titles: Titles,
    told: Collection[str] = (),
    met: Collection[str] = (),
) -> Batch:
    """Read some records of a page; of notices in `told` and organisations in `met` a newer page has spoken already."""

    def made(notice: Notice) -> Draft:
        whole = joined(notice, titles.get(notice.source_id))
        return normalise(
            whole, source=source.name, about=source.about, fetched_at=page.fetched_at, rights=source.rights(whole)
        )

    part = _Part(source.module, records, told=told, met=met)
    batch = read_page(part, page.with_params(source.params), normalise=made)
    batch.drafts[:] = [draft for draft in batch.drafts if draft.notice.source_id not in told]
    batch.organisations[:] = [one for one in batch.organisations if one.source_id not in met]
    return batch


class _Part:
    """A connector as it is for some records of a page; what was told already is passed over before it costs anything."""

    def __init__(
        self, module: Connector, records: Sequence[Record], *, told: Collection[str], met: Collection[str]
    ) -> None:
        self.ABOUT, self.Params, self.fetch = module.ABOUT, module.Params, module.fetch
        self._module, self._records, self._told, self._met = module, records, told, met

    def split(self, page: Page, /) -> Iterator[Record]:
        return iter(self._records)

    def read(self, record: Record, page: Page, /) -> Reading:
        reading = self._module.read(record, page)
        if isinstance(reading, Notice) and reading.source_id in self._told:
            return Skipped("told by a newer page", reading.source_id)
        if isinstance(reading, Organisation) and reading.source_id in self._met:
            return Skipped("told by a newer page", reading.source_id)
        return reading

    def identify(self, record: Record) -> str | None:
        identify: Any = getattr(self._module, "identify", None)
        id: str | None = identify(record) if identify is not None else None
        return id


def write(
    connection: sa.Connection,
    source: sources.Source,
    holding: Holding,
    drafts: Sequence[Draft],
    met: Sequence[OrganisationDraft],
    *,
    now: datetime,
) -> Wrote:
    """Put one batch into the store as our own reading; what is new finds its members and who it belongs to like in a visit."""
    name, held = source.name, holding.notices
    ids = {
        draft.notice.source_id: held[key].opportunity_id for draft in drafts if (key := draft.notice.source_id) in held
    }
    before = many(connection, ids.values())
    strangers = [draft for draft in drafts if draft.notice.source_id not in held]
    noted = connection.scalar(sa.select(sa.func.max(changes.c.id))) or 0
    fit = [_as_may_be_kept(draft, held, before, now=now) for draft in drafts]
    done = put(connection, fit, source=name, held=held, now=now, cause="our_reading", signed=likely.signed(drafts))
    told = {item.id: item for item in (*done.new, *done.changed)}
    united = joining.bridge(connection, done.bridges, now=now, visit_id=None)
    told = {id: item for id, item in told.items() if id not in {one.loser for one in done.bridges}}
    told |= {item.id: item for item in united}
    if done.joined:
        given = [draft for draft in fit if draft.notice.source_id in {one.notice.source_id for one in strangers}]
        told |= {item.id: item for item in leading.give_way(connection, source, given, now=now, visit_id=None)}
    _ours(connection, name, after=noted)
    # What we have only now learnt to read must find its members like any other.
    record(connection, list(told.values()), holding.prepared, now=now)
    joins = directory.put(connection, met, source=name, held=holding.organisations, now=now, cause="our_reading")
    return Wrote(
        new=len(done.new) + done.joined + joins.new,
        same=done.same + joins.same,
        counted=len(done.changed) + joins.changed,
        changed=[(key, before[id], told[id]) for key, id in ids.items() if id in told and id in before],
    )


def _as_may_be_kept(
    draft: Draft, held: Mapping[str, Known], before: Mapping[int, Opportunity], *, now: datetime
) -> Draft:
    item, one = draft.opportunity, held.get(draft.notice.source_id)
    old = before.get(one.opportunity_id) if one is not None else None
    if one is not None and old is not None:
        gone = old.withdrawn_at or (now if one.withdrawn else None)
        item = item.model_copy(update={"first_seen": old.first_seen, "withdrawn_at": gone})
    return draft_without_text(draft) if over(item.rights.drop_text_at, item, now) else draft


def _ours(connection: sa.Connection, source: str, *, after: int) -> None:
    """Whatever this batch noted as the source's word, because a notice joined or leads now, is our own reading too."""
    connection.execute(
        sa.update(changes)
        .where(changes.c.id > after, changes.c.source == source, changes.c.visit_id.is_(None))
        .values(cause="our_reading")
    )
