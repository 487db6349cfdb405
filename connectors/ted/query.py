"""The request body of the v3 search, from the parameters of a source.

The one thing to know: a date in another order than YYYYMMDD is no error there, it silently finds nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base.contract import Mode
from connectors.ted.about import ZONE, Params
from connectors.ted.places import alpha3

# Every name is in the published list of fields. Without mail addresses, telephones and contact persons, on purpose;
# without description-lot, which multiplies the weight of an answer.
FIELDS = (
    "publication-number",
    "procedure-identifier",
    "change-notice-version-identifier",
    "notice-type",
    "form-type",
    "notice-title",
    "title-proc",
    "description-proc",
    "buyer-name",
    "buyer-country",
    "buyer-legal-type",
    "contract-nature",
    "procedure-type",
    "classification-cpv",
    "place-of-performance",
    "place-of-performance-country-lot",
    "publication-date",
    "identifier-lot",
    "deadline-receipt-tender-date-lot",
    "deadline-receipt-tender-time-lot",
    "deadline-receipt-request-date-lot",
    "deadline-receipt-request-time-lot",
    "deadline-receipt-expressions-date-lot",
    "deadline-receipt-expressions-time-lot",
    "estimated-value-proc",
    "estimated-value-cur-proc",
    "estimated-value-lot",
    "estimated-value-cur-lot",
    "framework-estimated-value",
    "framework-estimated-value-cur",
    "document-url-lot",
    "submission-url-lot",
    "submission-language",
    "reserved-procurement-lot",
    "reserved-execution-lot",
    "social-objective-lot",
    "strategic-procurement-lot",
    "eu-fund-lot",
    "sme-lot",
)
MOST_PER_PAGE = 250
MOST_CELLS = 10_000  # fields x notices of one page, says the interface description


def expert_query(params: Params, *, published_from: date | None = None) -> str:
    """Write the expert query; newest publications first."""
    parts = ["form-type IN (competition planning consultation)"]
    if params.cpv:
        parts.append(_any_of([f"classification-cpv={_cpv(prefix)}" for prefix in params.cpv]))
    if params.buyer_countries:
        parts.append(f"buyer-country IN ({_alpha3s(params.buyer_countries)})")
    if params.not_buyer_countries:
        parts.append(f"NOT (buyer-country IN ({_alpha3s(params.not_buyer_countries)}))")
    if params.reserved:
        parts.append("reserved-procurement-lot IN (res-ws res-pub-ser)")
    if params.query:
        parts.append(f"({params.query})")
    if published_from:
        parts.append(f"publication-date>={published_from:%Y%m%d}")
    return " AND ".join(parts) + " SORT BY publication-date DESC"


def window_start(params: Params, *, mode: Mode, now: datetime, since: datetime | None) -> date | None:
    """Say from which day on to ask, in Brussels' calendar; None in a sweep, which asks for everything active.

    Never later than the day before the last complete visit, so that a source that was down for a fortnight catches up.
    """
    if mode == "sweep":
        return None
    zone = ZoneInfo(ZONE)
    start = now.astimezone(zone).date() - timedelta(days=params.days)
    return min(start, since.astimezone(zone).date() - timedelta(days=1)) if since else start


def search_body(query: str, *, fields: tuple[str, ...], page_size: int, token: str | None) -> dict[str, Any]:
    """Build one request in ITERATION mode; the first one carries no token."""
    body: dict[str, Any] = {
        "query": query,
        "fields": list(fields),
        "limit": min(page_size, MOST_PER_PAGE, MOST_CELLS // len(fields)),
        "scope": "ACTIVE",
        "paginationMode": "ITERATION",
        "onlyLatestVersions": True,
    }
    return body if token is None else body | {"iterationNextToken": token}


def _cpv(prefix: str) -> str:
    return prefix if len(prefix) == 8 else f"{prefix}*"


def _alpha3s(countries: tuple[str, ...]) -> str:
    return " ".join(alpha3(country) for country in countries)


def _any_of(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"({' OR '.join(conditions)})"
