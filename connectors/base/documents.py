"""JSON, XML and HTML of strangers, read within limits: depth, numbers, entities, nodes, and so time and memory.

The one thing to know: whatever is wrong with a document raises ParseError with its address, and never anything else; a
connector reads its pages through here and through nothing of its own.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from xml.etree import ElementTree

import structlog
from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

from connectors.base.body import decode_text, doubt
from connectors.base.contract import Page, ParseError
from connectors.base.guard import masked
from connectors.base.markup import Most, calm
from connectors.base.walls import instead_of_data, instead_of_page

log = structlog.get_logger(__name__)

DEEPEST = 100
"""Levels of JSON and of XML."""
MOST_VALUES = 250_000
"""Values of a JSON document, counted by the signs that stand between them."""
LARGEST_JSON = 8_000_000
"""Bytes, unpacked. What becomes of them takes ten times as much; the answers of our sources have a quarter of it."""
WIDEST = 16_000_000
"""Bytes of a JSON text in memory, where one sign beyond the first plane makes every sign take four."""
MOST_ELEMENTS = 150_000
"""Elements of an XML document, and their attributes."""
MOST_TAGS = 50_000
"""Tags of an HTML page; an element takes a kilobyte here. The longest pages of our sources have a twentieth of it."""
MOST_REFERENCES = 200_000
LARGEST_HTML = 5_000_000
LONGEST_NUMBER = 100
_WIDE, _HALF_WIDE = re.compile(rb"[\xf0-\xf4]"), re.compile(rb"[\xc4-\xef]")
_HTML = Most(tags=MOST_TAGS, attributes=2 * MOST_TAGS, depth=200)

_N = TypeVar("_N", int, float)


def json_of(page: Page) -> Any:
    """Read a JSON document (RFC 8259: UTF-8, no NaN). Raises ParseError, also for one that is nested beyond reason."""
    return read_json(page.body, page.url)


def read_json(body: bytes | str, url: str) -> Any:
    """Read the text of a JSON document, as `json_of` does."""
    marks = sum(map(body.count, ",[{")) if isinstance(body, str) else sum(map(body.count, (b",", b"[", b"{")))
    if marks > MOST_VALUES:
        raise ParseError(url, "body", f"is JSON of more than {MOST_VALUES} values")
    if len(body) > LARGEST_JSON:
        raise ParseError(url, "body", f"is JSON of more than {LARGEST_JSON} bytes")
    if _width(body) > WIDEST:
        raise ParseError(url, "body", f"is JSON whose text takes more than {WIDEST} bytes of memory")
    try:
        value = json.loads(body, parse_constant=_no_number, parse_float=_number(float), parse_int=_number(int))
    except (ValueError, RecursionError) as error:
        raise _not_the_data(url, "body", "JSON", body, error) from error
    if _deeper(value, DEEPEST):
        raise ParseError(url, "body", f"is JSON nested deeper than {DEEPEST}")
    return value


def object_of(page: Page) -> dict[str, Any]:
    """Read a JSON document that is an object. Raises ParseError."""
    value = json_of(page)
    if not isinstance(value, dict):
        raise ParseError(page.url, "body", f"is JSON, but no object: {type(value).__name__}")
    return value


def xml_of(page: Page) -> ElementTree.Element:
    """Read an XML document without a document type, so without entities (XML 1.0, 2.8). Raises ParseError."""
    text = text_of(page).lstrip("\ufeff \t\r\n")
    parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314 - entities cannot be declared, see _Builder
    try:
        if text.count("<") > 2 * MOST_ELEMENTS:
            raise ElementTree.ParseError(f"more than {MOST_ELEMENTS} elements")
        parser.feed(text)  # decoded already, so no declaration inside can have the parser read it otherwise
        return parser.close()
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise _not_the_data(page.url, "document", "XML that we read", text, error) from error


def html_of(page: Page) -> BeautifulSoup:
    """Read an HTML page. Raises ParseError for one with more in it than a page for people has, and for a wall."""
    text = text_of(page)
    if (came := instead_of_page(text)) is not None:
        raise ParseError(page.url, "body", f"is not the page: {came} came in its place", suspicious=True)
    return read_html(text, page.url)


def read_html(text: str, url: str) -> BeautifulSoup:
    """Read the text of an HTML page, whatever page it is. Raises ParseError."""
    _bounded(url, text)
    try:
        return BeautifulSoup(calm(text, _HTML), "html.parser")
    except (ValueError, AssertionError, RecursionError, ParserRejectedMarkup) as error:
        raise ParseError(url, "body", f"is HTML that cannot be read: {error}") from error


def text_of(page: Page) -> str:
    """Decode a page by the one order of body.decode_text; what looks wrongly decoded is a line in the log."""
    text, guessed = decode_text(page.body, page.headers.get("content-type", ""))
    if why := doubt(text, guessed=guessed):
        log.warning("text of doubtful quality", url=masked(page.url), why=why)
    return text


def _bounded(url: str, text: str) -> None:
    if len(text) > LARGEST_HTML:
        raise ParseError(url, "body", f"is HTML of more than {LARGEST_HTML} characters")
    # Cheaper to count than to read; scripts hold few of these signs.
    if text.count("<") > 2 * MOST_TAGS or text.count("&") > MOST_REFERENCES:
        raise ParseError(url, "body", f"holds more than {MOST_TAGS} tags, or {MOST_REFERENCES} references")


class _Builder(ElementTree.TreeBuilder):
    """Builds the tree within limits, and stops at a document type: it is where entities are declared."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._parts = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type is refused")

    def start(self, tag: str, attrs: dict[str, str]) -> ElementTree.Element:
        self._depth += 1
        self._parts += 1 + len(attrs)
        if self._depth > DEEPEST or self._parts > MOST_ELEMENTS:
            raise ElementTree.ParseError(f"more than {MOST_ELEMENTS} elements, or {DEEPEST} levels of them")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _width(body: bytes | str) -> int:
    """Say how many bytes of memory a text takes at most; of bytes, once they are decoded from UTF-8."""
    if isinstance(body, str):
        return sys.getsizeof(body)
    beyond_first_plane, beyond_latin_1 = _WIDE.search(body), _HALF_WIDE.search(body)
    return len(body) * (4 if beyond_first_plane else 2 if beyond_latin_1 else 1)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _number(made: Callable[[str], _N]) -> Callable[[str], _N]:
    def read(written: str) -> _N:
        if len(written) > LONGEST_NUMBER or not math.isfinite(number := made(written)):
            raise ValueError(f"a number of {len(written)} signs, or without an end")
        return number

    return read


def _deeper(value: Any, most: int) -> bool:
    level: list[Any] = [value]
    for _ in range(most):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, Mapping):
                inner += one.values()
            elif isinstance(one, Sequence) and not isinstance(one, str):
                inner += one
        if not inner:
            return False
        level = inner
    return any(isinstance(one, Mapping | Sequence) and not isinstance(one, str) for one in level)


def _not_the_data(url: str, where: str, due: str, body: bytes | str, error: Exception) -> ParseError:
    head = body[:100_000]
    came = instead_of_data(head if isinstance(head, str) else head.decode("utf-8", "replace"))
    if came is not None:
        return ParseError(url, where, f"is not {due}: {came} came in its place", suspicious=True)
    why = " ".join(str(error).split())[:200]
    return ParseError(url, where, f"is not {due}" + (f": {why}" if due != "JSON" else ""))
