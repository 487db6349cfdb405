"""Turning the pages of a list, newest changes first; a sweep turns them all, by number.

The one thing to know: a site older than WordPress 5.7 does not know `modified_after` and answers with everything, so the dates
are looked at here too, and a recent visit ends at the first page that holds nothing newer.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base.cards import details
from connectors.base.contract import Page, ParseError, Record, Seen, Visit
from connectors.base.dates import instant
from connectors.base.documents import html_of
from connectors.generic.wordpress.about import Params
from connectors.generic.wordpress.answers import REFUSED, is_beyond, items_of, names_next, pages_of, refusal, total_of

_FIELDS = (
    "id,date,date_gmt,modified,modified_gmt,link,slug,status,type,title,excerpt,content,class_list,categories,tags,acf"
)
_OVERLAP = timedelta(days=2)
_GONE = (404, 410)
_JSON = {"accept": "application/json"}


def fetch(visit: Visit) -> Iterator[Page]:
    """List what there is, or what has changed, then the pages behind where they are wanted. Raises FetchError, ParamError."""
    yield from _listing(visit)
    if visit.params.follow_details:
        yield from details(visit, lambda card: _detail(visit, card))


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its items; the page behind an item is one record. Raises ParseError."""
    if page.role == "detail":
        yield Record(
            "page", {"status": page.status} if page.status in _GONE else {"page": html_of(page), "of": page.of}
        )
        return
    for place, item in enumerate(items_of(page)):
        if not isinstance(item, dict):
            raise ParseError(page.url, f"[{place}]", "is no item of WordPress")
        yield Record(f"[{place}]", item)


def _listing(visit: Visit) -> Iterator[Page]:
    params: Params = visit.params
    since = visit.since - _OVERLAP if visit.mode == "recent" and visit.since else None
    seen: set[str] = set()
    for number in range(1, params.max_pages + 1):
        page = visit.http.get(
            _address(params),
            params=_asked(params, number, since, visit.now),
            headers=_JSON,
            conditional=False,
            accept=REFUSED,
        )
        if number > 1 and is_beyond(page):
            return
        if page.status in REFUSED:
            raise refusal(page)
        items = items_of(page)
        new = {_id(item) for item in items} - seen
        if new or number == 1:
            yield page
        if items and not new:
            visit.log.warning("a page of items came again, the list ends here", page=number)
            return
        seen |= new
        if since is not None and _is_older(items, since):
            return
        if (total := total_of(page)) is not None:
            visit.announced(max(total, len(seen)))
        if visit.trial or _is_last(page, number, len(items), params.per_page):
            return
    visit.log.warning("visit stopped at its limit of pages", limit=params.max_pages)


def _address(params: Params) -> str:
    route = "/tribe/events/v1/events" if params.events else f"/wp/v2/{params.post_type}"
    site = params.url.rstrip("/")
    return f"{site}/?rest_route={route}" if params.plain_permalinks else f"{site}/wp-json{route}"


def _asked(params: Params, number: int, since: datetime | None, now: datetime) -> dict[str, str | int]:
    if params.events:
        return {"page": number, "per_page": min(params.per_page, 50), "start_date": f"{now:%Y-%m-%d}"}
    # By number in a sweep: what is changed meanwhile does not move, so no item slips from one page to the one before.
    asked: dict[str, str | int] = {"per_page": params.per_page, "page": number, "order": "desc", "_fields": _FIELDS}
    asked["orderby"] = "modified" if since else "id"
    if since:
        asked["modified_after"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    if params.categories:
        asked["categories"] = ",".join(map(str, params.categories))
    if params.search:
        asked["search"] = params.search
    return asked


def _is_last(page: Page, number: int, items: int, per_page: int) -> bool:
    if (pages := pages_of(page)) is not None:
        return number >= pages
    # Without the headers: what Link says, else a page that is not full.
    named = names_next(page)
    return not named if named is not None else items < per_page


def _is_older(items: list[Any], since: datetime) -> bool:
    """Whether nothing on a page is as new as what is asked for; an item without a date may be."""
    told = [item.get("modified_gmt") for item in items if isinstance(item, dict)]
    dates = [instant(each, zone="UTC") if isinstance(each, str) else None for each in told]
    return bool(dates) and all(isinstance(each, datetime) and each < since for each in dates)


def _detail(visit: Visit, card: Seen) -> Page:
    return visit.http.get(card.url or visit.params.url, role="detail", conditional=False, accept=_GONE)


def _id(item: Any) -> str:
    return re.sub(r"\s", "", str(item.get("id"))) if isinstance(item, dict) else ""
