"""A profile of the schema for offers and wants, as a notice: who offers or seeks what, until when.

The one thing to know: the schema asks for a mail address or a form; the form is a channel, the address is nobody's business.
"""

from datetime import UTC, datetime
from typing import Any

from connectors.base.codes import country
from connectors.base.contract import Contact, Deadline, Kind, Notice, ParseError, Title
from connectors.base.people import without_people
from connectors.base.text import clean_html
from connectors.murmurations.values import point_of, required, tags_of, text_of, web_address

KNOWN = frozenset(
    {
        *("linked_schemas", "exchange_type", "item_type", "transaction_type", "tags", "title", "description", "image"),
        *("details_url", "geolocation", "geographic_scope", "contact_details", "expires_at", "country_iso_3166"),
    }
)
_KINDS: dict[object, Kind] = {"offer": "business_offer", "want": "business_request"}
_SCOPES = ("local", "regional", "national", "international")
_DEALS = ("borrow-lend", "rent-lease", "buy-sell", "receive-donate")
_LONGEST = 10_000
# Before this nobody published a profile; after it a number counts milliseconds, or nothing.
_FIRST, _LAST = datetime(2015, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def notice(profile: dict[str, Any], *, id: str, url: str) -> Notice:
    """Read an offer or a want. Raises ParseError for one that is neither, or has no title."""
    exchange = profile.get("exchange_type")
    kind = _KINDS.get(exchange) if isinstance(exchange, str) else None
    if kind is None:
        raise ParseError(url, "profile.exchange_type", "is neither offer nor want")
    contact = profile.get("contact_details")
    form = web_address(contact.get("contact_form")) if isinstance(contact, dict) else None
    details, description = web_address(profile.get("details_url")), profile.get("description")
    ends, unread = _ends(profile.get("expires_at"))
    scope, stated = profile.get("geographic_scope"), profile.get("country_iso_3166")
    where = country(stated) if isinstance(stated, str) else None
    return Notice(
        source_id=id,
        url=details or form or id,
        titles={"und": Title(text=required(profile, "title", url=url, limit=200))},
        kind=kind,
        summary=text_of(description, 400) or None,
        body=without_people(clean_html(description[:_LONGEST])) or None if isinstance(description, str) else None,
        deadlines=(ends,) if ends else (),
        countries=("*",) if scope == "international" else (where,) if where else (),
        origin_country=where,
        keywords=tags_of(profile),
        contact=Contact(url=form) if form else None,
        extra=_extra(profile, unread),
    )


def _ends(value: object) -> tuple[Deadline | None, str | None]:
    """The end of an offer, from Unix seconds; what is no such moment is named instead of guessed."""
    if value is None:
        return None, None
    if isinstance(value, bool) or not isinstance(value, int | float) or not _FIRST <= value < _LAST:
        return None, f"expires_at: {str(value)[:40]}"
    at = datetime.fromtimestamp(int(value), UTC)
    return Deadline(on=at.date(), at=at.strftime("%H:%M"), zone="UTC", kind="validity"), None


def _extra(profile: dict[str, Any], unread: str | None) -> dict[str, Any]:
    deals, point = profile.get("transaction_type"), point_of(profile)
    item, scope = profile.get("item_type"), profile.get("geographic_scope")
    said = {
        "item": item if item in ("good", "service") else None,
        "deals": [deal for deal in _DEALS if deal in deals] if isinstance(deals, list) else [],
        "scope": scope if scope in _SCOPES else None,
        "place": {"lat": point[0], "lon": point[1]} if point else None,
        "unread": [unread] if unread else [],
    }
    kept = {name: value for name, value in said.items() if value}
    return {"murmurations": kept} if kept else {}
