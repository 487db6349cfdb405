"""Trade events: a fair, a mission, a webinar.

The one thing to know: whoever wants to take part has to come on the first day, so that day is the deadline; the last day
stands beside it, and until then the event is not over.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Contact, Deadline, Notice, Title
from connectors.trade_gov.fields import body, countries, day, described, line, lines, page_of, text_of, told

_AGENCIES = {
    "ITA": "International Trade Administration",
    "SBA": "U.S. Small Business Administration",
    "USTDA": "U.S. Trade and Development Agency",
    "EXIM": "Export-Import Bank of the United States",
    "DL": "U.S. Department of State",
}
_ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "atlantic": "America/Puerto_Rico",
}
_SHORT = {"e": "eastern", "c": "central", "m": "mountain", "p": "pacific"}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?")


def notice(row: Mapping[str, Any], id: str) -> Notice:
    """Make a notice of an event. Raises ValueError for a date that is none."""
    source = text_of(row.get("source")) or "ITA"
    venues = [venue for venue in _list(row.get("venues")) if isinstance(venue, dict)]
    url = page_of(row.get("registration_url"), row.get("registration_link"), row.get("url"))
    summary, whole = described(row)
    return Notice(
        source_id=id,
        url=url,
        titles={"en": Title(text=line(row.get("event_name") or row.get("name"), 500))},
        kind="event",
        summary=summary,
        body=whole,
        lang="en" if summary else None,
        deadlines=tuple(_days(row)),
        countries=countries(*(venue.get("country") for venue in venues)),
        origin_country="US",
        keywords=lines(_list(row.get("industries")), _list(row.get("ita_industries"))),
        organisation=body(row.get("sponsoring_agency"), _AGENCIES.get(source, source), country="US"),
        contact=Contact(url=url),
        same_as=(f"trade-event-{source.lower()}:{id.partition(':')[2]}",),
        extra={
            "trade_gov": told(
                {
                    "source": source,
                    "type": line(row.get("event_type")),
                    # What it costs to take part; no budget.
                    "cost": _cost(row),
                    "places": [place for venue in venues if (place := _place(venue))],
                }
            )
        },
    )


def _days(row: Mapping[str, Any]) -> Iterator[Deadline]:
    begins, ends = day(row.get("start_date")), day(row.get("end_date"))
    zone = _zone(row.get("time_zone"))
    if begins is not None:
        yield Deadline(on=begins, at=_clock(row.get("start_time")) if zone else None, zone=zone, kind="event")
    if ends is not None and begins != ends and (begins is None or ends > begins):
        yield Deadline(on=ends, zone=zone, kind="event", label="last day")


def _clock(value: object) -> str | None:
    found = _CLOCK.fullmatch(text_of(value))
    at = f"{int(found[1]):02}:{found[2]}" if found else None
    return at if at != "00:00" else None  # midnight is how the source says that it does not say


def _zone(value: object) -> str | None:
    """The zone that is named: `Central Standard Time` in words, all year round, or `CST`."""
    said = text_of(value).lower()
    short = re.fullmatch(r"([ecmp])[sd]?t", said)
    return _ZONES.get(_SHORT[short[1]] if short else said.split(" ")[0])


def _cost(row: Mapping[str, Any]) -> str:
    amount = text_of(row.get("cost"))
    return f"{amount} {line(row.get('cost_currency'), 3) or 'USD'}" if re.search(r"[1-9]", amount) else ""


def _place(venue: Mapping[str, Any]) -> str:
    return ", ".join(said for key in ("venue", "city", "state", "country_name") if (said := line(venue.get(key), 120)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
