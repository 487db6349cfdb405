"""The narrow columns of the store in memory: filters, totals, facets and order where plain SQL would take too long.

The one thing to know: a `Columns` is the truth of one change number (`sequence.py`) and is never altered; what was written
since is read by number into a copy. A reader whose picture of the store is older is answered by plain SQL.
"""

import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from aggregator.store.coded import Ints, Mask, Texts
from aggregator.store.query import FACETS, SEEN_BY, Numbers, Query, by_count
from aggregator.store.tables import opportunities, redirects, stamp

Rows: TypeAlias = Any  # numbers of opportunities, or a slice of all

_TEXTS = ("kind", "places", "sectors", "sources", "audience", "reserved")
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
# An instant that is missing lies where its comparison must fail, or, for the deadline, beyond every deadline.
_MISSING = {"first_deadline": _LEAST, "closes_at": _MOST, "opens_at": _LEAST, "published": _LEAST, "first_seen": _LEAST}
_FLAGS = ("announced", "endless", "withdrawn")
_C = opportunities.c
_READ = [
    _C.id,
    *(_C[name] for name in _TEXTS),
    *(_C.first_deadline, _C.closes_at, _C.opens_at, sa.func.coalesce(_C.published, _C.first_seen), _C.first_seen),
    *(_C.announced, _C.endless, _C.withdrawn_at.is_not(None)),
]
_AT_ONCE = 20_000
# Further than any deadline is from 1970, in seconds.
_FAR = 2**40
# Numbers kept for the next page and the next filter of the same words: 32 MB.
_KEPT = 4_000_000


@dataclass(frozen=True)
class Columns:
    """Every opportunity of one picture of the store; the number of an opportunity is its place in each array."""

    seq: int
    at: dict[str, npt.NDArray[Any]]
    texts: dict[str, Texts]
    # The numbers that words have found in this picture, the last used last.
    found: dict[object, Ints] = field(default_factory=dict)

    def ask(
        self, query: Query, *, among: Ints | None, now: datetime, page: int = 1, size: int = 20, facets: bool = True
    ) -> Numbers:
        """Answer as plain SQL would. `among`: what the words found, the best first if sorted by relevance; None: all."""
        start = (max(page, 1) - 1) * size
        rows: Rows = slice(None) if among is None else among[among < len(self.at["audience"])]
        keep = self._holds("audience", SEEN_BY[query.audience], rows)
        for condition in self._conditions(query, rows, now):
            keep &= condition
        rows = np.flatnonzero(keep) if among is None else rows[keep]
        chosen = {name: values for name in FACETS if (values := getattr(query, name))}
        masks = {name: self._holds(FACETS[name], values, rows) for name, values in chosen.items()}
        hits = _all_of(rows, masks.values())
        counts = {}
        for name, column in FACETS.items() if facets else ():
            others = [mask for facet, mask in masks.items() if facet != name]
            counted = _all_of(rows, others) if name in masks else hits
            counts[name] = by_count(self.texts[column].count(self.at[column][counted]))
        in_order = query.sort == "relevance" and among is not None
        shown = hits[start : start + size] if in_order else self._sorted(query, hits, now, start, start + size)
        return Numbers(shown.tolist(), len(hits), counts)

    def _holds(self, column: str, values: Iterable[str], rows: Rows) -> Mask:
        held: Mask = self.texts[column].holding(values)[self.at[column][rows]]
        return held

    def _conditions(self, query: Query, rows: Rows, now: datetime) -> Iterable[Mask]:
        at, moment = self.at, _second(now)
        if query.statuses:
            yield self._status(set(query.statuses), rows, moment)
        if query.deadline_days is not None:
            upcoming = self._upcoming(rows, moment)
            yield (upcoming >= moment) & (upcoming <= _second(now + timedelta(days=query.deadline_days)))
        if query.posted_days is not None:
            yield at["first_seen"][rows] >= _second(now - timedelta(days=query.posted_days))
        if query.reserved == "any":
            yield at["reserved"][rows] != 0
        elif query.reserved:
            yield self._holds("reserved", [query.reserved], rows)

    def _status(self, wanted: set[str], rows: Rows, now: int) -> Mask:
        at = self.at
        gone, closes = at["withdrawn"][rows], at["closes_at"][rows]
        here, over = ~gone, closes < now
        running = here & ~over
        if {"open", "forthcoming", "unknown"} <= wanted:
            keep: Mask = running
        else:
            later = at["announced"][rows] | (at["opens_at"][rows] > now)
            dated = (closes != _MOST) | at["endless"][rows]
            begun = running & ~later
            each = {"forthcoming": running & later, "open": begun & dated, "unknown": begun & ~dated}
            keep = _any_of([each[name] for name in each if name in wanted], like=gone)
        beyond = {"closed": here & over, "withdrawn": gone} if wanted & {"closed", "withdrawn"} else {}
        return _any_of([keep, *(mask for name, mask in beyond.items() if name in wanted)], like=gone)

    def _upcoming(self, rows: Rows, now: int) -> Ints:
        """The deadline to sort by: the first while it lies ahead, then the last."""
        first = self.at["first_deadline"][rows]
        return np.where(first >= now, first, self.at["closes_at"][rows])

    def _sorted(self, query: Query, rows: Ints, now: datetime, start: int, end: int) -> Ints:
        """The rows of a page; those that are equal stand by their number, which is the order they come in."""
        if query.sort in {"newest", "published"}:
            rows = rows[::-1]
            key = -self.at["first_seen" if query.sort == "newest" else "published"][rows]
        else:
            moment = _second(now)
            key = self._upcoming(rows, moment)
            key = np.where(key == _MOST, _FAR, np.where(key < moment, key + 2 * _FAR, key))
        if end < len(rows):
            near = np.flatnonzero(key <= np.partition(key, end - 1)[end - 1])
            rows, key = rows[near], key[near]
        return rows[np.argsort(key, kind="stable")[start:end]]


