"""What leads and events have in common: values in their disguises, links that are dead, persons that are left out.

The one thing to know: names are those of the old service, which the new one is said to go on with; both are read.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.base.codes import country
from connectors.base.contract import Body
from connectors.base.dates import instant
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.trade_gov.about import ABOUT

_PRIVATE = frozenset({"contact", "contacts", "submitting_officer", "submitting_officer_contact"})
# Short links of the years before 2020: the services are gone, or give the name to others.
_DEAD = frozenset({"bit.ly", "1.usa.gov", "go.usa.gov", "goo.gl", "tinyurl.com", "ow.ly"})
_NO_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#:]|$)", re.I)
KNOWN = frozenset(
    {
        *("id", "source", "title", "description", "country", "country_name", "publish_date", "publish_date_amended"),
        *("end_date", "url", "urls", "industry", "ita_industries", "industries", "trade_regions", "world_regions"),
        *("reference_number", "contract_number", "status", "specific_location", "specific_address", "notice_type"),
        *("trade_agreement", "bid_type", "competitive_procurement_strategy", "non_competitive_procurement_strategy"),
        *("procurement_organization", "procurement_organization_address", "procurement_office", "implementing_entity"),
        *("procurement_office_address", "classification_code", "lead_source", "project_number", "project_size", "tags"),
        *("funding_source", "borrowing_entity", "comments", "min_contract_value", "max_contract_value", "categories"),
        *("event_name", "name", "event_type", "start_date", "start_time", "end_time", "time_zone", "cost"),
        *(
            "cost_currency",
            "registration_link",
            "registration_url",
            "registration_title",
            "venues",
            "sponsoring_agency",
        ),
    }
)


def without_private(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _PRIVATE}


def text_of(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def line(value: object, limit: int = 200) -> str:
    """A value as one harmless line without persons."""
    return without_people(clean_line(text_of(value), limit))


def lines(*values: object) -> tuple[str, ...]:
    """Texts, each of which may be one, a list, or several with signs between them."""
    parts: list[object] = []
    for value in values:
        parts += value if isinstance(value, list) else re.split(r"[;,]", value) if isinstance(value, str) else []
    return tuple(dict.fromkeys(said for part in parts if (said := line(part, 100))))


def described(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return a summary of at most 500 characters, and the whole where that is not all of it."""
    body = without_people(clean_html(text_of(row.get("description"))))
    whole = plain(body)
    summary = shorten(whole, 500)
    return summary or None, body if summary != whole else None


def day(value: object) -> date | None:
    """Raises ValueError for a date that is none."""
    if not (said := text_of(value)):
        return None
    if (read := instant(said)) is None:
        raise ValueError(f"no date: {said[:40]!r}")
    return read.date() if isinstance(read, datetime) else read


def page_of(*stated: object) -> str:
    """The first address that can still lead somewhere; the platform's own where there is none."""
    return next(filter(None, map(_living, _each(stated))), ABOUT.home)


def _each(stated: tuple[object, ...]) -> Iterator[str]:
    for value in stated:
        yield from map(text_of, value) if isinstance(value, list) else (text_of(value),)


def _living(written: str) -> str | None:
    url = http_url(f"https://{written}" if _NO_SCHEME.match(written) else written)
    host = (urlsplit(url).hostname or "") if url else ""
    return url if url and host.removeprefix("www.") not in _DEAD else None


def countries(*codes: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known for code in codes if (known := country(text_of(code)))))


def body(*names: object, country: str | None = None) -> Body | None:
    name = next((said for each in names if (said := line(each))), None)
    return Body(name=name, country=country) if name else None


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a source says besides, without what it does not say."""
    return {key: value for key, value in values.items() if value not in ("", "None", None, [], {}, ())}
