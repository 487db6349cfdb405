"""The feeds that a web page names in its head: the way out when an admin has entered the page instead of its feed."""

from connectors.base.contract import ParseError
from connectors.base.documents import read_html
from connectors.base.text import http_url

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_SHOWN = 3
_HEAD = 200_000


def feeds_named_in(html: str, url: str) -> tuple[str, ...]:
    """The addresses of at most three feeds that a page links to as alternates, absolute, in the page's order."""
    try:
        head = read_html(html[:_HEAD], url)
    except ParseError:
        return ()
    found = []
    for link in head.find_all("link", rel="alternate", href=True):
        if str(link.get("type", "")).split(";")[0].strip().lower() in _TYPES:
            found.append(http_url(str(link["href"]), url))
    return tuple(dict.fromkeys(address for address in found if address))[:_SHOWN]
