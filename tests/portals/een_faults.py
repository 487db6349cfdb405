"""What goes wrong with the Enterprise Europe Network's pages, ready for `portal.fail(...)`.

The one thing to know: a wall may also answer with status 200, and then only the missing cards tell.
"""

from collections.abc import Callable

from tests.portals.een import PATH, html, not_found, refusal
from tests.portals.een_markup import document, page_header
from tests.portals.server import Answer, Call, Fault


def refused(times: int = 0) -> Fault:
    """Refuse as CloudFront does; robots.txt is answered all the same."""
    return Fault(answer=refusal(), when=_pages, times=times)


def slow(seconds: float) -> Fault:
    """Keep one page waiting; slow answers are common."""
    return Fault(delay=seconds, when=_pages)


def server_error() -> Fault:
    return Fault(answer=Answer(503, b"", {"content-type": "text/html"}), when=_pages)


def challenge(times: int = 0, *, details: bool = False) -> Fault:
    """Answer 200 with a riddle for browsers; `details`: on profiles only."""
    riddle = "<!DOCTYPE html><html><head><title>Just a moment</title></head><body><noscript>Enable JavaScript</noscript></body></html>"
    return Fault(answer=html(riddle), when=_details if details else _pages, times=times)


def login() -> Fault:
    """Answer once with the login page of EU Login."""
    form = '<form action="/cas/login"><label>E-mail<input name="username"></label></form>'
    return Fault(answer=html(document("EU Login", header="", main=form)), when=_pages)


def renamed_classes() -> Fault:
    """Give every class of the component library another prefix, as a new version would."""

    def alter(answer: Answer) -> Answer:
        return Answer(
            answer.status, answer.body.replace(b'"ecl-', b'"ecl6-').replace(b" ecl-", b" ecl6-"), answer.headers
        )

    return Fault(alter=alter, when=_pages, times=0)


def without(label: str, times: int = 0) -> Fault:
    """Take a field off every profile by giving it another label."""

    def alter(answer: Answer) -> Answer:
        return Answer(answer.status, answer.body.replace(f">{label}<".encode(), b">Note<"), answer.headers)

    return Fault(alter=alter, when=_details, times=times)


def first_page_again(first: Answer) -> Fault:
    """Answer every further page of the list with the first one."""
    return Fault(answer=first, when=lambda call: call.path == PATH and "page" in call.query, times=0)


def home_page(times: int = 1) -> Fault:
    """Send a profile's reader to the home page, without a word."""
    home = document("Home", header=page_header("Grow your business"), main="<p>Find partners.</p>")
    return Fault(answer=html(home), when=_details, times=times)


def gone() -> Fault:
    """Say once of a profile that it is no more."""
    return Fault(answer=not_found(), when=_details)


def another_profile(body: bytes) -> Fault:
    """Answer once with the page of another profile."""
    return Fault(answer=Answer(200, body, {"content-type": "text/html; charset=utf-8"}), when=_details)


def _pages(call: Call) -> bool:
    return call.path != "/robots.txt"


_details: Callable[[Call], bool] = lambda call: call.path.startswith(PATH + "/")  # noqa: E731
