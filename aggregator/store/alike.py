"""Notices that may be the same thing: an index in memory over a few keys of each, so that a page is looked up at once.

The one thing to know: it only proposes, and forgets nothing that could be the same; what is the same, the rule decides
(aggregator/store/sameness.py). A key that many share is boilerplate and proposes nobody.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.store.facts import Facts
from aggregator.store.heading_words import NOISE
from aggregator.store.signing import (
    VALUES,
    VERSION,
    Longs,
    Numbers,
    agreement,
    hashes,
    mixed,
    sign_titled,
)

# Two values make a band: texts of which a third is equal share one of the 16 in nine cases of ten.
_BANDS = VALUES // 2
_EXACT = 5
_WIDTH = 1 + _EXACT + VALUES
# So many holders of one key say that it tells nothing; so many candidates of one notice are enough.
_BOILERPLATE, _MOST = 50, 20
# What each shared exact key counts beside the likeness (0 to 1), in the order of candidates.
_KEY_WEIGHS = 0.25
# Two texts that agree in fewer values share a band by chance.
_LEAST = 3 / VALUES
# Days of a deadline's instant in UTC; the rule compares the days of each zone, and lets one day pass.
_SIEVE = 2
_NO_DAY = -1
_TITLE_WORDS, _BEGINNING = 3, 5
_ODD = np.uint32(0x9E3779B1)
# A level is merged into the one below as soon as that is not so many times as large.
_STEP = 4
_WORN = 20_000
# Of a key (upper half) with the number of its holder (lower half).
_HALF, _LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)
_SALTS = (np.arange(1, _BANDS + 1, dtype=np.uint32) * _ODD)[None, :]


class Likeness(NamedTuple):
    """What is kept of a notice to find others like it: a row of the table `likenesses`. `ends` as `stamp` writes it."""

    source: str
    source_id: str
    ends: str | None
    keys: bytes


class Candidate(NamedTuple):
    """A notice of another source that may be the same; `likeness` is the part of the signatures that agrees (0 to 1)."""

    source: str
    source_id: str
    likeness: float


def of(notices: Sequence[tuple[Facts, str]]) -> list[Likeness]:
    """Make the rows of these notices from their facts and their texts (`Draft.text`); a page at once."""
    signed = sign_titled([(facts.title, text) for facts, text in notices], but=_noise(), first=_BEGINNING)
    day = np.array([facts.day.toordinal() if facts.day else 0 for facts, _ in notices], np.uint32)
    titled = signed.tell >= _TITLE_WORDS
    rows = np.zeros((len(notices), _WIDTH), "<u4")
    rows[:, 0] = VERSION
    # What the title tells; and how it begins, on the day of the deadline.
    rows[:, 1] = np.where(titled, np.maximum(signed.telling, 1), 0)
    rows[:, 2] = np.where(titled & (day > 0), np.maximum(signed.beginning ^ (day * _ODD), 1), 0)
    rows[:, 3 : 1 + _EXACT] = np.array([_of_facts(facts) for facts, _ in notices], np.uint32).reshape(-1, _EXACT - 2)
    rows[:, 1 + _EXACT :] = signed.values
    packed, size = rows.tobytes(), 4 * _WIDTH
    return [
        Likeness(facts.source, facts.source_id, facts.ends, packed[at * size : (at + 1) * size])
        for at, (facts, _) in enumerate(notices)
    ]


@cache
def _noise() -> Numbers:
    return hashes(NOISE)


def _of_facts(facts: Facts) -> list[int]:
    """Pairs of facts, which find a translation, and a text that was cut down to a line."""
    amount = facts.amount
    money = str(int(amount)) if amount is not None else None
    day = facts.day.toordinal() if facts.day else None
    code = facts.code
    body = _joined(facts.organisation)
    keys = (
        f"{day} {money} {code}" if day and money and code else None,
        f"{day} {body}" if day and body else None,
        f"{money} {body}" if money and body else None,
    )
    return [crc32(key.encode("utf-8", "replace"), place) or 1 if key else 0 for place, key in enumerate(keys)]


@lru_cache(maxsize=1 << 12)
def _joined(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


def _unpacked(rows: Sequence[Likeness]) -> tuple[Longs, Numbers]:
    """The keys (exact ones, then bands; 0 is none) and the signatures of rows; nothing of a row that another version wrote."""
    size = 4 * _WIDTH
    packed = b"".join(row.keys if len(row.keys) == size else bytes(size) for row in rows)
    table = np.frombuffer(packed, "<u4").reshape(-1, _WIDTH).astype(np.uint32)
    table[table[:, 0] != VERSION] = 0
    signed = np.ascontiguousarray(table[:, 1 + _EXACT :])
    pairs = signed.reshape(-1, _BANDS, 2)
    bands = mixed(mixed(pairs[:, :, 0] ^ _SALTS) ^ pairs[:, :, 1])
    # Of an empty text and of an unknown version every value is the same.
    bands[(signed == signed[:, :1]).all(axis=1)] = 0
    return np.concatenate((table[:, 1 : 1 + _EXACT], bands), axis=1).astype(np.uint64), signed


def _days(rows: Sequence[Likeness]) -> NDArray[np.int32]:
    return np.array([date.fromisoformat(r.ends[:10]).toordinal() if r.ends else _NO_DAY for r in rows], np.int32)


class Index:
    """The notices that were added so far. Not for several threads at once.

    Keys stand as key and number of the holder in one 64-bit value, in a few sorted levels that are merged as they grow: so
    a page is added in about the time of sorting it, and looked up with one search a level.
    """

    def __init__(self) -> None:
        self._levels: list[Longs] = []
        self._ids: list[str] = []
        self._sources: dict[str, int] = {}
        self._held: dict[str, dict[str, int]] = {}
        self._signed: Numbers = np.zeros((0, VALUES), np.uint32)
        self._days = np.zeros(0, np.int32)
        self._source = np.zeros(0, np.int32)
        self._live = np.zeros(0, bool)

    def __contains__(self, notice: tuple[str, str]) -> bool:
        source, source_id = notice
        return source_id in self._held.get(source, ())

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))

    @property
    def worn(self) -> bool:
        """Whether most of what it holds was replaced since, so that it is better built anew."""
        return len(self._ids) > _WORN and len(self._ids) > 2 * len(self)

    def add(self, rows: Sequence[Likeness]) -> None:
        """Take in notices; one that is held already is replaced, and one row after the other counts."""
        rows = list({(row.source, row.source_id): row for row in rows}.values())
        if not rows:
            return
        keys, signed = _unpacked(rows)
        first, past = len(self._ids), len(self._ids) + len(rows)
        self._make_room(past)
        for number, row in enumerate(rows, first):
            held = self._held.setdefault(row.source, {})
            if row.source_id in held:
                self._live[held[row.source_id]] = False
            held[row.source_id] = number
        self._live[first:past] = True
        self._signed[first:past], self._days[first:past] = signed, _days(rows)
        self._source[first:past] = [self._sources.setdefault(row.source, len(self._sources)) for row in rows]
        self._ids += [row.source_id for row in rows]
        numbers = np.arange(first, past, dtype=np.uint64)[:, None]
        level = ((keys << _HALF) | numbers)[keys != 0]
        level.sort()
        self._levels.append(level)
        while len(self._levels) > 1 and len(self._levels[-2]) < _STEP * len(self._levels[-1]):
            merged = np.concatenate((self._levels.pop(), self._levels.pop()))
            merged = merged[self._live[merged & _LOWER]]
            merged.sort()
            self._levels.append(merged)

    def candidates(self, rows: Sequence[Likeness]) -> list[list[Candidate]]:
        """Propose for each of these notices those of other sources that may be the same, the likeliest first.

        Left out are those whose last deadline is another; a deadline that one does not state leaves nobody out.
        """
        found: list[list[Candidate]] = [[] for _ in rows]
        if not rows or not self._ids:
            return found
        keys, signed = _unpacked(rows)
        row, number, exact = self._holders(keys)
        source = np.array([self._sources.get(r.source, -1) for r in rows], np.int32)
        days = _days(rows)
        mine, theirs = days[row], self._days[number]
        keep = self._live[number] & (self._source[number] != source[row])
        keep &= (mine == _NO_DAY) | (theirs == _NO_DAY) | (np.abs(mine - theirs) <= _SIEVE)
        pairs, which = np.unique((row[keep] << 32) | number[keep], return_inverse=True)
        shared = np.bincount(which, exact[keep], len(pairs))
        row, number = pairs >> 32, pairs & 0xFFFFFFFF
        likeness = agreement(signed[row], self._signed[number])
        names = list(self._sources)
        for place in np.argsort(-(likeness + _KEY_WEIGHS * shared), kind="stable").tolist():
            some = found[row[place]]
            if len(some) < _MOST and (shared[place] or likeness[place] >= _LEAST):
                at = int(number[place])
                some.append(Candidate(names[self._source[at]], self._ids[at], float(likeness[place])))
        return found

    def _holders(self, keys: Longs) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Who shares which key: row asked for, number of the holder, whether the key is an exact one."""
        at_row, at_key = np.nonzero(keys)
        asked = keys[at_row, at_key] << _HALF
        # In order, one search after the other walks through the same memory.
        order = np.argsort(asked)
        at_row, at_key, asked = at_row[order], at_key[order], asked[order]
        counts = np.zeros(len(asked), np.int64)
        spans = []
        for level in filter(len, self._levels):
            left = np.searchsorted(level, asked)
            hit = np.flatnonzero(level[np.minimum(left, len(level) - 1)] >> _HALF == asked >> _HALF)
            size = np.searchsorted(level, asked[hit] | _LOWER, side="right") - left[hit]
            counts[hit] += size
            spans.append((level, hit, left[hit], size))
        places, numbers = [], []
        for level, hit, left, size in spans:
            size = np.where(counts[hit] <= _BOILERPLATE, size, 0)
            within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
            numbers.append((level[np.repeat(left, size) + within] & _LOWER).astype(np.int64))
            places.append(np.repeat(hit, size))
        place = np.concatenate((np.zeros(0, np.int64), *places))
        return at_row[place], np.concatenate((np.zeros(0, np.int64), *numbers)), at_key[place] < _EXACT

    def _make_room(self, size: int) -> None:
        if size <= len(self._live):
            return
        more = max(size, 2 * len(self._live), 1024) - len(self._live)
        self._signed = np.concatenate((self._signed, np.zeros((more, VALUES), np.uint32)))
        self._days = np.concatenate((self._days, np.zeros(more, np.int32)))
        self._source = np.concatenate((self._source, np.zeros(more, np.int32)))
        self._live = np.concatenate((self._live, np.zeros(more, bool)))
