"""A page becomes records, a record becomes a card or a notice.

The one thing to know: a search hit is a card. It holds a title and two dates; who may apply, the money, and what it is
about stand in the detail, and a card never takes the place of that.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Notice, Page, ParseError, Record, Seen, Skipped
from connectors.base.documents import object_of
from connectors.grants_gov import details, extract, hits, simpler
from connectors.grants_gov.answers import data_of, hits_of, leads_nowhere
from connectors.grants_gov.call import Call, text_of
from connectors.grants_gov.notice import notice
from connectors.grants_gov.search import asked_for

_EXTRACT = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Grants\b")
# Agencies try the platform out in public: fifteen of the 2,027 hits recorded in 2015.
_TEST = re.compile(r"\W*this is a test\b", re.I)


def split(page: Page) -> Iterator[Record]:
    """Cut a search answer into its hits; a detail is one record, the extract as many as it holds. Raises ParseError."""
    if page.content_type.endswith("xml") or _EXTRACT.match(page.body):
        yield from (Record(f"Grants[{at}]", {"extract": data}) for at, data in enumerate(extract.records(page)))
        return
    if page.role != "listing" and leads_nowhere(object_of(page)):
        yield Record("data", {"nowhere": asked_for(page)})
        return
    data = data_of(page)
    if "legacy_opportunity_id" in data:
        yield Record("data", {"simpler": simpler.without_private(data)})
    elif "oppHits" not in data and (page.role == "detail" or "synopsis" in data or "forecast" in data):
        yield Record("data", {"detail": details.without_private(data)})
    else:
        yield from (Record(f"oppHits[{at}]", {"hit": hit}) for at, hit in enumerate(hits_of(page)[1]))


def identify(record: Record) -> str | None:
    """Name a record that could not be read, as far as it tells, so that its opportunity is not taken for missing."""
    if not isinstance(record.data, Mapping) or not record.data:
        return None
    shape, data = next(iter(record.data.items()))
    if shape == "nowhere":
        return _digits(data)
    if not isinstance(data, Mapping):
        return None
    if shape == "extract":
        told = [*data["OpportunityID"]] if isinstance(data.get("OpportunityID"), list) else []
        return next((str(int(id)) for each in told if (id := _digits(each))), None)
    parts = (part for part in (data.get("synopsis"), data.get("forecast")) if isinstance(part, Mapping))
    told = [data.get("legacy_opportunity_id" if shape == "simpler" else "id"), *(p.get("opportunityId") for p in parts)]
    return next((id for each in told if (id := _digits(each))), None)


def _digits(value: Any) -> str | None:
    id = text_of(value)
    return id if id.isascii() and id.isdigit() and len(id) < 20 else None


def read(record: Record, page: Page) -> Notice | Seen | Skipped:
    """Read one record. Raises ParseError for what is not one."""
    shape, data = next(iter(record.data.items()))
    try:
        match shape:
            case "hit":
                return hits.card(data, at=page.fetched_at)
            case "nowhere":
                # Listed and empty: only a list that misses it says that an opportunity is withdrawn.
                return Skipped("no content came for this id")
            case "extract":
                return _read(extract.call(data), page)
            case "simpler":
                return _read(simpler.call(data), page)
            case _:
                return _read(details.call(data), page)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error


def _read(call: Call, page: Page) -> Notice | Skipped:
    if _TEST.match(call.title):
        return Skipped("a test posting")
    return notice(call, today=page.fetched_at.date())
