"""One opportunity in full: everything its page shows, in the reader's words.

The one thing to know: pure, like a row; text leaves only through aggregator.rights, and a value that the source did not
state is said to be not stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from aggregator import rights, taxonomy
from aggregator.intake.account import Behind
from aggregator.store.noted import Noted
from aggregator.store.opportunity import Opportunity, ends
from connectors.base.contract import Link
from connectors.base.text import clean_html, plain
from web import past, words
from web.context import Reader
from web.past import Changed, Source
from web.rows import Due, Row, due, row


@dataclass(frozen=True, slots=True)
class Coded:
    """A code as people write it and, where a table knows it, its name."""

    code: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Reserved:
    word: str
    lots: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    row: Row
    other_titles: tuple[tuple[str, str, str], ...]
    deadlines: tuple[Due, ...]
    countries: str
    origin: str | None
    codes: tuple[Coded, ...]
    sectors: tuple[tuple[str, str, str], ...]
    budget: str | None
    grant: str | None
    opens: str | None
    updated: str | None
    seen: str
    withdrawn: str | None
    languages: str | None
    reserved: tuple[Reserved, ...]
    verdict: str | None
    eligibility: str | None
    summary: str | None
    body: Markup | None
    text_lang: str | None
    cut: bool
    documents: tuple[Link, ...]
    links: tuple[Link, ...]
    original: str
    attribution: str
    sources: tuple[Source, ...]
    moved: Changed | None
    changes: tuple[Changed, ...]
    small_changes: tuple[Changed, ...]


def sheet(
    item: Opportunity,
    rows: Sequence[Noted],
    *,
    behind: Sequence[Behind],
    reader: Reader,
    titles: Mapping[str, str],
) -> Sheet | None:
    """Say one opportunity in full; None where the public may not see it. `rows` are its history, `behind` its notices."""
    head = row(item, reader=reader, titles=titles)
    if head is None:
        return None
    allowed = rights.shown(item, to="public", now=reader.now)
    body = Markup(clean_html(allowed.body)) if allowed.body else None  # noqa: S704  cleaned in this very line
    told = past.changes(rows, item, reader)
    return Sheet(
        row=head,
        other_titles=tuple(
            (language, taxonomy.language_label(language, reader.language), title.text)
            for language, title in sorted(item.titles.items())
            if language != head.title_lang
        ),
        deadlines=_dates(item, reader),
        countries=", ".join(taxonomy.country_label(code, reader.language) for code in item.countries),
        origin=taxonomy.country_label(item.origin_country, reader.language) if item.origin_country else None,
        codes=tuple(_coded(item.codes + item.regions, reader)),
        sectors=tuple(
            (s.id, taxonomy.sector_label(s.id, reader.language), taxonomy.code_written(s.because) or "")
            for s in item.sectors
        ),
        budget=reader.money(item.budget) if item.budget else None,
        grant=reader.money(item.grant) if item.grant else None,
        opens=reader.day(item.opens_at) if item.opens_at else None,
        updated=reader.day(item.updated_at) if item.updated_at else None,
        seen=reader.day(item.first_seen),
        withdrawn=reader.day(item.withdrawn_at) if item.withdrawn_at else None,
        languages=", ".join(taxonomy.language_label(code, reader.language) for code in item.offer_languages) or None,
        reserved=tuple(Reserved(words.reservation_word(r), words.lots_word(r.lots)) for r in item.reserved),
        verdict=words.verdict_word(item.eligibility.verdict) if item.eligibility and item.eligibility.verdict else None,
        eligibility=plain(allowed.conditions) if allowed.conditions else None,
        summary=None if body and _opens(allowed.summary) in plain(str(body)) else allowed.summary,
        body=body,
        text_lang=item.lang,
        cut=bool(item.body and not body),
        documents=item.documents,
        links=tuple(link for link in item.links if link.title),
        original=item.link(reader.language),
        attribution=allowed.attribution,
        sources=past.sources(allowed.notices, behind, reader=reader, titles=titles),
        moved=past.just_moved(told, reader) if head.status in {"open", "forthcoming", "unknown"} else None,
        changes=tuple(change for change in told if change.worth),
        small_changes=tuple(change for change in told if not change.worth),
    )


def _opens(summary: str | None) -> str:
    """The first words of a summary: where the body holds them too, one of the two is enough."""
    return plain(summary or "")[:60]


def _dates(item: Opportunity, reader: Reader) -> tuple[Due, ...]:
    """Every dated deadline, the earliest first."""
    dated = [(end, d) for d in item.deadlines if (end := ends(d, item.zone)) is not None]
    dated.sort(key=lambda pair: pair[0])
    return tuple(said for _, d in dated if (said := due(d, item, reader)) is not None)


def _coded(codes: Sequence[str], reader: Reader) -> Iterator[Coded]:
    for code in dict.fromkeys(codes):
        if written := taxonomy.code_written(code):
            yield Coded(written, taxonomy.cpv_label(code, reader.language) if code.startswith("cpv:") else None)
