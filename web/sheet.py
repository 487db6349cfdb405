"""One opportunity in full: everything its page shows, in the reader's words.

The one thing to know: pure, like a row; text leaves only through aggregator.rights, and a value that the source did not
state is said to be not stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from aggregator import rights, taxonomy
from aggregator.store.opportunity import Change, Opportunity, ends
from connectors.base.contract import Link
from connectors.base.text import clean_html, plain, shorten
from web import words
from web.context import Reader
from web.rows import Due, Row, due, row

# Fields whose old and new values are words of the source: they may be shown only where its text may.
_TEXTS = frozenset({"eligibility", "summary", "body"})


@dataclass(frozen=True, slots=True)
class Coded:
    """A code as people write it and, where a table knows it, its name."""

    code: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Reserved:
    word: str
    lots: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it, under which number, when it was read, and the page a person opens."""

    title: str
    source_id: str
    url: str
    read: str
    read_iso: str
    because: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    day: str
    iso: str
    field: str
    before: str | None
    after: str | None
    ours: bool


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
    changes: tuple[Changed, ...]


def sheet(item: Opportunity, changes: Sequence[Change], *, reader: Reader, titles: Mapping[str, str]) -> Sheet | None:
    """Say one opportunity in full; None where the public may not see it."""
    head = row(item, reader=reader, titles=titles)
    if head is None:
        return None
    allowed = rights.shown(item, to="public", now=reader.now)
    body = Markup(clean_html(allowed.body)) if allowed.body else None  # noqa: S704  cleaned in this very line
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
        sources=tuple(
            Source(
                titles.get(n.source, n.source),
                n.source_id,
                n.url,
                reader.when(n.fetched_at),
                n.fetched_at.isoformat(),
                n.merged_because,
            )
            for n in allowed.notices
        ),
        changes=tuple(_changed(c, item, reader) for c in reversed(changes)),
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


def _changed(change: Change, item: Opportunity, reader: Reader) -> Changed:
    silent = change.field in _TEXTS or item.rights.show == "link"
    before, after = (None, None) if silent else (change.before, change.after)
    if change.field == "deadline" and before and after:
        # Of several dates only those that moved are news.
        stayed = set(before.split(", ")) & set(after.split(", "))
        before, after = (", ".join(d for d in v.split(", ") if d not in stayed) or None for v in (before, after))
    return Changed(
        day=reader.day(change.at),
        iso=change.at.isoformat(),
        field=words.field_word(change),
        before=_value(change, before, reader),
        after=_value(change, after, reader),
        ours=change.cause == "our_reading",
    )


def _value(change: Change, value: str | None, reader: Reader) -> str | None:
    """Say an old or new value as people read it; what history.py wrote in another form is shown as it stands."""
    if value is None or change.field == "reopened":
        return None
    if change.field == "kind":
        return taxonomy.kind_label(value, reader.language)
    if change.field == "deadline":
        return ", ".join(_written_date(one, reader) for one in value.split(", "))
    if change.field == "opens":
        return _written_date(value, reader)
    return shorten(value, 200)


def _written_date(text: str, reader: Reader) -> str:
    day, _, clock = text.partition("T")
    try:
        said = reader.day(date.fromisoformat(day))
    except ValueError:
        return words.undated_word([text])
    return f"{said}, {clock[:5]}" if clock else said
