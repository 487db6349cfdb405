"""JSON, XML and HTML of strangers, read within limits: depth, numbers, entities, nodes.

The one thing to know: whatever is wrong with a document raises ParseError with its address, and never anything else; a
connector reads its pages through here and through nothing of its own.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup

from connectors.base.body import decode_text
from connectors.base.contract import Page, ParseError

DEEPEST_JSON = 100
DEEPEST_HTML = 500
MOST_NODES = 200_000


def json_of(page: Page) -> Any:
    """Read a JSON document (RFC 8259: UTF-8, no NaN). Raises ParseError, also for one that is nested beyond reason."""
    try:
        value = json.loads(page.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ParseError(page.url, "body", f"is not JSON{_instead(page)}") from error
    if _deeper(value, DEEPEST_JSON):
        raise ParseError(page.url, "body", f"is JSON nested deeper than {DEEPEST_JSON}")
    return value


def object_of(page: Page) -> dict[str, Any]:
    """Read a JSON document that is an object. Raises ParseError."""
    value = json_of(page)
    if not isinstance(value, dict):
        raise ParseError(page.url, "body", f"is JSON, but no object: {type(value).__name__}")
    return value


def xml_of(page: Page) -> ElementTree.Element:
    """Read an XML document without a document type, so without entities (XML 1.0, 2.8). Raises ParseError."""
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 - entities cannot be declared, see _NoDoctype
    try:
        parser.feed(page.body)
        return parser.close()
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise ParseError(page.url, "document", f"is not XML that we read: {error}") from error


def html_of(page: Page) -> BeautifulSoup:
    """Read an HTML page. Raises ParseError for one with more nodes, or nested deeper, than a page for people has."""
    text, _ = decode_text(page.body, page.headers.get("content-type", ""))
    if text.count("<") > MOST_NODES:
        raise ParseError(page.url, "body", f"holds more than {MOST_NODES} tags")
    try:
        return BeautifulSoup(text, "html.parser")
    except (RecursionError, ValueError, AssertionError) as error:
        raise ParseError(page.url, "body", "is HTML that cannot be read") from error


class _NoDoctype(ElementTree.TreeBuilder):
    """Builds the tree, and stops at a document type: it is where entities are declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type is refused")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _deeper(value: Any, most: int) -> bool:
    level: list[Any] = [value]
    for _ in range(most + 1):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, Mapping):
                inner += one.values()
            elif isinstance(one, Sequence) and not isinstance(one, str):
                inner += one
        if not inner:
            return False
        level = inner
    return True


def _instead(page: Page) -> str:
    head = page.body[:300].lstrip().lower()
    return ": a web page came in its place (a login, a wall, maintenance?)" if head.startswith(b"<") else ""
