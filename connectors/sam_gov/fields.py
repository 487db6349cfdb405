"""The fields that SAM.gov is known to send: what is read, and what is left out on purpose.

The one thing to know: `pointOfContact` is a person, and goes before a record is looked at.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Record

PRIVATE = frozenset({"pointOfContact"})
_READ = frozenset(
    {
        *("noticeId", "title", "solicitationNumber", "fullParentPathName", "fullParentPathCode", "postedDate", "type"),
        *("baseType", "typeOfSetAside", "typeOfSetAsideDescription", "responseDeadLine", "naicsCode", "naicsCodes"),
        *(
            "classificationCode",
            "active",
            "award",
            "description",
            "officeAddress",
            "placeOfPerformance",
            "resourceLinks",
        ),
        *("additionalInfoLink", "uiLink", "department", "subTier", "office"),
    }
)
_IGNORED = frozenset({"archiveType", "archiveDate", "organizationType", "links", *PRIVATE})


def without_private(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in PRIVATE}


def audit(record: Record) -> Iterator[str]:
    """Name the fields of a record that are neither read nor left out on purpose."""
    row = record.data.get("row") if isinstance(record.data, Mapping) else None
    yield from (key for key in row if key not in _READ | _IGNORED) if isinstance(row, Mapping) else ()
