"""JSON: a list of objects, an object that holds one such list, or JSON lines.

The one thing to know: a value becomes the text that a cell would hold (a list is joined with semicolons), so that one and
the same reading serves every format.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.body import decode_text
from connectors.base.contract import ParseError
from connectors.base.documents import read_json
from connectors.generic.file_drop.rows import MOST_ROWS

_LIST_NAMES = ("items", "data", "records", "results", "organisations", "posts", "rows")

Found = tuple[int, Mapping[str, str] | str]


def objects(body: bytes, url: str) -> Iterator[Found]:
    """Yield the objects of a JSON file by number, as texts by name; of JSON lines, a bad line as its fault."""
    text, _ = decode_text(body)
    text = text.strip("\ufeff \t\r\n")
    if not text:
        return
    if _is_lines(text):
        yield from _of_lines(text, url)
        return
    for number, value in enumerate(_listed(read_json(text, url), url), 1):
        yield number, as_cells(value) if isinstance(value, dict) else "is no object"


def _is_lines(text: str) -> bool:
    first, _, rest = text.partition("\n")
    first = first.strip()
    return first.startswith("{") and first.endswith("}") and rest.lstrip().startswith("{")


def _of_lines(text: str, url: str) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), 1):
        if number > 2 * MOST_ROWS:
            raise ParseError(url, f"row {number}", f"the file has more than {2 * MOST_ROWS} lines; cut it into several")
        if not line.strip():
            continue
        try:
            value = read_json(line, url)
        except ParseError as error:
            yield number, f"is no line of JSON: {error.why}"
            continue
        yield number, as_cells(value) if isinstance(value, dict) else "is no object"


def _listed(value: Any, url: str) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = {name: inner for name, inner in value.items() if isinstance(inner, list)}
        named = [lists[name] for name in _LIST_NAMES if name in lists]
        if named or len(lists) == 1:
            return named[0] if named else next(iter(lists.values()))
        if not lists:
            return [value]
    raise ParseError(url, "body", "is JSON, but no list of objects")


def as_cells(value: Mapping[str, Any]) -> dict[str, str]:
    """Return an object as texts by name; an inner object gives its own names behind the outer one."""
    cells: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            cells.update({f"{name}_{under}": _text(deeper) for under, deeper in inner.items()})
        else:
            cells[name] = _text(inner)
    return {name: text for name, text in cells.items() if text}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(text for one in value if (text := _text(one)))
    if isinstance(value, Mapping):
        return "; ".join(text for one in value.values() if not isinstance(one, list | Mapping) and (text := _text(one)))
    return str(value)
