"""The values that both sorts of profile share, made harmless: texts without people, tags, a place on the map."""

import math
from typing import Any

from connectors.base.contract import ParseError
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, shorten

_MOST_TAGS, _LONGEST_TAG = 50, 80


def text_of(value: object, limit: int) -> str:
    """One plain text without names, numbers and addresses of people; empty for what is no text."""
    return shorten(without_people(clean_line(value)), limit) if isinstance(value, str) else ""


def required(profile: dict[str, Any], name: str, *, url: str, limit: int) -> str:
    """A text that the schema asks for. Raises ParseError."""
    if text := text_of(profile.get(name), limit):
        return text
    raise ParseError(url, f"profile.{name}", "is asked for by the schema, and is no text")


def tags_of(profile: dict[str, Any]) -> tuple[str, ...]:
    tags = profile.get("tags")
    words = (text_of(tag, _LONGEST_TAG) for tag in tags[:_MOST_TAGS]) if isinstance(tags, list) else ()
    return tuple(dict.fromkeys(word for word in words if word))


def point_of(profile: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude; None where they are not stated, off the map, or both nought, which means nothing."""
    place = profile.get("geolocation")
    if not isinstance(place, dict):
        return None
    lat, lon = _degrees(place.get("lat"), 90), _degrees(place.get("lon"), 180)
    return None if lat is None or lon is None or (lat == 0 and lon == 0) else (lat, lon)


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


def web_address(value: object) -> str | None:
    """An http address; one without a scheme, as the index writes them, is taken for https."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    return http_url(text if text.lower().startswith(("http://", "https://")) else f"https://{text}")
