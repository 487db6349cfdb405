"""What stands in an answer: the envelope with its error code, or the bare data of the older services.

The one thing to know: an error comes with HTTP status 200. An answer is good only when its error code is nought.
"""

import re
from typing import Any

from connectors.base.contract import Page, ParseError
from connectors.base.documents import object_of
from connectors.base.people import without_people
from connectors.base.text import clean_line

# What names an opportunity: where all of it is missing, the id leads to nothing.
_NAMED = ("opportunityTitle", "opportunityNumber", "owningAgencyCode", "synopsis", "forecast")
_UNKNOWN = re.compile(r"\b(?:not found|does not exist|no (?:such )?opportunity|no records? found)\b", re.I)


def data_of(page: Page) -> dict[str, Any]:
    """Return the data of an answer. Raises ParseError for an error, and for anything that is no answer."""
    answer = object_of(page)
    if why := complaint(answer):
        raise ParseError(page.url, "errorcode", why)
    data = answer.get("data", answer)
    if not isinstance(data, dict):
        raise ParseError(page.url, "data", f"is no object: {type(data).__name__}")
    return data


def complaint(answer: dict[str, Any]) -> str | None:
    """Return what the platform complains of; None for a good answer."""
    code, data = answer.get("errorcode", 0), answer.get("data", answer)
    if code not in (0, "0"):
        return f"Grants.gov says {_said(answer.get('msg'))} (errorcode {_said(code)})"
    errors = [data.get(key) for key in ("errorMsgs", "errorMessages")] if isinstance(data, dict) else []
    told = [error for each in errors if isinstance(each, list) for error in each]
    # An opportunity that comes with a remark is still there.
    if told and not (data.get("synopsis") or data.get("forecast")):
        return f"Grants.gov says {'; '.join(map(_said, told))}"
    return None


def leads_nowhere(answer: dict[str, Any]) -> bool:
    """Say whether a detail answer says that there is no such opportunity: in words, or by an envelope without content.

    Unproven: no recorded answer is that of an unknown id (docs/platforms/grants_gov.md).
    """
    if why := complaint(answer):
        return bool(_UNKNOWN.search(why))
    if "errorcode" not in answer or "data" not in answer:
        return False
    data = answer["data"]
    return not data or (isinstance(data, dict) and "oppHits" not in data and not any(map(data.get, _NAMED)))


def hits_of(page: Page) -> tuple[int, list[Any]]:
    """Return the announced total and the hits of a search answer. Raises ParseError for anything else."""
    data = data_of(page)
    hits, total = data.get("oppHits"), data.get("hitCount")
    if not isinstance(hits, list):
        raise ParseError(page.url, "oppHits", "is not the list of a search answer")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ParseError(page.url, "hitCount", "is not a number of hits")
    return total, hits


def _said(value: Any) -> str:
    return without_people(clean_line(str(value), 200))
