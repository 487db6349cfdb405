"""What an answer means: its status, its wish that we wait, and where it sends us. Pure; nothing is asked here.

The one thing to know: "transient" and nothing else is worth another try within a visit; "throttled" has its own wait;
everything for a person is "blocked", "auth" or "gone", and is asked again only on the next visit.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from connectors.base.contract import FetchError, Page
from connectors.base.guard import masked
from connectors.base.walls import challenged

LEAST_WAIT, MOST_WAIT = 1.0, 24 * 3600.0
LONGEST_PAUSE = 60.0  # a longer wait that a server asks for is left to the next visit
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


def http_date(text: str | None) -> datetime | None:
    """Read the date of an HTTP header, in UTC; None when it cannot be read (RFC 9110, 5.6.7)."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a Retry-After header asks us to wait, clamped to 1 s .. 24 h; None when it says nothing usable.

    A date is held against the server's own clock, where it shows it.
    """
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        # More digits than a day has: no need to count them.
        wanted = MOST_WAIT if len(text) > 20 and not text.startswith("-") else float(text[:20])
    else:
        until = http_date(text)
        if until is None:
            return None
        wanted = (until - (http_date(headers.get("date")) or now)).total_seconds()
    return min(max(wanted, LEAST_WAIT), MOST_WAIT)


def failure(url: str, status: int, headers: Mapping[str, str], *, now: datetime) -> FetchError:
    """Say what a status other than success means. Source: the classes of a visit, docs/promises.md F2 and F3."""
    url = masked(url)
    wait = retry_after(headers, now) if status in (429, 503) else None
    if challenged(headers):
        return FetchError("blocked", url, "a wall against robots stands before this page", status=status)
    if status == 429 or wait is not None:
        return FetchError("throttled", url, f"the server asks us to wait ({status})", status=status, retry_after=wait)
    if status in (401, 407):
        return FetchError("auth", url, f"the server asks for other credentials ({status})", status=status)
    if status in (404, 410):
        return FetchError("gone", url, f"nothing is at this address ({status})", status=status)
    if status in (206, 304, 408, 421, 425) or status >= 500 or status < 200:
        return FetchError("transient", url, f"the server failed ({status})", status=status)
    return FetchError("blocked", url, f"the server refuses this request ({status})", status=status)


_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.[a-z]{2,5})?/?)?", re.IGNORECASE)


def strayed(page: Page) -> str | None:
    """Say how a page strayed on its way: it was asked for at one address, and a home page or another host answered.

    A site that moved, or has forgotten its pages, sends everything to its front door with a friendly 200 (F20).
    """
    if page.request is None or page.request.url == page.url:
        return None
    asked, came = urlsplit(page.request.url), urlsplit(page.url)
    if (asked.hostname or "").removeprefix("www.") != (came.hostname or "").removeprefix("www."):
        return f"another host answered, {came.hostname}"
    if _HOME.fullmatch(came.path) and not came.query and not _HOME.fullmatch(asked.path):
        return "the home page of the site answered"
    return None


def redirect_refusal(method: str, status: int, *, old: str, new: str) -> str | None:
    """Say why a redirect from one origin (`https://host:443`) to another is not followed; None: it may be."""
    if old.startswith("https:") and new.startswith("http:"):
        return "it redirects from https to http"
    if method == "POST" and status not in (307, 308):
        return f"it redirects a POST in a way that would lose its body ({status})"
    if method == "POST" and old != new:
        return "it redirects a POST to another host"
    return None


def wait_before_retry(exc: FetchError, pause: float) -> float | None:
    """Return the seconds before another try within the visit, or None when there is to be none."""
    if exc.kind == "transient":
        return pause
    if exc.kind != "throttled" or exc.status is None:  # no status: we were held back by what was said earlier
        return None
    wait = pause if exc.retry_after is None else exc.retry_after
    return wait if wait <= LONGEST_PAUSE else None
