"""A site with four feeds: /rss.xml (Italian), /atom.xml (English), /feed.json (French), /rdf.xml (English, old RSS 0.90).

The one thing to know: each shows its newest items only, older ones lie behind `?paged=2`; `publish()` adds newer ones.
"""

import gzip
import json
from collections.abc import Callable
from datetime import date
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from tests.portals.feed_content import Item, item
from tests.portals.server import Answer, Call, Fault, Portal

_ATOM = "http://www.w3.org/2005/Atom"
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_LANGUAGES = {"/rss.xml": "it", "/atom.xml": "en", "/feed.json": "fr", "/rdf.xml": "en"}
_PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'


class FeedPortal(Portal):
    """`items` in each feed, of which `window` are shown; the newest is of the morning of `today`."""

    def __init__(
        self, *, items: int = 60, seed: int = 1, today: date = date(2026, 11, 23), window: int = 20, port: int = 0
    ) -> None:
        super().__init__(port=port)
        self._at_start, self._items = items, items
        self._seed, self._today, self._window = seed, today, window

    def publish(self, more: int = 1) -> None:
        """Let `more` newer items appear in every feed."""
        self._items += more

    def item(self, path: str, number: int) -> Item:
        """Return the item that a feed shows, as facts; number 0 is the oldest."""
        return item(_LANGUAGES[path], number, of=self._at_start, seed=self._seed, today=self._today)

    def answer(self, call: Call) -> Answer:
        """Answer a feed, its older pages, or 404."""
        page = int(call.query.get("paged", "1"))
        last = self._items - self._window * (page - 1)
        if call.path not in _LANGUAGES or last <= 0 or page < 1:
            return Answer(404, b"<!DOCTYPE html><title>Not found</title>", {"content-type": "text/html; charset=utf-8"})
        shown = [self.item(call.path, number) for number in reversed(range(max(0, last - self._window), last))]
        write, content_type = _WRITERS[call.path]
        body = write(self.url, shown).encode()
        return _conditional(call, body, content_type, format_datetime(shown[0].published, usegmt=True))


def _conditional(call: Call, body: bytes, content_type: str, modified: str) -> Answer:
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"content-type": content_type, "etag": tag, "last-modified": modified, "vary": "accept-encoding"}
    asked = call.headers.get("if-none-match")
    if asked == tag or (asked is None and call.headers.get("if-modified-since") == modified):
        return Answer(304, headers={"etag": tag, "last-modified": modified})
    if "gzip" in call.headers.get("accept-encoding", ""):
        return Answer(200, gzip.compress(body, mtime=0), {**headers, "content-encoding": "gzip"})
    return Answer(200, body, headers)


def _rss(site: str, items: list[Item]) -> str:
    return (
        f'{_PROLOG}<rss version="2.0" xmlns:content="{_CONTENT}" xmlns:atom="{_ATOM}"><channel>'
        f"<title>Bandi della valle</title><link>{site}/it</link><description>Bandi, gare ed eventi</description>"
        f"<language>it</language><lastBuildDate>{format_datetime(items[0].published)}</lastBuildDate><ttl>360</ttl>"
        f'<atom:link href="{site}/rss.xml" rel="self" type="application/rss+xml"/>'
        + "".join(_rss_item(site, each) for each in items)
        + "</channel></rss>"
    )


def _rss_item(site: str, each: Item) -> str:
    categories = "".join(f"<category>{escape(name)}</category>" for name in each.categories)
    lead = each.html.partition("</p>")[0].removeprefix("<p>")
    enclosure = (
        f'<enclosure url="{site}{each.document}" length="120000" type="application/pdf"/>' if each.document else ""
    )
    return (
        f"<item><title>{escape(escape(each.title, quote=False), quote=False)}</title><link>{site}{each.path}?utm_source=rss</link>"
        f"<description>{escape(escape(lead, quote=False), quote=False)}</description>"
        f"<content:encoded><![CDATA[{each.html}]]></content:encoded>{categories}{enclosure}"
        f'<guid isPermaLink="false">{site.partition("//")[0]}//bandi.example/?p={each.number + 1000}</guid>'
        f"<pubDate>{format_datetime(each.published)}</pubDate></item>"
    )


