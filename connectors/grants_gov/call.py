"""One opportunity in the middle of its way: what every shape of Grants.gov says, before it is a notice.

The one thing to know: REST details, the daily extract and Simpler.Grants.gov name and nest the same facts differently;
each is cut into this, and one reading (notice.py) serves them all.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.base.contract import Instant, Link
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten, visible

_SUMMARY = 500
_BLOCK_ENDS = re.compile(r"</(?:p|li|div|tr|h[1-6])\s*>|(?:<br\s*/?>\s*){2,}", re.I)
_NO_SCHEME = re.compile(r"(?:www\.)?(?:[a-z0-9-]+\.)+(?:gov|mil|org|com|edu|net|us|int)(?=[/?#:]|$)", re.I)
_OFFICE_WORD = re.compile(
    r"\d+|grants?|gov|mgmt|management|info|information|contact|help|desk|helpdesk|support|office|team|unit|division|branch"
    r"|program|programs|programme|project|projects|funding|funds|foa|nofo|rfa|application|applications|apply|award|awards"
    r"|questions|inquiries|inquiry|admin|administration|policy|procurement|contracts?|assistance|service|services|center"
    r"|public|affairs|embassy|culture|cultural|education|exchange|exchanges|research|science|health|rural|development"
    r"|coop|cooperative|cooperatives|agriculture|energy|arts|national|federal|us|usa|usda|hhs|doe|dos|doi|dol|hud|nih|nsf|epa"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An assistance listing (formerly CFDA): the programme that the money comes from."""

    aln: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Texts as they came (they may hold markup), dates read; codes are those of the classic Grants.gov."""

    id: str
    title: str
    forecast: bool = False
    description: str = ""
    posted: Instant | None = None
    opens: Instant | None = None
    updated: Instant | None = None
    closes: Instant | None = None
    closes_text: str = ""
    archived: date | None = None
    agency_code: str = ""
    agency: str = ""
    listings: tuple[Listing, ...] = ()
    categories: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    eligibility_text: str = ""
    floor: str = ""
    ceiling: str = ""
    total: str = ""
    documents: tuple[Link, ...] = ()
    mailbox: str = ""
    rest: dict[str, Any] = field(default_factory=dict)


def text_of(value: object) -> str:
    """Return a text or a number as text, anything else as nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # an amount may come as 750000.0
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def link(url: object, *titles: object) -> Iterable[Link]:
    """Make a link with the first title that says something; none without an address that can be opened."""
    written = text_of(url)
    if address := http_url(f"https://{written}" if _NO_SCHEME.match(written) else written):
        said = (one_line(text_of(each), 200) for each in titles)
        yield Link(url=address, title=next((line for line in said if line and not line.startswith("http")), None))


def one_line(text: str, limit: int | None = None) -> str:
    return without_people(clean_line(text, limit))


def role_mailbox(address: object) -> str:
    """Return the address of an office (grants@, info@), and nothing for that of a person or for no address.

    `grants.jane.doe@` begins as that of an office and is a person's: each word after the first must be an office's too.
    """
    box = text_of(address)
    local, at, _ = box.partition("@")
    words = [word for word in re.split(r"[._+-]", local.lower()) if word]
    of_office = all(_OFFICE_WORD.fullmatch(word) for word in words[1:])
    return box if at and of_office and without_people(box, keep_role_boxes=True) == box else ""


def amount(raw: str) -> Decimal | None:
    """Read an amount in dollars; nought and `none` are how the platform says that none is set."""
    digits = raw.removeprefix("$").replace(",", "").strip()
    return Decimal(digits) if re.fullmatch(r"\d{1,15}(?:\.\d+)?", digits) and Decimal(digits) else None


def described(raw: str) -> tuple[str | None, str | None]:
    """Return a summary of at most 500 characters, and the whole as html where that is not all of it; persons cut."""
    markup = _markup(raw)
    if not _TAG.search(markup):
        lines = [line for each in visible(markup).splitlines() if (line := each.strip())]
        markup = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
    body = without_people(clean_html(markup))
    whole = plain(body)
    return (whole or None, None) if len(whole) <= _SUMMARY else (shorten(whole, _SUMMARY), body)


def plain_text(raw: str) -> str:
    """Return a text that may hold markup, escaped once or twice, as one line; persons cut."""
    return without_people(plain(_markup(raw)))


def statements(raw: str) -> str:
    """Return the same as `plain_text`, with a sign where a paragraph or a line of a list ends."""
    return without_people(plain(_BLOCK_ENDS.sub(r" • \g<0>", _markup(raw))))


def _markup(raw: str) -> str:
    # The extract escapes its html twice, and once is undone by reading the XML; some agencies paste escaped html too.
    for _ in range(2):
        if _TAG.search(raw) or "&" not in raw:
            break
        raw = html.unescape(raw)
    return raw


def without_nothing(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value not in (None, "", [], {}, ())}
