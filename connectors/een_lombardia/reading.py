"""Pages into records, and records into what they say: a card is `Seen`, a proposal's own page is a Notice.

The one thing to know: the reference is the identity, the type, the country and the key to the network's own profile; the
page has no field for the country.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit, urlunsplit

from connectors.base.cards import fingerprint
from connectors.base.contract import (
    Contact,
    Deadline,
    Gone,
    Notice,
    Page,
    ParseError,
    Record,
    Seen,
    Skipped,
    Title,
)
from connectors.base.days import days_in
from connectors.base.people import without_people
from connectors.base.pod import PODReference, pod_reference
from connectors.base.text import clean_html, plain, shorten
from connectors.een_lombardia.about import ZONE
from connectors.een_lombardia.pages import proposal, read_listing

DETAIL = "detail"
GONE = (404, 410)
_SUMMARY = 500
# Only 1, 2 and 5 were seen; 3 and 4 are presumed.
_TYPES = {"1": "TO", "2": "TR", "3": "BO", "4": "BR", "5": "RDR"}


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its cards, or take a proposal's page as it is. Raises ParseError for what is neither."""
    if page.role == DETAIL:
        yield Record("proposal", {"status": page.status} if page.status in GONE else proposal(page))
        return
    for place, card in enumerate(read_listing(page).cards):
        yield Record(f"card {place + 1}", card)


def identify(record: Record) -> str | None:
    """Name a card that could not be read, so that its proposal is not taken for missing."""
    reference = pod_reference(str(record.data.get("reference", ""))) if isinstance(record.data, dict) else None
    return reference.text if reference else None


def read(record: Record, page: Page) -> Seen | Notice | Gone | Skipped:
    """Read one card or one proposal. Raises ParseError for one that lacks what makes it one."""
    if page.role != DETAIL:
        return _seen(record, page)
    if "status" in record.data:
        return Gone(page.of) if page.of is not None else Skipped("a page that is gone, of an unknown reference")
    return _notice(record.data, page)


def _seen(record: Record, page: Page) -> Seen | Skipped:
    card: Mapping[str, str] = record.data
    for name in ("title", "href"):
        if name not in card:
            raise ParseError(page.url, record.where, f"has no {name}")
    if "reference" not in card:
        return Skipped("a proposal of the platform's own, without a reference of the network")
    reference = _reference(card["reference"], page.url)
    address = _without_query(card["href"])
    if urlsplit(address).netloc != urlsplit(page.url).netloc:
        raise ParseError(page.url, record.where, f"leads to another host: {address[:200]}")
    said = (card.get(name, "") for name in ("class", "title", "expires"))
    title = without_people(card["title"])
    says = _said(reference, title=title, expires=card.get("expires", ""), url=address) if title else None
    return Seen(reference.text, fingerprint(reference.text, *said, at=page.fetched_at), address, says)


def _notice(said: Mapping[str, str], page: Page) -> Notice:
    if "reference" not in said:
        raise ParseError(page.url, "reference", "is missing")
    reference = _reference(said["reference"], page.url)
    if page.of is not None and reference.text != page.of:
        raise ParseError(page.url, "reference", f"is {reference.text}, and its card says {page.of}")
    title = without_people(said.get("title", ""))
    if not title:
        raise ParseError(page.url, "title", "is missing")
    body = without_people(clean_html(said.get("abstract", ""), page.url))
    text = plain(body)
    own = {"type": said.get("type"), "expires": said.get("expires")}
    if (shown := _TYPES.get(said.get("class", ""))) not in (None, reference.type):
        own["shown_as"] = shown
    notice = _said(reference, title=title, expires=said.get("expires", ""), url=_without_query(page.url))
    return notice.model_copy(
        update={
            "summary": shorten(text, _SUMMARY) or None,
            # There is one text; what the summary holds whole is not said twice.
            "body": body if len(text) > _SUMMARY else None,
            "contact": Contact(url=said["form"]) if "form" in said else None,
            "extra": {"een_lombardia": {name: value for name, value in own.items() if value}},
        }
    )


def _said(reference: PODReference, *, title: str, expires: str, url: str) -> Notice:
    return Notice(
        source_id=reference.text,
        url=url,
        titles={"it": Title(text=title)},
        kind=reference.kind,
        lang="it",
        deadlines=_deadlines(reference, expires),
        origin_country=reference.country,
        same_as=(reference.key,),
    )


def _deadlines(reference: PODReference, expires: str) -> tuple[Deadline, ...]:
    days = [day.on for day in days_in(expires, lang="it") if day.on is not None and day.year_given]
    if len(days) != 1:
        return ()
    # Weeks instead of a year: of a research profile the mirror shows until when partners may come in.
    return (Deadline(on=days[0], zone=ZONE, kind="eoi" if reference.type == "RDR" else "validity"),)


def _reference(raw: str, url: str) -> PODReference:
    reference = pod_reference(raw)
    if reference is None:
        raise ParseError(url, "reference", f"is no reference: {raw[:60]!r}")
    return reference


def _without_query(url: str) -> str:
    return urlunsplit((*urlsplit(url)[:3], "", ""))
