"""How often may still be asked today: a hard count, kept beside the key that it belongs to.

The one thing to know: a call is written down before it is made, in a transaction of its own. The cursor of a source would
not do: it moves with pages alone, so calls that fail, trials and dry runs would cost nothing, other parameters would
forget it, and two sources with one key would each have the whole quota.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from connectors.base.contract import FetchError, Secrets


@dataclass(frozen=True, slots=True)
class _Day:
    on: str
    calls: int
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The calls of one key on the UTC day of `now`; which day the platform counts by is not known."""

    secrets: Secrets
    key: str
    most: int
    now: datetime

    @property
    def name(self) -> str:
        """Where the count lies in the vault."""
        return f"{self.key}.calls"

    def left(self) -> int:
        day = self._today()
        return 0 if day.until > self.now.isoformat() else max(0, self.most - day.calls)

    def spend(self, what: str) -> None:
        """Write one call down. Raises FetchError("throttled") when none is left; then nothing may be asked."""
        with self.secrets.lock(self.name):
            day = self._today()
            if day.until > self.now.isoformat():
                raise self._refusal(what, f"the platform has closed until {day.until}", until=day.until)
            if day.calls >= self.most:
                raise self._refusal(what, f"the {self.most} calls of today are spent (parameter calls_a_day)")
            self._write(_Day(day.on, day.calls + 1))

    def close(self, until: datetime | None) -> datetime:
        """Ask nothing more until then, or until tomorrow: the platform has said that its quota is spent."""
        end = min(max(until or self._tomorrow, self.now), self.now + timedelta(days=1)).astimezone(UTC)
        with self.secrets.lock(self.name):
            day = self._today()
            self._write(_Day(day.on, day.calls, end.isoformat()))
        return end

    @property
    def _tomorrow(self) -> datetime:
        return datetime.combine(self.now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)

    def _refusal(self, what: str, why: str, *, until: str = "") -> FetchError:
        end = datetime.fromisoformat(until) if until else self._tomorrow
        return FetchError("throttled", what, why, retry_after=max(1.0, (end - self.now).total_seconds()))

    def _today(self) -> _Day:
        today = self.now.astimezone(UTC).date().isoformat()
        kept = self.secrets.get(self.name)
        try:
            told = json.loads(kept) if kept else {}
            until = str(told.get("until", ""))
            # The platform is never taken to close for longer than a day: then a clock was ahead.
            if until and datetime.fromisoformat(until) > self.now + timedelta(days=1):
                until = ""
            calls = int(told["calls"]) if told.get("day") == today else 0
        except (ValueError, TypeError, AttributeError, LookupError):
            return _Day(today, 0)
        return _Day(today, calls, until)

    def _write(self, day: _Day) -> None:
        told = {"day": day.on, "calls": day.calls} | ({"until": day.until} if day.until else {})
        self.secrets.put(self.name, json.dumps(told), days=2)
