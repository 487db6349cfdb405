"""A page becomes records, a record becomes a card or a notice.

The one thing to know: a record of the search is a card, for its text stands elsewhere; what is known of it is put together
by `search.py` into a page of one record, which is read as the notice. A row of the file holds its text, and is a notice.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.cards import fingerprint
from connectors.base.contract import Notice, Page, ParseError, Record, Seen, Skipped
from connectors.base.documents import object_of
from connectors.sam_gov import bulk
from connectors.sam_gov.about import Params
from connectors.sam_gov.fields import without_private
from connectors.sam_gov.notice import id_of, left_out, notice, text_of

_NEVER = 36_500
"""Days until a card is due again though it says the same: what is asked for again costs a call."""


def rows_of(page: Page) -> tuple[int, int | None, list[Any]]:
    """Return the announced total, the records a page as the platform counts them, and the records.

    404 is how SAM.gov says that there is nothing. Raises ParseError for what is no answer of the search.
    """
    if page.status == 404:
        return 0, None, []
    answer = object_of(page)
    rows, total, limit = (answer.get(name) for name in ("opportunitiesData", "totalRecords", "limit"))
    if not isinstance(rows, list):
        raise ParseError(page.url, "opportunitiesData", "is not the list of a search answer")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ParseError(page.url, "totalRecords", "is not a number of records")
    return total, limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 else None, rows


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its records. Raises ParseError."""
    if page.role == bulk.ROLE or page.content_type == "text/csv":
        yield from (Record(f"row {at}", {"row": row, "bulk": True}) for at, row in enumerate(bulk.rows(page)))
        return
    if page.status == 404:
        return
    answer = object_of(page)
    if isinstance(row := answer.get("opportunity"), dict):
        yield Record("opportunity", {"row": without_private(row), "text": text_of(answer.get("description"))})
    elif "noticeId" in answer:
        yield Record("record", {"row": without_private(answer)})
    else:
        for at, row in enumerate(rows_of(page)[2]):
            known = without_private(row) if isinstance(row, dict) else {}
            yield Record(f"opportunitiesData[{at}]", {"row": known})


def identify(record: Record) -> str | None:
    """Name a record that could not be read."""
    return id_of(record.data["row"])


def read(record: Record, page: Page) -> Notice | Seen | Skipped:
    """Read one record. Raises ParseError for what is not one."""
    params = page.params if isinstance(page.params, Params) else Params()
    row: Mapping[str, Any] = record.data["row"]
    try:
        if (skipped := left_out(row, params)) is not None:
            return skipped
        if record.data.get("bulk"):
            return notice(row, text_of(row.get("description")))
        if "text" in record.data:
            return notice(row, record.data["text"])
        said = json.dumps(row, sort_keys=True, ensure_ascii=False)
        print_of = fingerprint(id_of(row), said, at=page.fetched_at, again_after_days=_NEVER)
        return Seen(id_of(row), print_of, says=notice(row, None))
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error
