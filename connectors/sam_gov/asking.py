"""One call to SAM.gov: counted, with the key hidden, and every answer that is none told for what it is.

The one thing to know: statuses of trouble are read here and not by the client, because the client would try again, and
every try costs a tenth of the day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from connectors.base.answers import retry_after
from connectors.base.contract import FetchError, Page, ParamError, ParseError, Visit
from connectors.base.documents import json_of
from connectors.base.guard import masked, target
from connectors.base.people import without_people
from connectors.base.text import clean_line
from connectors.sam_gov.about import Params
from connectors.sam_gov.budget import Budget

_READ = (400, 401, 403, 404, 429, 500, 502, 503, 504)
_KEY = re.compile(r"api[_ ]?key|expired|unauthori[sz]ed", re.I)
_WALL = re.compile(r"access denied|request blocked|forbidden by|firewall", re.I)
_SAID = ("errorMessage", "message", "error", "detail", "description")
_DESCRIPTION = re.compile(r"(?:/prod)?/opportunities/v\d/noticedesc")


@dataclass(frozen=True, slots=True)
class Asking:
    """The calls of one visit."""

    visit: Visit
    budget: Budget
    secret: str

    @classmethod
    def of(cls, visit: Visit) -> "Asking":
        """Raises FetchError("auth") when the vault has no key."""
        params: Params = visit.params
        secret = visit.secrets.require(params.key)
        budget = Budget(secrets=visit.secrets, key=params.key, most=params.calls_a_day, now=visit.now)
        return cls(visit, budget, secret)

    def ask(self, url: str, params: Mapping[str, str | int] | None = None, *, role: str) -> Page:
        """Ask once. 404 comes back: it means that there is nothing. Raises FetchError, ParamError."""
        self.budget.spend(masked(url))
        hidden = {"api_key": self.secret}
        page = self.visit.http.get(
            url, role=role, params=params, hidden=hidden, conditional=False, accept=_READ, once=True
        )
        if page.status >= 400 and page.status != 404:
            raise self._refusal(page)
        return page

    def _refusal(self, page: Page) -> FetchError | ParamError:
        said, url, status = _said(page), masked(page.url), page.status
        if status == 429:
            until = self.budget.close(_until(page, self.visit.now))
            wait = max(1.0, (until - self.visit.now).total_seconds())
            why = f"the quota of this key is spent, until {until:%Y-%m-%d %H:%M} UTC: {said}"
            return FetchError("throttled", url, why, status=429, retry_after=wait)
        if status >= 500:
            return FetchError("transient", url, f"the server failed ({status}): {said}", status=status)
        if status == 403 and _WALL.search(said) and not _KEY.search(said):
            return FetchError("blocked", url, f"the server refuses this request (403): {said}", status=403)
        if status in (401, 403) or _KEY.search(said):
            name = self.visit.params.key
            why = f"the key {name!r} is not accepted ({status}): {said}. Keys of SAM.gov end after 90 days; take a new one"
            why += f" at https://sam.gov/profile/details and set it with: worldwidewe keys set {name}"
            return FetchError("auth", url, why, status=status)
        return ParamError("endpoint", f"SAM.gov does not understand the question ({status}): {said}")


def may_carry_the_key(url: str, endpoint: str) -> bool:
    """Whether an address of a description may be asked for: what stands in a record is a stranger's, and the key goes along.

    It must be a description, at the very scheme, host and port that the key is meant for.
    """
    try:
        at_home = target(url).origin == target(endpoint).origin
    except FetchError:
        return False
    return at_home and _DESCRIPTION.fullmatch(urlsplit(url).path) is not None


def _said(page: Page) -> str:
    """What an error says, in one harmless line: JSON under one of several names, plain text, or HTML."""
    try:
        told = json_of(page)
    except ParseError:
        told = page.body[:20_000].decode("utf-8", "replace")
    for _ in range(3):
        if isinstance(told, dict):
            told = next((told[name] for name in _SAID if told.get(name)), "")
    return without_people(clean_line(str(told), 200)) or "no reason given"


def _until(page: Page, now: datetime) -> datetime | None:
    """When the platform may be asked again: its header, else the `nextAccessTime` that clients report (unproven)."""
    if (wait := retry_after(page.headers, now)) is not None:
        return now + timedelta(seconds=wait)
    found = re.search(rb'"nextAccessTime"\s*:\s*"([^"]{8,60})"', page.body)
    if not found:
        return None
    text = re.sub(r"\s*(?:\+0000|UTC|GMT|Z)\s*(?:UTC)?$", "", found[1].decode("ascii", "replace"))
    for form in ("%Y-%b-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
