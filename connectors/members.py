"""Requests and offers of the members themselves: our own office's, and those that another installation publishes.

The one thing to know: an installation publishes only what is its own (docs/platforms/members.md), so what A reads of B
never comes back to A; whatever else a feed holds is left out by name. Nothing of a notice is lost on the way.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import (
    About,
    FetchError,
    Kind,
    Notice,
    Page,
    ParseError,
    Record,
    Rights,
    Skipped,
    Url,
    Visit,
)
from connectors.base.documents import object_of, read_json
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line

VERSION = 1
"""Of what stands under `_worldwidewe` in the feed and on the first line of the file."""
FILE = "requests.jsonl"

ABOUT = About(
    name="members",
    title="Requests and offers of members",
    home="https://www.jsonfeed.org/version/1.1/",
    rights=Rights(show="full", audience="members", drop_text_at="close", basis="entered by the office for its members"),
    rhythm_minutes=360,
    sweep_days=0,
    robots=False,  # a feed that an installation like ours offers to others
    zone="Europe/Rome",
    caveats=(
        "2026-11-25: read between two installations of our own on one machine; no other federation's was read yet",
    ),
)


class Params(BaseModel):
    """Whose requests are read: the office's own, or those of another installation."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    url: Url | None = Field(
        None,
        title="Feed of another installation",
        description="Its address ends with /requests/feed.json. Left empty: the requests that our own office entered with"
        " worldwidewe requests add.",
        examples=["https://opportunities.example.org/requests/feed.json"],
        max_length=2048,
    )


def rights(notice: Notice, params: Params) -> Rights:
    """Under which rights a request is shown: for members, and for everybody where its organisation agreed to that."""
    told = notice.extra.get("members")
    said = told if isinstance(told, dict) else {}
    public = said.get("audience") == "public"
    by = clean_line(str(said.get("attribution", "")), 200)
    if params.url is None:
        basis = clean_line(str(said.get("basis", "")), 300) if public else ABOUT.rights.basis
        audience: Literal["public", "members"] = "public" if public and basis else "members"
        return Rights(show="full", audience=audience, attribution=by, drop_text_at="close", basis=basis or "not known")
    host = _host(params.url)
    # What it publishes without saying that everybody may see it is no matter of ours to widen.
    return Rights(
        show="full" if public else "link",
        audience="public" if public else "office",
        attribution=f"{by} ({host})" if by else host,
        drop_text_at="close",
        basis=f"published by {host} with the consent of the organisation" if public else "not known",
    )


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask the other installation once, or take the file that our own office's commands write."""
    if visit.params.url is not None:
        page = visit.http.get(visit.params.url, role="feed")
        if not page.unchanged:
            visit.announced(len(_items(page)))
        yield page
        return
    file = next((file for file in visit.files() if file.name == FILE), None)
    if file is not None:
        # The cursor says that there was a file once; then its absence is an accident.
        yield Page(url=f"file:{FILE}", body=file.body, fetched_at=visit.now, role="file", cursor_after="written")
    elif visit.cursor is not None:
        raise FetchError(
            "gone", f"drop/{visit.source}/{FILE}", "is not there; worldwidewe requests rebuild", status=404
        )


def split(page: Page) -> Iterator[Record]:
    """Cut a feed, or our own file, into requests. Raises ParseError."""
    if page.url.startswith("file:"):
        yield from _lines(page)
        return
    for place, item in enumerate(_items(page)):
        yield Record(f"items[{place}]", item)


def identify(record: Record) -> str | None:
    """Say whose record it is, also where it cannot be read."""
    told = _notice_in(record.data).get("source_id")
    return told if isinstance(told, str) else None


