"""The opportunity board: what is open, one by one, with where it comes from.

The one thing to know: a route reads its filters, asks the store, says the answer in the reader's words and renders; what
may be shown is decided by aggregator.rights, whoever asks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from aggregator import rights, taxonomy
from aggregator.intake.account import behind
from aggregator.intake.standing import SourceState, states
from aggregator.store import opportunities, search, uniting
from aggregator.store.noted import Noted, noted
from aggregator.store.opportunity import Opportunity
from web import facets, words
from web.context import Reader, reader, settings, store
from web.filters import NOTHING, Filters, read
from web.rows import rows
from web.sheet import sheet

board = Blueprint("board", __name__)
SOON_DAYS = 14
_ON_FRONT = 8
_WEIGHED = 60
_OF_ONE_SOURCE = 2
_NAMED = 8
"""So many sources are named on the front page; of more, those that are well are counted."""


def _titles(known: list[SourceState]) -> dict[str, str]:
    return {state.name: state.title for state in known}


def _lines(known: list[SourceState], who: Reader) -> list[tuple[SourceState, str, str]]:
    """The sources that are read, or have brought something, with their one line each, and its tone: good, bad, or never
    where nothing was tried."""
    read_ones = [state for state in known if state.enabled or state.notices]
    return [(state, words.state_word(state, who), _tone(state)) for state in read_ones]


def _resting(known: list[SourceState]) -> list[SourceState]:
    """The sources that nobody has switched on yet."""
    return [state for state in known if not state.enabled and not state.notices]


def _tone(state: SourceState) -> str:
    if not state.enabled or state.last_visit is None:
        return "never"
    return "bad" if words.trouble(state.last_class or "") else "good"


@board.get("/")
def home() -> str:
    """What closes within two weeks, what is new, how much of each kind there is, and how fresh it all is."""
    who = reader()
    closing = Filters(status=("open",), deadline=SOON_DAYS)
    newest = Filters(sort="newest")
    with store().read() as connection:
        known = states(connection, to="public")
        soon = search.find(connection, closing.query(), now=who.now, size=_ON_FRONT, facets=False)
        fresh = search.find(connection, newest.query(), now=who.now, size=_WEIGHED)
        history = noted(connection, [item.id for item in soon.items])
    titles = _titles(known)
    kinds = [
        (taxonomy.kind_label(kind, who.language, plural=True), count, NOTHING.address(kind=(kind,)))
        for kind, count in fresh.facets["kinds"]
    ]
    shown_first = {item.id for item in soon.items}
    lines = _lines(known, who)
    well = [state for state, _, tone in lines if tone == "good"]
    return render_template(
        "home.html",
        closing=rows(soon.items, reader=who, titles=titles, history=history),
        closing_total=soon.total,
        closing_address=closing.address(),
        newest=rows(_varied(i for i in fresh.items if i.id not in shown_first), reader=who, titles=titles),
        newest_address=newest.address(),
        total=fresh.total,
        kinds=kinds,
        sources=lines if len(lines) <= _NAMED else [line for line in lines if line[2] != "good"],
        well=well if len(lines) > _NAMED else [],
        latest=max((state.last_good for state in well if state.last_good), default=None),
    )


def _varied(items: Iterable[Opportunity]) -> list[Opportunity]:
    """The newest, two of one source while there are others: a platform that was read last must not fill the page."""
    found, counts, late = list(items), Counter[str](), set[int]()
    for item in found:
        counts[item.notices[0].source] += 1
        if counts[item.notices[0].source] > _OF_ONE_SOURCE:
            late.add(item.id)
    return sorted(found, key=lambda item: item.id in late)[:_ON_FRONT]


@board.get("/opportunities")
def listing() -> str | AnyResponse:
    """The list, filtered; an address with defaults or in another order leads to the one address of its state."""
    who = reader()
    with store().read() as connection:
        known = states(connection, to="public")
        titles = _titles(known)
        filters, ignored = read(request.args, sources=titles)
        given = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        if not ignored and given != filters.pairs():
            return redirect(filters.address(page=filters.page))
        found = search.find(connection, filters.query(), now=who.now, page=filters.page, size=filters.size)
        last = max(1, -(-found.total // filters.size))
        if filters.page > last:
            return redirect(filters.address(page=last))
        ways = facets.ways_out(connection, filters, reader=who, titles=titles) if not found.total else []
        history = noted(connection, [item.id for item in found.items])
    page = _list_page(filters, found, titles=titles, history=history)
    return render_template("list.html", **page, ignored=ignored, ways=ways)


def _list_page(
    filters: Filters, found: search.Found, *, titles: Mapping[str, str], history: Mapping[int, Sequence[Noted]]
) -> dict[str, Any]:
    who = reader()
    last = max(1, -(-found.total // filters.size))
    said = rows(found.items, reader=who, titles=titles, history=history)
    by_date = filters.sort == "deadline"
    return {
        "filters": filters,
        "rows": [r for r in said if r.due] if by_date else said,
        "undated": [r for r in said if not r.due] if by_date else [],
        "total": found.total,
        "first": (filters.page - 1) * filters.size + 1,
        "last_shown": (filters.page - 1) * filters.size + len(found.items),
        "previous": filters.address(page=filters.page - 1) if filters.page > 1 else None,
        "next": filters.address(page=filters.page + 1) if filters.page < last else None,
        "pages": last,
        "facets": facets.facets(found.facets, filters, reader=who, titles=titles),
        "choices": facets.choices(filters, reader=who),
        "statuses": facets.statuses(filters),
        "sorts": facets.sorts(filters),
        "matches": facets.matches(filters),
        "sizes": facets.sizes(filters),
        "pills": facets.pills(filters, reader=who, titles=titles),
        "names": facets.facet_names(),
    }


@board.get("/opportunities/<int:id>")
def detail(id: int) -> str | AnyResponse:
    """Everything that is known of one opportunity, with its provenance and history; 404 where the public may not see it.

    The number of one that went into another leads there.
    """
    who = reader()
    if id >= 2**31:
        # PostgreSQL's integer ends here; no store of ours has such a number.
        abort(404)
    with store().read() as connection:
        number = uniting.current(connection, id)
        item = opportunities.get(connection, number) if number is not None else None
        if item is None or not rights.shown(item, to="public", now=who.now).visible:
            abort(404)
        if item.id != id:
            asked = request.query_string.decode("ascii", "ignore")
            return redirect(f"/opportunities/{item.id}" + (f"?{asked}" if asked else ""), 301)
        said = sheet(
            item,
            noted(connection, [id]).get(id, ()),
            behind=behind(connection, item),
            reader=who,
            titles=_titles(states(connection, to="public")),
        )
    return render_template("detail.html", sheet=said, item=item)


@board.get("/sources")
def sources() -> str:
    """Every source: how fresh, how much, and whether its live platform was ever read."""
    who = reader()
    with store().read() as connection:
        known = states(connection, to="public")
    return render_template("sources.html", sources=_lines(known, who), resting=_resting(known))


@board.get("/about")
def about() -> str:
    """Who reads the platforms and why: the page that our User-Agent names."""
    chosen = settings()
    agent = f"worldwidewe/{_version()} (+{chosen.contact_page})"
    return render_template("about.html", agent=agent, office=chosen.office, mailbox=chosen.mail_reply_to)


@cache
def _version() -> str:
    return version("worldwidewe")


@board.get("/health")
def health() -> tuple[Response, int]:
    """For monitors: does the database answer, and how old is the last good visit (seconds)."""
    try:
        with store().read() as connection:
            good = [state.last_good for state in states(connection) if state.enabled and state.last_good]
    except sa.exc.SQLAlchemyError:
        return jsonify(ok=False, database="failing"), 503
    facts: dict[str, Any] = {"ok": True, "database": "ok"}
    if good:
        newest = max(good)
        facts["last_good_visit"] = newest.isoformat()
        facts["last_good_visit_age"] = int((datetime.now(UTC) - newest).total_seconds())
    return jsonify(facts), 200
