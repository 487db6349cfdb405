"""A record of SAM.gov becomes a notice; whoever cannot bid, or does not want to know of it, is left out by name before.

The one thing to know: missing values come as null, "", the word "null", or an empty object.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base.contract import (
    Body,
    Contact,
    Deadline,
    DeadlineKind,
    Eligibility,
    Kind,
    Link,
    Notice,
    Skipped,
    Title,
)
from connectors.base.dates import instant
from connectors.base.money import money
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.sam_gov.about import ZONE, Params
from connectors.sam_gov.places import as_stated, country_of, zone_of_office

TYPES = {
    "solicitation": "o",
    "presolicitation": "p",
    "combined synopsis/solicitation": "k",
    "sources sought": "r",
    "intent to bundle requirements (dod-funded)": "i",
    "intent to bundle": "i",
    "consolidate/(substantially) bundle": "i",
    "special notice": "s",
    "award notice": "a",
    "justification": "u",
    "justification and approval (j&a)": "u",
    "justification (j&a)": "u",
    "sale of surplus property": "g",
    # Retired, and still in old records.
    "fair opportunity / limited sources justification": "u",
    "foreign government standard": "s",
}
_ANNOUNCES = frozenset("pr")
_NO_SET_ASIDE = frozenset({"", "NONE", "N/A"})
_PSC = re.compile(r"^\w{1,4}--\s*(?=\S)")
_EVENT = re.compile(
    r"\b(?:industry (?:day|forum|engagement)s?|webinar|symposium|summit|conference|workshop|open house|outreach event|expo"
    r"|trade (?:show|fair)|vendor day|matchmaking|pre-?proposal meeting|site visit)\b",
    re.I,
)
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


def text_of(value: object) -> str:
    """A value as text; null in each of its disguises is nothing."""
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return "" if text.lower() == "null" else text


def inside(row: Mapping[str, Any], *names: str) -> str:
    value: Any = row
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return text_of(value)


def id_of(row: Mapping[str, Any]) -> str:
    """Raises ValueError for a record without one."""
    if not _ID.fullmatch(id := text_of(row.get("noticeId"))):
        raise ValueError("noticeId is missing")
    return id


def type_of(row: Mapping[str, Any]) -> str:
    """Raises ValueError for a type that we do not know: a platform that renames one is to be heard."""
    said = clean_line(text_of(row.get("type")))
    if (letter := TYPES.get(said.lower())) is None:
        raise ValueError(f"type {said!r} is not known")
    return letter


def left_out(row: Mapping[str, Any], params: Params) -> Skipped | None:
    """Say why a record is not wanted. Raises ValueError for one that cannot be judged."""
    id, letter = id_of(row), type_of(row)
    if letter not in params.types:
        return Skipped(f"a notice of a type that is not asked for: {clean_line(text_of(row.get('type')))}", id)
    if text_of(row.get("active")).lower() == "no":
        return Skipped("not active any more", id)
    if set_aside(row) and not params.set_asides:
        return Skipped("set aside for companies of the United States", id)
    if (params.countries or params.words) and not (_is_there(row, params) or _speaks_of(row, params)):
        return Skipped("neither one of the places nor one of the words", id)
    return None


def set_aside(row: Mapping[str, Any]) -> str:
    code = text_of(row.get("typeOfSetAside"))
    return "" if code.upper() in _NO_SET_ASIDE else code


def _is_there(row: Mapping[str, Any], params: Params) -> bool:
    office = country_of(inside(row, "officeAddress", "countryCode"))
    return not {*countries(row), office}.isdisjoint(params.countries)


def _speaks_of(row: Mapping[str, Any], params: Params) -> bool:
    title = clean_line(text_of(row.get("title"))).casefold()
    return any(re.search(rf"(?<!\w){re.escape(word.casefold())}", title) for word in params.words)


def countries(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the work is: as stated, else where the office is, else the United States. A code that is none says nothing."""
    if said := inside(row, "placeOfPerformance", "country", "code"):
        known = country_of(said)
        return (known,) if known else ()
    return (country_of(inside(row, "officeAddress", "countryCode")) or "US",)


