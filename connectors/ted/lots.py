"""What TED says lot by lot: deadlines, reservations, money; as lists that run beside the list of lots.

The one thing to know: two lists belong together entry by entry only when they are equally long; where they are not,
nothing is guessed. A list may hold None where a lot says nothing (the XML of a notice is cut into the same shape).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, DeadlineKind, Money, Reservation
from connectors.ted.about import ZONE
from connectors.ted.places import capital_zone

Data = Mapping[str, Any]
ReservedType = Literal["res-ws", "res-pub-ser"]

LOTS_NOT_STATED = "not stated"
TENDER = "deadline-receipt-tender"
REQUEST = "deadline-receipt-request"
EXPRESSION = "deadline-receipt-expressions"

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?")
_TIME = re.compile(r"(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


def values(data: Data, key: str) -> list[Any]:
    """Return a value as a list: the declared type and the sent one differ (docs/platforms/ted.md)."""
    value = data.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts(data: Data, key: str) -> list[str]:
    """Return the texts of a list once each, in their order: TED strings together the procedure and every lot."""
    return list(dict.fromkeys(str(value) for value in values(data, key) if value is not None))


def lots_of(data: Data) -> list[str]:
    """Name the lots. A group of lots (GLO-0001) is none."""
    return [lot for lot in texts(data, "identifier-lot") if not lot.startswith("GLO-")]


def deadlines(data: Data, buyer: str | None) -> tuple[Deadline, ...]:
    """Read every deadline, on the clock that the buyer wrote. Raises ValueError for a date that is none.

    Where requests to participate are asked for, they are the door that closes (kind eoi); the tenders that follow
    are for those invited, and only a stage.
    """
    by_request = bool(texts(data, f"{REQUEST}-date-lot"))
    return (
        *_deadlines(data, TENDER, buyer=buyer, kind="stage" if by_request else "submission"),
        *_deadlines(data, REQUEST, buyer=buyer, kind="eoi"),
        *_deadlines(data, EXPRESSION, buyer=buyer, kind="eoi"),
    )


def _deadlines(data: Data, key: str, *, buyer: str | None, kind: DeadlineKind) -> list[Deadline]:
    days, hours = values(data, f"{key}-date-lot"), values(data, f"{key}-time-lot")
    if len(hours) != len(days):
        hours = [None] * len(days)  # which hour belongs to which day is not stated
    found: dict[Deadline, list[int]] = {}
    for place, (day, hour) in enumerate(zip(days, hours, strict=True)):
        if day is not None:
            found.setdefault(_deadline(day, hour, buyer=buyer, kind=kind), []).append(place)
    lots = values(data, "identifier-lot")
    per_lot = len(found) > 1 and len(lots) == len(days)
    labelled = []
    for deadline, places in found.items():
        where = ", ".join(str(lots[place]) for place in places) if per_lot else None
        labelled.append(deadline.model_copy(update={"label": where}))
    return labelled


def _deadline(day: str, hour: str | None, *, buyer: str | None, kind: DeadlineKind) -> Deadline:
    on, offset = _matched(_DATE, day)
    if hour is None:
        return Deadline(on=date.fromisoformat(on), zone=_zone(f"{on}T23:59", offset, buyer), kind=kind)
    at, own_offset = _matched(_TIME, hour)
    offset = own_offset or offset
    if at == "24:00":  # midnight at the end of the day, which is what a day without an hour means
        return _deadline(f"{on}{offset or ''}", None, buyer=buyer, kind=kind)
    zone = _zone(f"{on}T{at}", offset, buyer)
    if offset and zone is None:  # no named zone keeps such an offset; the instant is what counts
        instant = datetime.fromisoformat(f"{on}T{at}{offset}").astimezone(UTC)
        return Deadline(on=instant.date(), at=f"{instant:%H:%M}", zone="UTC", kind=kind)
    return Deadline(on=date.fromisoformat(on), at=at, zone=zone, kind=kind)


def _matched(pattern: re.Pattern[str], value: str) -> tuple[str, str | None]:
    found = pattern.fullmatch(str(value).strip())
    if found is None:
        raise ValueError(f"{value!r} is not a date or an hour as TED writes it")
    return found[1], found[2]


def _zone(local: str, offset: str | None, buyer: str | None) -> str | None:
    """Name the zone whose clock shows this offset then: the buyer's capital, Brussels, or a fixed one."""
    if offset is None:
        return None
    if offset == "Z":
        return "UTC"
    hours, minutes = int(offset[1:3]), int(offset[4:])
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    then = datetime.fromisoformat(local)
    for name in (capital_zone(buyer), ZONE):
        if name and then.replace(tzinfo=ZoneInfo(name)).utcoffset() == shift:
            return name
    if minutes:
        return None
    # The sign of these zones is turned round: Etc/GMT-2 is two hours ahead of Greenwich (IANA, file "etcetera").
    return f"Etc/GMT{'+' if offset[0] == '-' else '-'}{hours}" if hours else "UTC"


def reservations(data: Data) -> tuple[Reservation, ...]:
    """Read reserved participation (BT-71). `lots` empty: the whole notice; "not stated": some lots, not known which."""
    codes = values(data, "reserved-procurement-lot")
    lots = values(data, "identifier-lot")
    types = [code for code in get_args(ReservedType) if code in codes]
    return tuple(Reservation(type=code, lots=_reserved_lots(code, codes, lots)) for code in types)


def _reserved_lots(code: str, codes: Sequence[Any], lots: Sequence[Any]) -> tuple[str, ...]:
    if len(codes) == len(lots):
        pairs = [(lot, given) for lot, given in zip(lots, codes, strict=True) if not str(lot).startswith("GLO-")]
        reserved = tuple(str(lot) for lot, given in pairs if given == code)
        return () if len(reserved) == len(pairs) else reserved
    # A lot without a statement leaves no gap in the list, so fewer codes than lots may mean any of them.
    every = len(codes) > len(lots) and set(codes) == {code}
    return () if every else (LOTS_NOT_STATED,)


def budget(data: Data) -> Money | None:
    """Read the estimated value: of the procedure, else the sum of its lots in one currency, else of the framework.

    With fewer values than lots the sum is the least it will be (`min`). Nought is no estimate: the next one is read.
    """
    for amounts, currencies, lots in (
        ("estimated-value-proc", "estimated-value-cur-proc", 1),
        ("estimated-value-lot", "estimated-value-cur-lot", len(lots_of(data))),
        ("framework-estimated-value", "framework-estimated-value-cur", 1),
    ):
        given = [str(value) for value in values(data, amounts) if value is not None]
        if any(_decimal(value) != 0 for value in given):
            return _money(given, currencies=texts(data, currencies), lots=lots)
    return None


def _money(given: list[str], *, currencies: list[str], lots: int) -> Money:
    raw = " + ".join(given) + "".join(f" {currency}" for currency in currencies)
    numbers = [_decimal(value) for value in given]
    if len(currencies) != 1 or not re.fullmatch("[A-Z]{3}", currencies[0]) or None in numbers:
        return Money(raw=raw)
    total = sum((number for number in numbers if number is not None), Decimal(0))
    if len(numbers) < lots:
        return Money(min=total, currency=currencies[0], raw=raw)
    return Money(total=total, currency=currencies[0], raw=raw)


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