def _all_of(rows: Ints, masks: Iterable[Mask]) -> Ints:
    given = list(masks)
    return rows[np.logical_and.reduce(given)] if given else rows


def _any_of(masks: Sequence[Mask], *, like: Mask) -> Mask:
    return masks[0] if len(masks) == 1 else np.logical_or.reduce(masks) if masks else np.zeros_like(like)


def _second(moment: datetime) -> int:
    return int(np.datetime64(stamp(moment)[:19], "s").astype(np.int64))


def _seconds(texts: Sequence[str | None], missing: int) -> Ints:
    moments = np.array([text or "" for text in texts], "U19").astype("datetime64[s]")
    return np.where(np.isnat(moments), missing, moments.astype(np.int64))


@dataclass
class _Held:
    """The newest columns of one store in this process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    columns: Columns | None = None


_held: weakref.WeakKeyDictionary[sa.Engine, _Held] = weakref.WeakKeyDictionary()
_opening, _keeping = threading.Lock(), threading.Lock()


def columns_of(connection: sa.Connection, *, seq: int) -> Columns | None:
    """The columns of this picture of the store, whose last change is `seq`; None if newer ones are held already.

    Never ask within a transaction that writes: what it wrote may be rolled back, and its number be given again.
    """
    with _opening:
        held = _held.setdefault(connection.engine, _Held())
    if held.columns is None or held.columns.seq < seq:
        with held.lock:
            if held.columns is None or held.columns.seq < seq:
                held.columns = _read(connection, held.columns, seq)
    columns = held.columns
    return columns if columns.seq == seq else None


def forget(engine: sa.Engine) -> None:
    """Drop the columns of a store; the next question reads them anew."""
    with _opening:
        _held.pop(engine, None)


def found(columns: Columns, words: object, fetch: Callable[[], Ints]) -> Ints:
    """The numbers that these words find, from memory if they were asked for in the same picture."""
    numbers = columns.found.get(words)
    if numbers is None:
        numbers = fetch()
    with _keeping:
        columns.found.pop(words, None)
        while columns.found and sum(map(len, columns.found.values())) + len(numbers) > _KEPT:
            columns.found.pop(next(iter(columns.found)))
        columns.found[words] = numbers
    return numbers


def _read(connection: sa.Connection, before: Columns | None, seq: int) -> Columns:
    """Read everything once, or into a copy what was written since."""
    at = {name: array.copy() for name, array in before.at.items()} if before else _arrays(0)
    texts = before.texts if before else {name: Texts() for name in _TEXTS}
    rows = sa.select(*_READ).execution_options(yield_per=_AT_ONCE)
    if before:
        gone = connection.scalars(sa.select(redirects.c.old_id).where(redirects.c.seq > before.seq)).all()
        at["audience"][[id for id in gone if id < len(at["audience"])]] = 0
        rows = rows.where(_C.seq > before.seq)
    else:
        at = _arrays((connection.scalar(sa.select(sa.func.max(_C.id))) or 0) + 1)
    for some in connection.execute(rows).partitions():
        at = _write(at, texts, list(zip(*some, strict=True)))
    for one in texts.values():
        one.settle()
    return Columns(seq, at, texts)


def _write(
    at: dict[str, npt.NDArray[Any]], texts: dict[str, Texts], read: Sequence[Sequence[Any]]
) -> dict[str, npt.NDArray[Any]]:
    ids = np.array(read[0], np.int64)
    if (more := int(ids.max()) + 1 - len(at["audience"])) > 0:
        at = {name: np.concatenate((array, _arrays(more)[name])) for name, array in at.items()}
    values = iter(read[1:])
    for name in _TEXTS:
        at[name][ids] = texts[name].encoded(next(values))
    for name, missing in _MISSING.items():
        at[name][ids] = _seconds(next(values), missing)
    for name in _FLAGS:
        at[name][ids] = next(values)
    return at


def _arrays(length: int) -> dict[str, npt.NDArray[Any]]:
    """Empty columns: nobody may see what has no audience."""
    types = dict.fromkeys(_TEXTS, np.int32) | dict.fromkeys(_MISSING, np.int64) | dict.fromkeys(_FLAGS, np.bool_)
    return {name: np.zeros(length, type_) for name, type_ in types.items()}
