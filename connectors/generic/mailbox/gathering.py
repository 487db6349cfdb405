"""The links of a mail that lead to something, each with its title and with what stands around it.

The one thing to know: a link may stand in the page, in the text, or in both, and one part may name what the other leaves out;
so both are read, and the same address is one item.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import regex  # type: ignore[import-untyped]  # it ships no types
from bs4 import BeautifulSoup, Tag

from connectors.base.contract import ParseError
from connectors.base.documents import read_html
from connectors.base.text import clean_line
from connectors.generic.mailbox import links
from connectors.generic.mailbox.mime import Mail

MOST_LINKS = 500
_LONGEST_BLOCK = 1_500
_PATIENCE = 0.1
# Words that lead somewhere and say nothing of where.
_LABEL = re.compile(
    r"(?:(?:read|learn|see|find out|view|discover|show) (?:more|all|it|now|online|details?|the call)"
    r"|(?:view|open|read) (?:this e-?mail )?in (?:your |the )?browser"
    r"|click here|here|more|details?|link|view|open|apply(?: now)?|register(?: now)?|download|website|continue(?: reading)?"
    r"|leggi(?: (?:tutto|di più|ancora))?"
    r"|scopri(?: di più)?|vai(?: al (?:sito|bando))?|clicca qui|qui|continua(?: a leggere)?|approfondisci|scarica"
    r"|maggiori informazioni|dettagli|apri|visualizza"
    r"|lire(?: la suite| plus)?|en savoir plus|voir|ici|cliquez ici|mehr(?: erfahren| lesen)?"
    r"|weiterlesen|weiter|hier|jetzt lesen|ansehen|zum artikel"
    r"|leer más|más información|ver(?: más)?|aquí|saber mais|lees (?:meer|verder)|meer)"
    r"[\s:.…>→»!]*",
    re.I,
)
_NO_ITEM = re.compile(
    r"(?:^|\.)(?:facebook|instagram|twitter|x|youtube|tiktok|whatsapp|t|threads|pinterest|vimeo|flickr)\.(?:com|me|net)$|^youtu\.be$|\.mastodon\.",
    re.I,
)
_ABOUT_US = re.compile(
    r"/(?:privacy|cookie|terms|legal|imprint|impressum|contacts?|contatti|note-legali|about-us|chi-siamo|help|faq)(?:[-_/.]|$)",
    re.I,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico)$", re.I)
_BLOCKS = ("td", "li", "div", "p", "article", "section", "blockquote")


@dataclass(frozen=True, slots=True)
class Linked:
    """One thing that a mail leads to: its canonical address, its title if it has one, the text around it."""

    url: str
    title: str
    text: str


def linked(mail: Mail, pattern: str, *, url: str) -> list[Linked]:
    """The items of a mail, in its order. Raises ParseError where the pattern takes too long on one of its addresses."""
    wanted = _wanted(pattern, url)
    found: dict[str, Linked] = {}
    for page in mail.pages:
        _add(found, _of_page(read_html(page, url), wanted))
    for text in mail.texts:
        _add(found, _of_text(text, wanted))
    return list(found.values())[:MOST_LINKS]


def _add(found: dict[str, Linked], new: list[Linked]) -> None:
    for one in new:
        there = found.get(one.url)
        if there is None or (not there.title and one.title):
            found[one.url] = Linked(one.url, one.title, max(one.text, there.text if there else "", key=len))


def _wanted(pattern: str, where: str) -> Callable[[str], bool]:
    if not pattern:
        return _is_item
    compiled, known = regex.compile(pattern), dict[str, bool]()

    def matches(url: str) -> bool:
        if url not in known:
            try:
                known[url] = compiled.search(url, timeout=_PATIENCE) is not None
            except TimeoutError as exc:
                raise ParseError(where, "item_url_pattern", "takes too long on an address of this mail") from exc
        return known[url]

    return matches


def _is_item(url: str) -> bool:
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query:
        return False
    return not (_NO_ITEM.search(parts.hostname or "") or _ABOUT_US.search(parts.path) or _PICTURE.search(parts.path))


def _of_page(soup: BeautifulSoup, wanted: Callable[[str], bool]) -> list[Linked]:
    anchors: dict[str, list[Tag]] = {}
    for anchor in soup.find_all("a", href=True)[: 4 * MOST_LINKS]:
        said = anchor.get_text(" ", strip=True)
        url = None if links.about_subscription(said) else links.scrubbed(str(anchor["href"]))
        if url and wanted(url):
            anchors.setdefault(url, []).append(anchor)
    whose = {id(anchor): url for url, those in anchors.items() for anchor in those}
    found = [_of_anchors(url, those, whose) for url, those in anchors.items()]
    # An address that is written out, in a page that is no page at all.
    written = _of_text(soup.get_text("\n"), wanted)
    return found + [one for one in written if one.url not in anchors]


def _of_anchors(url: str, anchors: list[Tag], whose: dict[int, str]) -> Linked:
    said = [clean_line(anchor.get_text(" ", strip=True)) for anchor in anchors]
    titles = [text for text in said if text and not _LABEL.fullmatch(text) and not text.startswith("http")]
    text = max((_around(anchor, whose) for anchor in anchors), key=len)
    return Linked(url, max(titles, key=len, default=_heading(anchors) or _beginning(text)), text)


def _around(anchor: Tag, whose: dict[int, str]) -> str:
    """The largest block around a link that leads to nothing else and is no page of its own."""
    text = anchor.get_text(" ", strip=True)
    for block in anchor.parents:
        if block.name in (None, "[document]", "html", "body"):
            break
        said = block.get_text(" ", strip=True)
        if (
            len(said) >= _LONGEST_BLOCK
            or len({whose[id(a)] for a in block.find_all("a", href=True) if id(a) in whose}) > 1
        ):
            break
        if block.name in _BLOCKS:
            text = said
            if block.name in ("td", "li", "article") and len(said) > len(anchor.get_text(" ", strip=True)):
                break
    return text


def _heading(anchors: list[Tag]) -> str:
    for anchor in anchors:
        for block in list(anchor.parents)[:4]:
            heading = block.find(["h1", "h2", "h3", "h4", "h5", "strong", "b"])
            if heading is not None and (text := clean_line(heading.get_text(" ", strip=True), 300)):
                return text
    return ""


def _beginning(text: str) -> str:
    line = clean_line(text, 150)
    return "" if _LABEL.fullmatch(line) or line.startswith("http") else line


def _of_text(text: str, wanted: Callable[[str], bool]) -> list[Linked]:
    found: list[Linked] = []
    lines: list[str] = []  # those of the paragraph in hand
    for raw in text.split("\n"):
        line = raw.strip()
        places = links.addresses_in(line)
        behind = 0
        for start, stop, address in places[:MOST_LINKS]:
            url = links.scrubbed(address)
            before, behind = line[behind:start].strip(" <>)]([:-–—•*"), stop
            if url and wanted(url) and not links.about_subscription(before):
                about = [*lines, before] if before else lines
                titles = [said for said in about if said and not _LABEL.fullmatch(said)]
                found.append(
                    Linked(url, clean_line(titles[0] if titles else "", 300), " ".join(about)[:_LONGEST_BLOCK])
                )
        if places or not line:
            lines = []
        elif len(lines) < 30:
            lines.append(line)
        if len(found) >= MOST_LINKS:
            break
    return found
