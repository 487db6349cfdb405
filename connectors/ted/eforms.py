"""A notice in eForms XML, cut into the shape of a search record, so that one reading serves both.

The one thing to know: a document type is refused before anything in it is used (no entities, whatever the encoding).
"""

import re
from typing import Any
from xml.etree import ElementTree

from connectors.base.contract import Page, ParseError
from connectors.base.documents import xml_of

_NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}
_ROOTS = re.compile(
    r"\{urn:oasis:names:specification:ubl:schema:xsd:(ContractNotice|PriorInformationNotice|ContractAwardNotice)-2\}\1"
)
_PERIODS = {
    "deadline-receipt-tender": "cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod",
    "deadline-receipt-request": "cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod",
    "deadline-receipt-expressions": "cac:TenderingProcess//efac:InterestExpressionReceptionPeriod",
}
# One value a lot, beside the list of lots.
_PER_LOT = {
    "reserved-procurement-lot": ".//cbc:TendererRequirementTypeCode[@listName='reserved-procurement']",
    "reserved-execution-lot": ".//cbc:ExecutionRequirementCode[@listName='reserved-execution']",
    "eu-fund-lot": "cac:TenderingTerms/cbc:FundingProgramCode[@listName='eu-funded']",
    "estimated-value-lot": "cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount",
    "sme-lot": "cac:ProcurementProject/cbc:SMESuitableIndicator",
    "submission-url-lot": "cac:TenderingTerms/cac:TenderRecipientParty/cbc:EndpointID",
}
# Any number of values a lot.
_OF_LOTS = {
    "document-url-lot": "cac:TenderingTerms/cac:CallForTendersDocumentReference/cac:Attachment//cbc:URI",
    "submission-language": "cac:TenderingTerms/cac:Language/cbc:ID",
    "social-objective-lot": ".//cbc:ProcurementTypeCode[@listName='social-objective']",
    "strategic-procurement-lot": ".//cbc:ProcurementTypeCode[@listName='strategic-procurement']",
}
_CPV = ".//cbc:ItemClassificationCode[@listName='cpv']"


def facts(page: Page) -> dict[str, Any]:
    """Cut a notice into the fields of the search. Raises ParseError for anything that is not an eForms notice."""
    root = xml_of(page)
    if not _ROOTS.fullmatch(root.tag):
        raise ParseError(page.url, "document", f"starts with {root.tag[:80]}, which is no eForms notice")
    found = {**_head(root), **_procedure(root), **_buyer(root), **_lots(root)}
    return {key: value for key, value in found.items() if value is not None and value != [] and value != {}}


def _head(root: ElementTree.Element) -> dict[str, Any]:
    kind = root.find("cbc:NoticeTypeCode", _NS)
    return {
        "publication-number": _text(root, ".//efac:Publication/efbc:NoticePublicationID"),
        "publication-date": _text(root, ".//efac:Publication/efbc:PublicationDate"),
        "notice-identifier": _text(root, "cbc:ID[@schemeName='notice-id']"),
        "notice-version": _text(root, "cbc:VersionID"),
        "procedure-identifier": _text(root, "cbc:ContractFolderID"),
        "notice-type": None if kind is None else (kind.text or "").strip(),
        "form-type": None if kind is None else kind.get("listName"),
        "change-notice-version-identifier": _text(root, ".//efac:Changes/efbc:ChangedNoticeIdentifier"),
        "buyer-legal-type": _texts(root, "cac:ContractingParty//cbc:PartyTypeCode[@listName='buyer-legal-type']"),
    }


def _procedure(root: ElementTree.Element) -> dict[str, Any]:
    project = root.find("cac:ProcurementProject", _NS)
    if project is None:
        return {}
    value = project.find("cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount", _NS)
    return {
        "title-proc": _by_language(project, "cbc:Name"),
        "description-proc": _by_language(project, "cbc:Description"),
        "contract-nature": _texts(project, "cbc:ProcurementTypeCode[@listName='contract-nature']"),
        "procedure-type": _text(root, "cac:TenderingProcess/cbc:ProcedureCode"),
        "estimated-value-proc": None if value is None else (value.text or "").strip(),
        "estimated-value-cur-proc": None if value is None else value.get("currencyID"),
    }


def _buyer(root: ElementTree.Element) -> dict[str, Any]:
    wanted = _text(root, "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID")
    for company in root.iterfind(".//efac:Organizations/efac:Organization/efac:Company", _NS):
        if _text(company, "cac:PartyIdentification/cbc:ID") == wanted:
            return {
                "buyer-name": _by_language(company, "cac:PartyName/cbc:Name"),
                "buyer-country": _texts(company, "cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
            }
    return {}


def _lots(root: ElementTree.Element) -> dict[str, Any]:
    # A group of lots (schemeName LotsGroup) looks like a lot and is none; its values repeat theirs.
    lots = [
        lot
        for lot in root.iterfind("cac:ProcurementProjectLot", _NS)
        if lot.find("cbc:ID[@schemeName='LotsGroup']", _NS) is None
    ]
    projects = [*root.iterfind("cac:ProcurementProject", _NS), *lots]
    found: dict[str, Any] = {
        "identifier-lot": [_text(lot, "cbc:ID") for lot in lots],
        "classification-cpv": [code for project in projects for code in _texts(project, _CPV)],
        "place-of-performance": [code for project in projects for code in _places(project)],
        "estimated-value-cur-lot": [
            value.get("currencyID") for lot in lots for value in lot.iterfind(_PER_LOT["estimated-value-lot"], _NS)
        ],
    }
    for field, path in _PER_LOT.items():
        found[field] = _beside([_text(lot, path) for lot in lots])
    for field, path in _OF_LOTS.items():
        found[field] = [text for lot in lots for text in _texts(lot, path)]
    for field, path in _PERIODS.items():
        found[f"{field}-date-lot"] = _beside([_text(lot, f"{path}/cbc:EndDate") for lot in lots])
        if found[f"{field}-date-lot"]:
            found[f"{field}-time-lot"] = [_text(lot, f"{path}/cbc:EndTime") for lot in lots]
    return found


def _places(project: ElementTree.Element) -> list[str]:
    paths = ("cbc:CountrySubentityCode", "cac:Country/cbc:IdentificationCode")
    return [code for path in paths for code in _texts(project, f".//cac:RealizedLocation/cac:Address/{path}")]


def _beside(column: list[str | None]) -> list[str | None]:
    return column if any(value is not None for value in column) else []


def _text(element: ElementTree.Element, path: str) -> str | None:
    text = element.findtext(path, None, _NS)
    return (text.strip() or None) if text is not None else None


def _texts(element: ElementTree.Element, path: str) -> list[str]:
    return [text for found in element.iterfind(path, _NS) if (text := (found.text or "").strip())]


def _by_language(element: ElementTree.Element, path: str) -> dict[str, str]:
    """Return the text by language, in lower case as the search writes it; the first one of each counts."""
    found: dict[str, str] = {}
    for each in element.iterfind(path, _NS):
        if text := (each.text or "").strip():
            found.setdefault(each.get("languageID", "und").lower(), text)
    return found
