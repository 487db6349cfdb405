"""What a visit tells those who watch it: how far it has come, and what it brought."""

from dataclasses import dataclass
from typing import Any

from aggregator.intake import standing


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit has come; `total` is what the platform announced, if it did, or the details that are due."""

    source: str
    seen: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a visit brought: the line that `worldwidewe pull --json` prints."""

    source: str
    kind: str
    complete: bool = False
    seen: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    rejected: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    error: str | None = None

    @property
    def good(self) -> bool:
        return self.kind in standing.GOOD

    def line(self) -> dict[str, Any]:
        """As a JSON object; `error` only where there is one."""
        values = {
            "source": self.source,
            "class": self.kind,
            "complete": self.complete,
            **{
                k: getattr(self, k)
                for k in ("seen", "new", "changed", "same", "withdrawn", "rejected", "requests", "bytes")
            },
            "seconds": round(self.seconds, 2),
        }
        return values | ({"error": self.error} if self.error else {})
