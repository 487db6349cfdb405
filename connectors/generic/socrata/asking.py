"""Turning the pages of a data set, in an order that is total.

The one thing to know: an answer is a bare list that says neither how many rows there are nor whether more follow, so they
are counted first, and a page that is not full is the last.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base.contract import FetchError, Page, ParamError, ParseError, Visit
from connectors.base.documents import json_of
from connectors.generic.columns import Names
from connectors.generic.rows import identified
from connectors.generic.socrata.about import Params
from connectors.generic.socrata.reading import rows_of

_REFUSED = (400, 403, 404)


def fetch(visit: Visit) -> Iterator[Page]:
    """Count the rows, then ask for page after page. Raises FetchError, ParamError, ParseError."""
    params: Params = visit.params
    headers = _headers(visit)
    where = _where(visit)
    total = None if visit.trial else _count(visit, where, headers)
    seen, ids = set[str](), set[str]()
    for number in range(params.max_pages):
        asked: dict[str, str | int] = {"$limit": params.rows, "$offset": number * params.rows}
        asked["$order"] = ", ".join(part for part in (params.order, ":id") if part)
        if where:
            asked["$where"] = where
        page = _get(visit, asked, headers, role="listing")
        rows = rows_of(page)
        told = {repr(row) for row in rows}
        if rows and told <= seen:
            visit.log.warning("a page of rows came again, the list ends here", page=number + 1)
            return
        seen |= told
        if total is not None:
            # What lies on both sides of a page's edge, a tender of several lots, comes as two rows and is one record.
            own = {row.source_id for row in identified((row for row in rows if isinstance(row, Mapping)), params)}
            total -= len(own & ids)
            ids |= own
            visit.announced(total)
        if rows or not number:
            yield page
        if len(rows) < params.rows or visit.trial:
            return
    visit.log.warning("visit stopped at its limit of pages", limit=params.max_pages)


def _count(visit: Visit, where: str, headers: Mapping[str, str]) -> int:
    asked: dict[str, str | int] = {"$select": "count(*)", **({"$where": where} if where else {})}
    page = _get(visit, asked, headers, role="count")
    told = json_of(page)
    first = told[0] if isinstance(told, list) and told and isinstance(told[0], Mapping) else {}
    number = str(next(iter(first.values()), ""))
    if not number.isascii() or not number.isdigit() or len(number) > 12:
        raise ParseError(page.url, "count", "is not the number of rows")
    return int(number)


def _get(visit: Visit, asked: Mapping[str, str | int], headers: Mapping[str, str], *, role: str) -> Page:
    params: Params = visit.params
    address = f"{params.url.rstrip('/')}/resource/{params.dataset}.json"
    page = visit.http.get(address, params=asked, headers=headers, role=role, conditional=False, accept=_REFUSED)
    if page.status in _REFUSED:
        raise _refusal(page)
    return page


def _headers(visit: Visit) -> dict[str, str]:
    name: str = visit.params.app_token
    token = visit.secrets.get(name) if name else None
    return {"accept": "application/json", **({"x-app-token": token} if token else {})}


def _where(visit: Visit) -> str:
    """Rows whose deadline, or whose publication, does not lie further back than so many days."""
    params: Params = visit.params
    parts = [f"({params.where})"] if params.where else []
    if params.days:
        since = (visit.now - timedelta(days=params.days)).astimezone(ZoneInfo(params.clock)).date()
        columns: Names = (*params.columns.deadline[:1], *params.columns.published[:1])
        either = " OR ".join(f"`{column}` >= '{since}T00:00:00'" for column in columns)
        parts.append(f"({either})")
    return " AND ".join(parts)


def _refusal(page: Page) -> Exception:
    try:
        told: Any = json_of(page)
    except ParseError:
        told = {}
    said = told if isinstance(told, Mapping) else {}
    code, why = str(said.get("code", said.get("errorCode", "")))[:80], str(said.get("message", ""))[:200]
    if page.status == 400:
        return ParamError("where", f"{page.url}: the portal refuses the question: {code} {why}".rstrip())
    if page.status == 404:
        return FetchError("gone", page.url, f"the portal has no such data set any more ({code or 404})", status=404)
    if "token" in f"{code} {why}".lower():
        return FetchError("auth", page.url, f"the portal refuses the application token ({code or 403})", status=403)
    return FetchError("blocked", page.url, f"the portal keeps this data set to itself ({code or 403})", status=403)
