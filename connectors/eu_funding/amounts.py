"""What a call or a tender is worth.

The one thing to know: `budgetOverview` holds the budgets of every topic of the call; only entries whose `action` begins
with this topic's identifier are its own. Amounts of external-action and cascade calls come in any scale ("1.2"): such a
figure is handed on as written, and never multiplied.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.base.contract import Money, Page
from connectors.base.text import shorten
from connectors.eu_funding.hit import Hit

_ODD = Decimal(1_000)
"""A whole call under this amount is written in another scale (millions, thousands), and nobody says which."""
_LONGEST = 200
_VALUE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Z]{3})?")


@dataclass(frozen=True, slots=True)
class Worth:
    """`budget` of the whole, `grant` for one applicant; `odd` is a figure whose scale is not known."""

    budget: Money | None = None
    grant: Money | None = None
    expected: int | None = None
    odd: str | None = None


def of_topic(hit: Hit, page: Page) -> Worth:
    """Read a topic's own entries of its call's budget, as far as they can be read."""
    identifier = hit.identifier
    if not identifier:
        return Worth()
    overview = hit.json_object("budgetOverview", page)
    entries = [entry for entry in _entries(overview) if _is_own(entry, identifier)]
    least, most = (_contributions(hit, entries, name) for name in ("minContribution", "maxContribution"))
    expected = [entry["expectedGrants"] for entry in entries if isinstance(entry.get("expectedGrants"), int)]
    low, high = min(least, default=None), max(most, default=None)
    return Worth(
        budget=_years(hit, entries),
        grant=Money(min=low, max=high, currency="EUR", raw=" – ".join(str(each) for each in (low, high) if each))
        if low or high
        else None,
        expected=sum(expected) or None,
    )


def _contributions(hit: Hit, entries: list[Mapping[str, Any]], name: str) -> list[Decimal]:
    stated = [value for entry in entries if (value := entry.get(name)) not in (None, "")]
    numbers = [_number(value) for value in stated]
    if None in numbers:
        hit.leave_out("budgetOverview")
    return [number for number in numbers if number]


def _years(hit: Hit, entries: list[Mapping[str, Any]]) -> Money | None:
    """Add up the years of a topic; where one of them is no number, hand them on as written, without a total."""
    maps = [years for entry in entries if (years := entry.get("budgetYearMap"))]
    if not all(isinstance(years, Mapping) for years in maps):
        hit.leave_out("budgetOverview")
        return None
    stated = [text for years in maps for value in years.values() if value is not None and (text := str(value).strip())]
    numbers, raw = [_number(text) for text in stated], " + ".join(stated)
    if None in numbers:
        hit.leave_out("budgetOverview")
        return Money(currency="EUR", raw=shorten(raw, _LONGEST))
    total = sum(filter(None, numbers), Decimal(0))
    return Money(total=total, currency="EUR", raw=raw) if total else None


def of_call(hit: Hit) -> Worth:
    """Read the plain amount of an external-action or cascade call."""
    raw, currency = hit.first("budget"), hit.first("currency")
    value = _number(raw) if raw else None
    if raw is not None and value is None:
        hit.leave_out("budget")
    if raw is None or not value:
        return Worth()
    known = currency if currency and re.fullmatch("[A-Z]{3}", currency) else None
    if value < _ODD:
        return Worth(odd=f"{raw} {known or ''}".strip())
    return Worth(budget=Money(total=value, currency=known, raw=f"{raw} {currency or ''}".strip()))


def of_tender(hit: Hit) -> Worth:
    """Read the estimated value of a procedure."""
    name = "cftEstimatedTotalProcedureValue"
    raw = hit.first(name)
    if raw is None and (amount := hit.first(name := "cftEstimatedOverallContractAmount")):
        raw = f"{amount} {hit.first('cftEstimatedOverallContractCurrency') or ''}".strip()
    found = _VALUE.fullmatch(raw) if raw else None
    if raw and found is None:
        hit.leave_out(name)
    if raw is None or found is None or not Decimal(found[1]):
        return Worth()
    return Worth(budget=Money(total=Decimal(found[1]), currency=found[2], raw=raw))


def _entries(overview: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    by_action = overview.get("budgetTopicActionMap")
    groups = by_action.values() if isinstance(by_action, Mapping) else ()
    return [entry for group in groups if isinstance(group, Sequence) for entry in group if isinstance(entry, Mapping)]


def _is_own(entry: Mapping[str, Any], identifier: str) -> bool:
    # "LIFE-2026-SAP-ENV - LIFE-PJG …" and not "LIFE-2026-SAP-ENV-GOV - …".
    action = str(entry.get("action") or "").strip().casefold()
    own = identifier.casefold()
    return action == own or action.startswith(f"{own} ")


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
