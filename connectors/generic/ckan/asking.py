"""Asking a portal for a table: the file at an address, the newest file of a data set, or the rows of the data store.

The one thing to know: a file is the whole table, so what is no longer in it is gone; rows of the data store are asked for in
the order of their own number, so that none slips from page to page.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.base.contract import FetchError, Page, ParamError, ParseError, Visit
from connectors.base.documents import object_of
from connectors.base.text import http_url
from connectors.generic.ckan.about import Params
from connectors.generic.ckan.table import is_refusal, result_of

_DATASET = re.compile(r"(?P<site>https?://[^?#]*?)/(?:[a-z]{2}/)?dataset/(?P<name>[A-Za-z0-9_.-]{1,200})/?$")


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the table. Raises FetchError, ParamError, ParseError."""
    params: Params = visit.params
    if params.resource:
        yield from _rows(visit)
        return
    dataset = _DATASET.fullmatch(params.url)
    address = _newest(visit, dataset["site"], dataset["name"]) if dataset else params.url
    yield visit.http.get(address, role="bulk")


def _newest(visit: Visit, site: str, name: str) -> str:
    """Return the address of the newest file of a data set that has the wanted format."""
    page = visit.http.get(
        f"{site}/api/3/action/package_show", params={"id": name}, role="dataset", conditional=False, accept=(403, 404)
    )
    if page.status in (403, 404):
        raise ParamError("url", f"{page.url}: the portal has no such data set, or keeps it to itself")
    resources = result_of(page, object_of(page)).get("resources")
    if not isinstance(resources, list):
        raise ParseError(page.url, "result.resources", "is not the list of a data set")
    wanted = visit.params.format.lower()
    files = [
        one for one in resources if isinstance(one, Mapping) and _text(one.get("format")).lower().strip(".") == wanted
    ]
    if not files:
        there = ", ".join(sorted({_text(one.get("format")) for one in resources if isinstance(one, Mapping)})) or "none"
        raise ParamError("format", f"{page.url}: the data set has no file of {visit.params.format}; it has: {there}")
    newest = max(files, key=lambda one: _text(one.get("last_modified")) or _text(one.get("created")))
    if (url := http_url(_text(newest.get("url")), page.url)) is None:
        raise ParseError(page.url, "result.resources", "the newest file has no address")
    return url


def _rows(visit: Visit) -> Iterator[Page]:
    params: Params = visit.params
    parts = urlsplit(params.url)
    address = f"{parts.scheme}://{parts.netloc}/api/3/action/datastore_search"
    read = 0
    for _ in range(params.max_pages):
        asked: dict[str, str | int] = {
            "resource_id": params.resource,
            "limit": params.rows,
            "offset": read,
            "sort": "_id",
        }
        page = visit.http.get(address, params=asked, role="bulk", conditional=False, accept=(403, 404, 409))
        if is_refusal(page):
            raise FetchError(
                "gone", page.url, "the data store has no such resource, or keeps it to itself", status=page.status
            )
        result = result_of(page, object_of(page))
        records, total = result.get("records"), result.get("total")
        if not isinstance(records, list):
            raise ParseError(page.url, "result.records", "is not the list of an answer of the data store")
        if isinstance(total, int) and not isinstance(total, bool):
            visit.announced(total)
        if records or not read:
            yield page
        read += len(records)
        if not records or visit.trial or (read >= total if isinstance(total, int) else len(records) < params.rows):
            return
    visit.log.warning("visit stopped at its limit of pages", limit=params.max_pages)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
