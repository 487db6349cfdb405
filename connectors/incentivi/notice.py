"""A record of the catalogue becomes a notice.

The one thing to know: a measure for every region lists every region, so what is tied to none is told by the length of its
list; the same holds for sectors.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.base.contract import Body, Deadline, Eligibility, Link, Money, Notice, Page, ParseError, Record, Title
from connectors.base.dates import instant
from connectors.base.italy import nuts_of, whole_country
from connectors.base.people import without_people
from connectors.base.text import clean_html, http_url, plain, shorten
from connectors.incentivi.about import SITE, ZONE
from connectors.incentivi.fields import text, values

_SUMMARY = 500
_SECTORS = 20  # of the 21 that the catalogue knows: so many mean all of them
FIRST_FILLER = 2027
# The text comes without its markup; these are the headings that stood in it, each behind a gap.
_HEADING = re.compile(r"(?:^|(?<=[.;:!?\s])\s+|\s{2,})(Cos['’]è|A chi si rivolge|Cosa prevede)(?=\s+\S)")
_ATECO_LIST = re.compile(
    r"(?:ATECO\s*(?:2007|2025)?\s*:?\s*)?\d{2}(?:\.\d{1,2}){0,2}(?:\s*[;,]\s*\d{2}(?:\.\d{1,2}){0,2})*\s*[;,.]?"
)
_ATECO = re.compile(r"(?<![\d.])\d{2}(?:\.\d{1,2}){0,2}(?![\d.]*\d)")


def identify(record: Record) -> str | None:
    """Name a record that could not be read."""
    nid = record.data.get("zs_nid") if isinstance(record.data, Mapping) else None
    return nid if isinstance(nid, str) and nid.isascii() and nid.isdigit() else None


def read(record: Record, page: Page) -> Notice:
    """Read one incentive. Raises ParseError for one without number, title or address."""
    nid = identify(record)
    if nid is None:
        raise ParseError(page.url, record.where, "has no number (zs_nid)")
    doc: Mapping[str, Any] = record.data
    title, url = without_people(text(doc, "zs_title")), http_url(text(doc, "zs_url"), SITE)
    if not title or url is None or not text(doc, "zs_url"):
        raise ParseError(page.url, f"{record.where}.{'zs_url' if title else 'zs_title'}", "is missing")
    opens = _day(doc, "zs_field_open_date")
    deadlines, left = _deadlines(doc, page)
    regions, unknown = _regions(doc)
    body = without_people(_body(doc, url))
    about = plain(body)
    granter, link = text(doc, "zs_field_subject_grant"), http_url(text(doc, "zs_field_link"))
    sectors = values(doc, "activity_sector")
    return Notice(
        source_id=nid,
        url=url,
        titles={"it": Title(text=title)},
        kind="incentive",
        summary=shorten(_section(doc, "Cos'è") or _section(doc, "") or about, _SUMMARY) or None,
        body=body or None,
        lang="it",
        opens_at=opens,
        deadlines=deadlines,
        countries=("IT",),
        origin_country="IT",
        regions=regions,
        codes=_ateco(text(doc, "zs_field_ateco")),
        keywords=(*(sectors if len(sectors) < _SECTORS else ()), *values(doc, "scopes"), *values(doc, "support_form")),
        budget=_amount(doc),
        grant=_range(doc, "support_grant_type_min_max", "support_grant_type_min", "support_grant_type_max"),
        organisation=Body(name=granter, country="IT") if without_people(granter) == granter and granter else None,
        eligibility=_eligibility(doc),
        links=(Link(url=link, title="pagina dell'ente", lang="it"),) if link else (),
        extra={"incentivi": _stated(doc) | left | ({"not_understood": unknown} if unknown else {})},
    )


def _day(doc: Mapping[str, Any], name: str) -> Any:
    # Midnight without a zone: a day, not an instant.
    return instant(text(doc, name)[:10]) if text(doc, name) else None


def _deadlines(doc: Mapping[str, Any], page: Page) -> tuple[tuple[Deadline, ...], dict[str, Any]]:
    on = _day(doc, "zs_field_close_date")
    if on is None:
        raw = text(doc, "zs_field_close_date")
        return (), {"closes": raw} if raw else {}
    if on.year >= FIRST_FILLER and (on.month, on.day) == (12, 31) and on >= page.fetched_at.date():
        # The catalogue wants a day; where there is none but the end of the money, it is given the end of a later year.
        return (Deadline(zone=ZONE, kind="submission", certainty="until_funds"),), {"closes": on.isoformat()}
    return (Deadline(on=on, zone=ZONE, kind="submission"),), {}


def _regions(doc: Mapping[str, Any]) -> tuple[tuple[str, ...], list[str]]:
    names = values(doc, "regions")
    codes = tuple(dict.fromkeys(code for name in names for code in nuts_of(name)))
    return () if whole_country(set(codes)) else codes, [name for name in names if not nuts_of(name)]


def _parts(doc: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The text by its headings, in its order; what stands before the first has none."""
    raw = doc.get("zs_body")
    cut = _HEADING.split(raw) if isinstance(raw, str) else [""]
    return [("", cut[0]), *((head.replace("’", "'"), said) for head, said in zip(cut[1::2], cut[2::2], strict=True))]


