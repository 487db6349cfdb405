"""HTML of strangers, calmed: rewritten so that every reader of it needs time and memory in step with its length.

The one thing to know: this guards the machine and not the reader. A page of twenty kilobytes can make a reader of HTML
build a million elements, or look at every sign ten thousand times; what may be shown is decided in text.py.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Possessive throughout: what has been read once is never read again in another way.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<rest>[^>=]*+(?:=\s*+(?:\"[^\"]*\"|'[^']*')?+[^>=]*+)*+)>"
)
_TAG_TO_THE_NEXT_SIGN = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>[^>]*+)>")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s/=>][^\s/=>]*+)(?:\s*+=\s*+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>]*+)))?+"
)
_END_OF_COMMENT = re.compile(r"--!?>")
_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}
_VOID = "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
_EMPTY = frozenset(_VOID.split())
# A tag that ends those right around it, which nobody has closed (HTML, "Optional tags").
_ENDS = {
    **{name: (name,) for name in ("p", "li", "option", "thead", "tbody", "tfoot")},
    **dict.fromkeys(("dt", "dd"), ("dt", "dd")),
    **dict.fromkeys(("td", "th"), ("td", "th")),
    "tr": ("td", "th", "tr"),
}
_HIDDEN = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"))
_TRIES = 8  # so many tags without an end to their quotes are looked at to the end of the page
_LONGEST_NAME = 60
_MOST_OF_ONE_TAG = 200


class Excess(ValueError):
    """There is more of something than a page for people has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """How much of a page is read: more tags or attributes raise Excess, a tag that stands deeper leaves its text alone.

    `loose` are the signs "<" that begin no tag, where they count. `keep` says whether an attribute of a tag stays, None:
    all stay. Tags named in `drop` lose themselves, not their text.
    """

    tags: int
    attributes: int
    depth: int
    loose: int = 0
    keep: Callable[[str, str], bool] | None = None
    drop: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    rest: str
    ends: bool


def calm(html: str, most: Most) -> str:
    """Return a page whose tags are all whole and closed in order, without comments. Raises Excess."""
    return "".join(_nested(_tokens(html), most))


def weigh(xml: str, most: Most) -> None:
    """Look through XML, also ill-formed, and raise Excess for more than a reader of feeds can bear. Changes nothing."""
    at, depth, tags, attributes, tries = 0, 0, 0, 0, _TRIES
    last = xml.rfind(">")
    loose = xml.count("<", last + 1)
    if loose > most.loose:
        raise Excess(f"holds more than {most.loose} signs of a tag that is none")
    while (start := xml.find("<", at)) != -1 and start < last:
        for begins, ends in _HIDDEN:
            if xml.startswith(begins, start):
                end = xml.find(ends, start + len(begins))
                if end == -1:
                    return  # cut off here
                at = end + len(ends)
                break
        else:
            found = _TAG.match(xml, start) if tries else None
            if found is None:
                at, loose, tries = start + 1, loose + 1, max(tries - 1, 0)
                found = _TAG_TO_THE_NEXT_SIGN.match(xml, start)
            if found is not None:
                at, tags = found.end(), tags + 1
                loose += found["rest"].count("<")
                attributes += found["rest"].count("=")
                depth += -1 if found["end"] else not found["rest"].endswith("/")
        if tags > most.tags or loose > most.loose or attributes > most.attributes or depth > most.depth:
            raise Excess(f"holds more than {most.tags} tags, or {most.depth} levels of them")


def _tokens(html: str) -> Iterator[str | _Tag]:
    at, last, tries = 0, html.rfind(">"), _TRIES
    while (start := html.find("<", at)) != -1 and start < last:
        yield html[at:start]
        if html.startswith("<!--", start):
            end = _after_comment(html, start + 4)
            if end is None:
                return  # a comment without an end hides all that follows
            at = end
            continue
        found = _TAG.match(html, start) if tries else None
        if found is None:
            found = _TAG_TO_THE_NEXT_SIGN.match(html, start)
            tries -= tries > 0 and found is not None
        if found is None:
            unread = html[start + 1] in "!?/"
            at = html.index(">", start) + 1 if unread else start + 1
            yield "" if unread else "&lt;"
            continue
        at, tag = found.end(), _Tag(found["name"].lower(), found["rest"], bool(found["end"]))
        yield tag
        if tag.name in _RAW and not tag.ends:
            ends = _RAW[tag.name].search(html, at)
            yield html[at : ends.start()] if ends else ""
            at = ends.start() if ends else len(html)
    yield html[at:].replace("<", "&lt;")


def _after_comment(html: str, at: int) -> int | None:
    for whole in (">", "->"):
        if html.startswith(whole, at):
            return at + len(whole)
    found = _END_OF_COMMENT.search(html, at)
    return found.end() if found else None


def _nested(tokens: Iterator[str | _Tag], most: Most) -> Iterator[str]:
    opened: list[str] = []
    counted: dict[str, int] = {}
    left_out: dict[str, int] = {}
    tags = attributes = 0
    for token in tokens:
        if isinstance(token, str):
            yield token
            continue
        name = token.name
        if name in most.drop or len(name) > _LONGEST_NAME or "<" in name:
            continue
        if token.ends:
            if left_out.get(name):
                left_out[name] -= 1
            elif counted.get(name):
                yield from _closed(name, opened, counted)
            elif name in ("p", "br"):
                yield "<br>"  # these two mean a break also where nothing is open
            continue
        tags += 1
        if tags > most.tags:
            raise Excess(f"holds more than {most.tags} tags")
        said, empty = _attributes(token, most)
        attributes += len(said)
        if attributes > most.attributes:
            raise Excess(f"holds more than {most.attributes} attributes")
        whole = f"<{name}{''.join(said)}>"
        while opened and opened[-1] in _ENDS.get(name, ()):
            yield from _closed(opened[-1], opened, counted)
        if name in _EMPTY:
            yield whole
        elif empty:
            yield f"{whole}</{name}>"
        elif len(opened) >= most.depth:
            left_out[name] = left_out.get(name, 0) + 1
        else:
            opened.append(name)
            counted[name] = counted.get(name, 0) + 1
            yield whole
    for name in reversed(opened):
        yield f"</{name}>"


def _closed(name: str, opened: list[str], counted: dict[str, int]) -> Iterator[str]:
    inner = ""
    while inner != name:
        inner = opened.pop()
        counted[inner] -= 1
        yield f"</{inner}>"


def _attributes(tag: _Tag, most: Most) -> tuple[list[str], bool]:
    said: list[str] = []
    end = 0
    if not tag.rest:
        return said, False
    for number, found in enumerate(_ATTRIBUTE.finditer(tag.rest)):
        if number == _MOST_OF_ONE_TAG:
            return said, False
        end = found.end()
        key = found["name"].lower()
        if any(sign in key for sign in "\"'<") or (most.keep is not None and not most.keep(tag.name, key)):
            continue
        value = found["double"] or found["single"] or found["bare"] or ""
        said.append(f' {key}="{value.replace(chr(34), "&quot;")}"')
    return said, "/" in tag.rest[end:]
