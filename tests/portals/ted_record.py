"""A tender of the simulator, written as the search API writes one: the fields of its record, in its types.

The one thing to know: types are those seen on the wire (numbers as text, one day as text, lists with repetitions), also
where the interface description declares others; what a notice does not state is a missing key.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from tests.portals.ted_content import CALLS, COUNTRIES, Tender, Trade

# Three letters of TED: two letters of ISO 639-1.
LANGUAGES = {
    "bul": "bg", "spa": "es", "ces": "cs", "dan": "da", "deu": "de", "est": "et", "ell": "el", "eng": "en", "fra": "fr",
    "gle": "ga", "hrv": "hr", "ita": "it", "lav": "lv", "lit": "lt", "hun": "hu", "mlt": "mt", "nld": "nl", "pol": "pl",
    "por": "pt", "ron": "ro", "slk": "sk", "slv": "sl", "fin": "fi", "swe": "sv",
}  # fmt: skip
_TERS = {two: ter for ter, two in LANGUAGES.items()}
_PURPOSE = {
    "fr": "La présente consultation a pour objet : {need}. Les prestations sont exécutées sur le territoire de {town}. "
    "Les critères d'attribution sont la valeur technique, le prix et l'impact social de l'offre.",
    "de": "Gegenstand der Vergabe: {need}. Leistungsort ist {town}. Zuschlagskriterien sind Preis, Konzept und soziale "
    "Aspekte der Ausführung.",
    "es": "Constituye el objeto del contrato: {need}. El servicio se presta en {town}. Se valorarán la calidad técnica, "
    "el precio y las mejoras sociales.",
    "it": "L'appalto ha per oggetto: {need}. Il servizio si svolge nel territorio di {town}. L'offerta è valutata per "
    "qualità tecnica, prezzo e ricaduta sociale.",
    "pl": "Przedmiotem zamówienia jest: {need}. Miejsce realizacji: {town}. Kryteria oceny ofert to cena, jakość "
    "i aspekty społeczne.",
    "nl": "De opdracht betreft: {need}. De dienst wordt uitgevoerd in {town}. Gunning op basis van prijs, kwaliteit en "
    "maatschappelijke waarde.",
    "en": "The contract covers: {need}. The place of performance is {town}. Tenders are judged on quality, price and "
    "social value.",
}
_DEADLINES = "deadline-receipt-{}-{}-lot"


def record(tender: Tender) -> dict[str, Any]:
    """Write every field that the notice states, without titles and links, which are dear (see `titles`, `links`)."""
    ter = _TERS[tender.language]
    place = ([tender.region] if tender.region else []) + [COUNTRIES[tender.country].iso3]
    fields: dict[str, Any] = {
        "publication-number": tender.number,
        "notice-identifier": str(tender.identifier),
        "notice-version": 1,
        "procedure-identifier": str(tender.procedure_id),
        "notice-type": tender.kind,
        "form-type": tender.form,
        "title-proc": {ter: tender.title},
        "description-proc": {ter: _PURPOSE[tender.language].format(need=tender.title, town=tender.town)},
        "buyer-name": {ter: [tender.buyer]},
        "buyer-city": {"mul": [tender.town]},
        "buyer-country": [COUNTRIES[tender.country].iso3],
        "buyer-legal-type": ["la" if tender.index % 3 else "body-pl"],
        "contract-nature": [tender.nature] * (tender.lots + 1),
        "procedure-type": tender.procedure,
        "classification-cpv": list(tender.codes) * (tender.lots + 1),
        "place-of-performance": place * (tender.lots + 1) if tender.region else [],
        "place-of-performance-country-lot": place[-1:] * tender.lots if tender.region else [],
        "publication-date": f"{tender.published}{_offset(tender, tender.published)}",
        "identifier-lot": [f"LOT-{lot:04}" for lot in range(1, tender.lots + 1)],
        "document-url-lot": [f"https://tenders.example.org/{tender.number}/documents"] * tender.lots,
        "submission-url-lot": [f"https://tenders.example.org/{tender.number}"] * tender.lots,
        "submission-language": [ter.upper(), *(["ENG"] if tender.also_english else [])] * tender.lots,
        "eu-fund-lot": ["eu-funds" if tender.index % 7 == 0 else "no-eu-funds"] * tender.lots,
        "sme-lot": [tender.lots > 1] * tender.lots,
        "reserved-procurement-lot": list(tender.reserved or ()),
        "reserved-execution-lot": ["no"] * tender.lots if tender.form in CALLS else [],
        "social-objective-lot": ["opp"] if tender.reserved and tender.reserved[0] != "none" else [],
        "strategic-procurement-lot": ["soc-obj"] if tender.reserved and tender.reserved[0] != "none" else [],
        **_money(tender),
        **_deadlines(tender),
    }
    return {key: value for key, value in fields.items() if value not in ([], None)}


# A list would be written out for 24 languages and four forms a notice, so these are made when asked for.
def titles(tender: Tender) -> dict[str, str]:
    """The official title in 24 languages: country and trade translated, the rest as the buyer wrote it."""
    return {ter: f"{head} – {tender.title}" for ter, head in _heads(tender.country, tender.trade)}


@cache
def _heads(country: str, trade: Trade) -> tuple[tuple[str, str], ...]:
    label = trade.labels
    return tuple(
        (ter, f"{Locale.parse(two).territories[country]} – {label.get(two, label['en'])}")
        for ter, two in LANGUAGES.items()
    )


def links(tender: Tender) -> dict[str, dict[str, str]]:
    """The addresses of the notice, keyed in capitals; present in every record, asked for or not."""
    number = tender.number
    forms: dict[str, Callable[[str], str]] = {
        "pdf": lambda two: f"https://ted.europa.eu/{two}/notice/{number}/pdf",
        "html": lambda two: f"https://ted.europa.eu/{two}/notice/-/detail/{number}",
        "htmlDirect": lambda two: f"https://ted.europa.eu/{two}/notice/{number}/html",
    }
    found = {form: {ter.upper(): write(two) for ter, two in LANGUAGES.items()} for form, write in forms.items()}
    return {
        "xml": {"MUL": f"https://ted.europa.eu/en/notice/{number}/xml"},
        "pdfs": {_TERS[tender.language].upper(): f"https://ted.europa.eu/{tender.language}/notice/{number}/pdfs"},
        **found,
    }


def _money(tender: Tender) -> dict[str, Any]:
    if not tender.values:
        return {}
    written = [f"{value}.00" if tender.index % 2 else str(value) for value in tender.values]
    fields: dict[str, Any] = {"estimated-value-lot": written, "estimated-value-cur-lot": ["EUR"]}
    if tender.whole_value:
        fields |= {"estimated-value-proc": str(sum(tender.values)), "estimated-value-cur-proc": "EUR"}
    if tender.framework:
        fields |= {"framework-estimated-value": [str(2 * sum(tender.values))], "framework-estimated-value-cur": ["EUR"]}
    return fields


def _deadlines(tender: Tender) -> dict[str, Any]:
    kind = "expressions" if tender.kind == "pin-cfc-social" else "request" if tender.by_request else "tender"
    moments = [(day, time(*divmod(at, 60))) for day, at in zip(tender.due, tender.due_at, strict=True)]
    return {
        _DEADLINES.format(kind, "date"): [f"{day}{_offset(tender, day, at)}" for day, at in moments],
        _DEADLINES.format(kind, "time"): [
            f"{at:%H:%M}:{'59' if at == time(23, 59) else '00'}{_offset(tender, day, at)}" for day, at in moments
        ],
    }


def _offset(tender: Tender, day: date, at: time = time(12)) -> str:
    if tender.in_utc:
        return "Z"
    offset = datetime.combine(day, at, ZoneInfo(COUNTRIES[tender.country].zone)).strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"
