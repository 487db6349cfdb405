"""Tenders of EU institutions, agencies and delegations (type 0), many of which TED publishes as well.

The one thing to know: `caName` is the title and not the buyer; the buyer stands in `cftLeadContractingAuthorityCode`, and
the number of the notice on TED in `cftContractNoticeLink`.
"""

import re
from datetime import date
from typing import Any

from connectors.base.contract import Body, Deadline, Link, Notice, Page, Title
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url
from connectors.eu_funding import amounts, call, places, when, words
from connectors.eu_funding.about import PORTAL
from connectors.eu_funding.hit import Hit

_ANNOUNCING = ("-PIN", "-EXA")
_TED = re.compile(r"0*(\d+-\d{4})")


def only_announces(hit: Hit) -> bool:
    """Say whether it is prior information without a day by which anybody must answer."""
    dated = hit.values("deadlineDate") or hit.values("cftEXARegistrationDeadline")
    return hit.reference.endswith(_ANNOUNCING) and not dated


def published_on(hit: Hit) -> date | None:
    """Return the day of publication."""
    given = when.first(hit, "cftPublicationDateEForm", "startDate", "es_SortDate")
    return when.day_of(given) if given else None


def notice(hit: Hit, page: Page) -> Notice:
    """Read a tender. Raises ValueError."""
    title = words.title(hit)
    if not title:
        raise ValueError("has no title")
    lots = hit.json_object("lots", page)
    summary, body = words.texts(hit)
    announces = only_announces(hit)
    deadlines = when.tender_deadlines(hit)
    countries, regions, zones = places.of_tender(hit, lots)
    number = _ted_number(hit.json_list("cftContractNoticeLink", page))
    return Notice(
        source_id=hit.source_id,
        url=f"{PORTAL}/opportunities/tender-details/{hit.first('cftId', 'identifier') or hit.source_id}",
        # The row is called English, which says nothing of its text (docs/platforms/eu_funding.md).
        titles={"und": Title(text=title)},
        kind="tender",
        summary=summary,
        body=body,
        published_at=published_on(hit),
        deadlines=deadlines or (() if announces else (Deadline(certainty="not_stated"),)),
        countries=tuple(countries),
        regions=tuple(regions),
        codes=(
            *places.cpv(hit, hit.json("mainCpvCode", page), lots),
            *(f"programme:{code}" for code in hit.values("frameworkProgramme")),
            *zones,
            *(["stage:planning"] if announces else []),
        ),
        budget=amounts.of_tender(hit).budget,
        organisation=_buyer(hit.json_list("cftLeadContractingAuthorityCode", page)),
        documents=tuple(call.documents(hit, page)),
        links=(Link(url=f"https://ted.europa.eu/en/notice/-/detail/{number}", title="TED"),) if number else (),
        same_as=(f"sedia:{hit.source_id}", *([f"ted:{number}"] if number else [])),
        extra={"sedia": _rest(hit, lots)},
    )


def _ted_number(link: list[Any]) -> str | None:
    found = _TED.fullmatch(str(link[0]).strip()) if link else None
    return found[1] if found else None


def _buyer(authorities: list[Any]) -> Body | None:
    listed = [each for each in authorities if isinstance(each, dict)]
    lead = next((each for each in listed if each.get("isLeadAuthority") is True), next(iter(listed), None))
    name = without_people(clean_line(str(lead.get("name") or ""))) if lead else ""
    return Body(name=name, url=http_url(str(lead.get("link") or ""))) if lead and name else None


def _rest(hit: Hit, lots: dict[str, Any]) -> dict[str, Any]:
    listed = lots.get("procurementProjectLots")
    # Parts of a prior notice (PAR-0001) are not lots yet, but they are counted alike.
    rest: dict[str, Any] = {
        "call": hit.first("callIdentifier"),
        "status": hit.first("status"),
        "procedure_type": hit.first("procedureType"),
        "contract_type": hit.first("contractType"),
        "submission": hit.first("cftSubmissionMethodCode"),
        "planned": hit.first("cftPlannedDate"),
        "lots": len(listed) if isinstance(listed, list) else None,
        "unread": hit.unread,
    }
    return {key: value for key, value in rest.items() if value is not None and value != []}
