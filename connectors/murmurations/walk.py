"""Ask the index which profiles there are, then read those that are new or changed, each at its owner's.

The one thing to know: a profile that cannot be had concerns itself alone. Three dead hosts in a row are no sign that the
index is unwell, so nothing here ends a visit but the index itself, or twenty different hosts that fail one after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors.base.contract import FetchError, Page, ParamError, ParseError, Visit
from connectors.base.documents import object_of
from connectors.base.text import clean_line
from connectors.murmurations.about import Params
from connectors.murmurations.reading import GONE, LISTING, PROFILE, REDIRECTED, address_of, nodes_of

PAGE_SIZE = 500
MOST_RESULTS = 10_000
_HOSTS_IN_A_ROW = 20
_SECONDS_END = 10**11
"""A larger number counts milliseconds."""


@dataclass(slots=True)
class _Walked:
    """All questions so far: what was announced, who was shown, and the last change that the index told."""

    total: int = 0
    twice: int = 0
    whole: bool = True
    newest: int = 0
    listed: set[str] = field(default_factory=set)


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the list, then for the profiles that are due. Raises ParamError where the index refuses a question."""
    yield from _list(visit)
    yield from _profiles(visit)


def _list(visit: Visit) -> Iterator[Page]:
    walked, last = _Walked(), None
    for question in _questions(visit):
        for page in _pages(visit, question, walked):
            if last is not None:
                yield last
            last = page
        if visit.trial:
            break
    if last is None:
        return
    moved = walked.whole and not visit.trial and walked.newest > _known(visit)
    # With the last page, so that what an earlier one showed is safely in.
    yield replace(last, cursor_after=str(walked.newest)) if moved else last


def _questions(visit: Visit) -> Iterator[dict[str, Any]]:
    params: Params = visit.params
    tags: dict[str, Any] = {}
    if params.tags:
        exact = "true" if params.tags_exact else "false"
        tags = {"tags": ",".join(params.tags), "tags_filter": params.tags_filter, "tags_exact": exact}
    known = _known(visit) if visit.mode == "recent" else 0
    # The index compares with what it gives out itself, so its own number goes back to it as it came.
    since = {"last_updated": known} if known else {}
    for schema in params.schemas:
        for country in params.countries or (None,):
            asked = {"schema": schema, **({"country": country} if country else {}), **tags}
            yield {**asked, "status": "posted", **since}
            if known:
                # Two weeks long the index tells what was taken away: long enough to hear it twice.
                yield {**asked, "status": "deleted", "last_updated": _a_fortnight_before(visit, known)}


def _known(visit: Visit) -> int:
    """The last change that is known, in the unit in which the index tells it; 0 for none."""
    return int(visit.cursor) if visit.cursor and visit.cursor.isdecimal() else 0


def _a_fortnight_before(visit: Visit, known: int) -> int:
    unit = 1_000 if known > _SECONDS_END else 1
    return int((visit.now - timedelta(days=15)).timestamp() * unit)


def _pages(visit: Visit, question: dict[str, Any], walked: _Walked) -> Iterator[Page]:
    params: Params = visit.params
    url, here = f"{params.endpoint.rstrip('/')}/nodes", set[str]()
    posted = question["status"] == "posted"
    for number in range(1, params.most_pages + 1):
        asked = {**question, "page": number, "page_size": PAGE_SIZE}
        page = visit.http.get(url, params=asked, role=LISTING, conditional=False, accept=(400,))
        if page.status == 400:
            raise refusal(page)
        answer = object_of(page)
        nodes = nodes_of(answer, page.url)
        total, pages = _count(answer, "number_of_results"), _count(answer, "total_pages")
        if total > MOST_RESULTS:
            raise _too_many(f"{total} results")
        shown = {id for node in nodes if (id := address_of(node)) is not None}
        if shown and shown <= here:
            walked.whole = False
            visit.log.warning("a page of the index came twice", page=number)
            break
        if posted:
            walked.total += total if number == 1 else 0
            walked.twice += len(shown & walked.listed)
            walked.listed |= shown
            walked.newest = max([walked.newest, *_changes(nodes)])
            visit.announced(max(0, walked.total - walked.twice))
        here |= shown
        yield page
        # Without a number of pages only a page that is not full is the last.
        last = number >= pages if pages else len(nodes) < PAGE_SIZE
        if not nodes or last or visit.trial:
            walked.whole = walked.whole and len(here) >= total
            return
    walked.whole = False


def _count(answer: dict[str, Any], name: str) -> int:
    # An answer without results has no `meta` at all.
    meta = answer.get("meta")
    value = meta.get(name, 0) if isinstance(meta, dict) else 0
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _changes(nodes: list[Any]) -> Iterator[int]:
    for node in nodes:
        at = node.get("last_updated") if isinstance(node, dict) else None
        if isinstance(at, int) and not isinstance(at, bool) and 0 < at < 10**14:
            yield at


def refusal(page: Page) -> ParamError | ParseError:
    """Say what the index means by 400: a question of ours that an admin must change. Pure."""
    try:
        errors = object_of(page).get("errors")
    except ParseError as error:
        return error
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    title, detail = (clean_line(str(first.get(name) or ""), 200) for name in ("title", "detail"))
    if title == "Max Results Exceeded":
        return _too_many(detail)
    source = first.get("source")
    name = clean_line(str(source.get("parameter") or ""), 60) if isinstance(source, dict) else ""
    return ParamError(name or "endpoint", f"the index refuses the question: {detail or title or 'it says not why'}")


def _too_many(told: str) -> ParamError:
    return ParamError("countries", f"the index gives 10,000 results and no more ({told}); name countries or tags")


def _profiles(visit: Visit) -> Iterator[Page]:
    """Read the profiles that are due. One that cannot be had waits for the next visit, and so do the others of a dead host."""
    silent: set[str] = set()
    in_a_row = failed = 0
    for card in visit.unread():
        url = card.url or card.source_id
        host = urlsplit(url).netloc
        if host in silent:
            continue
        try:
            # Once: the next visit is the next try, and a few dead hosts would use up this one with pauses.
            page = visit.http.get(url, role=PROFILE, accept=(*GONE, *REDIRECTED), once=True)
        except FetchError as error:
            visit.log.info("a profile could not be had, it waits for the next visit", id=card.source_id, why=error.why)
            failed += 1
            if error.kind in ("transient", "throttled"):
                silent.add(host)
                in_a_row += 1
            if in_a_row >= _HOSTS_IN_A_ROW:
                visit.log.warning("many hosts in a row are silent: is our own way out in order?", hosts=in_a_row)
                return
            continue
        in_a_row = 0
        yield replace(page, of=card.source_id)
    if failed:
        visit.log.info("profiles that could not be had", profiles=failed, silent_hosts=len(silent))
