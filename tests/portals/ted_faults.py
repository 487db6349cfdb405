"""What goes wrong with TED, ready for `portal.fail(...)`.

The one thing to know: a search that timed out comes as status 200 with a part of the notices and a word that says so.
"""

import json

from tests.portals.server import Answer, Fault, json_answer


def server_error() -> Fault:
    """Fail once with status 500."""
    return Fault(answer=json_answer({"message": "Internal Server Error"}, status=500))


def throttled(seconds: int = 1) -> Fault:
    """Ask once for patience."""
    return Fault(answer=Answer(429, b"", {"retry-after": str(seconds)}))


def forbidden() -> Fault:
    """Refuse for good, as a firewall does."""
    return Fault(answer=Answer(403, b"Forbidden", {"content-type": "text/plain"}), times=0)


def timed_out() -> Fault:
    """Answer once with half of the page and the word that the search timed out."""
    return Fault(alter=_half)


def _half(answer: Answer) -> Answer:
    page = json.loads(answer.body)
    return json_answer(page | {"notices": page["notices"][: len(page["notices"]) // 2], "timedOut": True})


def dropped(after: int = 2_000) -> Fault:
    """Drop the connection once in the middle of a body."""
    return Fault(cut_after=after)


def slow(seconds: float) -> Fault:
    """Keep one call waiting."""
    return Fault(delay=seconds)
