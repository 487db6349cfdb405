"""A profile's own page, cut into its fields: description lists under headings.

The one thing to know: two labels come twice, in other case and another section, so a field is known by section and label,
the first of each counts, and who asks for a label alone gets the first that says something. What stands under a heading
that no profile has is another matter, and where another reference comes another profile begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of
from connectors.base.text import plain
from connectors.een.markup import lines_of, main_of, text_of

REFERENCE, VALIDITY, EOI, CALL = "POD Reference", "Term of Validity", "Deadline for EoI", "Deadline of the call"
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
    """`elsewhere` are labels under headings that are none of a profile's own; their values are not read."""

    title: str
    fields: tuple[Field, ...]
    elsewhere: tuple[str, ...] = ()

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


_SECTIONS = frozenset(
    map(key_of, ("Summary", "General information", "Partner Sought", "Call details", "Dissemination"))
)
_DAYS = frozenset(map(key_of, (VALIDITY, EOI, CALL)))


def facts(page: Page) -> dict[str, Any]:
    """Cut a profile's page into texts that can be kept as JSON. Raises ParseError when it is no such page."""
    soup = html_of(page)
    title = _title(soup)
    found = [each for each in _fields(main_of(soup)) if each.lines]
    # Where no heading is one that we know, they were renamed, and the labels must do.
    known = _SECTIONS | {""} if any(key_of(each.section) in _SECTIONS for each in found) else None
    fields: dict[tuple[str, str], Field] = {}
    elsewhere: list[str] = []
    for each in found:
        if known is None or key_of(each.section) in known:
            fields.setdefault((key_of(each.section), key_of(each.label)), each)
        else:
            elsewhere.append(f"{each.section}: {each.label}")
    if not title or not fields:
        where = "dl" if title else "h1"
        raise ParseError(page.url, where, "is not there: not a profile but a login page, a wall, or changed markup")
    return {
        "title": title,
        "fields": [
            {"section": each.section, "label": each.label, "html": each.html, "lines": list(each.lines)}
            for each in fields.values()
        ],
        "elsewhere": elsewhere,
    }


def profile_of(said: Mapping[str, Any]) -> Profile:
    """Read what `facts` wrote."""
    return Profile(
        said["title"],
        tuple(Field(each["section"], each["label"], each["html"], tuple(each["lines"])) for each in said["fields"]),
        tuple(said["elsewhere"]),
    )


def _title(soup: Tag) -> str:
    """The page's own heading: never the name of the site, which may be a first heading too."""
    header = (each for each in soup.find_all("h1") if each.find_parent(["header", "nav", "footer"]) is None)
    return text_of(
        soup.select_one(".ecl-page-header__title, .ecl-page-header h1")
        or soup.select_one("main h1")
        or next(header, None)
    )


def _fields(main: Tag) -> Iterator[Field]:
    section, reference = "", ""
    for element in main.find_all([*_HEADINGS, "dl"]):
        # A description may hold headings and lists of its own; a card is about another profile.
        if element.find_parent("dd") is not None or element.find_parent(class_="ecl-card") is not None:
            continue
        if element.name != "dl":
            section = text_of(element)
            continue
        group = list(_groups(element, section))
        for named in (" ".join(each.lines) for each in group if key_of(each.label) == key_of(REFERENCE) and each.lines):
            if reference and named != reference:
                return
            reference = named
        yield from group


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
    labels = [text_of(term) for term in terms]
    # A day is never shared: the terms before the last one have lost their definition, and must not take that of another.
    if any(key_of(label) in _DAYS for label in labels):
        labels = labels[-1:]
    for label in labels:
        yield Field(section, label, html, lines_of(values))
