"""What a row says in words: titles, texts, conditions, keywords, and whether it holds the words that a source asks for.

The one thing to know: a cascade call carries the title of its parent topic; its own stands in `summary`, `callTitle` or
`caName`. What the portal calls English is only its own page: the texts of tenders and of external-action calls may be in
any language, so theirs is left open.
"""

import html
import re
from collections.abc import Iterable

from connectors.base.contract import Link
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten, visible
from connectors.eu_funding.about import PORTAL
from connectors.eu_funding.hit import Hit

_SUMMARY = 500
_CONDITIONS = 4_000
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
# The portal's headings inside a description: "Expected Outcome:", "Scope:".
_HEADING = re.compile(r"<span[^<>]{0,200}?\btopicdescriptionkind\b[^<>]{0,200}>([^<>]{0,200})</span>", re.I)
# Bounded, so that a text full of open tags costs no more than its length.
_LINK = re.compile(
    r"<a\b[^<>]{0,500}?\bhref\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,2000})[\"'][^<>]{0,500}>(.{0,300}?)</a>", re.I | re.S
)
_DOCUMENT = re.compile(r"(?:/docs/|\.(?:pdf|docx?|xlsx?|odt|zip)$)", re.I)
_MOST_DOCUMENTS = 20
_IN_PARTS = ("description", "beneficiaryAdministration", "furtherInformation")


def title(hit: Hit) -> str | None:
    """Return the document's own title, persons cut."""
    if hit.type == "8":
        given = hit.summary() or hit.first("callTitle", "caName", "title")
    else:
        given = hit.first("title") or hit.summary() or hit.first("caName")
    return (without_people(clean_line(given)) or None) if given else None


def line(hit: Hit, *names: str) -> str | None:
    """Return the first text under these names as one line, persons cut."""
    given = hit.first(*names)
    return (without_people(clean_line(given)) or None) if given else None


def texts(hit: Hit) -> tuple[str | None, str | None]:
    """Return a summary of at most 500 characters, and the whole as html where that is not all of it."""
    names = ("descriptionByte",) if hit.first("descriptionByte") else _IN_PARTS
    body = without_people("".join(_as_html(given) for name in names if (given := hit.first(name))))
    whole = plain(body)
    if not whole:
        return None, None
    if len(whole) <= _SUMMARY and not re.search(r"<(?!/?p>)", body):
        return whole, None
    return shorten(whole, _SUMMARY), body


def _as_html(text: str) -> str:
    """Make html of a text, which is html or plain with line breaks."""
    if _MARKUP.search(text):
        return clean_html(_HEADING.sub(r"<h4>\1</h4>", text), PORTAL)
    lines = (clean_line(line) for line in visible(html.unescape(text)).splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def conditions(hit: Hit) -> str | None:
    """Return who may apply, as far as the conditions of a topic say it, as plain text."""
    given = hit.first("topicConditions")
    text = without_people(plain(given)) if given else ""
    return shorten(text, _CONDITIONS) or None


def linked_documents(hit: Hit) -> list[Link]:
    """Return the documents that the conditions of a topic point to."""
    found: dict[str, Link] = {}
    for address, label in _LINK.findall(hit.first("topicConditions") or ""):
        url = http_url(html.unescape(address), PORTAL)
        if url and _DOCUMENT.search(url.split("?")[0]) and url not in found and len(found) < _MOST_DOCUMENTS:
            name = without_people(plain(label))
            found[url] = Link(url=url, title=shorten(name, 120) or None)
    return list(found.values())


def keywords(listed: Iterable[str], *, without: Iterable[str | None]) -> tuple[str, ...]:
    """Return the free words of the source, without those that are only its own numbers."""
    numbers = {each.casefold() for each in without if each}
    lines = (without_people(clean_line(word)) for word in listed)
    return tuple(dict.fromkeys(line for line in lines if line and line.casefold() not in numbers))


def holds_any(wanted: Iterable[str], *where: str | None) -> bool:
    """Say whether one of the texts holds a word that begins as one of those wanted."""
    text = " ".join(filter(None, where)).casefold()
    return any(re.search(rf"(?<!\w){re.escape(word.casefold().strip())}", text) for word in wanted)
