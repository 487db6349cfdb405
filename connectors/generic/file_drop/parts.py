"""Some rows of a long file as a page of their own: JSON lines that we write and read back.

The one thing to know: the numbers are those of the file, so that a row that cannot be read is found there.
"""

import json
from collections.abc import Iterator, Sequence

from connectors.base.contract import Page, ParseError
from connectors.generic.file_drop.rows import Row

PART = "part"
"""The role of such a page."""


def written(rows: Sequence[Row]) -> bytes:
    """Write rows as the body of a page."""
    told = ({"row": row.number, "cells": dict(row.cells), "fault": row.fault} for row in rows)
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in told).encode("utf-8", "replace")


def part_of(page: Page) -> Iterator[Row]:
    """Read back the rows of a page that `cut` made. Raises ParseError."""
    for line in page.body.decode("utf-8").split("\n"):
        try:
            told = json.loads(line)
            yield Row(told["row"], told["cells"], told["fault"])
        except (ValueError, KeyError, TypeError) as error:
            raise ParseError(page.url, "part", "is not what was written of the file") from error
