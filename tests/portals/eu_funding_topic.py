"""Every row that the index holds of a document: topics in three languages, and much that nobody asks for.

The one thing to know: news of topics (type 6) and a frozen copy of 2023, whose calls are "open" for ever, lie in the same
index as what is wanted.
"""

from datetime import date
from typing import Any

from tests.portals.eu_funding_content import OPEN, Document
from tests.portals.eu_funding_record import PORTAL, cascade, dated, day_of, external, json_text, row_of, tender

_CONDITIONS = (
    '<div class="eui-u-mt-l>"><h4>General conditions</h4><div><h4>1. Eligible participants</h4><p>Legal entities, '
    'cooperatives included, as described in <a href="{portal}/docs/2021-2027/invented/annex_b_en.pdf" '
    'rel="noopener" target="_blank">Annex B</a>.</p></div><p>Contact: Ms Ada Ferronato, ada.ferronato@example.org</p></div>'
)


def rows(one: Document, *, today: date) -> list[dict[str, Any]]:
    """Every row that the index holds of a document."""
    if one.type == "0":
        return [tender(one, today=today)]
    if one.type == "2":
        return [external(one, today=today)]
    if one.type == "8":
        return [cascade(one, today=today)]
    found = [_topic(one, lang, today=today) for lang in ("en", "it", "sv")]
    if one.index % 3 == 0:
        found.append(_update(one))
    if one.index % 5 == 0:
        found.append(_mirror(one))
    return found


def _topic(one: Document, language: str, *, today: date) -> dict[str, Any]:
    entry = one.texts
    title = one.title.get(language) or f"{one.title['en']} [{language}]"
    call = one.identifier.rsplit("-", 1)[0]
    action = f"{entry['start']}-PJG {entry['start']}  Project Grants"
    metadata = dated(one, today) | {
        "type": ["1"],
        "title": [title],
        "identifier": [one.identifier],
        "callIdentifier": [call],
        "callTitle": [f"{entry['start']} calls"],
        "ccm2Id": [str(one.number)],
        "callccm2Id": [str(one.number - 40_000)],
        "frameworkProgramme": [entry["programme"]],
        "programmeDivision": [entry["division"]] if entry["division"] else [],
        "focusArea": [],
        "specificObjective": [],
        "crossCuttingPriorities": ["SocInnov"],
        "deadlineDate": [day_of(day) for day in one.due],
        "deadlineModel": [one.model],
        "typesOfAction": [f"{entry['start']}  Project Grants"],
        "typeOfMGAs": ["43027846"],
        "keywords": [one.identifier, call, *entry["tags"]],
        "tags": entry["tags"],
        "links": ["[]"],
        "descriptionByte": [
            f'<span class="topicdescriptionkind">Expected Impact:</span><ul level="0"><li>{entry["text"]}</li></ul>'
            f'<span class="topicdescriptionkind">Scope:</span><p>Proposals should involve partners from at least three '
            f"countries.</p>".replace("{place}", entry["place_name"])
        ],
        "topicConditions": [_CONDITIONS.format(portal=PORTAL)],
        "destinationDetails": ["<p>An invented destination.</p>"],
        "supportInfo": ["<p>Helpdesk: info@example.org</p>"],
        "sepTemplate": ["<p>The submission system is open.</p>"],
        "latestInfos": json_text(
            [{"approvalDate": "", "lastChangeDate": f"{min(one.starts, today)}T17:59:44.318", "content": "<p>Ms Ada Ferronato</p>"}]
        ),
        "actions": json_text([{"types": [{"typeOfAction": action, "typeOfMGA": []}], "plannedOpeningDate": f"{one.starts}"}]),
        "budgetOverview": json_text(_budget(one, action)),
    }  # fmt: skip
    if one.partners:
        metadata["allowPartnerSearch"] = ["true"]
    url = f"{PORTAL}/portal/screen/opportunities/topic-details/{one.identifier}"
    return row_of(f"{one.reference}{language}", language, url, title, metadata)


def _budget(one: Document, action: str) -> dict[str, Any]:
    """The budgets of the whole call: this topic, and a sibling whose identifier begins with the same letters."""
    first = one.starts.year
    years = [str(first + step) for step in range(one.years)]
    share = one.texts["budget"] // one.years

    def entry(identifier: str, amount: int) -> list[dict[str, Any]]:
        return [
            {
                "action": f"{identifier} - {action}",
                "expectedGrants": 5,
                "minContribution": one.texts["low"],
                "maxContribution": one.texts["high"],
                "budgetYearMap": dict.fromkeys(years, str(amount)),
                "plannedOpeningDate": f"{one.starts}",
                "deadlineModel": one.model,
                "deadlineDates": [f"{day}" for day in one.due],
            }
        ]

    own = {str(one.number % 100_000): entry(one.identifier, share)}
    sibling = {str(one.number % 100_000 + 1): entry(f"{one.identifier}-B", 99_000_000)}
    return {"budgetYearsColumns": years, "budgetTopicActionMap": sibling | own}


def _update(one: Document) -> dict[str, Any]:
    url = f"{PORTAL}/portal/screen/opportunities/topic-details/{one.identifier}.json"
    metadata = {
        "type": ["6"],
        "title": [one.title["en"]],
        "identifier": [one.identifier],
        "frameworkProgramme": ["HORIZON"],
        "description": ["<p>The submission session is now available.</p>"],
        "startDate": [day_of(one.starts)],
        "es_SortDate": [day_of(one.starts)],
    }
    row = row_of(f"{one.number}{4_000_000 + one.index}", "en", url, one.title["en"], metadata)
    del row["groupById"]
    return row


def _mirror(one: Document) -> dict[str, Any]:
    url = f"{PORTAL}/data/topicDetails/{one.identifier}.json"
    metadata = {
        "DATASOURCE": ["SEDIA_PRD_CENTRICITY"],
        "datasource": ["SEDIA_PRD_CENTRICITY"],
        "type": ["1"],
        "title": [one.title["en"]],
        "identifier": [one.identifier],
        "frameworkProgramme": [one.texts["programme"]],
        "deadlineDate": ["2023-09-20T17:00:00.000+0000"],
        "status": [OPEN],
        "cftId": ["0"],
    }
    return row_of(f"{one.number}SMPActions1673308800000", "en", url, one.title["en"], metadata)
