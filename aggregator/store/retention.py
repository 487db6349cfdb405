"""Texts that may be kept no longer: what is taken out of a notice, of an opportunity, and of the words of search.

The one thing to know: the title, the facts and the link stay. What goes is what a person wrote at length, and only where
the rights of the notice that said it end it (`drop_text_at`); a text that another notice lends, and may, goes on.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from aggregator.rights import over
from aggregator.store.draft import Draft
from aggregator.store.lent import own_words, together
from aggregator.store.opportunity import Opportunity, Provenance, Said
from aggregator.store.sequence import next_seq
from aggregator.store.tables import changes, opportunities, stamp
from aggregator.store.write import retell
from aggregator.taxonomy import cpv_label
from connectors.base.contract import Eligibility, Notice

_LONG = 300
"""So many characters of what a source says besides (`extra`) are a word; more are a text."""

_MERGED = 500
"""Pages of the index that one transaction rewrites."""

_Told = TypeVar("_Told", Notice, Opportunity, Said)


@dataclass(frozen=True, slots=True)
class Bare:
    """An opportunity whose due texts are out. `own` are the words of its leader that search still reads; `left` says that
    a text behind it is due later."""

    item: Opportunity
    own: str
    changed: bool
    due: bool
    left: bool


def fact_words(told: Notice | Opportunity | Said) -> list[str]:
    """What search reads beside titles and texts: keywords, who publishes, the programme, the label of the main code."""
    parts = list(told.keywords)
    parts += [told.organisation.name] if told.organisation else []
    parts += [told.programme.name] if told.programme and told.programme.name else []
    # The label of the main CPV in the two languages that readers write: an Italian word then finds a Finnish notice.
    # TED's official titles carry it already; labels of further codes would only lengthen the text.
    main = next((code for code in told.codes if code.startswith("cpv:")), None)
    if main is not None:
        titles = "\n".join(title.text for title in told.titles.values()).casefold()
        labels = (cpv_label(main, lang) for lang in ("it", "en"))
        parts += [label for label in labels if label and label.casefold() not in titles]
    return parts


def words_left(told: Notice | Opportunity | Said) -> str:
    """The words of search beside the titles once the text is out."""
    return "\n".join(part for part in dict.fromkeys(p.strip() for p in fact_words(told)) if part)


def without_text(told: _Told) -> _Told:
    """Take the texts out: summary, body, the words of who may take part and of the way to ask, and what is long besides."""
    gone: dict[str, Any] = {"summary": None, "body": None, "eligibility": _without_words(told.eligibility)}
    if isinstance(told, Said):
        gone["words"] = words_left(told)
    elif told.contact is not None:
        gone["contact"] = told.contact.model_copy(update={"text": None})
    if isinstance(told, Notice):
        gone["extra"] = _short(told.extra)
    return told.model_copy(update=gone)


def _without_words(eligibility: Eligibility | None) -> Eligibility | None:
    # The verdict and the codes are facts.
    return eligibility.model_copy(update={"text": None}) if eligibility else None


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _short(inner) for key, inner in value.items() if not _is_text(inner)}
    if isinstance(value, (list, tuple)):
        return [_short(inner) for inner in value if not _is_text(inner)]
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) > _LONG


def draft_without_text(draft: Draft) -> Draft:
    """The draft of a notice whose text may not be kept. Its hash stays: the source still says the whole of it."""
    return replace(
        draft,
        notice=without_text(draft.notice),
        opportunity=without_text(draft.opportunity),
        text=words_left(draft.notice),
    )


def bare(
    item: Opportunity, searched: str, *, now: datetime, withdrawn: Collection[tuple[str, str]] = frozenset()
) -> Bare:
    """Take out of an opportunity what the rights of the notices behind it say is due. Pure.

    `searched` is the text that search was given; `withdrawn` are the notices behind it that are listed no more.
    """
    own = own_words(item, searched)
    leader = item.notices[0].says if item.notices else None
    if leader is None or leader.show is None:  # alone, or beside others that lend it titles and nothing more
        ends = [(item.rights.drop_text_at, over(item.rights.drop_text_at, item, now))]
        told = without_text(item) if ends[0][1] else item
        return _bare(item, told, own, words_left(item) if ends[0][1] else own, ends)
    ends = []
    behind: list[Provenance] = []
    for notice in item.notices:
        says = notice.says
        if says is not None and says.show is not None:
            gone = (notice.source, notice.source_id) in withdrawn
            as_it_stands = item.model_copy(update={"withdrawn_at": item.withdrawn_at or now}) if gone else item
            ends.append((says.drop_text_at, over(says.drop_text_at, as_it_stands, now)))
            notice = notice.model_copy(update={"says": without_text(says)}) if ends[-1][1] else notice
        behind.append(notice)
    # The way to ask is the leader's alone, and is kept nowhere else.
    told = item.model_copy(update={"contact": without_text(item).contact}) if ends[0][1] else item
    left_over = words_left(leader) if ends[0][1] else own
    told = together(told.model_copy(update={"notices": tuple(behind)}), words=left_over)
    return _bare(item, told, own, left_over, ends)


def _bare(item: Opportunity, told: Opportunity, own: str, left_over: str, ends: Sequence[tuple[str, bool]]) -> Bare:
    left = any(when != "never" and not due for when, due in ends)
    return Bare(told, left_over, told != item or own != left_over, any(due for _, due in ends), left)


def drop(connection: sa.Connection, bares: Sequence[Bare], *, now: datetime) -> None:
    """Write opportunities without their texts, and with them the words of search and the history.

    `changed_at` stays: it is no news.
    """
    retell(connection, [(one.item, one.own) for one in bares if one.changed])
    due = [one.item.id for one in bares if one.due]
    done = [one.item.id for one in bares if one.due and not one.left]
    if done:
        connection.execute(
            sa.update(opportunities)
            .where(opportunities.c.id.in_(done))
            .values(text_dropped_at=stamp(now), seq=next_seq(connection))
        )
    _forget_words(connection, due)


def _forget_words(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Rows of the history that earlier versions wrote quote who may take part: the words go, the verdict stays."""
    here = sa.and_(changes.c.opportunity_id.in_(ids), changes.c.field == "eligibility")
    found = connection.execute(sa.select(changes.c.id, changes.c.before, changes.c.after).where(here))
    rows = [
        {"_id": row.id, "_before": _unquoted(row.before), "_after": _unquoted(row.after)}
        for row in found
        if (_unquoted(row.before), _unquoted(row.after)) != (row.before, row.after)
    ]
    if rows:
        connection.execute(
            sa.update(changes)
            .where(changes.c.id == sa.bindparam("_id"))
            .values(before=sa.bindparam("_before"), after=sa.bindparam("_after")),
            rows,
        )


def _unquoted(value: str | None) -> str | None:
    try:
        said = json.loads(value) if value else None
    except ValueError:
        return value
    return json.dumps({key: said[key] for key in said if key != "text"}) if isinstance(said, dict) else value


def settle(connection: sa.Connection) -> bool:
    """Rewrite a little of SQLite's index of words; True when there is nothing left to rewrite.

    What is taken out of the index is only crossed out at first, and its words stay in the file until then.
    """
    merge = "INSERT INTO opportunity_words (opportunity_words, rank) VALUES ('merge', ?)"
    before = connection.scalar(sa.text("SELECT total_changes()"))
    connection.exec_driver_sql(merge, (-_MERGED,))
    # Less than two rows: FTS5 says so that no work was left (sqlite.org/fts5.html, the 'merge' command).
    return bool(connection.scalar(sa.text("SELECT total_changes()")) - before < 2)
