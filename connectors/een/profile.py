"""A profile's own page, cut into its fields: description lists under headings.

The one thing to know: two labels come twice, in other case and another section, so a field is known by section and label,
the first of each counts, and who asks for a label alone gets the first that says something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of
from connectors.base.text import plain
from connectors.een.markup import lines_of, main_of, text_of

_HEADINGS = ("h2", "h3", "h4")


@dataclass(frozen=True, slots=True)
class Field:
    """`html` is as the site wrote it; `lines` its entries as plain text."""

    section: str
    label: str
    html: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    title: str
    fields: tuple[Field, ...]

    def field(self, label: str) -> Field | None:
        """Return the first field of this label, in any section and in any case."""
        wanted = key_of(label)
        return next((each for each in self.fields if key_of(each.label) == wanted), None)

    def lines(self, label: str) -> tuple[str, ...]:
        found = self.field(label)
        return found.lines if found else ()

    def text(self, label: str) -> str:
        """Return all of a field on one line, what stands around a list in it too; empty when the page does not have it."""
        found = self.field(label)
        return plain(found.html) if found else ""


def key_of(label: str) -> str:
    return " ".join(label.replace("’", "'").casefold().rstrip(": ").split())


def facts(page: Page) -> dict[str, Any]:
    """Cut a profile's page into texts that can be kept as JSON. Raises ParseError when it is no such page."""
    title = _title(page)
    fields: dict[tuple[str, str], Field] = {}
    for each in _fields(page):
        if each.lines:
            fields.setdefault((key_of(each.section), key_of(each.label)), each)
    if not title or not fields:
        raise ParseError(page.url, "dl", "is not there: not a profile but a login page, a wall, or changed markup")
    return {
        "title": title,
        "fields": [
            {"section": each.section, "label": each.label, "html": each.html, "lines": list(each.lines)}
            for each in fields.values()
        ],
    }


def profile_of(said: Mapping[str, Any]) -> Profile:
    """Read what `facts` wrote."""
    return Profile(
        said["title"],
        tuple(Field(each["section"], each["label"], each["html"], tuple(each["lines"])) for each in said["fields"]),
    )


def _title(page: Page) -> str:
    soup = html_of(page)
    return text_of(soup.select_one(".ecl-page-header__title") or soup.find("h1"))


def _fields(page: Page) -> Iterator[Field]:
    section = ""
    for element in main_of(page).find_all([*_HEADINGS, "dl"]):
        # A description may hold headings and lists of its own; a card is about another profile.
        if element.find_parent("dd") is not None or element.find_parent(class_="ecl-card") is not None:
            continue
        if element.name == "dl":
            yield from _groups(element, section)
        else:
            section = text_of(element)


def _groups(entries: Tag, section: str) -> Iterator[Field]:
    """Several terms may share one definition, and one term may have several: a group ends where a term follows one."""
    terms: list[Tag] = []
    values: list[Tag] = []
    for entry in entries.find_all(["dt", "dd"]):
        if entry.find_parent("dl") is not entries:
            continue
        if entry.name == "dt" and values:
            yield from _group(terms, values, section)
            terms, values = [], []
        (terms if entry.name == "dt" else values).append(entry)
    yield from _group(terms, values, section)


def _group(terms: list[Tag], values: list[Tag], section: str) -> Iterator[Field]:
    html = "\n".join(value.decode_contents() for value in values)
    for term in terms:
        yield Field(section, text_of(term), html, lines_of(values))
