"""A sweep that misses most of what we hold: is it another list, or the same one under other numbers (F18)?

The one thing to know: nothing is concluded from it here. What is new waits (aggregator/intake/flood.py), what is missing stays,
the office is asked; and when it says that it is right, what is the same goes on under its new number (`carry`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from aggregator.directory.tables import organisations
from aggregator.intake import absence, flood
from aggregator.intake.health import NOTABLE, Judgement
from aggregator.intake.numbering import pairs
from aggregator.intake.plausible import ACCEPT
from aggregator.intake.tables import sources as rows_of_sources
from aggregator.intake.work import Work
from aggregator.store.tables import memory, moment, notices, stamp, unpack
from connectors.base.contract import Notice

_WHOLE = ("ok", "same")
_MEMO = "renamed"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """What one sweep lists against what we held before: `missing` of `held` are not listed, `new` of `listed` were not held."""

    held: int
    missing: int
    listed: int
    new: int

    @property
    def most_missing(self) -> bool:
        return self.held >= NOTABLE and 2 * self.missing > self.held

    @property
    def other_list(self) -> bool:
        return self.most_missing and 2 * self.new > self.listed


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which notices are the same under another number (old → new), of how many that are new; as of which moment."""

    at: datetime
    new: int
    pairs: Mapping[str, str]

    @property
    def likely(self) -> bool:
        return 2 * len(self.pairs) > self.new


def weighed(connection: sa.Connection, work: Work, judgement: Judgement, *, now: datetime) -> Judgement:
    """Doubt a sweep that misses most of what we hold. The first whole visit after the office has accepted is believed."""
    if work.mode != "sweep" or not judgement.listed:
        return judgement
    name = work.source.name
    hold = flood.held(connection, name)
    endless = hold is not None and hold.until is None
    if work.since is None or not (endless or _many_unlisted(work)):
        return judgement
    since = hold.since if hold and endless else flood.unsettled_since(connection, name, after=_WHOLE)
    for table, gone_at in ((notices, notices.c.withdrawn_at), (organisations, organisations.c.hidden_at)):
        turn, fresh, missing = _turn(connection, work, table, gone_at, since=since, now=now)
        if turn.other_list or (table is notices and endless and _half_carried(connection, work, missing)):
            return Judgement(
                "suspicious", complete=False, why=_ask(connection, work, fresh, missing, since=since, now=now)
            )
        if turn.most_missing:
            why = f"{turn.missing} of the {turn.held} that were listed are missing at once{ACCEPT}"
            return Judgement("suspicious", complete=False, why=why)
    if endless and judgement.complete:
        # The old numbers are back: there is nothing to decide any more. What had come in their place waits until it is gone.
        _decided(connection, name)
        if not _phantoms(connection, work, since):
            flood.release(connection, name)
    return judgement


def _half_carried(connection: sa.Connection, work: Work, missing: set[str]) -> bool:
    """Whether some of what is missing is still listed under another number: an acceptance was broken off, or goes on."""
    proposal = proposed(connection, work.source.name)
    return proposal is not None and any(old in missing and new in work.listed for old, new in proposal.pairs.items())


def _many_unlisted(work: Work) -> bool:
    """Whether so many are not listed that it is worth a look at when each was first seen."""
    seen = work.listed | work.unreadable
    return any(2 * sum(key not in seen for key in held) > NOTABLE for held in (work.held, work.organisations))


def _turn(
    connection: sa.Connection,
    work: Work,
    table: sa.Table,
    gone_at: sa.Column[str | None],
    *,
    since: datetime,
    now: datetime,
) -> tuple[Turn, set[str], set[str]]:
    name = work.source.name
    rows = connection.execute(
        sa.select(
            table.c.source_id, table.c.first_seen, table.c.missed, table.c.unasked, gone_at.label("gone_at")
        ).where(table.c.source == name)
    ).all()
    before = {row.source_id for row in rows if row.first_seen < stamp(since)}
    # Who was missed before is on the way out already, and who is over is expected to go.
    over = absence.over(connection, name, now) if table is notices else set[str]()
    asked = {row.source_id for row in rows if not (row.missed or row.unasked or row.gone_at)}
    held = (asked & before) - over
    missing = held - work.listed - work.unreadable
    listed = work.listed & {row.source_id for row in rows} if table is organisations else work.listed
    fresh = listed - before - (work.organisations.keys() if table is notices else set[str]())
    return Turn(len(held), len(missing), len(listed), len(fresh)), fresh, missing


def _ask(
    connection: sa.Connection, work: Work, fresh: set[str], missing: set[str], *, since: datetime, now: datetime
) -> str:
    """Let what is new wait for the office, look for what is the same under another number, and say so."""
    name = work.source.name
    flood.hold(connection, name, since=since, until=None)
    same = pairs(_told(connection, name, missing), _told(connection, name, fresh))
    proposal = {"at": stamp(now), "new": len(fresh), "pairs": same}
    _decided(connection, name)
    connection.execute(sa.insert(memory).values(source=name, key=_MEMO, value=json.dumps(proposal)))
    if 2 * len(same) > len(fresh):
        said = "the source seems to have changed its numbering"
    else:
        said = f"{len(missing)} that were listed are missing, and {len(fresh)} others are listed"
    return f"{said}: {len(same)} of {len(fresh)} are the same under another number{ACCEPT}"


def _told(connection: sa.Connection, source: str, keys: set[str]) -> dict[str, Notice]:
    wanted, found = sorted(keys), dict[str, Notice]()
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(notices.c.source_id, notices.c.doc).where(
            notices.c.source == source, notices.c.source_id.in_(wanted[start : start + _CHUNK])
        )
        found |= {row.source_id: Notice.model_validate_json(unpack(row.doc)) for row in connection.execute(query)}
    return found


def _phantoms(connection: sa.Connection, work: Work, since: datetime) -> bool:
    """Whether anything that came while we doubted is neither listed nor withdrawn yet."""
    came = sa.select(notices.c.source_id).where(
        notices.c.source == work.source.name, notices.c.first_seen >= stamp(since), notices.c.withdrawn_at.is_(None)
    )
    return any(key not in work.listed for key in connection.scalars(came))


def proposed(connection: sa.Connection, source: str) -> Proposal | None:
    """What the last doubted sweep found to be the same under another number; None: nothing waits for the office."""
    text = connection.scalar(sa.select(memory.c.value).where(memory.c.source == source, memory.c.key == _MEMO))
    if text is None:
        return None
    found = json.loads(text)
    accepted = connection.scalar(sa.select(rows_of_sources.c.accepted_at).where(rows_of_sources.c.name == source))
    at = moment(found["at"])
    return Proposal(at, found["new"], found["pairs"]) if stamp(at) >= (accepted or "") else None


def forget(connection: sa.Connection, source: str) -> None:
    """Nothing waits for the office any longer, and what has come is told like anything else."""
    _decided(connection, source)
    flood.release(connection, source)


def _decided(connection: sa.Connection, source: str) -> None:
    connection.execute(sa.delete(memory).where(memory.c.source == source, memory.c.key == _MEMO))
