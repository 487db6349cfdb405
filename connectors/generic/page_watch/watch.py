"""Look at the page, compare it with what was seen before, and hand on what was added as a small document of our own.

The one thing to know: the document is committed with the cursor, and before the page itself. Were the page first, a crash
between the two would let the server say "nothing changed" for ever, and the change would be lost.
"""

import hashlib
import json
from collections.abc import Iterator

from connectors.base.contract import Page, ParseError, Request, Visit
from connectors.generic.page_watch import state
from connectors.generic.page_watch.about import Params
from connectors.generic.page_watch.snapshot import Snapshot, snapshot

PAGE, CHANGE = "watched", "change"
MOST_SHOWN = 40


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the page once; yield what was added since the last look, and the page."""
    yield from watch(visit, visit.params)


def watch(visit: Visit, params: Params) -> Iterator[Page]:
    """Watch the page of these parameters, which may be another connector's own."""
    page = visit.http.get(params.url, role=PAGE)
    if not page.unchanged:
        try:
            now = snapshot(page, params)
        except ParseError:
            now = None  # `split` says it again, of the page as it came
        if now is not None and (told := _change(page, now, visit.cursor)) is not None:
            yield told
    yield page


def _change(page: Page, now: Snapshot, cursor: str | None) -> Page | None:
    """The document of what was added, with the cursor behind it; None where nothing came and nothing went."""
    before = state.known(cursor)
    marks = {state.mark(form): (shown, form) for shown, form in now.lines}
    there = {sign for sign, age in (before or {}).items() if age == 0}
    if before is not None and there == set(marks):
        return None
    added = [] if before is None else [line for sign, line in marks.items() if sign not in before]
    digest = hashlib.sha1("\n".join(form for _, form in added).encode(), usedforsecurity=False).hexdigest()[:12]
    told = {
        "url": page.url,
        "title": now.title,
        "lang": now.lang,
        "first": before is None,
        "added": [shown for shown, _ in added[:MOST_SHOWN]],
        "added_in_all": len(added),
        "removed": len(there - set(marks)),
        "lines": len(marks),
        "digest": digest,
    }
    # An address of its own: of every address the last page is kept, so a change can be read again for as long as pages are.
    address = f"{page.url.partition('#')[0]}#{digest}"
    return Page(
        url=address,
        body=json.dumps(told, ensure_ascii=False, sort_keys=True).encode(),
        fetched_at=page.fetched_at,
        role=CHANGE,
        headers={"content-type": "application/json"},
        request=Request("GET", address),
        cursor_after=state.after(before, (form for _, form in now.lines)),
    )
