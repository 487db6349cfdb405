"""Addresses of items: absolute, without what changes from visit to visit, so that one thing has one address."""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from bs4 import Tag

from connectors.base.text import http_url
from connectors.generic.html_list.about import Params
from connectors.generic.selecting import matched

_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SESSION = re.compile(r"(?:phpsessid|jsessionid|sessionid|session_id|cfid|cftoken)=", re.IGNORECASE)


def base_of(soup: Tag, url: str) -> str:
    """The address that relative links of a page stand against: that of `<base href>`, else its own."""
    stated = soup.find("base", href=True)
    return (http_url(str(stated["href"]), url) if isinstance(stated, Tag) else None) or url


def canonical(href: str, base: str) -> str | None:
    """Return an address without fragment, session and tracking; None for what leads to no page of its own."""
    raw = href.strip()
    if not raw or raw.startswith("#"):
        return None
    # A link whose only own part is its query (`?page=2`) stands against the page and not against its base folder.
    url = http_url(urljoin(base, raw))
    if url is None:
        return None
    parts = urlsplit(url)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _SESSION.match(pair))
    return urlunsplit((parts.scheme, parts.netloc, _SESSION_IN_PATH.sub("", parts.path), query, ""))


def identity(url: str, params: Params, *, page_url: str) -> str:
    """Name the item at an address: the group of `id_pattern`, else the address. Raises ParseError for a slow pattern."""
    found = matched(params.id_pattern, url, url=page_url, where="id_pattern") if params.id_pattern else None
    return found or url


def is_ours(url: str, params: Params) -> bool:
    """Whether an item's page stands at a host of the list: a link to elsewhere is not opened."""
    return _host(url) in {_host(each) for each in params.list_urls}


def page_address(address: str, number: int) -> str:
    """The address of a page of the list, by its number."""
    plain = address.replace("{page}", str(number))
    return http_url(plain) or plain


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
