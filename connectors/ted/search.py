"""Reading the search to its end, or saying that it did not come to its end.

The one thing to know: ITERATION ends with an EMPTY page; the token beside it may still be there.
"""

from collections.abc import Iterator
from typing import Any

from connectors.base.contract import FetchError, Page, ParamError, ParseError, Visit
from connectors.base.documents import object_of
from connectors.ted.about import Params
from connectors.ted.query import FIELDS, expert_query, search_body, window_start

_MOST_RENAMED = 5  # more fields gone at once is no renaming, it is another interface
_TOKEN_ERRORS = ("EXPIRED_ITERATION_TOKEN", "INVALID_ITERATION_TOKEN")


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for page after page. Raises FetchError, ParamError for a query that TED refuses, ParseError.

    A token that comes twice, or too many notices, ends the visit early: what was announced then exceeds what came.
    """
    params: Params = visit.params
    start = window_start(params, mode=visit.mode, now=visit.now, since=visit.since)
    query = expert_query(params, published_from=start)
    fields: tuple[str, ...] = FIELDS
    token: str | None = None
    tokens: set[str] = set()
    numbers: set[str] = set()
    restarted = False
    while True:
        body = search_body(query, fields=fields, page_size=params.page_size, token=token)
        # An invalid token is answered with 500 (docs/platforms/ted.md); without a token a 500 is an ordinary failure.
        accept = (400, 500) if token and not restarted else (400,)
        page = visit.http.post_json(params.endpoint, body, accept=accept)
        if page.status == 500 or _error(page).get("type") in _TOKEN_ERRORS:
            if restarted or token is None:
                raise FetchError("transient", page.url, "the search lost its place twice", status=page.status)
            visit.log.warning("iteration restarted", status=page.status, pages=len(tokens))
            token, restarted = None, True
            tokens.clear()
            continue
        if page.status == 400:
            fields = _without_unknown_field(page, fields)
            visit.log.warning("field dropped, the platform does not know it any more", fields=len(fields))
            continue
        answer = read_answer(page)
        if token is None:
            visit.announced(answer["totalNoticeCount"])
        if not answer["notices"]:
            return
        new = {str(notice.get("publication-number")) for notice in answer["notices"]} - numbers
        if new:  # else a page that was read before the restart
            numbers |= new
            yield page
        token = answer.get("iterationNextToken")
        if not token or token in tokens:
            if len(numbers) < answer["totalNoticeCount"]:
                visit.log.warning("iteration ended early", why="the same token twice" if token else "no token")
            return
        tokens.add(token)
        if len(numbers) >= params.max_notices:
            visit.log.warning("visit stopped at its limit of notices", limit=params.max_notices)
            return


def read_answer(page: Page) -> dict[str, Any]:
    """Read an answer of the search. Raises ParseError for anything else, FetchError when it is known to be partial."""
    answer = object_of(page)
    if not isinstance(answer.get("notices"), list):
        raise ParseError(page.url, "notices", "is not the list of a search answer")
    if answer.get("timedOut") is True:
        # `timedOut`: the platform searched only a part; as good as no answer.
        raise FetchError("transient", page.url, "the search timed out on the platform")
    if not isinstance(answer.get("totalNoticeCount"), int):
        raise ParseError(page.url, "totalNoticeCount", "is not a number")
    return answer


def _error(page: Page) -> dict[str, Any]:
    if page.status != 400:
        return {}
    try:
        error = object_of(page).get("error")
    except ParseError:
        return {}
    return error if isinstance(error, dict) else {}


def _without_unknown_field(page: Page, fields: tuple[str, ...]) -> tuple[str, ...]:
    error = _error(page)
    name = error.get("fieldName")
    if error.get("type") == "UNSUPPORTED_VALUE" and error.get("parameterName") == "fields":
        name = error.get("unsupportedValue")
    unknown = error.get("type") in ("QUERY_UNKNOWN_FIELD", "UNSUPPORTED_VALUE")
    gone = len(FIELDS) - len(fields)
    if not unknown or name not in fields or name == "publication-number" or gone == _MOST_RENAMED:
        raise ParamError("query", _complaint(error))
    return tuple(field for field in fields if field != name)


def _complaint(error: dict[str, Any]) -> str:
    words = ["TED refuses the search"]
    words += [str(error[key]) for key in ("type", "fieldName", "parameterName", "unsupportedValue") if error.get(key)]
    place = error.get("location")
    if isinstance(place, dict):
        words.append(f"at line {place.get('beginLine')}, column {place.get('beginColumn')}")
    return " ".join(words)
