"""Read a list of posts: a post that is published, in the feed and the page's own becomes a notice.

The one thing to know: a post has no title and no kind; the title is that of the linked article, else its first sentence.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base.contract import Body, Contact, Link, Notice, Page, ParseError, Record, Skipped, Title
from connectors.base.documents import object_of
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.linkedin.about import Params
from connectors.linkedin.little_text import first_sentence, plain_of

_POST = re.compile(r"urn:li:(?:share|ugcPost):(\d{1,20})")
_TITLE, _SUMMARY = 120, 400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(2003, 1, 1, tzinfo=UTC)
_READ = frozenset(
    {"id", "author", "commentary", "content", "createdAt", "publishedAt", "lastModifiedAt", "lifecycleState"}
)
_ALSO_READ = frozenset({"visibility", "distribution", "reshareContext"})
_LEFT_OUT = frozenset(
    {"lifecycleStateInfo", "isReshareDisabledByAuthor", "adContext", "contentLandingPage", "contentCallToActionLabel"}
)


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its posts; one post alone is a list of one. Raises ParseError."""
    answer = object_of(page)
    if "elements" not in answer and _POST.fullmatch(str(answer.get("id"))):
        yield Record("post", answer)
        return
    for place, post in enumerate(elements_of(answer, page.url)):
        yield Record(f"elements[{place}]", post)


def elements_of(answer: dict[str, Any], url: str) -> list[Any]:
    """The posts of an answer. Raises ParseError for what is no list of posts, an error of the interface too."""
    elements = answer.get("elements")
    if not isinstance(elements, list):
        told = clean_line(str(answer.get("message") or ""), 200)
        raise ParseError(url, "elements", f"is not a list of posts{': ' if told else ''}{told}")
    return elements


def identify(record: Record) -> str | None:
    """Whose record it is, also where the rest of it cannot be read."""
    id = record.data.get("id") if isinstance(record.data, dict) else None
    return id if isinstance(id, str) and _POST.fullmatch(id) else None


def audit(record: Record) -> set[str]:
    """The fields of a post that are neither read nor left out on purpose."""
    return set(record.data) - _READ - _ALSO_READ - _LEFT_OUT if isinstance(record.data, dict) else set()


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one post. Raises ParseError for one without an id that we know."""
    id, post = identify(record), record.data
    if id is None:
        raise ParseError(page.url, f"{record.where}.id", "is not the URN of a post")
    params = page.params if isinstance(page.params, Params) else Params()
    if why := _left_out(post, params):
        return Skipped(why, id)
    article = _part(post.get("content"), "article")
    said = plain_of(post["commentary"]) if isinstance(post.get("commentary"), str) else plain_of("")
    text = without_people(said.text)
    title = shorten(without_people(clean_line(str(article.get("title") or ""))) or _line(first_sentence(text)), _TITLE)
    if not title:
        return Skipped("a post without words", id)
    url = f"https://www.linkedin.com/feed/update/{id}"
    source = article.get("source")
    document = http_url(source) if isinstance(source, str) else None
    return Notice(
        source_id=id,
        url=url,
        titles={"und": Title(text=title)},
        kind=params.kind,
        summary=shorten(_line(text), _SUMMARY) or None,
        body=_paragraphs(text) or None,
        published_at=_published(post, id, page.fetched_at),
        updated_at=_at(post.get("lastModifiedAt"), page.fetched_at),
        keywords=tuple(word for tag in said.hashtags if (word := without_people(_line(tag)))),
        organisation=_publisher(params),
        documents=(_link(document, article),) if document else (),
        contact=Contact(url=url),
        extra=_extra(post),
    )


def _line(text: str) -> str:
    """One line of a text that is none of html."""
    return plain(html.escape(text))


def _left_out(post: dict[str, Any], params: Params) -> str | None:
    if post.get("lifecycleState") != "PUBLISHED":
        return "not published"
    if _part(post, "distribution").get("feedDistribution", "MAIN_FEED") != "MAIN_FEED":
        return "an advertisement: not in the feed"
    if post.get("reshareContext"):
        return "a reshare"
    if post.get("visibility") in ("CONNECTIONS", "CONTAINER"):
        return "not for everybody"
    if params.author is not None and post.get("author") != params.author:
        return "written by another author"
    return None


def _part(whole: object, name: str) -> dict[str, Any]:
    part = whole.get(name) if isinstance(whole, dict) else None
    return part if isinstance(part, dict) else {}


def _published(post: dict[str, Any], id: str, fetched_at: datetime) -> datetime | None:
    stated = _at(post.get("publishedAt"), fetched_at)
    # The number of a post begins with the millisecond in which it was made.
    made = int(id.rpartition(":")[2]) >> 22
    return stated or _at(made, fetched_at) or _at(post.get("createdAt"), fetched_at)


def _at(milliseconds: object, fetched_at: datetime) -> datetime | None:
    """Read Unix milliseconds; None for what is no moment between LinkedIn's beginning and now."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not 0 < milliseconds < 10**14:
        return None
    at = _EPOCH + timedelta(milliseconds=milliseconds)
    return at if _FIRST < at < fetched_at + timedelta(days=2) else None


def _paragraphs(text: str) -> str:
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return clean_html("".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part))


def _link(url: str, article: dict[str, Any]) -> Link:
    title = article.get("title")
    return Link(url=url, title=without_people(clean_line(title, 200)) or None if isinstance(title, str) else None)


def _publisher(params: Params) -> Body | None:
    if not params.organisation:
        return None
    number = params.page_id.rpartition(":")[2]
    return Body(name=params.organisation, url=f"https://www.linkedin.com/company/{number}" if number else None)


def _extra(post: dict[str, Any]) -> dict[str, Any]:
    content = post.get("content")
    kinds = sorted(content) if isinstance(content, dict) else []
    own = {"content": kinds, "visibility": post.get("visibility")}
    kept = {name: value for name, value in own.items() if value}
    return {"linkedin": kept} if kept else {}
