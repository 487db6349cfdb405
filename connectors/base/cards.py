"""Listings whose cards stand for detail pages: when a detail is due, and how to read those that are.

The one thing to know: a detail is read when its card is new or changed, and again after some days, because a platform may
change a notice without changing its card. The days of different notices are spread, so no visit reads all of them.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from connectors.base.contract import FetchError, Page, Seen, Visit

_IN_A_ROW = {"transient": 3, "gone": 3, "blocked": 2, "auth": 2, "throttled": 1}
"""So many details that fail so, one after the other: the platform is unwell, or refuses us, and not these pages."""


def fingerprint(source_id: str, *said: str, at: datetime, again_after_days: int = 14) -> str:
    """Say in a few signs what a card says of a notice; another after so many days, on a day of the notice's own.

    `at` is when the card was fetched. Pure, so a kept page gives the same fingerprint again.
    """
    own = int.from_bytes(hashlib.blake2b(source_id.encode(), digest_size=4).digest(), "big")
    period = (int(at.timestamp()) // 86_400 + own % again_after_days) // again_after_days
    return hashlib.blake2b("\0".join((*said, str(period))).encode(), digest_size=8).hexdigest()


def details(visit: Visit, ask: Callable[[Seen], Page]) -> Iterator[Page]:
    """Read the details that are due. One that cannot be had now waits for the next visit; several in a row end this one.

    Raises FetchError: at once where the platform asks us to wait, for the second that is refused in a row, for the third
    that fails. A detail page that is gone must come back as a page (`accept=(404, 410)`), which `read` answers with `Gone`.
    """
    failed = 0
    for card in visit.unread():
        try:
            page = ask(card)
        except FetchError as exc:
            failed += 1
            if failed >= _IN_A_ROW[exc.kind]:
                raise
            visit.log.warning("a detail could not be had, it waits for the next visit", id=card.source_id, why=exc.why)
            continue
        failed = 0
        yield replace(page, of=card.source_id)
