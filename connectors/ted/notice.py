"""One record of a search answer, or one notice in XML, becomes a Notice.

The one thing to know: an award is no opportunity. Where the notice says what it is, that decides; where nobody asked
for it, only a notice with a deadline is taken for a call.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from connectors.base import codes
from connectors.base.contract import Deadline, Notice, Page, ParseError, Record, Skipped, Title
from connectors.base.documents import object_of
from connectors.ted import eforms, words
from connectors.ted.lots import Data, budget, deadlines, lots_of, reservations, texts, values

_CALLS = ("competition", "planning", "consultation")
_NO_CALLS = {
    "result": "award notice",
    "dir-awa-pre": "direct award",
    "cont-modif": "contract modification",
    "completion": "contract completion",
    "bri": "business registration",
}
# Notice types by the form they belong to, for answers that lack the form (eForms code list "notice-type").
_FORMS = {
    "pin-only": "planning",
    "pin-buyer": "planning",
    "pin-rtl": "planning",
    "pin-tran": "planning",
    "pin-cfc-standard": "competition",
    "pin-cfc-social": "competition",
    "qu-sy": "competition",
    "cn-standard": "competition",
    "cn-social": "competition",
    "subco": "competition",
    "cn-desg": "competition",
    "pmc": "consultation",
    "veat": "dir-awa-pre",
    "can-standard": "result",
    "can-social": "result",
    "can-desg": "result",
    "can-tran": "result",
    "can-modif": "cont-modif",
    "compl": "completion",
    "brin-ecs": "bri",
    "brin-eeig": "bri",
}
_NUMBER = re.compile(r"/notice/(?:-/detail/)?0*(\d+-\d{4})(?:/|$)")


def split(page: Page) -> Iterator[Record]:
    """Cut a search answer into its notices; a notice in XML is one record. Raises ParseError."""
    if page.content_type.endswith("xml") or page.body.lstrip()[:1] == b"<":
        yield Record("notice", eforms.facts(page))
        return
    answer = object_of(page)
    if not isinstance(answer.get("notices"), list):
        raise ParseError(page.url, "notices", "is not the list of a search answer")
    for place, data in enumerate(answer["notices"]):
        yield Record(f"notices[{place}]", data)


def identify(record: Record) -> str | None:
    """Name a record that could not be read, so that its notice is not taken for missing."""
    number = record.data.get("publication-number") if isinstance(record.data, dict) else None
    return str(number).lstrip("0") if number else None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one notice. Raises ParseError for what is not one."""
    data = record.data
    if not isinstance(data, dict):
        raise ParseError(page.url, record.where, "is not an object")
    try:
        return _read(data, page.url)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error


def _read(data: Data, address: str) -> Notice | Skipped:
    form = _form(data)
    if form in _NO_CALLS:
        return Skipped(_NO_CALLS[form])
    buyer = next(filter(None, map(codes.country, texts(data, "buyer-country"))), None)
    due = deadlines(data, buyer)
    if form is None and not due:
        return Skipped("not a call")
    if not due and form == "competition":
        due = (Deadline(certainty="not_stated"),)
    number = _number(data, address)
    own_title, language = words.own_title(data, buyer)
    summary, body, body_language = words.description(data, language)
    places, regions = _places(data)
    return Notice(
        source_id=number or _draft_id(data),
        url=f"https://ted.europa.eu/en/notice/-/detail/{number}" if number else address,
        titles={lang: Title(text=text) for lang, text in words.titles(data, first=language).items()},
        kind="tender",
        summary=summary,
        body=body,
        lang=body_language,
        published_at=_day(data),
        deadlines=due,
        countries=tuple(places or ([buyer] if buyer else [])),
        origin_country=buyer,
        regions=tuple(regions),
        codes=(*_cpv(data), *([f"stage:{form}"] if form in ("planning", "consultation") else [])),
        budget=budget(data),
        organisation=words.buyer(data, country=buyer, language=language),
        reserved=reservations(data),
        offer_languages=tuple(dict.fromkeys(filter(None, map(codes.language, texts(data, "submission-language"))))),
        documents=words.documents(data),
        links=words.links(data),
        contact=words.contact(data),
        same_as=(f"ted:{number}",) if number else (),
        extra={"ted": _rest(data, form=form, own_title=own_title, language=language)},
    )


def _form(data: Data) -> str | None:
    form, kind = data.get("form-type"), data.get("notice-type")
    if form is None and kind is not None:
        form = _FORMS.get(kind, kind)
    if form is None or form in _CALLS or form in _NO_CALLS:
        return form
    raise ValueError(f"form-type {form!r} is not in the code list")  # reported, never guessed


def _number(data: Data, address: str) -> str | None:
    number = data.get("publication-number")
    if number is None:
        found = _NUMBER.search(address)
        return found[1] if found else None
    if not re.fullmatch(r"\d+-\d{4}", str(number)):
        raise ValueError(f"publication-number {number!r} is none")
    return str(number).lstrip("0")  # eight digits with zeros in front in XML, none in the search


def _draft_id(data: Data) -> str:
    # Before publication a notice has no number, only its own identifier and version (BT-701, BT-757).
    if not data.get("notice-identifier"):
        raise ValueError("publication-number is missing")
    return "-".join(filter(None, (data["notice-identifier"], data.get("notice-version"))))


def _day(data: Data) -> date | None:
    # "2026-06-04+02:00": the day of the Official Journal; the offset says nothing more.
    given = texts(data, "publication-date")
    return date.fromisoformat(given[0][:10]) if given else None


def _cpv(data: Data) -> list[str]:
    # "72000000-5" in old notices: the digit behind the dash only checks the others.
    found = [code.split("-")[0] for code in texts(data, "classification-cpv")]
    return [f"cpv:{code}" for code in dict.fromkeys(found) if re.fullmatch(r"\d{8}", code)]


def _places(data: Data) -> tuple[list[str], list[str]]:
    """Part the places of performance, which mix ISO-3 countries with NUTS, into ISO-2 countries and NUTS regions."""
    countries: list[str] = []
    regions: list[str] = []
    for code in (*texts(data, "place-of-performance"), *texts(data, "place-of-performance-country-lot")):
        country = codes.country(code) if re.fullmatch("[A-Z]{3}", code) else None
        if country is None and re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,3}", code):
            country = codes.country(code[:2])  # NUTS writes EL and UK
            if country and len(code) > 2:
                regions.append(f"nuts:{code}")
        if country:
            countries.append(country)
    return list(dict.fromkeys(countries)), list(dict.fromkeys(regions))


def _rest(data: Data, *, form: str | None, own_title: str | None, language: str | None) -> dict[str, Any]:
    rest = {
        "form_type": form,
        "notice_type": data.get("notice-type"),
        "procedure_type": data.get("procedure-type"),
        "procedure_id": data.get("procedure-identifier"),
        "corrects": data.get("change-notice-version-identifier"),
        "contract_nature": texts(data, "contract-nature"),
        "buyer_legal_type": texts(data, "buyer-legal-type"),
        "lots": len(lots_of(data)) or None,
        "eu_funds": True if "eu-funds" in texts(data, "eu-fund-lot") else None,
        "sme": True if any(value in (True, "true") for value in values(data, "sme-lot")) else None,
        "social_objective": [code for code in texts(data, "social-objective-lot") if code != "none"],
        "strategic": [code for code in texts(data, "strategic-procurement-lot") if code != "none"],
        "reserved_execution": True if "yes" in texts(data, "reserved-execution-lot") else None,
        "own_title": own_title,
        "own_title_lang": language if own_title else None,
    }
    return {key: value for key, value in rest.items() if value is not None and value != []}
