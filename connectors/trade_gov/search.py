"""Turning the pages of one interface: records by offset, until the announced total.

The one thing to know: the platform changes its ways every few years; an interface that is gone is said to be gone, and is
never an empty list.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors.base.contract import FetchError, Page, ParseError, Visit
from connectors.base.dates import instant
from connectors.base.documents import json_of
from connectors.base.guard import masked
from connectors.base.people import without_people
from connectors.base.text import clean_line
from connectors.trade_gov.about import PATHS, Params
from connectors.trade_gov.reading import envelope, identity

STALE = timedelta(days=30)
_READ = (401, 403, 404, 410)


def fetch(visit: Visit) -> Iterator[Page]:
    """List what is ahead (events) or was published lately (leads). Raises FetchError, ParseError."""
    params: Params = visit.params
    url = f"{params.endpoint.rstrip('/')}{params.path or PATHS[params.interface]}"
    headers = {"subscription-key": visit.secrets.require(params.key), "accept": "application/json"}
    seen: set[str] = set()
    offset = 0
    while offset < params.max_records:
        asked = {**_question(params, visit.now), "size": params.size, "offset": offset}
        page = visit.http.get(url, params=asked, headers=headers, conditional=False, accept=_READ)
        if page.status in _READ:
            raise _refusal(page, params)
        total, results, told = envelope(page)
        if not offset:
            _look_at_the_sources(visit, told)
        new = {identity(row) for row in results} - seen
        visit.announced(max(total, len(seen | new)))
        if results and not new:
            visit.log.warning("a page came again, the list ends here", offset=offset, total=total)
            return
        yield page
        seen |= new
        offset += len(results)
        if offset >= total or not results or visit.trial:
            return
    visit.log.warning("visit stopped at its limit of records", limit=params.max_records)


def _question(params: Params, now: datetime) -> dict[str, str | int]:
    leads = params.interface == "leads"
    since = now.date() - timedelta(days=params.days if leads else 0)
    asked: dict[str, str | int] = {
        "tender_start_date_range[from]" if leads else "start_date_range[from]": since.isoformat()
    }
    if params.countries:
        asked["country_codes" if leads else "countries"] = ",".join(params.countries)
    if params.words:
        asked["q"] = params.words
    return asked


def _refusal(page: Page, params: Params) -> FetchError:
    url, status, said = masked(page.url), page.status, _said(page)
    if status in (404, 410):
        if params.interface == "leads" and not params.path:
            why = "Trade Leads seem to have been taken off the platform; switch this source off, or set its parameter path"
        else:
            why = (
                "the interface is not at this address any more; look for it at https://developer.trade.gov and set path"
            )
        # Without the status, so that the visit says "gone" for 404 too: the address is the platform's own.
        return FetchError("gone", url, f"{why} ({status}: {said})")
    if status == 403 and "quota" in said.lower():
        return FetchError("throttled", url, f"the quota of the key is spent: {said}", status=status)
    why = f"the key {params.key!r} is missing, wrong, or not subscribed to this interface ({status}: {said}); "
    why += f"see https://developer.trade.gov, then: worldwidewe keys set {params.key}"
    return FetchError("auth", url, why, status=status)


def _said(page: Page) -> str:
    try:
        told = json_of(page)
    except ParseError:
        told = page.body[:20_000].decode("utf-8", "replace")
    text = told.get("message") if isinstance(told, dict) else told
    return without_people(clean_line(str(text or ""), 160)) or "no reason given"


def _look_at_the_sources(visit: Visit, told: Any) -> None:
    """Say which of the gathered sources have gone silent: the platform goes on answering 200 when one has."""
    for one in told if isinstance(told, list) else ():
        if not isinstance(one, dict):
            continue
        last = instant(str(one.get("source_last_updated") or ""))
        moment = last if isinstance(last, datetime) else None
        day = moment.date() if moment else last
        if day is not None and visit.now.date() - day > STALE:
            name = clean_line(str(one.get("source") or "one"), 40)
            visit.log.warning("a source behind the platform is silent", behind=name, last_updated=day.isoformat())