def audit(record: Record) -> list[str]:
    """The keys of a notice that this version does not know."""
    return sorted(_notice_in(record.data).keys() - Notice.model_fields.keys())


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one request as its installation holds it. Raises ValueError."""
    told = {key: value for key, value in _notice_in(record.data).items() if key in Notice.model_fields}
    if not told:
        raise ValueError("holds no request of an installation like ours")
    # By way of JSON: there the shapes read dates and numbers as they were written.
    notice = without_persons(Notice.model_validate_json(json.dumps(told)))
    if page.url.startswith("file:"):
        return notice
    own = own_key(_host(page.url), notice.source_id)
    keys = [key for key in notice.same_as if key.startswith(f"{KEY}:")]
    if keys != [own] or _host(notice.url) != _host(page.url):
        return Skipped("not a request of the installation that publishes it", notice.source_id)
    if notice.kind not in KINDS.values():
        return Skipped("neither a request nor an offer nor a search for partners", notice.source_id)
    # By another key it would stand behind somebody else's notice, and lend it titles.
    return notice.model_copy(update={"same_as": (own,)})


KEY = "worldwidewe"
KINDS: Mapping[str, Kind] = {
    "request": "business_request",
    "offer": "business_offer",
    "partner": "partner_search",
}
"""What a member may say that it is, and what that is to readers."""


def own_key(host: str, source_id: str) -> str:
    """The strong key of a request: the installation's host, with its port where it has one of its own, and its number there."""
    return f"{KEY}:{host}:{source_id}"


def without_persons(notice: Notice) -> Notice:
    """Return the notice with cleaned texts; of one that is clean already, nothing changes."""
    titles = {lang: title.model_copy(update={"text": _line(title.text)}) for lang, title in notice.titles.items()}
    if not all(title.text for title in titles.values()):
        raise ValueError("has a title of which nothing is left without markup and persons")
    organisation = notice.organisation
    if organisation is not None:
        name = _line(organisation.name)
        organisation = organisation.model_copy(update={"name": name}) if name else None
    return notice.model_copy(
        update={
            "titles": titles,
            "summary": without_people(notice.summary) if notice.summary else None,
            "body": without_people(clean_html(notice.body)) or None if notice.body else None,
            "organisation": organisation,
            "keywords": tuple(dict.fromkeys(word for one in notice.keywords if (word := _line(one)))),
        }
    )


def _line(text: str) -> str:
    return without_people(clean_line(text))


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _items(page: Page) -> list[Any]:
    feed = object_of(page)
    told, items = feed.get("_worldwidewe"), feed.get("items")
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/") or not isinstance(told, dict):
        raise ParseError(
            page.url, "body", "is not the feed of an installation like ours; its address ends with /requests/feed.json"
        )
    if told.get("version") != VERSION:
        raise ParseError(
            page.url,
            "_worldwidewe",
            f"speaks version {str(told.get('version'))[:20]} of this feed; here {VERSION} is read",
        )
    if not isinstance(items, list):
        raise ParseError(page.url, "items", "is no list")
    if told.get("total") != len(items):
        raise ParseError(page.url, "items", f"holds {len(items)} requests and announces {str(told.get('total'))[:20]}")
    return items


def _lines(page: Page) -> Iterator[Record]:
    first, *rest = page.body.decode("utf-8", "replace").rstrip("\n").split("\n")
    head = read_json(first, page.url)
    if not isinstance(head, dict) or head.get("worldwidewe") != "requests" or head.get("version") != VERSION:
        raise ParseError(
            page.url, "line 1", "is not what worldwidewe requests writes; mend it with: worldwidewe requests rebuild"
        )
    if head.get("total") != len(rest):
        raise ParseError(
            page.url, "line 1", "announces another number of requests; mend it with: worldwidewe requests rebuild"
        )
    for number, line in enumerate(rest, 2):
        yield Record(f"line {number}", {"_worldwidewe": {"notice": read_json(line, page.url)}})


def _notice_in(item: Any) -> dict[str, Any]:
    own = item.get("_worldwidewe") if isinstance(item, dict) else None
    told = own.get("notice") if isinstance(own, dict) else None
    return told if isinstance(told, dict) else {}
