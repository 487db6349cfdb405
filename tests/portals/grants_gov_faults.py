"""What goes wrong with Grants.gov, ready for `portal.fail(...)`.

The one thing to know: most of it comes with status 200: a page about maintenance, an error code, a count that is not true.
"""

import json
from collections.abc import Callable

from tests.portals.server import Answer, Call, Fault, json_answer

_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Grants.gov is down</h1></body></html>"


def of(service: str) -> Callable[[Call], bool]:
    """Choose the calls of one service: `search2` or `fetchOpportunity`."""
    return lambda call: call.path.endswith(service)


def maintenance(service: str = "", *, times: int = 1) -> Fault:
    """Answer with a page for people and status 200."""
    return Fault(answer=Answer(200, _PAGE, {"content-type": "text/html"}), when=of(service), times=times)


def server_error(service: str = "", *, times: int = 1) -> Fault:
    """Fail with status 500."""
    return Fault(answer=json_answer({"message": "Internal Server Error"}, status=500), when=of(service), times=times)


def error_code(service: str = "", *, message: str = "Error in search", times: int = 1) -> Fault:
    """Answer with status 200 and an error code, without data."""
    answer = json_answer({"errorcode": 3, "msg": message, "token": "simulated", "data": None})
    return Fault(answer=answer, when=of(service), times=times)


def empty_details(*, times: int = 0) -> Fault:
    """Answer every detail with an envelope without content."""
    answer = json_answer({"errorcode": 0, "msg": "Webservice Succeeds", "token": "simulated", "data": {}})
    return Fault(answer=answer, when=of("fetchOpportunity"), times=times)


def false_count(hits: int) -> Fault:
    """Say in every page that so many were found."""

    def lie(answer: Answer) -> Answer:
        said = json.loads(answer.body)
        return json_answer(said | {"data": said["data"] | {"hitCount": hits}})

    return Fault(alter=lie, when=of("search2"), times=0)


def other_rows(rows: int) -> Fault:
    """Ignore the number of hits that is asked for, and give fewer."""

    def cut(answer: Answer) -> Answer:
        said = json.loads(answer.body)
        return json_answer(said | {"data": said["data"] | {"oppHits": said["data"]["oppHits"][:rows]}})

    return Fault(alter=cut, when=of("search2"), times=0)


def dropped(service: str = "", *, after: int = 400) -> Fault:
    """Drop the connection once in the middle of a body."""
    return Fault(cut_after=after, when=of(service))