def notice(row: Mapping[str, Any], description: str | None) -> Notice:
    """Make a notice. Raises ValueError for a record without id, title or known type, and for a date that is none."""
    id, letter = id_of(row), type_of(row)
    raw = clean_line(text_of(row.get("title")))
    if not (title := without_people(_PSC.sub("", raw))):
        raise ValueError("the title is missing")
    body = without_people(clean_html(description or "")) or None
    office_country = country_of(inside(row, "officeAddress", "countryCode"))
    url = _page(row, id)
    kind = _kind(letter, title)
    codes = [text_of(code) for code in _list(row.get("naicsCodes"))] or [text_of(row.get("naicsCode"))]
    psc = text_of(row.get("classificationCode"))
    return Notice(
        source_id=id,
        url=url,
        titles={"en": Title(text=title)},
        kind=kind,
        summary=shorten(plain(body), 500) if body else None,
        body=body,
        lang="en" if body else None,
        published_at=instant(text_of(row.get("postedDate")), zone=ZONE),
        deadlines=_deadlines(row, letter, kind, office_country),
        countries=countries(row),
        origin_country="US",
        codes=(
            *(f"naics:{code}" for code in dict.fromkeys(codes) if code),
            *([f"psc:{psc}"] if psc else []),
            f"sam-type:{letter}",
            *(["stage:planning"] if letter in _ANNOUNCES else []),
        ),
        budget=money(amount, currency="USD") if (amount := inside(row, "award", "amount")) else None,
        organisation=_buyer(row),
        eligibility=_eligibility(row),
        documents=tuple(dict.fromkeys(_documents(row))),
        contact=Contact(url=url),
        same_as=(f"sam-gov:{id}",),
        extra={"sam_gov": _extra(row, raw, title)},
    )


def _kind(letter: str, title: str) -> Kind:
    if letter in "okpri":
        return "tender"
    return "event" if letter == "s" and _EVENT.search(title) else "news"


def _page(row: Mapping[str, Any], id: str) -> str:
    # Old records point at hosts that are gone (beta.sam.gov); the number leads to the page on every generation of the site.
    stated = http_url(text_of(row.get("uiLink"))) or ""
    return stated if stated.startswith("https://sam.gov/") else f"https://sam.gov/opp/{id}/view"


def _deadlines(row: Mapping[str, Any], letter: str, kind: Kind, office_country: str | None) -> tuple[Deadline, ...]:
    if not (said := text_of(row.get("responseDeadLine"))):
        return ()
    zone = zone_of_office(inside(row, "officeAddress", "state"), office_country)
    if (read := instant(said, zone=zone)) is None:
        raise ValueError(f"responseDeadLine is no date: {said[:40]!r}")
    due: DeadlineKind = "submission" if letter in "oki" else "registration" if kind == "event" else "eoi"
    if not isinstance(read, datetime):
        return (Deadline(on=read, zone=zone, kind=due),)
    there, zone = as_stated(read, zone, *(zone_of_office("", country) for country in countries(row)))
    return (Deadline(on=there.date(), at=f"{there:%H:%M}", zone=zone, kind=due),)


def _buyer(row: Mapping[str, Any]) -> Body | None:
    """The department and the office, American ones wherever they sit.

    Names are joined with dots and may hold one; how many there are, the codes tell.
    """
    names = text_of(row.get("fullParentPathName")).split(".")
    many = len(text_of(row.get("fullParentPathCode")).split("."))
    chain = [*names[: many - 1], ".".join(names[many - 1 :])] if 1 < many < len(names) else names
    old = [text_of(row.get(key)) for key in ("department", "subTier", "office")]
    parts = [line for part in (chain if any(chain) else old) if (line := without_people(clean_line(part, 150)))]
    if not parts:
        return None
    return Body(name=" · ".join(dict.fromkeys((parts[0], parts[-1]))), country="US")


def _eligibility(row: Mapping[str, Any]) -> Eligibility | None:
    if not (code := set_aside(row)):
        return None
    said = clean_line(text_of(row.get("typeOfSetAsideDescription")), 300)
    return Eligibility(text=said or f"Set-aside: {code}", verdict="us_only", codes=(f"sam-set-aside:{code}",))


def _documents(row: Mapping[str, Any]) -> list[Link]:
    stated = [*_list(row.get("resourceLinks")), row.get("additionalInfoLink")]
    return [Link(url=url) for one in stated if (url := http_url(text_of(one)))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _extra(row: Mapping[str, Any], raw: str, title: str) -> dict[str, Any]:
    award = {key: inside(row, "award", key) for key in ("date", "number")}
    said = {
        "solicitation": text_of(row.get("solicitationNumber")),
        "type": clean_line(text_of(row.get("type"))),
        "was": clean_line(text_of(row.get("baseType"))),
        "title": raw if raw != title else "",
        "place": without_people(clean_line(inside(row, "placeOfPerformance", "city", "name"), 80)),
        "state": inside(row, "placeOfPerformance", "state", "code"),
        "award": {key: value for key, value in award.items() if value},
    }
    same = said["was"] == said["type"]
    return {key: value for key, value in said.items() if value and not (key == "was" and same)}