def _section(doc: Mapping[str, Any], heading: str) -> str:
    return next((without_people(plain(said)) for head, said in _parts(doc) if head == heading), "")


def _body(doc: Mapping[str, Any], url: str) -> str:
    more = (("Termini", "zs_field_close_date_descriptor"), ("Altro", "zs_field_other_characteristic"))
    parts = [*_parts(doc), *((heading, text(doc, name)) for heading, name in more)]
    said = ((f"<h3>{heading}</h3>" if heading else "", told) for heading, told in parts if plain(told))
    return clean_html("\n".join(f"{heading}<p>{told.strip()}</p>" for heading, told in said), url)


def _eligibility(doc: Mapping[str, Any]) -> Eligibility | None:
    subjects, sizes = values(doc, "subject_type"), values(doc, "dimensions")
    said = [part for part in (", ".join(subjects), ", ".join(sizes), _section(doc, "A chi si rivolge")) if part]
    if not said:
        return None
    return Eligibility(text=". ".join(said), codes=tuple(f"incentivi:{each}" for each in (*subjects, *sizes)))


def _ateco(prose: str) -> tuple[str, ...]:
    """The codes of a text that is nothing but a list of them; a sentence about sectors is no list."""
    if not _ATECO_LIST.fullmatch(prose):
        return ()
    listed = re.sub(r"^ATECO\s*(?:2007|2025)?\s*:?", "", prose)
    return tuple(dict.fromkeys(f"ateco:{code}" for code in _ATECO.findall(listed)))


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(value.strip()) if isinstance(value, str) and len(value) < 40 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and number > 0 else None


def _amount(doc: Mapping[str, Any]) -> Money | None:
    total = _number(doc.get("zs_field_budget_allocation"))
    return Money(total=total, currency="EUR", raw=text(doc, "zs_field_budget_allocation")) if total else None


def _range(doc: Mapping[str, Any], both: str, least: str, most: str) -> Money | None:
    """A range of euros. Its two ends are sometimes exchanged, and where it begins with nothing it has no least."""
    listed = doc.get(f"zm_field_{both}")
    given = listed if isinstance(listed, list) else [doc.get(f"zs_field_{least}"), doc.get(f"zs_field_{most}")]
    amounts = sorted(number for each in given[:2] if (number := _number(each)) is not None)
    if not amounts:
        return None
    raw = " - ".join(each.strip() for each in given[:2] if isinstance(each, str))
    return Money(min=amounts[0] if len(amounts) == 2 else None, max=amounts[-1], currency="EUR", raw=raw)


_MORE = {
    "law": "zs_field_primary_ruleset",
    "second_law": "zs_field_secondary_ruleset",
    "rules": "zs_field_implementation_ruleset",
    "gazette": "zs_field_official_references",
    "municipalities": "zs_field_comuni",
    "sectors": "zs_field_ateco",
}


def _stated(doc: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: shorten(without_people(text(doc, field)), 1_000) for name, field in _MORE.items()}
    told["several_calls"] = text(doc, "zs_field_multibando") == "1"
    told["costs"] = list(values(doc, "granted_costs"))
    costs = _range(doc, "costs", "cost_min", "cost_max")
    told["cost_of_project"] = costs.model_dump(mode="json") if costs else None
    return {name: value for name, value in told.items() if value}
