"""One event of The Events Calendar, a plug-in that many chambers and federations use.

The one thing to know: its zone may be an offset ("UTC+1"), which is no zone; then the moment in UTC is what holds.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from connectors.base.contract import Deadline, Instant
from connectors.base.dates import instant
from connectors.base.text import clean_line, http_url
from connectors.generic.cells import deadline_at
from connectors.generic.item import Item
from connectors.generic.wordpress.about import Params


def item_of_event(data: Mapping[str, Any], source_id: str, params: Params, unread: list[str]) -> Item:
    """Make an item of an event; one of several days counts to its last."""
    named = data.get("timezone")
    zone = named if isinstance(named, str) and named in available_timezones() else params.clock
    starts, ends = _moment(data, "start", zone, unread), _moment(data, "end", zone, unread)
    categories = data.get("categories")
    told = (
        (each.get("name") for each in categories if isinstance(each, Mapping)) if isinstance(categories, list) else ()
    )
    venue = data.get("venue")
    held = venue if isinstance(venue, Mapping) else {}
    place = {"place": ", ".join(part for key in ("venue", "city", "country") if (part := _line(held.get(key))))}
    return Item(
        source_id=source_id,
        link=http_url(_line(data.get("url")), params.url),
        title=_line(data.get("title")),
        html=data["description"] if isinstance(data.get("description"), str) else "",
        summary=data["excerpt"] if isinstance(data.get("excerpt"), str) else "",
        base=params.url,
        kind=params.kind or "event",
        published=_moment(data, "date", "UTC", []) or "",
        updated=_moment(data, "modified", "UTC", []) or "",
        categories=tuple(word for name in told if (word := _line(name))),
        deadlines=_held(starts, ends, zone),
        extra={name: said for name, said in {**place, "cost": _line(data.get("cost"))}.items() if said},
    )


def _held(starts: Instant | None, ends: Instant | None, zone: str) -> tuple[Deadline, ...] | None:
    if starts is None:
        return None
    first = deadline_at(starts, kind="event", zone=zone)
    last = deadline_at(ends, kind="event", zone=zone) if ends is not None else first
    if first.on is None or last.on is None or last.on <= first.on:
        return (first,)
    return (Deadline(on=last.on, zone=zone, kind="event", label=f"{first.on} – {last.on}"),)


def _moment(data: Mapping[str, Any], name: str, zone: str, unread: list[str]) -> Instant | None:
    utc, local = data.get(f"utc_{name}_date", data.get(f"{name}_utc")), data.get(f"{name}_date", data.get(name))
    read = instant(utc, zone="UTC") if isinstance(utc, str) else None
    if read is None and isinstance(local, str):
        read = instant(local, zone=zone)
        if read is None and local.strip():
            unread.append(f"{name}: {clean_line(local, 80)}")
    return read


def _line(value: Any) -> str:
    return clean_line(value, 300) if isinstance(value, str) else ""
