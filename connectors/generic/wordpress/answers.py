"""What the REST interface of WordPress answers: a bare list, the pager in its headers, errors with a code of words.

The one thing to know: a page behind the last is an error (400, rest_post_invalid_page_number), and that is how a list ends
where a proxy has taken the headers away.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.base.contract import FetchError, Page, ParamError, ParseError
from connectors.base.documents import json_of

REFUSED = (400, 401, 403, 404)
_ENDS = ("rest_post_invalid_page_number", "rest_term_invalid_page_number", "event-archive-page-not-found")
_WAYS_OUT = "Ways out: the site's feed (/feed/, connector feed), else its list of items (connector html_list)"
_NEXT = re.compile(r"<[^<>]+>[^,<]*\brel=\"?next\b", re.I)


def items_of(page: Page) -> list[Any]:
    """Read a list of posts, or the events of The Events Calendar. Raises ParseError for anything else."""
    try:
        told = json_of(page)
    except ParseError as error:
        raise ParseError(page.url, error.where, f"{error.why}. {_WAYS_OUT}", suspicious=error.suspicious) from error
    if isinstance(told, Mapping) and isinstance(told.get("events"), list):
        return list(told["events"])
    if isinstance(told, Mapping) and isinstance(told.get("code"), str):
        # Some caches answer an error with 200.
        raise ParseError(page.url, "body", f"is the error {told['code'][:80]}. {_WAYS_OUT}")
    if not isinstance(told, list):
        raise ParseError(page.url, "body", f"is no list of items. {_WAYS_OUT}")
    return told


def total_of(page: Page) -> int | None:
    """How many items the whole list has, where the answer says so."""
    return _number(page.headers.get("x-wp-total")) if _is_list(page) else _field(page, "total")


def pages_of(page: Page) -> int | None:
    """How many pages the whole list has, where the answer says so."""
    return _number(page.headers.get("x-wp-totalpages")) if _is_list(page) else _field(page, "total_pages")


def names_next(page: Page) -> bool | None:
    """Whether the header Link names a next page; None without such a header, or where it names no neighbour at all."""
    link = page.headers.get("link", "")
    if _NEXT.search(link):
        return True
    return False if re.search(r"rel=\"?prev\b", link, re.I) else None


def is_beyond(page: Page) -> bool:
    """Whether the answer says that the list has no such page."""
    return page.status in (400, 404) and _code(page) in _ENDS


def refusal(page: Page) -> Exception:
    """Say what an answer with one of the statuses REFUSED means, and what is to be done."""
    code = _code(page)
    status = page.status
    if code == "rest_no_route":
        why = "the site has no such type of content, or has its interface switched off. Look at /wp-json/wp/v2/types; where"
        return FetchError(
            "gone", page.url, f"{why} /wp-json/ is not found, set plain_permalinks. {_WAYS_OUT}", status=status
        )
    if status == 400:
        return ParamError("post_type", f"{page.url}: the site refuses the question ({code or 'no reason given'})")
    if status == 404:
        why = "nothing is at this address: set plain_permalinks where the site has no /wp-json/"
        return FetchError("gone", page.url, f"{why}. {_WAYS_OUT}", status=status)
    if code:
        return FetchError(
            "auth", page.url, f"the interface is closed to strangers ({code}). {_WAYS_OUT}", status=status
        )
    why = f"the site turns programs away ({status})"
    return FetchError("auth" if status == 401 else "blocked", page.url, f"{why}. {_WAYS_OUT}", status=status)


def _code(page: Page) -> str:
    try:
        told = json_of(page)
    except ParseError:
        return ""
    code = told.get("code") if isinstance(told, Mapping) else None
    return code[:80] if isinstance(code, str) and re.fullmatch(r"[\w-]+", code) else ""


def _is_list(page: Page) -> bool:
    return page.body.lstrip()[:1] == b"["


def _field(page: Page, name: str) -> int | None:
    told = json_of(page)
    value = told.get(name) if isinstance(told, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
