"""Strong keys: by what the sources themselves say that two notices are the same thing. Pure.

The one thing to know: an address is a key in one form only, however it is written; and an address of a platform that we
know is the platform's own number, so that a portal which links to TED and TED itself meet.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# What newsletters and social networks hang on an address to count who came from where.
_COUNTING = re.compile(r"utm_\w+|mc_[ce]id|fbclid|gclid|yclid|msclkid|igshid|_ga|at_\w+|pk_\w+|mtm_\w+", re.ASCII)

_PLATFORMS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        "ted.europa.eu",
        re.compile(r"/(?:[a-z]{2}/)?notice/(?:-/detail/)?0*(\d{1,8}-\d{4})(?:/\w+)?"),
        lambda m: f"ted:{m[1]}",
    ),
    (
        "ec.europa.eu",
        re.compile(r"/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details/([\w.%-]+)", re.I),
        lambda m: f"topic:{unquote(m[1]).lower()}",
    ),
    ("grants.gov", re.compile(r"/search-results-detail/(\d+)"), lambda m: f"grants-gov:{m[1]}"),
    (
        "sam.gov",
        re.compile(r"/(?:workspace/contract/)?opp/([0-9a-f]{32})(?:/view)?", re.I),
        lambda m: f"sam-gov:{m[1].lower()}",
    ),
)


def keys_of(same_as: Iterable[str]) -> tuple[str, ...]:
    """The strong keys that a notice's own keys amount to, each once: addresses in one form, and what they stand for."""
    found: list[str] = []
    for key in same_as:
        scheme, _, value = key.partition(":")
        if scheme != "url":
            found.append(key)
            continue
        found += _of_address(value)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _of_address(url: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return (f"url:{url}",)
    if parts.scheme not in {"http", "https"} or not host:
        return (f"url:{url}",)
    path = parts.path.rstrip("/")
    for platform, pattern, key in _PLATFORMS:
        if host == platform and (match := pattern.fullmatch(path)):
            return (key(match),)
    return _plain(host, port, path, parts.query)


def _plain(host: str, port: int | None, path: str, query: str) -> tuple[str, ...]:
    asked = sorted(
        (name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _COUNTING.fullmatch(name)
    )
    where = host if port in {None, 80, 443} else f"{host}:{port}"
    return (f"url:{where}{path}" + (f"?{urlencode(asked)}" if asked else ""),)
