"""Turning the pages of @search, and cutting an answer into its items.

The one thing to know: the next page is asked for exactly as `batching.next` names it, but only on the host and path that
were asked first; a pager that names a page again, or one that brings nothing new, ends the visit, which is then incomplete.
"""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors.base.contract import FetchError, FetchKind, Page, ParseError, Record, Visit
from connectors.base.documents import object_of
from connectors.generic.plone.about import Params

_OVERLAP = timedelta(days=2)
"""How far before the last complete visit a recent one begins: an index may lag behind its contents."""
_HEADERS = {"accept": "application/json"}
_WAY_OUT = "Ways out: the site's feed (…/RSS, connector feed), else its list of calls (connector html_list)"


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for page after page: everything in a sweep, else what was modified since the last visit. Raises FetchError."""
    params: Params = visit.params
    first = search_address(params)
    asked: dict[str, str | int] = {
        "portal_type": params.portal_type,
        "fullobjects": "true",
        "b_size": params.page_size,
        "sort_on": "modified",
        "sort_order": "descending",
    }
    if visit.mode == "recent" and visit.since is not None:
        since = (visit.since - _OVERLAP).astimezone(UTC)
        asked |= {"modified.query": f"{since:%Y-%m-%dT%H:%M:%S+00:00}", "modified.range": "min"}
    page = visit.http.get(first, params=asked, headers=_HEADERS, conditional=False, accept=(401, 403, 404))
    told, uids = {page.url}, set[str]()
    for _ in range(params.max_pages):
        answer = _answer(page)
        new = {_uid(item) for item in answer["items"]} - uids
        visit.announced(max(answer["items_total"], len(uids | new)))
        if new or not uids:
            yield page
        following = _next(answer, page.url)
        if not new and answer["items"]:
            visit.log.warning("a page of items came again, the list ends here", url=page.url)
            return
        if following is None or visit.trial:
            return
        if following in told or _place(following) != _place(page.url):
            visit.log.warning("the list names a next page that is none of it", url=page.url, next=following)
            return
        uids |= new
        told.add(following)
        page = visit.http.get(following, headers=_HEADERS, conditional=False)
    visit.log.warning("visit stopped at its limit of pages", limit=params.max_pages)


def search_address(params: Params) -> str:
    """Where to search: the traverser stands behind the host, whatever folder is to be searched."""
    parts = urlsplit(params.url)
    return "/".join(
        part for part in (f"{parts.scheme}://{parts.netloc}", params.api, parts.path.strip("/"), "@search") if part
    )


def split(page: Page) -> Iterator[Record]:
    """Cut an answer of @search into its items. Raises ParseError for anything else."""
    for place, item in enumerate(_answer(page)["items"]):
        yield Record(f"items[{place}]", item)


def _answer(page: Page) -> dict[str, Any]:
    if page.status in (401, 403, 404):
        raise _refusal(page)
    try:
        answer = object_of(page)
    except ParseError as error:
        raise ParseError(page.url, error.where, f"{error.why}. {_WAY_OUT}", suspicious=error.suspicious) from error
    if not isinstance(answer.get("items"), list):
        raise ParseError(page.url, "items", f"is not the list of an answer of @search. {_WAY_OUT}")
    total = answer.get("items_total", len(answer["items"]))
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ParseError(page.url, "items_total", "is not a number")
    return answer | {"items_total": total}


def _refusal(page: Page) -> FetchError:
    if page.status == 404:
        why = "there is no @search here; a classic site wants the parameter `api` empty"
        return FetchError("gone", page.url, f"{why}. {_WAY_OUT}", status=404)
    kind: FetchKind = "auth" if page.status == 401 else "blocked"
    return FetchError(kind, page.url, f"the site does not let programs search it. {_WAY_OUT}", status=page.status)


def _next(answer: dict[str, Any], url: str) -> str | None:
    batching = answer.get("batching")
    following = batching.get("next") if isinstance(batching, dict) else None
    return following if isinstance(following, str) and following != url else None


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path


def _uid(item: Any) -> str:
    return str(item.get("UID") or item.get("@id")) if isinstance(item, dict) else ""
