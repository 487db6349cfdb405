"""What goes wrong with the Enterprise Europe Network's pages, ready for `portal.fail(...)`.

The one thing to know: a wall may also answer with status 200, and then only the missing cards tell.
"""

import re
from collections.abc import Callable
from typing import Literal

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


def login(*, step: Literal["password", "e-mail"] = "password") -> Fault:
    """Answer once with the page of EU Login, which has a look of its own. It asks for the address first, alone."""
    field = {"password": '<input id="password" name="password" type="password" />', "e-mail": ""}[step]
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8" /><title>EU Login</title></head>
<body><header><span class="header-sitename">EU Login</span><span>One account, many EU services</span></header>
<main><h1>Sign in to continue</h1><form id="loginForm" action="/cas/login?loginRequestId=ECAS_LR-1" method="post">
<label for="username">Enter your e-mail address</label><input id="username" name="username" type="email" />{field}
<input type="hidden" name="lt" value="LT-1" /><input type="submit" value="Next" /></form>
<a href="/cas/eim/external/register.cgi">Create an account</a></main></body></html>"""
    return Fault(answer=html(page), when=_pages)


def silent_heading() -> Fault:
    """Take the number of profiles out of the heading."""
    return _listing(rb"Partnering opportunities \(\d+\)", b"Partnering opportunities")


def without_pagination() -> Fault:
    """Take the links from page to page off, as where a script puts them in."""
    return _listing(rb'<nav class="ecl-pagination".*?</nav>', b"")


def renamed_pagination() -> Fault:
    """Give the links from page to page other classes."""
    return _listing(rb"ecl-pagination", b"ecl-pager")


def without_card(reference: bytes) -> Fault:
    """Leave one card out of the list."""
    return _listing(rb'<article class="ecl-card">(?:(?!</article>).)*?' + reference + rb".*?</article>", b"")


def both(first: Fault, second: Fault, *, page: str | None = None) -> Fault:
    """Change a page of the list in two ways; with `page`, in the second way only that one."""

    def alter(answer: Answer) -> Answer:
        assert first.alter is not None
        assert second.alter is not None
        changed = first.alter(answer)
        here = page is None or f'aria-current="true">{int(page) + 1}<'.encode() in answer.body
        return second.alter(changed) if here else changed

    return Fault(alter=alter, when=first.when, times=0)


def _listing(old: bytes, new: bytes) -> Fault:
    def alter(answer: Answer) -> Answer:
        return Answer(answer.status, re.sub(old, new, answer.body, flags=re.DOTALL), answer.headers)

    return Fault(alter=alter, when=lambda call: call.path == PATH, times=0)


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


def gone(times: int = 1) -> Fault:
    """Say of so many profiles that they are no more; 0: of all."""
    return Fault(answer=not_found(), when=_details, times=times)


def another_profile(body: bytes) -> Fault:
    """Answer once with the page of another profile."""
    return Fault(answer=Answer(200, body, {"content-type": "text/html; charset=utf-8"}), when=_details)


def _pages(call: Call) -> bool:
    return call.path != "/robots.txt"


_details: Callable[[Call], bool] = lambda call: call.path.startswith(PATH + "/")  # noqa: E731
