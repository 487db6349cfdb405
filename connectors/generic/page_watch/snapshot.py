"""The text of a page as lines that can be compared: what counts of it, without what changes on every visit.

The one thing to know: noise is taken out before lines are compared, so that a counter cannot make a change; and a page in
which nothing that counts is found is an error, because a filter that has lost its place sees everything go.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag

from connectors.base.answers import strayed
from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of, json_of, text_of
from connectors.base.text import clean_html, clean_line, plain
from connectors.generic.around import take_off
from connectors.generic.page_watch.about import Params
from connectors.generic.selecting import without, words_of

MOST_LINES = 4_000
_LONGEST_LINE = 1_000
_BLOCK = re.compile(r"</?(?:p|br|li|ul|ol|h[345]|table|thead|tbody|tr)\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>\s*(?=<t[dh])", re.IGNORECASE)
_NOISE = re.compile(
    r"(?:ultim[oa] (?:aggiornamento|modifica|revisione)|(?:pagina )?aggiornat[oa] (?:al|il)\b|last (?:updated?|modified|reviewed|changed)"
    r"|page (?:last )?updated|dernière (?:mise à jour|modification)|mise? à jour le|zuletzt (?:aktualisiert|geändert)"
    r"|letzte (?:änderung|aktualisierung)|última (?:actualización|modificación|atualização)|laatst (?:gewijzigd|bijgewerkt)"
    r"|laatste (?:wijziging|update)).*"
    r"|\b(?:visite|visitatori|visualizzazioni|letture|accessi|utenti online|visits?|visitors?|views?|page ?views|visiteurs|vues|besucher"
    r"|aufrufe|visitas|weergaven|bezoekers)\s*:?\s*\d[\d.,\s]*|\b\d[\d.,]*\s*(?:visite|visualizzazioni|letture|views|visits|vues|aufrufe)\b"
    r"|(?:©|\(c\)|copyright)\s*(?:\d{4}\s*[-–]\s*)?\d{4}"
    r"|\b\d+\s+(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|seconds?|minutes?|hours?|days?|weeks?)\s+(?:fa|ago)\b"
    r"|\bil y a \d+ \w+|\bvor \d+ \w+|\bhace \d+ \w+|\b\d+ (?:dagen|uur|minuten) geleden"
    r"|\b[0-9a-f]{16,}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`lines` as a person reads them, each with the form in which it is compared."""

    title: str
    lang: str
    lines: tuple[tuple[str, str], ...]


def snapshot(page: Page, params: Params) -> Snapshot:
    """Read the lines of a page that count. Raises ParseError where there are none, or another page came in its place."""
    if (astray := strayed(page)) is not None:
        raise ParseError(page.url, "page", astray, suspicious=True)
    start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith(b"%pdf") or b"\0" in page.body[:1000]:
        raise ParseError(page.url, "page", "is a file and no page with text: it cannot be watched")
    if re.match(rb"(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:rdf)\b", start):
        raise ParseError(page.url, "page", "is a feed: read it with the connector `feed`")
    if start[:1] in (b"{", b"["):
        pretty = json.dumps(json_of(page), ensure_ascii=False, indent=0, sort_keys=True)
        title, lang, raw = page.url, "", iter(pretty.splitlines())
    elif b"<" not in page.body:
        title, lang, raw = page.url, "", iter(text_of(page).splitlines())
    else:
        title, lang, raw = _html(page, params)
    lines: dict[str, str] = {}
    for shown, form in _compared(raw, page, params):
        lines.setdefault(form, shown)
    if not lines:
        raise ParseError(page.url, "text", "is not there: a script writes the page, or everything is left out of it")
    return Snapshot(title, lang, tuple(islice(((shown, form) for form, shown in lines.items()), MOST_LINES)))


def _html(page: Page, params: Params) -> tuple[str, str, Iterator[str]]:
    soup = html_of(page)
    title = clean_line(words_of(soup.title), 200) or clean_line(words_of(soup.find("h1")), 200) or page.url
    lang = str(soup.html.get("lang") or "") if soup.html else ""
    parts: list[Tag] = []
    for selector in params.include_selectors:
        found = soup.select(selector)
        if not found:
            raise ParseError(page.url, "include_selectors", f"{selector} matches nothing: changed markup")
        parts += found
    if not params.include_selectors:
        parts = [soup.body if soup.body is not None else soup]
        take_off(parts[0])
    for part in parts:
        for selector in params.subtract_selectors:
            for noise in part.select(selector):
                if not noise.decomposed:
                    noise.decompose()
    return title, lang, (line for part in parts for line in _lines(part))


def _lines(part: Tag | BeautifulSoup) -> Iterator[str]:
    html = _CELL.sub(" · ", clean_html(str(part)))
    for line in _BLOCK.split(html):
        if said := plain(line):
            yield said[:_LONGEST_LINE]


def _compared(raw: Iterator[str], page: Page, params: Params) -> Iterator[tuple[str, str]]:
    for line in raw:
        shown = " ".join(line.split())[:_LONGEST_LINE]
        kept = without(params.ignore_patterns, _NOISE.sub("", shown), url=page.url, where="ignore_patterns")
        form = " ".join(kept.split()).strip(" .:;,·-–").casefold()
        if any(sign.isalnum() for sign in form):
            yield shown, form
