"""Signatures of texts: 32 numbers, and of two texts about as many are equal as their three-word runs have in common.

The one thing to know: they are stored, so they come from the text's bytes alone, and are the same in every process and
version of Python. `VERSION` grows when they would come out otherwise; older rows are then left aside, never compared.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.uint32]
Longs: TypeAlias = NDArray[np.uint64]

VERSION = 1
_BITS = 5
VALUES = 1 << _BITS
# What stands further below is mostly the same in every notice of a platform: how to appeal, who keeps the data.
HEAD = 3_000
_RUN = 3
# A batch is hashed in pieces that stay in the processor's cache.
_PIECE = 1 << 17

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile("[\u0300-\u036f]+")
_BLANK = 0x20
_ASCII = bytes(
    code if code > 0x7F else ord(chr(code).lower()) if chr(code).isalnum() else _BLANK for code in range(256)
)

# What is borrowed from so many places away is marked by it, so that two borrowed values agree only for one reason.
_FAR = 0x9E3779B1
_BASE = 0x9E3779B1
_NOTHING = np.uint32(0xFFFFFFFF)


def fold(text: str) -> str:
    """Return the words of a text in small letters, without accents and signs, one blank between two of them."""
    return " ".join(_WORD.findall(fold_word(text)))


def fold_word(word: str) -> str:
    """Return a word in small letters, without accents."""
    small = word.casefold()
    return small if small.isascii() else _MARK.sub("", unicodedata.normalize("NFKD", small)).lower()


def prepare(text: str) -> bytes:
    """Make a text ready for `sign_prepared` and `word_sums`, of which only the first 3,000 characters count."""
    text = text[:HEAD]
    small = text if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return small.encode("utf-8", "replace")


def sign(texts: Sequence[str]) -> Numbers:
    """Sign a batch of texts: one row of 32 numbers each, all of them the highest for a text without words.

    Case, accents, signs and line breaks are the same to it; a text of fewer than three words is signed as one run.
    """
    return sign_prepared([prepare(text) for text in texts])


def sign_prepared(texts: Sequence[bytes]) -> Numbers:
    """Sign a batch of texts that `prepare` gave, put together as one likes."""
    signed = np.full((len(texts), VALUES), _NOTHING)
    first, size = 0, 0
    for last, text in enumerate(texts, 1):
        size += len(text) + 1
        if size >= _PIECE or last == len(texts):
            _sign(texts[first:last], signed[first:last])
            first, size = last, 0
    return signed


def word_sums(texts: Sequence[bytes], *, but: Numbers, first: int) -> tuple[Numbers, NDArray[np.int64], Numbers]:
    """Say of each text: a sum over its words but for some (of their hashes, sorted), how many that are, and a sum over its
    first words. Their order does not count. The texts are titles, a page of them at once.
    """
    words = _Words.of(texts)
    every = np.arange(len(words.begins))
    hashed = words.hashed(every, every)
    telling = but[np.minimum(np.searchsorted(but, hashed), len(but) - 1)] != hashed
    begin = every - np.repeat(words.starts[:-1], np.diff(words.starts)) < first
    sums = [_summed(np.where(chosen, hashed, np.uint32(0)), words.starts) for chosen in (telling, begin)]
    return sums[0], _summed(telling.astype(np.int64), words.starts), sums[1]


def hashes(words: Iterable[str]) -> Numbers:
    """The hashes of single words, sorted, as `word_sums` wants those to be left out."""
    found = _Words.of([prepare(" ".join(sorted(words)))])
    every = np.arange(len(found.begins))
    return np.sort(found.hashed(every, every))


def _summed(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    sums = np.concatenate((np.zeros(1, values.dtype), np.cumsum(values, dtype=values.dtype)))
    return np.asarray(sums[starts[1:]] - sums[starts[:-1]])


def agreement(one: Numbers, other: Numbers) -> NDArray[np.float32]:
    """Say for rows of signatures which part of their values is equal: 0 to 1. What is empty is like nothing."""
    equal = (one == other) & (one != _NOTHING)
    return np.asarray(equal.mean(axis=1), np.float32)


class _Words(NamedTuple):
    """The words of a batch in one buffer: where each begins and ends, and with which word each text starts."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    starts: NDArray[np.int64]
    sums: Numbers
    down: Numbers

    @staticmethod
    def of(texts: Sequence[bytes]) -> "_Words":
        letters, places = _letters(b" ".join(texts) + b" ")
        up, down = _powers(1 << max(12, len(letters).bit_length()))
        sums = np.zeros(len(letters) + 1, np.uint32)
        np.cumsum(letters * up[: len(letters)], dtype=np.uint32, out=sums[1:])
        ends = np.flatnonzero(letters == _BLANK)
        begins = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
        edges = np.cumsum([0, *(len(text) + 1 for text in texts)])
        return _Words(begins, ends, np.searchsorted(places[begins], edges), sums, down)

    def hashed(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Numbers:
        """The hashes of the runs from one word to another."""
        # That of any piece of the buffer is the difference of two sums, brought back to where the piece would begin.
        begin = self.begins[first]
        return mixed(((self.sums[self.ends[last]] - self.sums[begin]) * self.down[begin]).astype(np.uint64))


def _sign(texts: Sequence[bytes], signed: Numbers) -> None:
    batch = _Words.of(texts)
    starts, words = batch.starts, np.diff(batch.starts)
    full = np.flatnonzero(words)
    if not len(full):
        return
    runs = np.maximum(1, words[full] - (_RUN - 1))
    offsets = np.concatenate(([0], np.cumsum(runs)[:-1]))
    first = np.arange(runs.sum()) + np.repeat(starts[full] - offsets, runs)
    last = np.minimum(first + (_RUN - 1), np.repeat(starts[full] + words[full] - 1, runs))
    hashed = batch.hashed(first, last)
    # "One permutation hashing" (Li, Owen and Zhang 2012): one hash a run; its first bits say for which of the values it
    # stands, and the least of the rest is kept. So a run costs the same, however many values there are.
    owners = np.repeat(full.astype(np.uint64), runs)
    order = (owners << np.uint64(32)) | hashed
    order.sort()
    place = (order >> np.uint64(32 - _BITS)).astype(np.int64)
    least = np.flatnonzero(np.concatenate(([True], place[1:] != place[:-1])))
    signed.reshape(-1)[place[least]] = order[least].astype(np.uint32)
    signed[full] = _filled(signed[full])


def _filled(signed: Numbers) -> Numbers:
    """Let values for which no run stands borrow from the next that has one (Shrivastava and Li 2014, by rotation)."""
    given = signed.copy()
    for far in range(1, VALUES):
        empty = signed == _NOTHING
        if not empty.any():
            break
        lent = np.roll(given, -far, axis=1)
        np.copyto(signed, lent ^ np.uint32(_FAR * far & 0xFFFFFFFF), where=empty & (lent != _NOTHING))
    return signed


def _letters(text: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The words of small text in UTF-8, each with one blank behind it and without accents; and where each byte stood.

    What `fold` does to one text, done to many at once.
    """
    raw = np.frombuffer(text.translate(_ASCII), np.uint8)
    places = None
    if not text.isascii():
        raw, places = _without_signs(raw.copy())
    blank = raw == _BLANK
    blank[1:] &= blank[:-1]
    single = np.flatnonzero(~blank)
    return raw[single], single if places is None else places[single]


def _without_signs(raw: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Beyond ASCII: accents (U+0300 to U+036F) go; the signs of Latin-1, of the blocks from U+2000 and of CJK are blanks."""
    kept = np.ones(len(raw), bool)
    two = np.flatnonzero((raw[:-1] == 0xC2) | ((raw[:-1] == 0xC3) & ((raw[1:] == 0x97) | (raw[1:] == 0xB7))))
    raw[two] = raw[two + 1] = _BLANK
    three = np.flatnonzero((raw[:-1] == 0xE2) | ((raw[:-1] == 0xE3) & (raw[1:] == 0x80)))
    raw[three] = raw[three + 1] = raw[three + 2] = _BLANK
    marks = np.flatnonzero((raw[:-1] == 0xCC) | ((raw[:-1] == 0xCD) & (raw[1:] < 0xB0)))
    kept[marks] = kept[marks + 1] = False
    places = np.flatnonzero(kept)
    return raw[places], places


@cache
def _powers(size: int) -> tuple[Numbers, Numbers]:
    """The powers of the base and of its inverse, modulo 2^32."""
    bases = (_BASE, pow(_BASE, -1, 1 << 32))
    up, down = (np.cumprod(np.array([1, *[base] * size], np.uint32), dtype=np.uint32) for base in bases)
    return up, down


def mixed(hashed: Longs) -> Numbers:
    """Spread every bit over all of them (the finaliser of SplitMix64), and keep the upper half."""
    hashed = (hashed ^ (hashed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashed = (hashed ^ (hashed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((hashed ^ (hashed >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)
