"""From a page to what it says: every record read on its own, so that a bad one never takes the others with it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from aggregator.store.put import Draft
from connectors.base.contract import Connector, Notice, Page, ParseError, Reading, Record, Seen, Skipped

log = structlog.get_logger(__name__)
_EXCERPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that could not be read: where it stands, why, and the beginning of it."""

    where: str
    reason: str
    excerpt: str
    record: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one page said."""

    drafts: list[Draft] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def dated(self) -> int:
        """How many drafts state a deadline."""
        return sum(any(d.on for d in draft.notice.deadlines) for draft in self.drafts)


def readings(connector: Connector, page: Page) -> Iterator[Reading | Rejected]:
    """Split a page and read each record. Raises ParseError when the page itself cannot be read."""
    for record in connector.split(page):
        try:
            yield connector.read(record, page)
        except Exception as exc:
            # Whatever a poisoned record makes the reader raise concerns this record alone (F23).
            if not isinstance(exc, (ParseError, ValueError)):
                log.exception("record failed", url=page.url, where=record.where)
            yield rejected(record, exc)


def rejected(record: Record, exc: Exception) -> Rejected:
    text = _text(record.data)
    return Rejected(
        where=record.where,
        reason=_reason(exc),
        excerpt=text[:_EXCERPT],
        record=hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
    )


def read_page(connector: Connector, page: Page, *, normalise: Callable[[Notice], Draft]) -> Batch:
    """Read a whole page into drafts. Raises ParseError when the page itself cannot be read."""
    batch = Batch()
    for reading in readings(connector, page):
        match reading:
            case Notice():
                try:
                    batch.drafts.append(normalise(reading))
                except ParseError as exc:
                    batch.rejected.append(rejected(Record(exc.where, reading.model_dump(mode="json")), exc))
            case Seen():
                batch.seen.append(reading)
            case Skipped(reason):
                batch.skipped[reason] = batch.skipped.get(reason, 0) + 1
            case Rejected():
                batch.rejected.append(reading)
            case _:
                reason = "an organisation, not an opportunity"
                batch.skipped[reason] = batch.skipped.get(reason, 0) + 1
    return batch


def _reason(exc: Exception) -> str:
    if isinstance(exc, ParseError):
        return f"{exc.where}: {exc.why}"
    return f"{type(exc).__name__}: {exc}"


def _text(data: Any) -> str:
    if isinstance(data, str):
        return data
    try:
        return json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    except (TypeError, ValueError):
        return repr(data)
