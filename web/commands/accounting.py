"""How `opportunities show` tells the account of an opportunity: lines for people, one object for programs.

The one thing to know: strangers wrote the words in it, so nothing reaches a terminal that a terminal would obey.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aggregator.intake.account import Account, Behind, Changed, Merge, VisitFacts
from aggregator.intake.whence import KeptPage
from aggregator.store.history import LISTS, is_hushed, moved, moved_earlier
from aggregator.store.opportunity import next_deadline, status
from connectors.base.contract import Deadline
from connectors.base.text import shorten, visible
from web.commands.export import change_told, document

_LONGEST = 300
_BREAK = re.compile(r"\s*[\t-\r\x85\u2028\u2029]\s*")
_STANDS = {
    "listed": "listed",
    "missing": "not listed since {since}",
    "withdrawn": "withdrawn on {since}",
    "unasked": "its source is asked another question since it was listed",
    "off": "its source is switched off",
    "removed": "its source was removed",
}
_BY = {"key": "by the key", "rule": "by the rule:", "office": "by the office:", "renamed": "under a new name:"}
_TO = {"members": ", for members", "office": ", for the office"}


def lines(told: Account, *, now: datetime, board: str) -> Iterator[str]:
    """The account for people, from what it is to what changed."""
    for line in _lines(told, now=now, board=board):
        yield shorten(_BREAK.sub(" ", visible(line)), _LONGEST)


def _lines(told: Account, *, now: datetime, board: str) -> Iterator[str]:
    item = told.item
    yield f"{item.id}  {item.title('it', 'en')[0]}"
    yield f"  {item.kind}, {status(item, now)}" + (f" since {_when(item.withdrawn_at)}" if item.withdrawn_at else "")
    nearest = next_deadline(item, now)
    for deadline in item.deadlines:
        yield f"  deadline: {_deadline(deadline, item.zone)}" + (
            " (next)" if nearest and deadline is nearest[0] else ""
        )
    if not item.deadlines:
        yield "  deadline: not stated"
    yield f"  first seen {_when(item.first_seen)}, last changed {_when(item.changed_at)}"
    if item.rights.audience == "public":
        yield f"  on the board: {board}/opportunities/{item.id}"
    else:
        yield f"  for {'members' if item.rights.audience == 'members' else 'the office'} only"
    if told.old_numbers:
        yield f"  went into it: {', '.join(map(str, told.old_numbers))}"
    yield f"made up of {len(told.behind)} {'notice' if len(told.behind) == 1 else 'notices'}"
    for one in told.behind:
        yield from _notice(one, told)
    if told.says:
        yield "where they differ"
        for field, values in told.says.items():
            yield f"  {field}"
            for one, value in zip(told.behind, values, strict=True):
                yield f"    {one.source}: {value or 'not stated'}"
    for merge in told.undone:
        gone = f"parted on {_when(merge.undone_at)}" if merge.undone_at else ""
        yield f"parted: {merge.source} {merge.source_id}, joined on {_when(merge.at)} {_why(merge)}, {gone}"
    yield "what changed" if told.changes else "nothing changed since it was first seen"
    for change in told.changes:
        yield from _change(change)


def _notice(one: Behind, told: Account) -> Iterator[str]:
    leads = " (leads)" if one.leads and len(told.behind) > 1 else ""
    yield f"  {one.source_title}: {one.source} {one.source_id}{leads}{_TO.get(one.audience, '')}"
    yield f"    {one.url}"
    stands = _STANDS[one.stands].format(since=_when(one.since))
    yield f"    first seen {_when(one.first_seen)}, read {_when(one.fetched_at)}, {stands}"
    yield f"    read from {_page(one.page)}" + (
        f", {_visit(told.visits.get(one.page.visit_id), one.page.visit_id)}" if one.page else ""
    )
    if one.merge:
        had = f"; it was {one.merge.old_id} before" if one.merge.old_id else ""
        visit = f", {_visit(told.visits.get(n), n)}" if (n := one.merge.visit_id) else ""
        yield f"    joined on {_when(one.merge.at)} {_why(one.merge)}{had}{visit}"


def _why(merge: Merge) -> str:
    return f"{_BY.get(merge.by, merge.by)} {merge.because}".strip()


def _change(told: Changed) -> Iterator[str]:
    row = told.row
    marks = [" EARLIER"] if moved_earlier(row.change) else []
    marks += [" (a correction: we read it better, the source did not change)"] if row.change.cause != "source" else []
    marks += [f" (noted of {row.noted_of})"] if row.noted_of else []
    yield f"  {_when(row.change.at)}  {row.change.field}: {_values(told)}{''.join(marks)}"
    if row.visit_id is None:
        yield f"    {row.source}, in no visit" + (
            ": its kept pages were read again" if row.change.cause != "source" else ""
        )
        return
    if told.page:
        page = _page(told.page)
    elif told.kept_pages:
        page = f"none of its {told.kept_pages} kept pages names the notice"
    else:
        page = _page(None)
    yield f"    {row.source}, {_visit(told.visit, row.visit_id)}: {page}"


def _values(told: Changed) -> str:
    change = told.row.change
    if is_hushed(change):
        return "changed; the words are not kept, because fewer people might see them"
    before, after = moved(change)
    if change.field == "withdrawn":
        return "by the source" if told.row.visit_id else "withdrawn"
    if change.field == "reopened":
        return f"it had been withdrawn on {(before or '')[:10]}"
    if change.field in {"summary", "text"}:
        before, after = (f"{value.split()[0]} characters" if value else value for value in (before, after))
    if (
        change.field in LISTS
        and change.before
        and change.after
        and not (change.field == "deadline" and before and after)
    ):
        return ", ".join(filter(None, (f"without {before}" if before else "", f"with {after}" if after else "")))
    return f"{before or 'not stated'} → {after or 'not stated'}"


def _page(page: KeptPage | None) -> str:
    return page.url if page else "a page that is no longer kept"


def _visit(visit: VisitFacts | None, id: int) -> str:
    if visit is None:
        return f"visit {id}, no longer on record"
    return f"visit {id} of {_when(visit.started_at)} ({visit.kind or 'not ended'})"


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _deadline(given: Deadline, zone: str) -> str:
    if given.on is None:
        return f"{given.certainty.replace('_', ' ')} ({given.kind})"
    at = f" {given.at}" if given.at else ""
    label = f", {given.label}" if given.label else ""
    return f"{given.on.isoformat()}{at} {given.zone or zone} ({given.kind}{label})"


def as_json(told: Account, *, now: datetime, board: str) -> dict[str, Any]:
    """The account as one object: the opportunity as `export` prints it, with everything that it comes from."""
    item = document(told.item, now=now, board=board)
    item["notices"] = [_notice_told(one, told) for one in told.behind]
    parts: dict[str, Any] = {
        "old_numbers": [str(old) for old in told.old_numbers],
        "differ": {
            field: [
                {"source": one.source, "source_id": one.source_id} | ({"says": value} if value else {})
                for one, value in zip(told.behind, values, strict=True)
            ]
            for field, values in told.says.items()
        },
        "parted": [_merge_told(merge, told) for merge in told.undone],
        "history": [_change_told(change) for change in told.changes],
    }
    return item | {name: value for name, value in parts.items() if value}


def _notice_told(one: Behind, told: Account) -> dict[str, Any]:
    values = {
        "source": one.source,
        "source_id": one.source_id,
        "title": one.source_title,
        "url": one.url,
        "audience": one.audience,
        "leads": one.leads,
        "first_seen": _iso(one.first_seen),
        "fetched_at": _iso(one.fetched_at),
        "stands": one.stands,
        "since": _iso(one.since),
        "page": _page_told(one.page),
        "merge": _merge_told(one.merge, told) if one.merge else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _merge_told(merge: Merge, told: Account) -> dict[str, Any]:
    values = {
        "source": merge.source,
        "source_id": merge.source_id,
        "by": merge.by,
        "because": merge.because,
        "at": _iso(merge.at),
        "visit": _visit_told(merge.visit_id, told.visits.get(merge.visit_id)) if merge.visit_id else None,
        "old_number": str(merge.old_id) if merge.old_id else None,
        "undone_at": _iso(merge.undone_at),
    }
    return {name: value for name, value in values.items() if value is not None}


def _change_told(change: Changed) -> dict[str, Any]:
    told = change_told(change.row)
    del told["opportunity"]
    if change.row.visit_id is not None:
        told["visit"] = _visit_told(change.row.visit_id, change.visit)
    return told | ({"page": _page_told(change.page)} if change.page else {})


def _visit_told(id: int, visit: VisitFacts | None) -> dict[str, Any]:
    known = {"started_at": _iso(visit.started_at), "class": visit.kind, "mode": visit.mode} if visit else {}
    return {"id": id} | {name: value for name, value in known.items() if value}


def _page_told(page: KeptPage | None) -> dict[str, Any] | None:
    return {"url": page.url, "fetched_at": _iso(page.fetched_at), "visit": page.visit_id} if page else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
