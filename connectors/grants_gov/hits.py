"""A hit of the search: a card, and what it says by itself.

The one thing to know: the documentation, the live service and the older one name its fields differently, and the older
one leaves some out; a field that is only renamed changes no card.
"""

from datetime import datetime
from typing import Any

from connectors.base.cards import fingerprint
from connectors.base.contract import Notice, Seen
from connectors.grants_gov.call import Call, Listing, text_of, without_nothing
from connectors.grants_gov.notice import notice
from connectors.grants_gov.when import moment


def card(hit: Any, *, at: datetime) -> Seen:
    """Read a hit that was fetched at a moment. Raises ValueError for one without an id."""
    id = text_of(hit.get("id"))
    if not id.isdigit():
        raise ValueError("the hit has no id")
    names = ("number", "title", "agencyCode", "openDate", "closeDate", "oppStatus", "docType")
    said = [text_of(each) for each in (*map(hit.get, names), _agency(hit), *_listings(hit))]
    return Seen(id, fingerprint(id, *said, at=at), says=_says(id, hit, at=at))


def _says(id: str, hit: dict[str, Any], *, at: datetime) -> Notice | None:
    """What can be told without the detail: never who may apply, and nothing at all without a title."""
    title = text_of(hit.get("title"))
    if not title:
        return None
    forecast = hit.get("docType") == "forecast" or hit.get("oppStatus") == "forecasted"
    opened = moment(hit.get("openDate"))
    thin = Call(
        id=id,
        title=title,
        forecast=forecast,
        posted=opened,
        # Of a forecast this is the day on which it was forecast.
        opens=None if forecast else opened,
        closes=moment(hit.get("closeDate")),
        agency_code=text_of(hit.get("agencyCode")),
        agency=text_of(_agency(hit)),
        listings=tuple(Listing(aln=text_of(each)) for each in _listings(hit)),
        rest=without_nothing({"number": text_of(hit.get("number")), "status": text_of(hit.get("oppStatus"))}),
    )
    return notice(thin, today=at.date()).model_copy(update={"eligibility": None})


def _agency(hit: dict[str, Any]) -> Any:
    return hit.get("agency") or hit.get("agencyName")


def _listings(hit: dict[str, Any]) -> list[Any]:
    return next((hit[name] for name in ("cfdaList", "alnist", "alnlist") if isinstance(hit.get(name), list)), [])
