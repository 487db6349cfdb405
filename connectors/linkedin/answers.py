"""Ask the versioned interface, and say what a refusal means: 401 renews, 403 is a role, 426 a version, 429 a day.

The one thing to know: none of the four is tried again within a visit, but for the one renewal after a 401.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from connectors.base.answers import LEAST_WAIT, retry_after
from connectors.base.contract import ConnectorError, FetchError, Page, ParamError, ParseError
from connectors.base.documents import object_of
from connectors.base.text import clean_line
from connectors.linkedin.about import CONNECT
from connectors.linkedin.login import Asker, access, renewed

_REFUSALS = (401, 403, 426, 429)


def ask(asker: Asker, path: str, *, role: str) -> Page:
    """GET one answer of a finder; `path` with its query, encoded by hand. Raises FetchError, ParamError."""
    token = access(asker)
    page = _get(asker, path, token, role=role)
    if page.status == 401:
        page = _get(asker, path, renewed(asker, stale=token), role=role)
    if page.status in _REFUSALS:
        raise refusal(page, version=asker.params.version, now=asker.now)
    return page


def _get(asker: Asker, path: str, token: str, *, role: str) -> Page:
    headers = {
        "authorization": f"Bearer {token}",
        "linkedin-version": asker.params.version,
        "x-restli-protocol-version": "2.0.0",
        "x-restli-method": "FINDER",
    }
    url = asker.params.endpoint.rstrip("/") + path
    return asker.http.get(url, role=role, headers=headers, conditional=False, accept=_REFUSALS)


def refusal(page: Page, *, version: str, now: datetime) -> ConnectorError:
    """Say what a refusal means and what to do about it. Pure."""
    told = _told(page)
    if page.status == 426:
        why = f"LinkedIn does not answer version {version!r} any more ({told})"
        how = "set one that is three to six months old: worldwidewe sources set NAME version=YYYYMM"
        return ParamError("version", f"{why}; {how}")
    if page.status == 429:
        wait = retry_after(page.headers, now) or until_midnight(now)
        why = f"today's calls are used up ({told}); they begin anew at midnight UTC"
        return FetchError("throttled", page.url, why, status=429, retry_after=wait)
    if page.status == 403:
        why = (
            f"refused ({told}): who connected has no role on this page that may read its posts (administrator or content "
            "administrator), or the app lacks the Community Management API"
        )
        return FetchError("auth", page.url, why, status=403)
    return FetchError("auth", page.url, f"the token is refused ({told}); {CONNECT}", status=page.status)


def until_midnight(now: datetime) -> float:
    """Seconds until the day's calls begin anew, 00:00 UTC. Pure."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
    return max((midnight - now).total_seconds(), LEAST_WAIT)


def _told(page: Page) -> str:
    try:
        said = object_of(page)
    except ParseError:
        return str(page.status)
    return clean_line(" ".join(str(said[name]) for name in ("code", "message") if said.get(name)), 200) or str(
        page.status
    )


def administered(asker: Asker) -> Iterator[str]:
    """The pages that the person who connected administers, as URNs. Raises as `ask` does, and ParseError."""
    page = ask(asker, "/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&count=100", role="pages")
    elements: Any = object_of(page).get("elements")
    if not isinstance(elements, list):
        raise ParseError(page.url, "elements", "is not a list of roles")
    for each in elements:
        # The person's own URN stands beside it and is nobody's business here.
        urn = (each.get("organization") or each.get("organizationTarget")) if isinstance(each, dict) else None
        if isinstance(urn, str) and urn.startswith("urn:li:organization"):
            yield urn
