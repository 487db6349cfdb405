"""Calls: topics of the programmes (type 1), external action (2), and cascade calls of funded projects (8).

The one thing to know: the addresses that the index keeps for topics may end in .json and are dead for people; the page of
a topic is built from its identifier.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from connectors.base.contract import Body, Eligibility, Kind, Link, Notice, Page, Programme, Title
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url
from connectors.eu_funding import amounts, places, when, words
from connectors.eu_funding.about import PORTAL
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.programmes import PROGRAMME_CODES

_GRANT, _EXTERNAL, _CASCADE = "1", "2", "8"
_KINDS: dict[str, Kind] = {_GRANT: "grant_call", _EXTERNAL: "grant_call", _CASCADE: "cascade_funding"}
_COMMISSION = "European Commission"
_BEGINNING = re.compile(r"([A-Z][A-Z0-9]{1,11})-")
_LIST = re.compile(r'\[\s*["\]]')
_CASCADE_PAGES = "competitive-calls"
_DEAD = re.compile(r"\.json$|/data/topicDetails/", re.IGNORECASE)
_PARTNERS = f"{PORTAL}/how-to-participate/partner-search?order=DESC&pageNumber=1&pageSize=50&sortBy=lastModified"


def notice(hit: Hit, page: Page) -> Notice | None:
    """Read a call; None where the portal calls it closed and no day of its own says so. Raises ValueError.

    Without a title, an identity, or any deadline of those that it gives, it is no call; all else may be missing.
    """
    kind = str(hit.type)
    deadlines = when.call_deadlines(hit, page.fetched_at)
    if not deadlines:
        return None
    title = words.title(hit)
    if not title:
        raise ValueError("has no title")
    worth = amounts.of_topic(hit, page) if kind == _GRANT else amounts.of_call(hit)
    summary, body = words.texts(hit)
    # Titles in French and Spanish come under "en" there (docs/platforms/eu_funding.md).
    language = None if kind == _EXTERNAL else hit.language
    conditions = words.conditions(hit)
    programmes = _programmes(hit)
    return Notice(
        source_id=hit.source_id,
        url=_address(hit),
        titles={language or "und": Title(text=title)},
        kind=_KINDS[kind],
        summary=summary,
        body=body,
        lang=language if summary else None,
        published_at=when.published(hit, page.fetched_at),
        updated_at=_updated(hit, page),
        opens_at=when.first(hit, "startDate"),
        deadlines=deadlines,
        countries=tuple(places.of_external_action(hit)) if kind == _EXTERNAL else (),
        codes=(
            *(f"programme:{code}" for code in programmes),
            *(f"sedia-division:{code}" for code in hit.values("programmeDivision")),
        ),
        keywords=_keywords(hit, page),
        budget=worth.budget,
        grant=worth.grant,
        organisation=_organisation(hit),
        programme=Programme(code=programmes[0]) if programmes else None,
        eligibility=Eligibility(text=conditions, verdict="not_stated") if conditions else None,
        documents=(*documents(hit, page), *words.linked_documents(hit)),
        links=tuple(_links(hit)),
        same_as=_same_as(hit),
        extra={"sedia": _rest(hit, worth)},
    )


def topic_page(identifier: str) -> str:
    """Say where the portal shows a topic."""
    return f"{PORTAL}/opportunities/topic-details/{quote(identifier, safe='')}"


def _address(hit: Hit) -> str:
    if hit.type == _GRANT:
        if not hit.identifier:
            raise ValueError("identifier is missing")
        return topic_page(hit.identifier)
    listed = (http_url(url) for url in (*hit.values("url"), str(hit.row.get("url") or "")))
    given = [url for url in listed if url and not _DEAD.search(url)]
    if hit.type != _CASCADE:
        return given[0] if given else topic_page(hit.reference)
    # The row of a cascade call may point to its parent topic, which is another call and may be closed.
    own = next((url for url in given if _CASCADE_PAGES in url), None)
    # All 83 addresses that were seen end in a number like callccm2Id, and none in that of the reference, which counts
    # otherwise: it makes the key (source_id), and no address. callccm2Id may be the parent's; then the calls of one
    # parent share a page, as some that were seen do.
    number = hit.first("callccm2Id")
    if own or number:
        return own or f"{PORTAL}/opportunities/{_CASCADE_PAGES}-cs/{quote(str(number), safe='')}"
    return topic_page(hit.identifier or hit.reference)


def _programmes(hit: Hit) -> list[str]:
    """Return the codes of the programmes; where we know none of them, the beginning of the identifier as well (AGRIP)."""
    given = hit.values("frameworkProgramme")
    if hit.type != _GRANT or not PROGRAMME_CODES.isdisjoint(given):
        return given
    beginning = _BEGINNING.match(hit.identifier or "")
    return [*given, beginning[1]] if beginning else given


def _same_as(hit: Hit) -> tuple[str, ...]:
    own = f"sedia:{hit.source_id}"
    # A cascade call carries its parent's identifier, and is not its parent.
    return (own, f"topic:{hit.identifier.lower()}") if hit.type == _GRANT and hit.identifier else (own,)


def _updated(hit: Hit, page: Page) -> Any:
    # What the news say, and who is named in them, is not read.
    found = []
    for info in hit.json_list("latestInfos", page):
        text = info.get("lastChangeDate") if isinstance(info, dict) else None
        try:
            found += [when.moment(str(text))] if text else []
        except ValueError:
            hit.leave_out("latestInfos")
    return max(found, key=when.day_and_time, default=None)


def _keywords(hit: Hit, page: Page) -> tuple[str, ...]:
    listed: list[str] = []
    for name in ("keywords", "tags"):
        values = hit.values(name)
        # In 2023 the whole list was one text; "[EU] cooperation" is a word.
        if len(values) == 1 and _LIST.match(values[0]):
            values = [word for word in hit.json_list(name, page) if isinstance(word, str)]
        listed += values
    numbers = (hit.identifier, *hit.values("callIdentifier"), hit.source_id)
    return words.keywords(listed, without=numbers)


def _organisation(hit: Hit) -> Body | None:
    if hit.type != _CASCADE:
        return Body(name=_COMMISSION)
    name = words.line(hit, "projectName", "projectAcronym")
    return Body(name=name) if name else None


def documents(hit: Hit, page: Page) -> list[Link]:
    """Return the documents that are published with a call and have an address."""
    found = []
    for document in hit.json_list("publicationDocuments", page):
        url = http_url(str(document.get("docUrl") or ""), PORTAL) if isinstance(document, dict) else None
        if url:
            found.append(Link(url=url, title=without_people(clean_line(str(document.get("nameDoc") or ""))) or None))
    return found


def _links(hit: Hit) -> Iterator[Link]:
    if hit.type == _CASCADE and hit.identifier:
        yield Link(url=topic_page(hit.identifier), title="Topic that funds the project behind this call")
    if (hit.first("allowPartnerSearch") or "").lower() == "true":
        programme = hit.first("frameworkProgramme")
        narrowed = f"&isExactMatch=true&frameworkProgramme={programme}" if programme and programme.isdigit() else ""
        yield Link(url=_PARTNERS + narrowed, title="Partner search of the portal")


def _rest(hit: Hit, worth: amounts.Worth) -> dict[str, Any]:
    rest: dict[str, Any] = {
        "identifier": hit.identifier,
        "call": hit.first("callIdentifier"),
        "call_title": words.line(hit, "callTitle") if hit.type == _GRANT else None,
        "parent_title": words.line(hit, "title") if hit.type == _CASCADE else None,
        "project": words.line(hit, "projectAcronym"),
        "duration": words.line(hit, "duration"),
        "status": hit.first("status"),
        "deadline_model": hit.first("deadlineModel"),
        "action_types": [" ".join(action.split()) for action in hit.values("typesOfAction")],
        "priorities": hit.values("crossCuttingPriorities"),
        "destination_title": words.line(hit, "destinationDescription"),
        "mission": hit.values("mission"),
        "expected_grants": worth.expected,
        "amount_of_unknown_scale": worth.odd,
        "unread": hit.unread,
    }
    return {key: value for key, value in rest.items() if value is not None and value != []}
