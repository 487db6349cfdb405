"""Everything a letter says, as text in the reader's language; the templates only set it.

The one thing to know: HTML and text part are two settings of this one view, so neither can say less than the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aggregator import rights, taxonomy
from aggregator.digest import facts, news
from aggregator.digest.choose import CLOSING_DAYS, Chosen, Section, coming
from aggregator.digest.digest import Digest, Source, counted
from aggregator.digest.voice import Voice
from aggregator.matching import words as reasons
from aggregator.matching.verdict import Reason
from aggregator.store.opportunity import Opportunity
from config.settings import Settings
from connectors.base.text import shorten

SUBJECT_HEAD = 60
SUBJECT_WHOLE = 110
_MOST_REASONS = 3
_MOST_SILENT = 6
_SUMMARY = 220
# A source that is read daily and has been silent longer than this is said to be silent.
SILENT_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    headline: facts.Words
    original: facts.Words | None
    original_language: str
    eyebrow: str
    due: facts.Due | None
    summary: str | None
    rows: list[tuple[str, str]]
    changes: list[str]
    reasons: list[str]
    board: str
    link: str
    link_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    id: Section
    title: str
    note: str | None
    items: list[ItemView]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    language: str
    office: str
    subject: str
    preheader: str
    summary: str
    dateline: str
    sections: list[SectionView]
    more: str | None
    rest: str
    board: str
    silent: list[str]
    attributions: list[str]
    why_you: str
    how_to_stop: str


def view(digest: Digest, *, settings: Settings, language: str) -> LetterView:
    """Say a digest in a language."""
    voice = Voice(language, digest.zone, digest.made_at)
    titles = {source.name: source.title for source in digest.sources}
    views = {chosen.item.id: _item(chosen, digest, voice, titles, settings) for chosen in digest.items}
    summary = _summary(digest, voice)
    words = voice.words
    return LetterView(
        language=language,
        office=settings.office,
        subject=_subject(digest, voice, summary, views[digest.items[0].item.id].headline.text),
        preheader=" · ".join(shorten(views[c.item.id].headline.text, 60) for c in digest.items[:3]),
        summary=summary,
        dateline=words.gettext("for %(member)s · week %(week)d · %(day)s")
        % {"member": digest.member_name, "week": int(digest.period[-2:]), "day": voice.day(voice.today)},
        sections=_sections(digest, voice, views),
        more=words.ngettext("%(n)d more that fits you", "%(n)d more that fit you", digest.more) % {"n": digest.more}
        if digest.more
        else None,
        rest=f"{settings.board_url}/opportunities" + (f"?{digest.rest}" if digest.rest else ""),
        board=f"{settings.board_url}/",
        silent=_silences(digest, voice),
        attributions=_attributions(digest, voice),
        why_you=words.gettext("You receive this letter because %(office)s serves %(member)s.")
        % {"office": settings.office, "member": digest.member_name},
        how_to_stop=words.gettext("To pause it, to change what it looks for, or to stop it, just answer this letter.")
        if settings.mail_reply_to
        else words.gettext("To pause it, to change what it looks for, or to stop it, tell your office."),
    )


def _told(given: Sequence[Reason], understood: set[str | None]) -> list[Reason]:
    """The reasons worth a line: the weightiest, and each kind once before any kind twice.

    A reservation has its own row. A word adds nothing where it only repeats the sector that a code gave already, nor
    where it stands in the official title of a language that is neither the reader's nor the buyer's.
    """
    by_code = {r.profile for r in given if r.kind == "sector"}

    def tells(reason: Reason) -> bool:
        return reason.kind != "keyword" or (reason.profile not in by_code and reason.lang in understood)

    telling = [r for r in given if r.kind != "reservation" and tells(r)]
    ordered = sorted(telling, key=lambda r: -r.weight) or list(given)
    firsts = list({r.kind: r for r in reversed(ordered)}.values())[::-1]
    return sorted([*firsts, *(r for r in ordered if r not in firsts)][:_MOST_REASONS], key=lambda r: -r.weight)


def _item(chosen: Chosen, digest: Digest, voice: Voice, titles: dict[str, str], settings: Settings) -> ItemView:
    item, words = chosen.item, voice.words
    first = facts.headline(item, voice, reads=digest.reads)
    second = facts.original(item, first)
    named = list(
        dict.fromkeys(titles.get(n.source, n.source) for n in rights.shown(item, to="member", now=voice.now).notices)
    )
    where = " + ".join(named) or words.gettext("source not stated")
    kind = taxonomy.kind_label(item.kind, voice.language)
    return ItemView(
        headline=first,
        original=second,
        original_language=_original_language(item, second, voice) if second else "",
        # A line from facts says kind and place already.
        eyebrow=f"{kind} · {facts.places(item, voice)} · {where}" if first.official else where,
        due=facts.due(item, voice),
        summary=_excerpt(item, digest, voice),
        rows=facts.rows(item, voice),
        changes=[news.say(change, voice) for change in chosen.changes],
        reasons=[
            reasons.say(reason, voice.language) for reason in _told(chosen.reasons, {item.lang, None, *digest.reads})
        ],
        board=f"{settings.board_url}/opportunities/{item.id}",
        link=item.link(voice.language),
        link_text=words.gettext("At the source: %(title)s")
        % {"title": named[0] if named else item.link(voice.language)},
    )


def _original_language(item: Opportunity, second: facts.Words, voice: Voice) -> str:
    lang = second.lang or "und"
    if item.titles[lang].origin == "machine":
        return voice.words.gettext("machine translation, %(language)s") % {
            "language": taxonomy.language_label(lang, voice.language)
        }
    return (
        voice.words.gettext("language not stated") if lang == "und" else taxonomy.language_label(lang, voice.language)
    )


def _excerpt(item: Opportunity, digest: Digest, voice: Voice) -> str | None:
    # A summary the reader cannot read only makes the letter longer.
    if item.lang not in {voice.language, *digest.reads}:
        return None
    shown = rights.shown(item, to="member", now=digest.made_at)
    return shorten(" ".join(shown.summary.split()), _SUMMARY) if shown.summary else None


def _sections(digest: Digest, voice: Voice, views: dict[int, ItemView]) -> list[SectionView]:
    words = voice.words
    titles: dict[Section, tuple[str, str | None]] = {
        "closing": (
            words.gettext("Closing within %(days)d days") % {"days": CLOSING_DAYS},
            None,
        ),
        "changed": (words.gettext("Changed since you saw it"), None),
        "new": (words.gettext("New"), None),
        "maybe": (words.gettext("Maybe for you"), words.gettext("These only resemble what you look for.")),
    }
    found = []
    for section, (title, note) in titles.items():
        items = [views[c.item.id] for c in digest.items if c.section == section]
        if items:
            found.append(SectionView(id=section, title=title, note=note, items=items))
    return found


def _summary(digest: Digest, voice: Voice) -> str:
    counts, words = counted(digest.items), voice.words
    said = {
        "closing": words.ngettext("%(n)d closing soon", "%(n)d closing soon", counts.get("closing", 0)),
        "new": words.ngettext("%(n)d new", "%(n)d new", counts.get("new", 0)),
        "changed": words.ngettext("%(n)d changed", "%(n)d changed", counts.get("changed", 0)),
    }
    return ", ".join(said[section] % {"n": n} for section, n in counts.items())


def _subject(digest: Digest, voice: Voice, summary: str, first: str) -> str:
    """Counts and the nearest deadline in 60 characters; behind them the first item, for mailboxes that show more."""
    head = summary
    nearest = min((c for c in digest.items if c.closing), key=lambda c: c.closing or voice.now, default=None)
    found = coming(nearest.item, voice.now) if nearest else None
    if found is not None and found[0].on is not None:
        day = voice.brief_day(found[0].on)
        dated = voice.words.gettext("%(counts)s, first on %(day)s") % {"counts": summary, "day": day}
        head = dated if len(dated) <= SUBJECT_HEAD else head
    return shorten(f"{head} · {first}", SUBJECT_WHOLE)


def _silences(digest: Digest, voice: Voice) -> list[str]:
    found = [_silence(s, voice) for s in digest.sources if s.enabled and _silent(s, voice)]
    shown, further = found[:_MOST_SILENT], len(found) - _MOST_SILENT
    if further > 0:
        shown.append(voice.words.ngettext("and %(n)d more", "and %(n)d more", further) % {"n": further})
    return shown


def _silent(source: Source, voice: Voice) -> bool:
    return source.last_good is None or voice.now - source.last_good > SILENT_AFTER


def _silence(source: Source, voice: Voice) -> str:
    if source.last_good is None:
        return voice.words.gettext("%(title)s: not read yet") % {"title": source.title}
    day = voice.short_day(source.last_good.astimezone(ZoneInfo(voice.zone)).date())
    return voice.words.gettext("%(title)s: not updated since %(day)s") % {"title": source.title, "day": day}


def _attributions(digest: Digest, voice: Voice) -> list[str]:
    said = (rights.shown(c.item, to="member", now=voice.now).attribution for c in digest.items)
    return [text for text in dict.fromkeys(said) if text]


def rest_of(filters: dict[str, tuple[str, ...]]) -> str:
    """Write the board's query for what fits and is not shown: the newest first."""
    return urlencode([(name, value) for name, values in filters.items() for value in values] + [("sort", "newest")])
