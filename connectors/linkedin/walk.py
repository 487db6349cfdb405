"""Walk the list of a page's posts, the last modified first.

The one thing to know: there is no question "since", so an ordinary visit stops where the posts are older than the last
one; a post that was deleted merely is no more there, so once a week a sweep goes to the end, and the end must be proved.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from connectors.base.contract import Page, ParamError, Visit
from connectors.base.documents import object_of
from connectors.linkedin.about import Params
from connectors.linkedin.answers import ask
from connectors.linkedin.reading import elements_of

COUNT = 50
_OVERLAP = timedelta(days=1)
"""So much further back than the last visit: its clock and LinkedIn's are not the same."""
_WARN = timedelta(days=30)


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for page after page. Raises FetchError; ParamError without a page, and when the version is switched off (426)."""
    params: Params = visit.params
    if params.author is None:
        raise ParamError("page_id", "which page is read? worldwidewe linkedin connect lists those that you administer")
    if visit.now.date() >= params.version_ends - _WARN:
        visit.log.warning(
            "this version of LinkedIn's interface is about to end: set a newer one",
            version=params.version,
            ends_about=params.version_ends.isoformat(),
        )
    seen: set[str] = set()
    records = 0
    for number in range(params.most_pages):
        page = ask(visit, _query(params.author, start=number * COUNT), role="listing")
        answer = object_of(page)
        posts = elements_of(answer, page.url)
        shown = {post["id"] for post in posts if isinstance(post, dict) and isinstance(post.get("id"), str)}
        repeated = bool(shown) and shown <= seen
        seen |= shown
        records += len(posts)
        why = _doubt(posts, follows=_follows(answer), repeated=repeated)
        if why:
            _incomplete(visit, records, why=why)
        if not repeated:
            yield page
        if why or visit.trial or _is_last(posts, follows=_follows(answer)) or _reaches_back(posts, visit):
            return
    _incomplete(visit, records, why="the most pages that a visit reads")


def _query(author: str, *, start: int) -> str:
    # By hand: a client would write the colons and lists of Rest.li its own way. A link to the next page is never
    # followed, only counted on, so that nobody can lead the token elsewhere.
    return f"/posts?author={quote(author, safe='')}&q=author&count={COUNT}&start={start}&sortBy=LAST_MODIFIED"


def _follows(answer: dict[str, Any]) -> bool:
    paging = answer.get("paging")
    links = paging.get("links") if isinstance(paging, dict) else None
    return isinstance(links, list) and any(isinstance(link, dict) and link.get("rel") == "next" for link in links)


def _is_last(posts: list[Any], *, follows: bool) -> bool:
    # A full page without a link may have lost it: one more is asked for, and is empty.
    return not follows and len(posts) < COUNT


def _doubt(posts: list[Any], *, follows: bool, repeated: bool) -> str | None:
    """Say why this page ends the list without being its end; None: it does not."""
    if repeated:
        return "a page came twice"
    return "an empty page that names a next one" if follows and not posts else None


def _reaches_back(posts: list[Any], visit: Visit) -> bool:
    """Whether an ordinary visit has come to posts that the last one knew."""
    if visit.mode == "sweep" or visit.since is None:
        return False
    known = visit.since - _OVERLAP
    modified = (post.get("lastModifiedAt") for post in posts if isinstance(post, dict))
    return any(isinstance(at, int) and at < known.timestamp() * 1000 for at in modified)


def _incomplete(visit: Visit, records: int, *, why: str) -> None:
    if visit.mode == "sweep":
        # There is more than was read: so it never counts as a whole one, and withdraws nothing.
        visit.announced(records + 1)
        visit.log.warning("the list was not read to its end", why=why, posts=records)
    else:
        visit.log.info("the list was not read to its end", why=why, posts=records)
