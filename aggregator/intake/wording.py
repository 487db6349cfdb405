"""Words of strangers, cleaned once more on our side of the wall: no markup, no hidden signs, no persons.

The one thing to know: connectors clean too, but the store trusts none of them; a connector that forgets leaks nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from connectors.base.contract import Money, Reservation
from connectors.base.people import CUT, without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, visible

# Anything here, or white space that is not a single blank, needs cleaning; most lines have none of it.
_UNCLEAN = re.compile(
    r"[<>&\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]|  "
)
_WORD = re.compile(r"\w")


def line(text: str | None, *, html: bool = False, keep_role_boxes: bool = False) -> str | None:
    """Return one line of plain text without persons, or None when nothing is left. `html`: it may hold markup."""
    if not text:
        return None
    if _UNCLEAN.search(text) or not unicodedata.is_normalized("NFC", text):
        text = plain(text) if html else clean_line(text)
    text = without_people(text, keep_role_boxes=keep_role_boxes).strip()
    return text if _WORD.search(text.replace(CUT, "")) else None


def listed(words: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that are left, each once, in their order."""
    return tuple(dict.fromkeys(cleaned for word in words if (cleaned := line(word))))


def body_of(html: str | None) -> str | None:
    """Return html of our few tags without persons, or None when nothing is left."""
    if not html:
        return None
    return without_people(clean_html(html)).strip() or None


@lru_cache(maxsize=4096)
def url_of(url: str | None) -> str | None:
    """Return an http or https address as we show it, or None. Buyers and portals repeat: kept in memory."""
    return http_url(url) if url else None


def money_of(value: Money | None) -> Money | None:
    """Return an amount without hidden signs; it is not asked for persons, because amounts look like telephone numbers."""
    raw = visible(value.raw).strip() if value else ""
    return value.model_copy(update={"raw": raw}) if value and raw else None


def reserved_of(given: Reservation) -> Reservation:
    """Return a reservation whose lots have no hidden signs."""
    return given.model_copy(update={"lots": tuple(lot for lot in map(visible, given.lots) if lot)})


def extra_of(value: Any) -> Any:
    """Return JSON of any shape with its texts cleaned; codes and addresses (no blank, no @) stay as they are."""
    if isinstance(value, str):
        return without_people(visible(value)) if " " in value or "@" in value else visible(value)
    if isinstance(value, dict):
        return {visible(str(key)): extra_of(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [extra_of(inner) for inner in value]
    return value
