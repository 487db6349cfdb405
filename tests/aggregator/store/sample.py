"""Notices made ready for the store, in as few words as a test wants to spend; and what the store says of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from aggregator.intake import absence
from aggregator.intake.normalise import normalise
from aggregator.store.opportunities import changes_of, every
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import Cause, Draft, Put, known, put
from aggregator.store.session import Store
from connectors.base.contract import About, Notice, Rights, Title

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
RIGHTS = Rights(show="full", basis="CC BY 4.0")
ABOUT = About(name="example", title="Example", home="https://www.example.org", rights=RIGHTS, zone="Europe/Brussels")


def draft(source_id: str, *, source: str = "one", **given: Any) -> Draft:
    """A notice of this identity, normalised; `given` are fields of a notice, `title` its English title."""
    title = given.pop("title", f"Cleaning of school number {source_id}")
    facts = {"url": f"https://www.example.org/{source_id}", "kind": "tender", "titles": {"en": Title(text=title)}}
    notice = Notice.model_validate(facts | given | {"source_id": source_id})
    return normalise(notice, source=source, about=ABOUT, fetched_at=NOW, rights=RIGHTS)


def keep(
    store: Store, drafts: Sequence[Draft], *, source: str = "one", now: datetime = NOW, cause: Cause = "source"
) -> Put:
    with store.write() as connection:
        return put(connection, drafts, source=source, held=known(connection, source), now=now, cause=cause)


def all_of(store: Store) -> list[Opportunity]:
    with store.read() as connection:
        return list(every(connection))


def history(store: Store, id: int) -> list[tuple[str, str | None, str | None, str]]:
    """The changes of an opportunity as (field, before, after, cause)."""
    with store.read() as connection:
        return [(c.field, c.before, c.after, c.cause) for c in changes_of(connection, [id]).get(id, ())]


def withdraw(store: Store, source: str, *source_ids: str, now: datetime = NOW) -> None:
    """Two complete sweeps of this source that miss these notices."""
    for visit_id in (1, 2):
        with store.write() as connection:
            held = known(connection, source)
            absence.note(connection, source, held=held, missing=source_ids, now=now, visit_id=visit_id)


def found_by(store: Store, text: str) -> list[int]:
    """The numbers that the text index alone gives for a word, without any table beside it."""
    query = (
        "SELECT rowid FROM opportunity_words WHERE opportunity_words MATCH :word ORDER BY rowid"
        if store.sqlite
        else "SELECT rowid FROM opportunity_words WHERE words @@ to_tsquery('simple', :word) ORDER BY rowid"
    )
    with store.read() as connection:
        return list(connection.scalars(sa.text(query), {"word": text}))
