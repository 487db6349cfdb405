"""One row of an answer: its values by name, whatever shape they came in.

The one thing to know: every value in `metadata` is a list of texts, numbers and JSON too; null keys are null or missing;
a few rows have no `metadata`, and the same fields stand beside the others. A side field that cannot be read is left out
and named in `unread`: it never costs the call.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.base import codes
from connectors.base.contract import Page, ParseError
from connectors.base.documents import json_of

# 48400948TOPICSen, 15342COMPETITIVE_CALLen, 186723PROSPECTSEN; not <uuid>-CN, not old ones that end in digits.
_WITH_LANGUAGE = re.compile(r"(\d+[A-Z_]+?)([a-z]{2}|(?<=PROSPECTS)[A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Hit:
    row: Mapping[str, Any]
    _unread: set[str] = field(default_factory=set, compare=False)

    @property
    def metadata(self) -> Mapping[str, Any]:
        inner = self.row.get("metadata")
        return inner if isinstance(inner, dict) and inner else self.row

    @property
    def unread(self) -> list[str]:
        """The names of the fields that were left out because they could not be read, as far as this row was read."""
        return sorted(self._unread)

    def leave_out(self, name: str) -> None:
        """Note that a field cannot be read, or not all of it."""
        self._unread.add(name)

    @property
    def reference(self) -> str:
        """The portal's own key, one per document and language. Raises ValueError where there is none."""
        given = self.row.get("reference") or self.first("REFERENCE")
        if not isinstance(given, str) or not given.strip():
            raise ValueError("reference is missing")
        return given.strip()

    @property
    def source_id(self) -> str:
        """The reference without its language, so that translations are one document."""
        return _parted(self.reference)[0]

    @property
    def language(self) -> str | None:
        """The language of the row: its own word, else the end of its reference."""
        given = self.first("language") or self.row.get("language") or self.suffix
        return str(given).lower() if given else None

    @property
    def suffix(self) -> str | None:
        """The language that the end of the reference names. Raises ValueError where there is no reference."""
        return _parted(self.reference)[1]

    @property
    def type(self) -> str | None:
        return self.first("type")

    @property
    def identifier(self) -> str | None:
        return self.first("identifier")

    def values(self, name: str) -> list[str]:
        """Return the texts under a name, without empty ones, once each, in their order."""
        return texts_of(self.metadata.get(name))[0]

    def is_plain(self, name: str) -> bool:
        """Say whether all that stands under a name is texts and numbers."""
        return texts_of(self.metadata.get(name))[1]

    def first(self, *names: str) -> str | None:
        """Return the first text under the first of these names that has one."""
        return next((values[0] for name in names if (values := self.values(name))), None)

    def summary(self) -> str | None:
        given = self.row.get("summary")
        return given.strip() or None if isinstance(given, str) else None

    def json(self, name: str, page: Page) -> Any:
        """Return what a JSON text under a name says; None where there is none, and where it is left out as unreadable."""
        text = self.first(name)
        if not self.is_plain(name):
            self.leave_out(name)
        try:
            return json_of(replace(page, body=text.encode("utf-8", "replace"))) if text is not None else None
        except ParseError:
            self.leave_out(name)
            return None

    def json_list(self, name: str, page: Page) -> list[Any]:
        """Return the list that a JSON text holds, an empty one where there is none."""
        said = self.json(name, page)
        if said is not None and not isinstance(said, list):
            self.leave_out(name)
        return said if isinstance(said, list) else []

    def json_object(self, name: str, page: Page) -> dict[str, Any]:
        """Return the object that a JSON text holds, an empty one where there is none."""
        said = self.json(name, page)
        if said is not None and not isinstance(said, dict):
            self.leave_out(name)
        return said if isinstance(said, dict) else {}


def texts_of(value: Any) -> tuple[list[str], bool]:
    """Return the texts of a value, without empty ones, once each; and whether there was nothing but texts and nulls."""
    listed = value if isinstance(value, list) else [value]
    plain = [each for each in listed if each is not None]
    texts = (str(each).strip() for each in plain if isinstance(each, str | int | float))
    return list(dict.fromkeys(text for text in texts if text)), all(isinstance(e, str | int | float) for e in plain)


def _parted(reference: str) -> tuple[str, str | None]:
    found = _WITH_LANGUAGE.fullmatch(reference)
    if found and codes.language(found[2]):
        return found[1], found[2].lower()
    return reference, None
