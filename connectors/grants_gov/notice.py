"""A call becomes a notice: the same reading for everything that Grants.gov sends.

The one thing to know: instruments, categories and listings stay codes. CA is a "cooperative agreement", which has nothing
to do with cooperatives, so its words never become a keyword.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.base import codes
from connectors.base.contract import Body, Contact, Eligibility, Money, Notice, Programme, Title
from connectors.grants_gov.call import Call, amount, described, one_line, plain_text, role_mailbox, statements
from connectors.grants_gov.eligibility import verdict
from connectors.grants_gov.when import as_day, deadlines, estimates

_PAGE = "https://www.grants.gov/search-results-detail/"
_MISSION = re.compile(r"DOS-([A-Z]{3})")
# Bureaus in Washington have codes of three letters too.
_BUREAU = re.compile(r"\b(?:Bureau|Office)\b")


def notice(call: Call, *, today: date) -> Notice:
    """Make a notice of a call; `today` is when it was read. Raises ValueError for one without a title."""
    if not (title := one_line(call.title)):
        raise ValueError("the title is missing")
    summary, body = described(call.description)
    url = f"{_PAGE}{call.id}"
    listings = list(dict.fromkeys(each.aln for each in call.listings if each.aln))
    first = call.listings[0] if call.listings else None
    return Notice(
        source_id=call.id,
        url=url,
        titles={"en": Title(text=title)},
        kind="tender" if set(call.instruments) == {"PC"} else "grant_call",
        summary=summary,
        body=body,
        lang="en" if summary else None,
        published_at=call.posted,
        updated_at=call.updated,
        opens_at=call.opens,
        deadlines=estimates(call.closes, call.closes_text)
        if call.forecast
        else deadlines(
            call.closes,
            call.closes_text,
            posted=as_day(call.posted),
            archived=call.archived,
            today=today,
        ),
        countries=(_country(call),),
        origin_country="US",
        codes=(
            *(f"aln:{number}" for number in listings),
            *(f"grants-category:{code}" for code in call.categories),
            *(f"grants-instrument:{code}" for code in call.instruments),
            *(["stage:planning"] if call.forecast else []),
        ),
        budget=_total(call),
        grant=_award(call),
        organisation=Body(name=name, country="US") if (name := one_line(call.agency)) else None,
        programme=Programme(code=first.aln, name=one_line(first.name or "") or None) if first else None,
        eligibility=_eligibility(call),
        documents=tuple(dict.fromkeys(call.documents)),
        contact=Contact(url=url, text=role_mailbox(call.mailbox) or None),
        same_as=(f"grants-gov:{call.id}",),
        extra={"grants_gov": _extra(call)},
    )


def _country(call: Call) -> str:
    """Where the money works: in the country of the mission that gives it, else in the United States."""
    mission = _MISSION.fullmatch(call.agency_code.upper())
    abroad = codes.country(mission[1]) if mission and not _BUREAU.search(call.agency) else None
    return abroad or "US"


def _award(call: Call) -> Money | None:
    """What one applicant may get. Two bounds that contradict each other are kept as they were written only."""
    low, high = amount(call.floor), amount(call.ceiling)
    raw = "; ".join(
        f"{name} {text}"
        for name, text, is_set in (("floor", call.floor, low), ("ceiling", call.ceiling, high))
        if is_set
    )
    if low and high and low > high:
        return Money(currency="USD", raw=raw)
    return Money(min=low, max=high, currency="USD", raw=raw) if raw else None


def _total(call: Call) -> Money | None:
    total = amount(call.total)
    return Money(total=total, currency="USD", raw=call.total) if total else None


def _eligibility(call: Call) -> Eligibility:
    text = plain_text(call.eligibility_text)
    return Eligibility(
        text=text or None,
        verdict=verdict(call.applicants, statements(call.eligibility_text)),
        codes=tuple(f"grants:{code}" for code in call.applicants),
    )


def _extra(call: Call) -> Mapping[str, Any]:
    # Several programmes may pay for one call; `programme` has room for the first.
    more = [{"aln": each.aln, "name": one_line(each.name or "")} for each in list(dict.fromkeys(call.listings))[1:]]
    programmes = [{key: value for key, value in each.items() if value} for each in more]
    agency = {"agency_code": call.agency_code} if call.agency_code else {}
    return {**call.rest, **agency} | ({"more_programmes": programmes} if any(programmes) else {})
