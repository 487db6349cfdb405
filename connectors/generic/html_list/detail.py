"""An item's own page: its title, text, days and documents, without the menus and cookie notices around them.

The one thing to know: where the text of a page says nothing, what the site tells search engines does (Open Graph,
schema.org); but a page whose text cannot be found is an error, for a consent notice has been taken for a call before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from connectors.base.contract import Kind, Page, ParseError
from connectors.base.documents import html_of, read_json
from connectors.base.text import clean_line
from connectors.generic.around import take_off
from connectors.generic.html_list.about import Params
from connectors.generic.html_list.addresses import base_of, canonical
from connectors.generic.html_list.dating import date_line, stated, without_line
from connectors.generic.selecting import matched, words_of

_NOT_FOUND = re.compile(
    r"(?:erro[re]{1,2} |error |fehler |erreur )?404\b.*|.*\b(?:page|content|article) (?:is |was |could )?not (?:be )?found\b.*"
    r"|.*\b(?:pagina|contenuto) (?:richiest[ao] )?non (?:trovat[ao]|disponibile|esiste)\b.*|.*page (?:introuvable|non trouvée).*"
    r"|.*seite (?:wurde )?nicht gefunden.*|.*página no encontrada.*|.*pagina niet gevonden.*|not found",
    re.IGNORECASE,
)
_TYPES = ("article", "posting", "event", "service", "grant", "offer")
_TELLS = (
    ("title", "headline"),
    ("title", "name"),
    ("summary", "description"),
    ("published", "datePublished"),
    ("published", "datePosted"),
    ("validThrough", "validThrough"),
)
_PARTS_OF_TITLE = re.compile(r"\s+[|·»–—]\s+|\s+-\s+")
_LEAST_TEXT = 20


@dataclass(frozen=True, slots=True)
class Detail:
    """What an item's own page says; texts as written, `gone` when it says that there is nothing any more."""

    gone: bool = False
    title: str = ""
    html: str = ""
    summary: str = ""
    published: str = ""
    deadline: str = ""
    held: str = ""
    kind: Kind | None = None
    closed: bool = False
    lang: str = ""
    base: str = ""
    documents: tuple[tuple[str, str], ...] = ()


def read_detail(page: Page, params: Params) -> Detail:
    """Read an item's page. Raises ParseError for one without a title, or whose text cannot be found."""
    if page.status in (404, 410):
        return Detail(gone=True)
    soup = html_of(page)
    heading, title = soup.find("h1"), clean_line(words_of(soup.title), 300)
    # A friendly 200 that says that there is nothing here.
    if any(_NOT_FOUND.fullmatch(said) for said in (words_of(heading)[:300], *_PARTS_OF_TITLE.split(title))):
        return Detail(gone=True)
    base, told = base_of(soup, page.url), _told(soup)
    state = " ".join(map(words_of, soup.select(params.state_selector))) if params.state_selector else ""
    closed = bool(state) and matched(params.closed_pattern, state, url=page.url, where="closed_pattern") is not None
    deadline = stated(params.deadline_selector, soup) or told.get("validThrough", "")
    documents = tuple(_documents(soup, base, params))
    content = _content(soup, page, params)
    own = content.find("h1")
    published = stated(params.date_selector, content) or told.get("published", "")
    name = words_of(own) or told.get("title", "") or words_of(heading) or _PARTS_OF_TITLE.split(title)[0]
    if not published and params.date_line:
        published = date_line(content, params.lang)
        without_line(content, published)
    take_off(content, (*params.cleanup_selectors, *filter(None, (params.state_selector,))))
    if own is not None and not own.decomposed:
        own.decompose()
    text, summary = words_of(content), told.get("summary", "")
    if not name:
        raise ParseError(page.url, "title", "is not there: no heading, and none for search engines")
    if len(text) < _LEAST_TEXT and not summary:
        raise ParseError(page.url, "content_selector", "leads to no text: changed markup, or a script writes the page")
    return Detail(
        title=name,
        html=str(content) if len(text) >= _LEAST_TEXT else "",
        summary=summary,
        published=published,
        deadline=deadline,
        held=told.get("held", ""),
        kind="event" if "held" in told else "vacancy" if "vacancy" in told else None,
        closed=closed,
        lang=str(soup.html.get("lang") or "") if soup.html else "",
        base=base,
        documents=documents,
    )


def _content(soup: BeautifulSoup, page: Page, params: Params) -> Tag:
    if params.content_selector:
        found = soup.select_one(params.content_selector)
        if found is None:
            raise ParseError(page.url, "content_selector", f"{params.content_selector} matches nothing: changed markup")
        return found
    articles = soup.find_all("article")
    main = soup.select_one("main, [role=main]")
    if len(articles) == 1 and len(words_of(articles[0])) >= _LEAST_TEXT:
        return articles[0]
    body = main if main is not None else soup.body
    if body is None:
        return soup
    if main is None:
        for header in body.find_all("header"):
            if not header.decomposed and header.find("h1") is None:
                header.decompose()
    return body


def _documents(soup: BeautifulSoup, base: str, params: Params) -> Iterator[tuple[str, str]]:
    for link in soup.select(params.doc_selector)[:100] if params.doc_selector else ():
        if (url := canonical(str(link.get("href") or ""), base)) is not None:
            yield url, words_of(link)


def _told(soup: BeautifulSoup) -> dict[str, str]:
    """What the page tells search engines, under our own few names."""
    said: dict[str, str] = {}
    for key, names in (
        ("title", ("og:title", "twitter:title")),
        ("summary", ("og:description", "description")),
        ("published", ("article:published_time", "dcterms.date", "date")),
    ):
        for name in names:
            meta = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
            if isinstance(meta, Tag) and (value := str(meta.get("content") or "").strip()):
                said.setdefault(key, _PARTS_OF_TITLE.split(value)[0] if key == "title" else value)
    for thing in _things(soup):
        # Other things begin as well (a course, an offer); only an event is held on a day.
        what = str(thing.get("@type", "")).lower()
        own = (("held", "startDate"),) if "event" in what else ()
        for key, name in (*_TELLS, *own):
            stated_value = thing.get(name)
            if isinstance(stated_value, str) and stated_value.strip():
                said.setdefault(key, stated_value.strip())
        if "jobposting" in what:
            said.setdefault("vacancy", what)
    return said


def _things(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", type="application/ld+json")[:20]:
        try:
            value = read_json(script.get_text(), "")
        except ParseError:
            continue  # what is meant for search engines is often broken, and never needed
        graph = value.get("@graph", value) if isinstance(value, dict) else value
        for thing in graph if isinstance(graph, list) else [graph]:
            if isinstance(thing, dict) and any(word in str(thing.get("@type", "")).lower() for word in _TYPES):
                yield thing
