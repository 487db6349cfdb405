"""Read the index and the profiles. An entry of the index is a card; its truth stands in the profile.

The one thing to know: whatever a stranger's host sends instead of a profile is left out by name and never a bad page; else
one lapsed domain would keep every visit from being complete.
"""

from collections.abc import Iterator
from typing import Any

from connectors.base.answers import REDIRECTS
from connectors.base.cards import fingerprint
from connectors.base.contract import Gone, Notice, Organisation, Page, ParseError, Record, Seen, Skipped
from connectors.base.documents import object_of
from connectors.base.text import clean_line, http_url
from connectors.murmurations import offer, organisation
from connectors.murmurations.about import OFFERS, ORGANISATIONS

LISTING, PROFILE = "listing", "profile"
GONE, REDIRECTED = (404, 410), tuple(sorted(REDIRECTS))
_LARGEST = 200_000
"""Bytes of a profile; a long one has a hundredth of it."""
_AGAIN_DAYS = 28
_OF_THE_INDEX = frozenset(
    {
        *("profile_url", "last_updated", "primary_url", "name", "geolocation", "locality", "region", "country"),
        *("status", "tags", "linked_schemas", "expires"),
    }
)


def split(page: Page) -> Iterator[Record]:
    """Cut a page of the index into its entries; a profile is one record, whatever came. Raises ParseError for the index."""
    if page.role == PROFILE:
        yield Record("profile", _profile(page))
        return
    for place, node in enumerate(nodes_of(object_of(page), page.url)):
        yield Record(f"data[{place}]", node)


def nodes_of(answer: dict[str, Any], url: str) -> list[Any]:
    """The entries of an answer of the index. Raises ParseError."""
    nodes = answer.get("data")
    if not isinstance(nodes, list):
        raise ParseError(url, "data", "is not a list of profiles")
    return nodes


def address_of(node: object) -> str | None:
    """The address of the profile that an entry of the index names, in one form: its identity."""
    url = node.get("profile_url") if isinstance(node, dict) else None
    return http_url(url) if isinstance(url, str) else None


def identify(record: Record) -> str | None:
    return address_of(record.data)


def audit(record: Record) -> set[str]:
    """The fields of a record that are neither read nor left out on purpose."""
    if not isinstance(record.data, dict):
        return set()
    if "profile_url" in record.data:
        return set(record.data) - _OF_THE_INDEX
    return set(record.data) - (offer.KNOWN if OFFERS in _schemas(record.data) else organisation.KNOWN)


def read(record: Record, page: Page) -> Notice | Organisation | Seen | Gone | Skipped:
    """Read one entry of the index, or one profile. Raises ParseError for one that breaks its own schema."""
    return _read_profile(record, page) if page.role == PROFILE else _read_entry(record, page)


def _read_entry(record: Record, page: Page) -> Seen | Gone | Skipped:
    node, id = record.data, address_of(record.data)
    if id is None:
        raise ParseError(page.url, f"{record.where}.profile_url", "is not an address")
    if node.get("status") == "deleted":
        return Gone(id, said=True)
    if not {ORGANISATIONS, OFFERS} & _schemas(node):
        return Skipped("another schema", id)
    return Seen(
        id, fingerprint(id, str(node.get("last_updated")), at=page.fetched_at, again_after_days=_AGAIN_DAYS), url=id
    )


def _schemas(record: dict[str, Any]) -> set[str]:
    linked = record.get("linked_schemas")
    return {name for name in linked if isinstance(name, str)} if isinstance(linked, list) else set()


def _profile(page: Page) -> dict[str, Any] | str:
    """The profile, or why there is none."""
    if page.status in REDIRECTED:
        return "the profile redirects, which the index allows to none"
    if len(page.body) > _LARGEST:
        return "the profile is too large"
    try:
        return object_of(page) if page.status == 200 else ""
    except ParseError:
        return "no profile stands at its address"


def _read_profile(record: Record, page: Page) -> Notice | Organisation | Gone | Skipped:
    id = page.of or http_url(page.url)
    if id is None:
        raise ParseError(page.url, "url", "is not an address")
    if page.status in GONE:
        return Gone(id)
    if isinstance(record.data, str):
        return Skipped(clean_line(record.data) or "no profile stands at its address", id)
    schemas = _schemas(record.data)
    if OFFERS in schemas:
        return offer.notice(record.data, id=id, url=page.url)
    if ORGANISATIONS in schemas:
        return organisation.entry(record.data, id=id, page=page)
    return Skipped("another schema", id)
