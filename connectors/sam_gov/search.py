"""Turning the pages of a search over days, few calls at a time; and the file instead, where an admin wants that.

The one thing to know: `offset` is the number of a page, and a page past the end holds one record that belongs anywhere.
The end is counted from the total, never felt; a window that the day's calls do not suffice for is read on tomorrow.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base.contract import ConnectorError, FetchError, Page, ParseError, Seen, Visit
from connectors.base.documents import json_of
from connectors.sam_gov import bulk, reading
from connectors.sam_gov.about import LONGEST_SPAN, ZONE, Params
from connectors.sam_gov.asking import Asking, may_carry_the_key
from connectors.sam_gov.fields import without_private
from connectors.sam_gov.notice import text_of

OVERLAP = timedelta(days=3)
"""Amendments come under another id and another day, and the platform was once silent for six days."""
MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """Days of posting, both included, and the next page to ask for; None when all of them were read."""

    since: str
    until: str
    page: int | None = 0

    @classmethod
    def next(cls, cursor: str | None, *, today: date, days: int) -> "Window":
        """Go on where the last visit stopped, or begin at the days after it. Another cursor is no cursor."""
        try:
            last = cls(**json.loads(cursor or ""))
            since, until = date.fromisoformat(last.since), date.fromisoformat(last.until)
            if not (since <= until <= today and isinstance(last.page, int | None) and (last.page or 0) >= 0):
                raise ValueError("a clock was ahead")
        except (ValueError, TypeError):
            return cls((today - timedelta(days=days)).isoformat(), today.isoformat())
        if last.page is not None:
            return last
        return cls(max(until - OVERLAP, today - timedelta(days=LONGEST_SPAN)).isoformat(), today.isoformat())

    def asked(self, params: Params) -> Mapping[str, str | int]:
        since, until = (f"{date.fromisoformat(day):%m/%d/%Y}" for day in (self.since, self.until))
        window = {"postedFrom": since, "postedTo": until, "ptype": ",".join(params.types)}
        return {**window, "limit": params.limit, "offset": self.page or 0}

    def text(self) -> str:
        return json.dumps(asdict(self))


def fetch(visit: Visit) -> Iterator[Page]:
    """Read what was posted since the last time. Raises FetchError, ParseError, ParamError; an outage is no empty list."""
    return bulk.fetch(visit) if visit.params.mode == "bulk" else _search(visit)


def _search(visit: Visit) -> Iterator[Page]:
    params: Params = visit.params
    asking = Asking.of(visit)
    today = visit.now.astimezone(ZoneInfo(ZONE)).date()
    window = Window.next(visit.cursor, today=today, days=params.days)
    waiting = {card.source_id for card in visit.unread()}
    first, seen = window.page or 0, set[str]()
    while True:
        at = window.page or 0
        page = asking.ask(f"{params.endpoint.rstrip('/')}/search", window.asked(params), role="listing")
        total, size, rows = reading.rows_of(page)
        # The platform may give fewer a page than it was asked for, and counts its pages by that.
        pages = math.ceil(total / min(size or params.limit, params.limit))
        visit.announced(max(0, total - first * min(size or params.limit, params.limit)))
        new = {text_of(row.get("noticeId")) for row in rows if isinstance(row, dict)} - seen
        if rows and seen and not new:
            visit.log.warning("a page of notices came again, the list ends here", page=at, total=total)
            return
        seen |= new
        last = at + 1 >= min(pages, MOST_PAGES)
        window = replace(window, page=None if last else at + 1)
        yield from _with_texts(
            asking, page, waiting, spare=asking.budget.left() - (pages - at - 1), after=window.text()
        )
        if last or visit.trial:
            return
        if not asking.budget.left():
            visit.log.warning("the calls of today are spent, the rest is read tomorrow", page=at + 1, pages=pages)
            return


def _with_texts(asking: Asking, page: Page, waiting: set[str], *, spare: int, after: str) -> Iterator[Page]:
    """A page of the search, then each new notice of it with its text, as far as calls are left for that.

    The cursor moves with the last of them: what a crash cuts off is asked for again.
    """
    visit, due = asking.visit, [*_due(asking.visit, page, waiting)]
    if visit.trial:
        due = due[:1]
    yield page if due else replace(page, cursor_after=after)
    for place, (id, row) in enumerate(due, 1):
        text, spare = (None, spare) if spare < 1 or not visit.params.descriptions else _text(asking, row, spare)
        body = json.dumps({"opportunity": row, "description": text}, ensure_ascii=False).encode("utf-8", "replace")
        yield Page(
            url=f"{visit.params.endpoint.rstrip('/')}/search?noticeid={id}&limit=1",
            body=body,
            fetched_at=page.fetched_at,
            role="detail",
            headers={"content-type": "application/json"},
            cursor_after=after if place == len(due) else None,
            of=id,
        )


def _due(visit: Visit, page: Page, waiting: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The notices of a page that are new, or have changed, or were cut off by the end of an earlier visit."""
    given, there = page.with_params(visit.params), set[str]()
    for record in reading.split(given):
        try:
            card = reading.read(record, given)
        except ParseError:
            continue  # it is set aside, with its reason, when the page is taken in
        if not isinstance(card, Seen) or card.source_id in there:
            continue
        there.add(card.source_id)
        if card.source_id in waiting or not visit.known(card.source_id, card.fingerprint):
            yield card.source_id, without_private(record.data["row"])


def _text(asking: Asking, row: Mapping[str, Any], spare: int) -> tuple[str | None, int]:
    """Ask for a description; returns it with the calls that are left for others. None is worth failing a visit for."""
    url = text_of(row.get("description"))
    if not url.startswith(("http://", "https://")):
        return None, spare
    if not may_carry_the_key(url, asking.visit.params.endpoint):
        asking.visit.log.warning("an address of a description leads elsewhere, it is not followed", url=url[:200])
        return None, spare
    try:
        page = asking.ask(url, role="description")
        told = json_of(page) if page.status < 400 else None
    except FetchError as exc:
        asking.visit.log.warning("a description could not be had, no other is asked for", why=exc.why)
        return None, 0
    except ConnectorError as exc:
        asking.visit.log.warning("a description could not be read", why=str(exc))
        return None, spare - 1
    return (text_of(told.get("description")) if isinstance(told, dict) else None) or None, spare - 1
