"""From a page to what it says: every record read on its own, so that a bad one never takes the others with it."""

import hashlib
import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import PurePath
from typing import Any

import structlog

from aggregator.directory.draft import OrganisationDraft
from aggregator.intake.organisations import prepared
from aggregator.store.opportunity import beginning
from aggregator.store.put import Draft
from connectors.base.contract import (
    Connector,
    Gone,
    Notice,
    Organisation,
    Page,
    ParseError,
    Reading,
    Record,
    Seen,
    Skipped,
    Title,
    Translation,
)

log = structlog.get_logger(__name__)
_EXCERPT = 500
_CALLS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that could not be read: where it stands, why, and the beginning of it.

    `trace` is the way through our code where it failed by a fault of ours, and not because the record is wrong.
    """

    where: str
    reason: str
    excerpt: str
    record: str
    source_id: str | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one page said."""

    drafts: list[Draft] = field(default_factory=list)
    organisations: list[OrganisationDraft] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    said_gone: list[str] = field(default_factory=list)
    """Of these, whom the platform's own interface calls gone."""
    titles: dict[str, dict[str, Title]] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    believed: bool = True
    """False: nothing of the page is used, because it could not be read or is not plausible."""

    @property
    def newest(self) -> datetime | None:
        """The latest publication among the drafts, in UTC."""
        items = (draft.opportunity for draft in self.drafts)
        return max((beginning(i.published_at, i.zone) for i in items if i.published_at), default=None)

    @property
    def dated(self) -> int:
        """How many drafts state a deadline."""
        return sum(any(d.on for d in draft.notice.deadlines) for draft in self.drafts)


def readings(connector: Connector, page: Page) -> Iterator[Reading | Rejected]:
    """Split a page and read each record. Raises ParseError when the page itself cannot be read."""
    for record in _records(connector, page):
        try:
            reading = connector.read(record, page)
            if isinstance(reading, Skipped) and reading.source_id is None:
                reading = replace(reading, source_id=_identity(connector, record))
            yield reading
        except Exception as exc:
            # Whatever a poisoned record makes the reader raise concerns this record alone (F23).
            yield rejected(record, exc, source_id=_identity(connector, record))


def _records(connector: Connector, page: Page) -> Iterator[Record]:
    records = iter(connector.split(page))
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except ParseError:
            raise
        except Exception as exc:
            # A page that breaks its reader is a bad page, and is kept like one; it ends no visit (F23).
            log.exception("page failed", url=page.url)
            raise ParseError(page.url, "page", f"{type(exc).__name__}: {exc}"[:300]) from exc
        yield record


def _identity(connector: Connector, record: Record) -> str | None:
    """Whose record it is, where the connector can tell (`identify`): what cannot be read is listed all the same."""
    identify = getattr(connector, "identify", None)
    try:
        source_id = identify(record) if identify is not None else None
    except (ValueError, TypeError, AttributeError, LookupError):
        source_id = None
    return _storable(source_id) if source_id else None


def rejected(record: Record, exc: Exception, *, source_id: str | None = None) -> Rejected:
    ours = not isinstance(exc, (ParseError, ValueError))
    return Rejected(
        source_id=source_id,
        where=_storable(record.where),
        reason=_storable(_reason(exc)),
        excerpt=_storable(_text(record.data))[:_EXCERPT],
        record=fingerprint_of(record),
        # The innermost calls alone: what nests too deeply has a trace of thousands of lines.
        trace=_storable("".join(traceback.format_exception(exc, limit=-_CALLS))) if ours else None,
    )


def fingerprint_of(record: Record) -> str:
    """A digest of what a record says, by which the same poison is known again."""
    return hashlib.blake2b(_storable(_text(record.data)).encode(), digest_size=16).hexdigest()


def read_page(connector: Connector, page: Page, *, normalise: Callable[[Notice], Draft]) -> Batch:
    """Read a whole page into drafts. Raises ParseError when the page itself cannot be read."""
    batch = Batch()
    for reading in readings(connector, page):
        match reading:
            case Notice():
                try:
                    batch.drafts.append(normalise(reading))
                except Exception as exc:
                    said = {"source_id": reading.source_id, "url": reading.url, "title": _first_title(reading)}
                    batch.rejected.append(_uncleanable(reading.source_id, said, exc))
            case Organisation():
                try:
                    batch.organisations.append(prepared(reading, about=connector.ABOUT))
                except Exception as exc:
                    said = {"source_id": reading.source_id}
                    batch.rejected.append(_uncleanable(reading.source_id, said, exc))
            case Seen():
                batch.seen.append(reading)
            case Gone(source_id, said):
                batch.gone.append(source_id)
                batch.said_gone.extend([source_id] if said else [])
            case Translation(source_id, titles):
                batch.titles.setdefault(source_id, {}).update(titles)
            case Skipped(reason, source_id):
                batch.skipped[reason] = batch.skipped.get(reason, 0) + 1
                batch.left_out.update([source_id] if source_id else [])
            case Rejected():
                batch.rejected.append(reading)
    return batch


def _uncleanable(source_id: str, said: dict[str, str], exc: Exception) -> Rejected:
    # As above: what one record does to our own cleaning must not cost the others theirs.
    where = exc.where if isinstance(exc, ParseError) else source_id
    # `said` is not all of it: what broke our cleaning may break writing it down as well.
    return rejected(Record(where, said), exc, source_id=_storable(source_id))


def unknown_fields(connector: Connector, page: Page, *, most: int = 50) -> set[str]:
    """The fields of a page's first records that its connector neither reads nor leaves out on purpose (`audit`).

    Empty for a connector that does not look, and for a page that it cannot read. Noted, so that a source that begins to
    say more is heard (F7).
    """
    audit = getattr(connector, "audit", None)
    if audit is None:
        return set()
    try:
        return {name for record in islice(connector.split(page), most) for name in audit(record)}
    except ParseError:
        return set()


def _first_title(notice: Notice) -> str:
    return next(iter(notice.titles.values())).text


def _reason(exc: Exception) -> str:
    if isinstance(exc, ParseError):
        return f"{exc.where}: {exc.why}"
    if isinstance(exc, ValueError) or exc.__traceback__ is None:
        return f"{type(exc).__name__}: {exc}"
    # Where our code gave up: what a message like KeyError: 'due' leaves open.
    at = traceback.extract_tb(exc.__traceback__, limit=-1)[-1]
    return f"{type(exc).__name__}: {exc} ({PurePath(at.filename).name}:{at.lineno})"


def _storable(text: str) -> str:
    # Half characters and NUL, which JSON may carry and no database takes: a poison that would kill every visit.
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _text(data: Any) -> str:
    if isinstance(data, str):
        return data
    try:
        return json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    except (TypeError, ValueError):
        return repr(data)
