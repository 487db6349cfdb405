"""Signatures of texts: 32 numbers, and of two texts about as many are equal as their three-word runs have in common.

The one thing to know: they are stored, so they come from the text's bytes alone, and are the same in every process and
version of Python. `VERSION` grows when they would come out otherwise; older rows are then left aside, never compared.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

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
_BLANK, _GONE = 0x20, 0x00
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


class Signed(NamedTuple):
    """What is made of a batch, a row each: the signatures of the texts with their titles, all values the highest where
    there is no word; and of the titles the sum over their telling words, how many those are, and a sum over the first
    words. The order of words does not change a sum, and 0 is that of none.
    """

    values: Numbers
    telling: Numbers
    tell: Numbers
    beginning: Numbers


def sign(texts: Sequence[str]) -> Numbers:
    """Sign a batch of texts, of which the first 3,000 characters count: 32 numbers each.

    Case, accents, signs and line breaks are the same to it; a text of fewer than three words is signed as one run.
    """
    return sign_titled([("", text) for text in texts], but=np.zeros(1, np.uint32), first=0).values


def sign_titled(texts: Sequence[tuple[str, str]], *, but: Numbers, first: int) -> Signed:
    """Sign a batch of titles with their texts. `but`: the `hashes` of words that tell nothing; `first`: so many begin a title."""
    count = len(texts)
    signed = Signed(
        np.full((count, VALUES), _NOTHING),
        np.zeros(count, np.uint32),
        np.zeros(count, np.uint32),
        np.zeros(count, np.uint32),
    )
    begin, size = 0, 0
    titles = [_prepared(title) for title, _ in texts]
    whole = [title + b" " + _prepared(text) for title, (_, text) in zip(titles, texts, strict=True)]
    for end, text in enumerate(whole, 1):
        size += len(text) + 1
        if size >= _PIECE or end == count:
            piece = Signed(*(part[begin:end] for part in signed))
            batch = _Words.of(whole[begin:end])
            _sign(batch, piece.values)
            _sum(batch, [len(title) for title in titles[begin:end]], piece, but=but, first=first)
            begin, size = end, 0
    return signed


def hashes(words: Iterable[str]) -> Numbers:
    """The hashes of single words, sorted."""
    found = _Words.of([_prepared(" ".join(sorted(words)))])
    every = np.arange(len(found.begins))
    return np.sort(found.hashed(every, every))


def agreement(one: Numbers, other: Numbers) -> NDArray[np.float32]:
    """Say for rows of signatures which part of their values is equal: 0 to 1. What is empty is like nothing."""
    equal = (one == other) & (one != _NOTHING)
    return np.asarray(equal.mean(axis=1), np.float32)


def _prepared(text: str) -> bytes:
    text = text[:HEAD]
    small = text if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return small.encode("utf-8", "replace")


class _Words(NamedTuple):
    """The words of a batch in one buffer: where each begins and ends in it, and where in what was given; with which word
    each text starts; and where each text stood."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    given: NDArray[np.int64]
    starts: NDArray[np.int64]
    edges: NDArray[np.int64]
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
        given = places[begins]
        return _Words(begins, ends, given, np.searchsorted(given, edges), edges, sums, down)

    def hashed(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Numbers:
        """The hashes of the runs from one word to another."""
        # That of any piece of the buffer is the difference of two sums, brought back to where the piece would begin.
        begin = self.begins[first]
        return mixed((self.sums[self.ends[last]] - self.sums[begin]) * self.down[begin])


def _sign(batch: _Words, values: Numbers) -> None:
    starts, words = batch.starts, np.diff(batch.starts)
    full = np.flatnonzero(words)
    runs = np.maximum(1, words[full] - (_RUN - 1))
    first = _counted(starts[full], runs)
    last = np.minimum(first + (_RUN - 1), np.repeat(starts[full] + words[full] - 1, runs))
    hashed = batch.hashed(first, last)
    # "One permutation hashing" (Li, Owen and Zhang 2012): one hash a run; its first bits say for which of the values it
    # stands, and the least is kept. So a run costs the same, however many values there are.
    place = np.repeat(full * VALUES, runs) + (hashed >> np.uint32(32 - _BITS))
    np.minimum.at(values.reshape(-1), place, hashed)
    values[full] = _filled(values[full])


def _sum(batch: _Words, sizes: list[int], signed: Signed, *, but: Numbers, first: int) -> None:
    """Fill in what is said of the titles, which are the first bytes of each text."""
    starts = batch.starts[:-1]
    words = np.searchsorted(batch.given, batch.edges[:-1] + np.array(sizes, np.int64)) - starts
    every = _counted(starts, words)
    hashed = batch.hashed(every, every)
    telling = but[np.minimum(np.searchsorted(but, hashed), len(but) - 1)] != hashed
    begins = every < np.repeat(starts + first, words)
    owner = np.repeat(np.arange(len(sizes)), words)
    np.add.at(signed.telling, owner[telling], hashed[telling])
    signed.tell[:] = np.bincount(owner[telling], minlength=len(sizes))
    np.add.at(signed.beginning, owner[begins], hashed[begins])


def _counted(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count up from each start, so many times each."""
    before = np.cumsum(counts) - counts
    return np.asarray(np.arange(int(counts.sum())) + np.repeat(starts - before, counts))


def _filled(signed: Numbers) -> Numbers:
    """Let values for which no run stands borrow from the next that has one (Shrivastava and Li 2014, by rotation)."""
    lacking = np.flatnonzero((signed == _NOTHING).any(axis=1))
    given = np.concatenate((signed[lacking], signed[lacking]), axis=1)
    filled = signed[lacking]
    for far in range(1, VALUES):
        empty = filled == _NOTHING
        if not empty.any():
            break
        lent = given[:, far : far + VALUES]
        np.copyto(filled, lent ^ np.uint32(_FAR * far & 0xFFFFFFFF), where=empty & (lent != _NOTHING))
    signed[lacking] = filled
    return signed


def _letters(text: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The words of small text in UTF-8, each with one blank behind it and without accents; and where each byte stood.

    What `fold` does to one text, done to many at once.
    """
    raw = np.frombuffer(text.translate(_ASCII), np.uint8)
    if not text.isascii():
        raw = raw.copy()
        _take_out_signs(raw, np.flatnonzero(raw > 0x7F))
    blank = raw == _BLANK
    blank[1:] &= blank[:-1]
    blank |= raw == _GONE
    places = np.flatnonzero(~blank)
    return raw[places], places


def _take_out_signs(raw: NDArray[np.uint8], high: NDArray[np.int64]) -> None:
    """Beyond ASCII: accents (U+0300 to U+036F) go; the signs of Latin-1, of the blocks from U+2000 and of CJK are blanks."""
    lead, after = raw[high], raw[high + 1]
    two = high[(lead == 0xC2) | ((lead == 0xC3) & ((after == 0x97) | (after == 0xB7)))]
    raw[two] = raw[two + 1] = _BLANK
    three = high[(lead == 0xE2) | ((lead == 0xE3) & (after == 0x80))]
    raw[three] = raw[three + 1] = raw[three + 2] = _BLANK
    marks = high[(lead == 0xCC) | ((lead == 0xCD) & (after < 0xB0))]
    # An accent that sits on nothing is part of the gap in which it stands; several may follow each other.
    while len(alone := marks[raw[marks - 1] == _BLANK]):
        raw[alone] = raw[alone + 1] = _BLANK
        marks = np.setdiff1d(marks, alone, assume_unique=True)
    raw[marks] = raw[marks + 1] = _GONE


@cache
def _powers(size: int) -> tuple[Numbers, Numbers]:
    """The powers of the base and of its inverse, modulo 2^32."""
    bases = (_BASE, pow(_BASE, -1, 1 << 32))
    up, down = (np.cumprod(np.array([1, *[base] * size], np.uint32), dtype=np.uint32) for base in bases)
    return up, down


def mixed(hashed: Numbers) -> Numbers:
    """Spread every bit over all of them (the finaliser of MurmurHash3)."""
    hashed = (hashed ^ (hashed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashed = (hashed ^ (hashed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashed ^ (hashed >> np.uint32(16))
