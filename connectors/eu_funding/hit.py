"""One row of an answer: its values by name, whatever shape they came in.

The one thing to know: every value in `metadata` is a list of texts, numbers and JSON too; null keys are null or missing;
a few rows have no `metadata`, and the same fields stand beside the others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.base import codes
from connectors.base.contract import Page, ParseError
from connectors.base.documents import json_of

# 48400948TOPICSen, 15342COMPETITIVE_CALLen, 186723PROSPECTSEN; not <uuid>-CN, not old ones that end in digits.
_WITH_LANGUAGE = re.compile(r"(\d+[A-Z_]+?)([a-z]{2}|(?<=PROSPECTS)[A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Hit:
    row: Mapping[str, Any]

    @property
    def metadata(self) -> Mapping[str, Any]:
        inner = self.row.get("metadata")
        return inner if isinstance(inner, dict) else self.row

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
        given = self.first("language") or self.row.get("language") or _parted(self.reference)[1]
        return str(given).lower() if given else None

    @property
    def type(self) -> str | None:
        return self.first("type")

    @property
    def identifier(self) -> str | None:
        return self.first("identifier")

    def values(self, name: str) -> list[str]:
        """Return the texts under a name, without empty ones, once each, in their order."""
        value = self.metadata.get(name)
        listed = value if isinstance(value, list) else [value]
        texts = (str(each).strip() for each in listed if isinstance(each, str | int | float) and each is not None)
        return list(dict.fromkeys(text for text in texts if text))

    def first(self, *names: str) -> str | None:
        """Return the first text under the first of these names that has one."""
        return next((values[0] for name in names if (values := self.values(name))), None)

    def summary(self) -> str | None:
        given = self.row.get("summary")
        return given.strip() or None if isinstance(given, str) else None

    def json(self, name: str, page: Page) -> Any:
        """Return what a JSON text under a name says, None where there is none. Raises ParseError."""
        text = self.first(name)
        if text is None:
            return None
        try:
            return json_of(replace(page, body=text.encode("utf-8", "replace")))
        except ParseError as error:
            raise ParseError(page.url, name, error.why) from error


def _parted(reference: str) -> tuple[str, str | None]:
    found = _WITH_LANGUAGE.fullmatch(reference)
    if found and codes.language(found[2]):
        return found[1], found[2].lower()
    return reference, None
