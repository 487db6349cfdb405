"""Texts as codes: what a column of few distinct texts holds, so that a filter is a look-up and a count is one pass."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Texts:
    """The distinct texts of one column, each with a code, and the values that stand in them between spaces.

    It only grows, so that older columns can share it with newer ones.
    """

    def __init__(self) -> None:
        self.codes: dict[str, int] = {"": 0}
        self._numbers: dict[str, int] = {}
        self._holders: list[list[int]] = []
        self._pairs: tuple[Ints, Ints] = (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def encoded(self, texts: Iterable[str]) -> list[int]:
        known = self.codes
        return [known[text] if text in known else self._added(text) for text in texts]

    def _added(self, text: str) -> int:
        # First the code, then who holds it: `holding` reads them the other way round while this goes on.
        code = self.codes[text] = len(self.codes)
        for value in text.split():
            number = self._numbers.setdefault(value, len(self._numbers))
            if number == len(self._holders):
                self._holders.append([])
            self._holders[number].append(code)
        return code

    def settle(self) -> None:
        """Make ready for counting, after texts were added."""
        codes = [np.array(holders, np.int64) for holders in self._holders]
        if codes:
            self._pairs = np.concatenate(codes), np.repeat(np.arange(len(codes)), [len(c) for c in codes])

    def holding(self, values: Iterable[str]) -> Mask:
        """For each code, whether its text holds one of the values."""
        holders: list[int] = []
        for value in values:
            if " " in value:
                holders += [code for text, code in list(self.codes.items()) if f" {value} " in text]
            elif value in self._numbers:
                holders += self._holders[self._numbers[value]]
        table = np.zeros(len(self.codes), np.bool_)
        table[holders] = True
        return table

    def count(self, codes: npt.NDArray[np.int32]) -> dict[str, int]:
        """How many of these rows hold each value; values that none holds are left out."""
        holders, numbers = self._pairs
        if not len(holders):
            return {}
        rows = np.bincount(codes, minlength=int(holders.max()) + 1)
        counts = np.bincount(numbers, weights=rows[holders]).astype(np.int64)
        names = list(self._numbers)
        return {names[n]: int(counts[n]) for n in np.flatnonzero(counts)}
