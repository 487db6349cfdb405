"""Pages of Brainport into notices: by the readers of lists and of watched pages, and by what is known of each part.

The one thing to know: of news only what has a word of an opportunity in it is kept, in Dutch or English; the rest is the
region praising itself.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from connectors.base.contract import Deadline, Eligibility, Gone, Kind, Notice, Page, Record, Rights, Seen, Skipped
from connectors.base.text import plain
from connectors.brainport import fund, vacancies
from connectors.brainport.about import ABOUT, ZONE, Params
from connectors.generic import html_list, page_watch
from connectors.generic.html_list.reading import DETAIL
from connectors.generic.html_list.reading import identify as identify_item
from connectors.generic.page_watch.watch import CHANGE, PAGE

_OPPORTUNITY = re.compile(
    r"\boproep|aanvragen|\baanvraag|subsidie|\bregeling|\btender|sluitingsdat|\buiterlijk\b|inschrijven|\baanmelden|voucher"
    r"|partners? gezocht|zoek(?:t|en) (?:\w+ ){0,3}partners?|\bchallenge|\bcalls?\b(?! (?:him|her|it|them)\b)|\bappl(?:y|ication|y by)\b"
    r"|\bdeadline|register (?:before|by|now)|\bproposals?\b|partners? (?:wanted|sought)|looking for (?:\w+ ){0,3}partners?"
    r"|\bgrants?\b|\bfunding (?:available|call|scheme|programme)",
    re.IGNORECASE,
)
# What an item is, in Dutch: the words of kinds.py know no Dutch.
_DUTCH: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"partners? gezocht|zoek(?:t|en) (?:\w+ ){0,3}partners?", re.IGNORECASE), "partner_search"),
    (re.compile(r"subsidie|\bregeling|stimuleringsfonds|innovatievoucher", re.IGNORECASE), "grant_call"),
    (re.compile(r"bijeenkomst|evenement|congres|netwerkborrel|\bbeurs\b", re.IGNORECASE), "event"),
)
_LOCAL = {"smart_district", "fund"}
_FUND_ELIGIBILITY = "Projects of at least two partners of the region, out of industry, knowledge and government."


def split(page: Page) -> Iterator[Record]:
    """Cut a page by the part that it belongs to. Raises ParseError."""
    params = params_of(page)
    if params.place.how == "vacancies":
        yield from vacancies.records(page)
    elif page.role in (CHANGE, PAGE):
        yield from page_watch.split(page.with_params(params.as_watch()))
    else:
        yield from html_list.split(page.with_params(params.as_list()))


def identify(record: Record) -> str | None:
    """Name an entry of a list that could not be read, or a vacancy."""
    if isinstance(record.data, dict):
        uri = record.data.get("uri")
        return uri if isinstance(uri, str) else None
    return identify_item(record)


def read(record: Record, page: Page) -> Notice | Seen | Gone | Skipped:
    """Read one record of its part."""
    params = params_of(page)
    if params.place.how == "vacancies":
        return vacancies.notice_of(record, page)
    if page.role in (CHANGE, PAGE):
        return page_watch.read(record, page.with_params(params.as_watch()), name=ABOUT.name)
    reading = html_list.read(record, page.with_params(params.as_list()), name=ABOUT.name)
    if not isinstance(reading, Notice):
        return reading
    if params.opportunities_only and params.section in ("news", "industries") and page.role == DETAIL:
        said = " ".join(
            (*(title.text for title in reading.titles.values()), reading.summary or "", plain(reading.body or ""))
        )
        if _OPPORTUNITY.search(said) is None:
            return Skipped("news without a word of an opportunity", reading.source_id)
    return _with_rules(reading, params, page)


def rights(notice: Notice, params: Params) -> Rights:
    """What changes on a watched page is for the office, until an admin shares it; the rest is for all, as a summary."""
    if params.place.how != "watch" or params.share:
        return ABOUT.rights
    return replace(ABOUT.rights, audience="office")


def _with_rules(notice: Notice, params: Params, page: Page) -> Notice:
    """Add what is known of a part by rule, and says so; days that the page itself states stay."""
    if params.section not in _LOCAL:
        title = next(iter(notice.titles.values())).text
        said = next((kind for words, kind in _DUTCH if words.search(title)), notice.kind)
        return notice if notice.kind != "news" else notice.model_copy(update={"kind": said})
    own = {**notice.extra.get(ABOUT.name, {}), "requires_local_partner": True}
    if params.section == "smart_district":
        rolling = notice.deadlines or (Deadline(zone=ZONE, certainty="continuous"),)
        return notice.model_copy(update={"deadlines": rolling, "extra": {ABOUT.name: own}})
    ruled = fund.deadlines(page.fetched_at) if params.fund_by_quarter else ()
    today = page.fetched_at.date()
    stated = tuple(day for day in notice.deadlines if (day.on >= today if day.on else not ruled))
    days = {day.on for day in ruled}
    return notice.model_copy(
        update={
            "deadlines": ruled + tuple(day for day in stated if day.on not in days),
            "eligibility": notice.eligibility or Eligibility(text=_FUND_ELIGIBILITY, verdict="restricted"),
            "extra": {ABOUT.name: {**own, **({"rule": fund.RULE} if ruled else {})}},
        }
    )


def params_of(page: Page) -> Params:
    return page.params if isinstance(page.params, Params) else Params()
