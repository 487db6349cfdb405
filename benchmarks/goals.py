"""The line that a benchmark prints, and how several rounds become one figure."""

from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One goal. `goal` None: the figure is reported and decides nothing."""

    name: str
    measured: str
    goal: str | None
    verdict: Literal["pass", "miss", "report"]
    yardstick: str

    def __str__(self) -> str:
        return f"{self.name:42} {self.measured:>24}  {self.goal or '-':>9}  {self.verdict:6}  ({self.yardstick})"


def ratio(name: str, ours: list[float], theirs: list[float], *, least: float, yardstick: str) -> Line:
    """How many times the yardstick's rate ours is, from seconds per round; rounds are paired, the median decides."""
    pairs = [their / our for our, their in zip(ours, theirs, strict=True)]
    middle = median(pairs)
    spread = f"{middle:.2f}x [{min(pairs):.2f}..{max(pairs):.2f}]"
    return Line(name, spread, f">= {least}x", "pass" if middle >= least else "miss", yardstick)


def report(name: str, measured: str, yardstick: str) -> Line:
    return Line(name, measured, None, "report", yardstick)