def _atom(site: str, items: list[Item]) -> str:
    return (
        f'{_PROLOG}<feed xmlns="{_ATOM}" xml:lang="en" xml:base="{site}/"><title>Calls and tenders</title>'
        f'<link rel="self" type="application/atom+xml" href="{site}/atom.xml"/><link rel="alternate" href="{site}/en"/>'
        f"<id>tag:calls.example,2026:feed</id><updated>{items[0].published.isoformat()}</updated>"
        + "".join(_atom_entry(each) for each in items)
        + "</feed>"
    )


def _atom_entry(each: Item) -> str:
    document = f'<link rel="enclosure" type="application/pdf" href="{each.document}"/>' if each.document else ""
    return (
        f'<entry><title>{escape(each.title)}</title><link rel="alternate" href="{each.path}"/>{document}'
        f"<id>tag:calls.example,{each.published.year}:{each.number}</id>"
        f"<published>{each.published.isoformat()}</published><updated>{each.published.isoformat()}</updated>"
        f'<content type="html">{escape(each.html)}</content></entry>'
    )


def _json(site: str, items: list[Item]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Appels et marchés",
        "home_page_url": f"{site}/fr",
        "feed_url": f"{site}/feed.json",
        "language": "fr",
        "items": [_json_item(site, each) for each in items],
    }
    return json.dumps(feed, ensure_ascii=False)


def _json_item(site: str, each: Item) -> dict[str, object]:
    attachment = {"url": f"{site}{each.document}", "mime_type": "application/pdf", "size_in_bytes": 120000}
    return {
        "id": str(each.number + 1),
        "url": f"{site}{each.path}",
        "title": each.title,
        "content_html": each.html,
        "date_published": each.published.isoformat(),
        "tags": list(each.categories),
        **({"attachments": [attachment]} if each.document else {}),
    }


def _rdf(site: str, items: list[Item]) -> str:
    return (
        f'{_PROLOG}<rdf:RDF xmlns:rdf="{_RDF}" xmlns="{_RSS_090}"><channel><title>Old news</title>'
        f"<link>{site}/en</link><description>The same calls in an old dialect</description></channel>"
        + "".join(
            f"<item><title>{escape(each.title)}</title><link>{site}{each.path}</link>"
            f"<description>{escape(each.html)}</description></item>"
            for each in items
        )
        + "</rdf:RDF>"
    )


_WRITERS: dict[str, tuple[Callable[[str, list[Item]], str], str]] = {
    "/rss.xml": (_rss, "application/rss+xml; charset=utf-8"),
    "/atom.xml": (_atom, "application/atom+xml; charset=utf-8"),
    "/feed.json": (_json, "application/feed+json"),
    "/rdf.xml": (_rdf, "text/xml"),
}


# Faults, for Portal.fail().


def login_page() -> Fault:
    """200 with a web page in the place of the feed."""
    page = b"<!DOCTYPE html><html><head><title>Accedi</title></head><body><form>Password</form></body></html>"
    return Fault(answer=Answer(200, page, {"content-type": "text/html; charset=utf-8"}))


def gone() -> Fault:
    return Fault(answer=Answer(410, b"", {"content-type": "text/plain"}))


def busy(retry_after: str) -> Fault:
    return Fault(answer=Answer(503, b"", {"retry-after": retry_after}))


def moved_for_good(address: str) -> Fault:
    return Fault(answer=Answer(301, b"", {"location": address}))


def empty_list() -> Fault:
    """A sound RSS feed without items, as during maintenance."""
    body = f'{_PROLOG}<rss version="2.0"><channel><title>Bandi</title><link>/</link><description/></channel></rss>'
    return Fault(answer=Answer(200, body.encode(), {"content-type": "application/rss+xml"}))


def cut_off(share: float = 0.6) -> Fault:
    """The feed ends in its middle, though HTTP says that it is whole."""
    return Fault(alter=_altered(lambda body: body[: int(len(body) * share)]))


def wrong_charset() -> Fault:
    """Bytes of windows-1252 under the name of UTF-8."""
    return Fault(alter=_altered(lambda body: body.decode().encode("cp1252", "xmlcharrefreplace")))


def bare_ampersands() -> Fault:
    return Fault(alter=_altered(lambda body: body.replace(b"?utm_source=rss", b"?a=1&b=2").replace(b" e ", b" & ")))


def _altered(change: Callable[[bytes], bytes]) -> Callable[[Answer], Answer]:
    def alter(true: Answer) -> Answer:
        headers = {name: value for name, value in true.headers.items() if name != "content-encoding"}
        body = gzip.decompress(true.body) if "content-encoding" in true.headers else true.body
        return Answer(true.status, change(body), headers)

    return alter
