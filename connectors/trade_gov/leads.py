"""Trade leads: one record of one of the seven sources that the service has gathered, each with fields of its own.

The one thing to know: a lead without an end counted as open for half a year at the service itself; so does it here, with a
date that says that it is ours.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from connectors.base.contract import Contact, Deadline, Eligibility, Money, Notice, Title
from connectors.base.dates import instant
from connectors.base.money import money
from connectors.trade_gov.fields import body, countries, day, described, line, lines, page_of, text_of, told

OPEN_FOR = timedelta(days=180)
_PSC = re.compile(r"^\w{1,4}--\s*(?=\S)")
_CODED = re.compile(r"\s*([A-Z]?\d{2,8}[A-Z]?)\s*(?::\s*(.*))?$")
_SCHEMES = {"CANADA": "gsin", "FBO": "naics", "UK": "cpv"}
_HOMES = {"CANADA": "CA", "FBO": "US", "UK": "GB"}
_CATEGORY = re.compile(r"(CPV|deadline|type|country)\s*/\s*(.+)", re.I)
_RESERVED = re.compile(r"small business|8\(a\)|hubzone|veteran|women.owned|set.aside", re.I)


def notice(row: Mapping[str, Any], id: str) -> Notice:
    """Make a notice of a lead. Raises ValueError for a date that is none."""
    source = text_of(row.get("source"))
    hidden = list(_categories(row))
    published = day(row.get("publish_date"))
    url = page_of(row.get("url"), row.get("urls"))
    summary, whole = described(row)
    codes, words = _industry(row.get("industry"), _SCHEMES.get(source))
    psc = line(row.get("classification_code"), 8) if source == "FBO" else ""
    return Notice(
        source_id=id,
        url=url,
        titles={"en": Title(text=_PSC.sub("", line(row.get("title"), 500)))},
        kind="tender",
        summary=summary,
        body=whole,
        lang="en" if summary else None,
        published_at=published,
        updated_at=day(row.get("publish_date_amended")),
        deadlines=_deadlines(day(row.get("end_date")) or _closing(hidden), published),
        countries=countries(row.get("country")),
        origin_country=_HOMES.get(source),
        codes=tuple(
            dict.fromkeys(
                (
                    *codes,
                    *(f"cpv:{value}" for name, value in hidden if name == "cpv" and re.fullmatch(r"\d{8}", value)),
                    *([f"psc:{psc}"] if psc else []),
                    *(["stage:planning"] if _only_announced(row, hidden) else []),
                )
            )
        ),
        keywords=tuple(dict.fromkeys((*words, *lines(row.get("ita_industries"), row.get("tags"))))),
        budget=_budget(row),
        organisation=body(
            row.get("procurement_organization"),
            row.get("agency"),
            row.get("borrowing_entity"),
            row.get("implementing_entity"),
            row.get("lead_source"),
            row.get("funding_source"),
        ),
        eligibility=_eligibility(row) if source == "FBO" else None,
        contact=Contact(url=url),
        same_as=(f"trade-lead-{source.lower() or 'ita'}:{id.partition(':')[2]}",),
        extra={"trade_gov": _extra(row, source)},
    )


def _deadlines(end: date | None, published: date | None) -> tuple[Deadline, ...]:
    # A day of which nobody says where it ends: kept as a day, without a zone.
    if end is not None:
        return (Deadline(on=end),)
    if published is None:
        return (Deadline(certainty="not_stated"),)
    return (
        Deadline(certainty="not_stated"),
        Deadline(on=published + OPEN_FOR, kind="validity", label="not stated; taken as open for 180 days"),
    )


def _categories(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What dgMarket hides in categories: `CPV/24400000`, `deadline/2015/Apr/30`, `type/spn`."""
    given = row.get("categories")
    for each in given if isinstance(given, list) else ():
        if found := _CATEGORY.fullmatch(text_of(each)):
            yield found[1].lower(), found[2].strip()


def _closing(hidden: list[tuple[str, str]]) -> date | None:
    for name, value in hidden:
        if name == "deadline":
            read = instant(" ".join(reversed(value.split("/"))))
            if read is None:
                raise ValueError(f"no date: {value[:40]!r}")
            return day(read.isoformat())
    return None


def _only_announced(row: Mapping[str, Any], hidden: list[tuple[str, str]]) -> bool:
    # A general procurement notice, and a project in the pipeline, invite nobody to bid yet.
    general = any((name, value.lower()) == ("type", "gpn") for name, value in hidden)
    return general or text_of(row.get("status")).lower() == "pipeline"


def _industry(value: object, scheme: str | None) -> tuple[list[str], list[str]]:
    """Codes with their scheme, and words; the service gives a list or a text, as the source behind does."""
    codes, words = [], []
    for each in value if isinstance(value, list) else [value]:
        said = line(each, 150)
        coded = _CODED.match(said) if scheme else None
        if coded and (scheme != "cpv" or len(coded[1]) == 8):
            codes.append(f"{scheme}:{coded[1]}")
        text = (coded[2] or "") if coded else said
        words += [text] if text else []
    return codes, words


def _budget(row: Mapping[str, Any]) -> Money | None:
    if size := text_of(row.get("project_size")):
        return money(size, currency="USD", lang="en")
    low, high = (text_of(row.get(f"{end}_contract_value")) for end in ("min", "max"))
    read = [money(value, currency="GBP", lang="en") if value else None for value in (low, high)]
    least, most = (one.total if one else None for one in read)
    if (least is None and most is None) or (least and most and least > most):
        return None
    return Money(min=least, max=most, currency="GBP", raw=" - ".join(filter(None, (low, high))))


def _eligibility(row: Mapping[str, Any]) -> Eligibility | None:
    said = line(row.get("competitive_procurement_strategy"))
    return Eligibility(text=said, verdict="us_only") if _RESERVED.search(said) else None


def _extra(row: Mapping[str, Any], source: str) -> dict[str, Any]:
    names = ("reference_number", "contract_number", "project_number", "notice_type", "status", "specific_location")
    more = ("bid_type", "trade_agreement", "funding_source", "lead_source", "procurement_office")
    return told({"source": source, **{name: line(row.get(name)) for name in (*names, *more)}})
