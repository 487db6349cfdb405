"""A notice, as its source says it, becomes what members see: clean text, known codes, sectors, languages, rights.

The one thing to know: this is a pure function of the notice and the moment it was read. The hash is taken of the
cleaned notice and never depends on that moment, so a second reading of the same words is the same.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar
from zoneinfo import ZoneInfo

from aggregator.intake.labels import coded
from aggregator.intake.language import language_of
from aggregator.intake.wording import body_of, extra_of, line, listed, money_of, reserved_of, url_of
from aggregator.rights import strictest
from aggregator.store.opportunity import Opportunity, Provenance
from aggregator.store.put import Draft
from aggregator.store.retention import fact_words
from aggregator.taxonomy import programme_label, sectors_of
from connectors.base import codes
from connectors.base.contract import About, Body, Deadline, Instant, Link, Notice, ParseError, Programme, Rights, Title
from connectors.base.text import plain, shorten, visible

SUMMARY = 500
# The longest official title (400 characters in eForms) with country and trade ahead of it still passes uncut.
TITLE = 600
_SEARCHED = 50_000
_HASH_VERSION = "1"
_ANNOUNCED = frozenset({"stage:planning", "stage:consultation"})
# Outside these years a date is a filler of the source's software (0001, 1970, 9999), not a day that somebody meant.
_YEARS = range(1990, 2100)

_Key = TypeVar("_Key")


def normalise(notice: Notice, *, source: str, about: About, fetched_at: datetime, rights: Rights) -> Draft:
    """Clean a notice and derive from it. Raises ParseError where no address or no title is left."""
    warnings: list[str] = []
    body = body_of(notice.body)
    body_text = plain(body) if body else ""
    whole_summary = line(notice.summary, html=True) or ""
    notice = _cleaned(notice, summary=whole_summary, body=body, warnings=warnings)
    notice = _with_languages(notice, f"{whole_summary} {body_text}".strip())
    titles = "\n".join(dict.fromkeys(title.text for title in notice.titles.values()))
    opportunity = Opportunity(
        id=0,
        **{name: getattr(notice, name) for name in _CARRIED},
        summary=notice.summary or (shorten(body_text, SUMMARY) if body_text else None),
        published_at=_not_after(notice.published_at, fetched_at, zone=about.zone, warnings=warnings),
        updated_at=_not_after(notice.updated_at, fetched_at, zone=about.zone, warnings=[]),
        zone=about.zone,
        announced=not _ANNOUNCED.isdisjoint(notice.codes),
        sectors=sectors_of(notice.codes, notice.programme.code if notice.programme else None),
        notices=(Provenance(source=source, source_id=notice.source_id, url=notice.url, fetched_at=fetched_at),),
        rights=strictest([rights]),
        first_seen=fetched_at,
        changed_at=fetched_at,
    )
    return Draft(
        notice=notice,
        hash=_hash(notice),
        opportunity=opportunity,
        title_text=titles,
        text=_searched(notice, f"{whole_summary}\n{body_text}"),
        warnings=tuple(dict.fromkeys(warnings)),
    )


# What an opportunity takes over from its notice as it is.
_CARRIED = tuple(
    sorted(
        (Notice.model_fields.keys() & Opportunity.model_fields.keys()) - {"summary", "published_at", "updated_at"},
    )
)


def _cleaned(notice: Notice, *, summary: str, body: str | None, warnings: list[str]) -> Notice:
    url = url_of(notice.url)
    source_id = visible(notice.source_id)
    if url is None or not source_id:
        raise ParseError(notice.url, notice.source_id, "is no address, or has no identity")
    eligibility, programme, contact = notice.eligibility, notice.programme, notice.contact
    return notice.model_copy(
        update={
            "source_id": source_id,
            "url": url,
            "titles": _titles(notice, warnings),
            "summary": shorten(summary, SUMMARY) or None,
            "body": body,
            "lang": _language(notice.lang, warnings) if notice.lang else None,
            "published_at": _meant(notice.published_at, "published_at", warnings),
            "updated_at": _meant(notice.updated_at, "updated_at", warnings),
            "opens_at": _meant(notice.opens_at, "opens_at", warnings),
            "deadlines": tuple(dict.fromkeys(_deadlines(notice.deadlines, warnings))),
            "countries": _known(notice.countries, _country, warnings),
            "origin_country": _country(notice.origin_country, warnings) if notice.origin_country else None,
            "regions": tuple(dict.fromkeys(notice.regions)),
            "codes": coded(notice.codes, warnings),
            "keywords": listed(notice.keywords),
            "budget": money_of(notice.budget),
            "grant": money_of(notice.grant),
            "reserved": tuple(map(reserved_of, notice.reserved)),
            "organisation": _organisation(notice.organisation, warnings),
            "programme": programme and _programme(programme, warnings),
            "eligibility": eligibility and eligibility.model_copy(update={"text": line(eligibility.text, html=True)}),
            "offer_languages": _known(notice.offer_languages, _language, warnings),
            "documents": _links(notice.documents),
            "links": _links(notice.links),
            "contact": contact
            and contact.model_copy(
                update={"url": url_of(contact.url), "text": line(contact.text, html=True, keep_role_boxes=True)}
            ),
            "same_as": tuple(dict.fromkeys(key for key in map(visible, notice.same_as) if key)),
            "extra": extra_of(notice.extra),
        }
    )


def _titles(notice: Notice, warnings: list[str]) -> dict[str, Title]:
    found: dict[str, Title] = {}
    for lang, title in notice.titles.items():
        if text := line(title.text):
            known = "und" if lang == "und" else _language(lang, warnings) or "und"
            found.setdefault(known, title.model_copy(update={"text": shorten(text, TITLE)}))
    if not found:
        raise ParseError(notice.url, "titles", "nothing is left of the title when markup and persons are taken out")
    return found


def _with_languages(notice: Notice, text: str) -> Notice:
    """Tell the languages that the source left open: of the text, and of a title; both stay open when it is not sure."""
    undetermined = notice.titles.get("und")
    # A source that gives titles in four languages and no text has left nothing open.
    lang = notice.lang or (language_of(text) if text else None)
    if undetermined is None:
        return notice if lang == notice.lang else notice.model_copy(update={"lang": lang})
    # A title too short to tell speaks the language of the text that it heads.
    own = language_of(undetermined.text) or lang
    if own is None or own in notice.titles:
        return notice.model_copy(update={"lang": lang})
    titles = {own if key == "und" else key: title for key, title in notice.titles.items()}
    return notice.model_copy(update={"lang": lang, "titles": titles})


def _known(
    given: Iterable[_Key], read: Callable[[_Key, list[str]], _Key | None], warnings: list[str]
) -> tuple[_Key, ...]:
    read_ones = (read(one, warnings) for one in given)
    return tuple(dict.fromkeys(one for one in read_ones if one is not None))


def _country(code: str, warnings: list[str]) -> str | None:
    known = code if code == "*" else codes.country(code)
    if known is None:
        warnings.append(f"unknown country code: {code}")
    return known


def _language(code: str, warnings: list[str]) -> str | None:
    known = codes.language(code)
    if known is None and code != "und":
        warnings.append(f"unknown language code: {code}")
    return known


def _organisation(body: Body | None, warnings: list[str]) -> Body | None:
    name = line(body.name) if body else None
    if body is None or name is None:
        return None
    country = _country(body.country, warnings) if body.country else None
    return body.model_copy(update={"name": name, "country": country, "url": url_of(body.url)})


def _programme(programme: Programme, warnings: list[str]) -> Programme:
    """Name a programme that its source gives by its number alone."""
    name, code = line(programme.name), programme.code
    if name is None and code is not None:
        name = programme_label(code)
        if name is None and code.isdigit():
            warnings.append(f"unknown programme code: {code}")
    return programme.model_copy(update={"name": name})


def _links(links: Iterable[Link]) -> tuple[Link, ...]:
    cleaned = ((link, url_of(link.url)) for link in links)
    return tuple(
        dict.fromkeys(link.model_copy(update={"url": url, "title": line(link.title)}) for link, url in cleaned if url)
    )


def _deadlines(deadlines: Iterable[Deadline], warnings: list[str]) -> Iterable[Deadline]:
    for deadline in deadlines:
        if deadline.on is not None and deadline.on.year not in _YEARS:
            warnings.append(f"deadline left out, a filler and no day: {deadline.on.isoformat()}")
            continue
        zone = deadline.zone
        if zone is not None and not _is_zone(zone):
            warnings.append(f"unknown time zone: {zone}")
            zone = None
        yield deadline.model_copy(update={"zone": zone, "label": line(deadline.label)})


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _meant(moment: Instant | None, field: str, warnings: list[str]) -> Instant | None:
    if moment is not None and moment.year not in _YEARS:
        warnings.append(f"{field} left out, a filler and no day: {moment.isoformat()}")
        return None
    return moment


def _not_after(moment: Instant | None, now: datetime, *, zone: str, warnings: list[str]) -> Instant | None:
    """Clamp a date of the past that lies ahead (the source's clock, or a typing error) to the moment of reading."""
    if moment is None:
        return None
    latest: Instant = now if isinstance(moment, datetime) else now.astimezone(ZoneInfo(zone)).date()
    if moment <= latest:
        return moment
    warnings.append(f"published_at lies in the future: {moment.isoformat()}")
    return latest


def _hash(notice: Notice) -> str:
    # Missing keys are absent from the JSON, so a field that we add later changes no hash.
    canonical = json.dumps(notice.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return _HASH_VERSION + blake2b(canonical.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _searched(notice: Notice, text: str) -> str:
    parts = [text, *fact_words(notice)]
    return "\n".join(part for part in dict.fromkeys(p.strip() for p in parts) if part)[:_SEARCHED]
