"""What a TED notice says in words, and the addresses it gives: titles, description, buyer, pages, documents.

The one thing to know: an official title reads "country – trade – the buyer's own title"; TED translates the first two
into 24 languages and leaves the third as the buyer wrote it.
"""

import html
from functools import lru_cache

from connectors.base import codes
from connectors.base.contract import Body, Contact, Link
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, shorten, visible
from connectors.ted.lots import Data, texts
from connectors.ted.places import language_of

_READERS = {"ITA": "it", "ENG": "en", "FRA": "fr", "SPA": "es", "DEU": "de"}
_DASH = " – "
_SUMMARY = 500


def titles(data: Data, *, first: str | None) -> dict[str, str]:
    """Return every official title by language, persons cut; a title of the procedure only where there is no official one.

    The language that the buyer wrote in comes `first`: readers are shown that one as the original.
    """
    found = _by_language(data, "title-proc") | _by_language(data, "notice-title")
    return {first: found[first]} | found if first in found else found


def _by_language(data: Data, key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, value in sorted((data.get(key) or {}).items()):
        # Country and label come in a few hundred forms and the tail is one for 24 languages: each is cleaned once.
        parts = (value if isinstance(value, str) else next(iter(value), "")).split(_DASH, 2)
        text = _DASH.join(filter(None, map(_clean, parts)))
        if text:
            found.setdefault(codes.language(language) or "und", text)
    return found


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    return without_people(clean_line(text))


def _originals(data: Data) -> list[str]:
    """Name the languages that the buyer wrote in: those of the signed PDF."""
    return [lang for key in _links_of(data, "pdfs") if (lang := codes.language(key))]


def own_title(data: Data, country: str | None) -> tuple[str | None, str | None]:
    """Return the buyer's own title, and its language: that of the title or of the PDF, else of the buyer's country."""
    own, originals = _by_language(data, "title-proc"), _originals(data)
    for language in [*originals, *own]:
        if language in own:
            return own[language], language
    official = _by_language(data, "notice-title")
    told = next((lang for lang in originals if lang in official), None) or language_of(country, official)
    tail = official[told or next(iter(official))].split(_DASH, 2)[-1] if official else None
    return tail, told


def description(data: Data, language: str | None) -> tuple[str | None, str | None, str | None]:
    """Return a summary of at most 500 characters, the whole as html where that is not all of it, and their language."""
    given = {codes.language(key): value for key, value in sorted((data.get("description-proc") or {}).items())}
    spoken = language if language in given else next(iter(given), None)
    if not given.get(spoken):
        return None, None, None
    lines = visible(html.unescape(given[spoken])).splitlines()
    paragraphs = [without_people(line) for line in map(clean_line, lines) if line]
    whole = " ".join(paragraphs)
    if len(whole) <= _SUMMARY:
        return whole or None, None, spoken if whole else None
    body = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs)
    return shorten(whole, _SUMMARY), body, spoken


def buyer(data: Data, *, country: str | None, language: str | None) -> Body | None:
    """Return the first buyer, by its name in the language of the notice where it has one."""
    names = {codes.language(key): value for key, value in sorted((data.get("buyer-name") or {}).items())}
    given = names.get(language) or next(iter(names.values()), None)
    name = clean_line(given if isinstance(given, str) else given[0]) if given else ""
    return Body(name=name, country=country) if name else None


def _links_of(data: Data, form: str) -> dict[str, str]:
    return (data.get("links") or {}).get(form) or {}


def links(data: Data) -> tuple[Link, ...]:
    """Return the page in the languages of our readers, so that a letter opens it in theirs."""
    pages = _links_of(data, "html")
    found = [(http_url(pages[key]), lang) for key, lang in _READERS.items() if key in pages]
    return tuple(Link(url=url, lang=lang) for url, lang in found if url)


def documents(data: Data) -> tuple[Link, ...]:
    """Return where the documents of the procurement are (BT-15)."""
    addresses = dict.fromkeys(filter(None, map(http_url, texts(data, "document-url-lot"))))
    return tuple(Link(url=url) for url in addresses)


def contact(data: Data) -> Contact | None:
    """Return where tenders are handed in (BT-18); never a mailbox."""
    addresses = filter(None, map(http_url, texts(data, "submission-url-lot")))
    url = next(addresses, None)
    return Contact(url=url) if url else None
