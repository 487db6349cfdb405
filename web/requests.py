"""Requests of our members on the board: a page each, the feed that other installations read, and Murmurations profiles.

The one thing to know: only what is our own and what its organisation agreed to is published here, never what we have
read elsewhere; so installations may read each other in a circle, and nothing comes round twice.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from aggregator import taxonomy
from aggregator.people import requests as held_requests
from aggregator.people.request import Held, notice_of
from connectors.base.contract import Notice, ParamError
from connectors.base.text import plain
from connectors.members import VERSION
from web.context import reader, settings, store

requests = Blueprint("requests", __name__, url_prefix="/requests")

_SCHEMA = "offers_wants_schema-v0.1.0"
LICENCE = (
    "may be shown with the name and the address of the installation, until it is withdrawn or its last day has passed"
)


@dataclass(frozen=True, slots=True)
class Open:
    """A request with its notice, and the instant at which it ends (UTC); None where it names no end."""

    held: Held
    notice: Notice
    ends: datetime | None

    def over(self, now: datetime) -> bool:
        return self.ends is not None and self.ends < now


def _opened(held: Held) -> Open:
    here = settings()
    notice = notice_of(held, board=here.board_url, office=here.office, zone=here.zone)
    last = next((deadline for deadline in notice.deadlines if deadline.on is not None), None)
    ends = _end(last.on, last.zone or here.zone) if last is not None and last.on is not None else None
    return Open(held, notice, ends)


def _end(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def _published() -> list[Open]:
    with store().read() as connection:
        everything = [_opened(one) for one in held_requests.everything(connection) if one.public]
    return [one for one in everything if not one.over(reader().now)]


def _found(id: str) -> Held:
    try:
        with store().read() as connection:
            return held_requests.get(connection, id)
    except ParamError:
        abort(404)


@requests.get("/feed.json")
def feed() -> Response:
    """Every open published request, whole: JSON Feed 1.1, and in `_worldwidewe` what installations like ours read."""
    here, found = settings(), _published()
    answer = jsonify(
        version="https://jsonfeed.org/version/1.1",
        title=here.office,
        home_page_url=here.board_url,
        feed_url=f"{here.board_url}/requests/feed.json",
        language=here.languages[0],
        authors=[{"name": here.office, "url": here.board_url}],
        _worldwidewe={"version": VERSION, "total": len(found), "office": here.office, "licence": LICENCE},
        items=[item(one.notice) for one in found],
    )
    # No Last-Modified: what was taken back or is over leaves no moment here, and 304 would keep it alive elsewhere.
    answer.content_type = "application/feed+json"
    return answer


def item(notice: Notice) -> dict[str, Any]:
    """One item of the feed: for any reader of feeds, and under `_worldwidewe` the whole notice."""
    lang, title = next(iter(notice.titles.items()))
    dates = {"date_published": notice.published_at, "date_modified": notice.updated_at}
    body = notice.organisation
    return {
        "id": next(iter(notice.same_as), notice.url),
        "url": notice.url,
        "title": title.text,
        "content_html": notice.body or "",
        **({"summary": notice.summary} if notice.summary else {}),
        **{name: at.isoformat() for name, at in dates.items() if isinstance(at, datetime)},
        **({"language": lang} if lang != "und" else {}),
        **({"tags": list(notice.keywords)} if notice.keywords else {}),
        **({"authors": [{"name": body.name, **({"url": body.url} if body.url else {})}]} if body else {}),
        "_worldwidewe": {"notice": notice.model_dump(mode="json")},
    }


@requests.get("/murmurations.json")
def profiles() -> Response:
    """The addresses of the profiles of all open published requests, to be registered with an index."""
    return jsonify(
        profiles=[f"{settings().board_url}/requests/{one.held.id}/murmurations.json" for one in _published()]
    )


@requests.get("/<id>/murmurations.json")
def profile(id: str) -> Response:
    """One request as a profile of the Murmurations schema offers_wants 0.1.0; 404 where it is not published or over."""
    found = _opened(_found(id))
    if not found.held.public or found.over(reader().now):
        abort(404)
    return jsonify(profile_of(found))


def profile_of(found: Open) -> dict[str, Any]:
    """Return the profile; every property that the schema requires is in it (docs/platforms/members.md)."""
    wish, notice = found.held.request, found.notice
    national = bool(wish.countries) and set(wish.countries) == {wish.country}
    tags = dict.fromkeys(word.casefold() for word in (*notice.keywords, "cooperative"))
    return {
        "linked_schemas": [_SCHEMA],
        "exchange_type": "offer" if wish.kind == "offer" else "want",
        **({"item_type": wish.item} if wish.item else {}),
        "transaction_type": [wish.exchange],
        "tags": list(tags),
        "title": wish.title,
        "description": notice.summary or wish.title,
        "geographic_scope": "national" if national else "international",
        "details_url": notice.url,
        "contact_details": {"contact_form": notice.url},
        **({"expires_at": int(found.ends.timestamp())} if found.ends else {}),
    }


@requests.get("/<id>")
def page(id: str) -> Response:
    """One request for people: for everybody where it is published, else for who has its address from a letter."""
    held = _found(id)
    letter = hmac.compare_digest(request.args.get("key", "").encode(), held.key.encode())
    if held.withdrawn_at is not None:
        return make_response(render_template("request.html", wish=None), 410)
    if not held.public and not letter:
        abort(404)
    found, who = _opened(held), reader()
    wish = held.request
    answer = make_response(
        render_template(
            "request.html",
            wish=wish,
            id=held.id,
            kind=taxonomy.kind_label(found.notice.kind, who.language),
            country=taxonomy.country_label(wish.country, who.language),
            countries=[taxonomy.country_label(code, who.language) for code in wish.countries if code != "*"],
            anywhere="*" in wish.countries,
            paragraphs=[part for part in wish.text.split("\n") if part.strip()],
            description=plain(found.notice.summary or ""),
            ends=who.day(found.ends) if found.ends else None,
            ours=wish.expires is None,
            over=found.over(who.now),
            entered=who.day(held.created_at),
            public=held.public,
            mailbox=settings().mail_reply_to,
        )
    )
    if not held.public:
        # The address itself is the key: it is to be told to nobody, and not to be found.
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
