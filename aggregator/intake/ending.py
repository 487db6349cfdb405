"""The last word of a visit: who is missing now, what it came to, when the next one is due; and the lease is given back.

The one thing to know: a visit that is not ended here was interrupted; whoever takes the lease next says so in its row.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
import structlog

from aggregator.directory import absence as directory
from aggregator.intake import absence, backlog, kept, leading, lease, sources
from aggregator.intake.health import Judgement
from aggregator.intake.result import Result
from aggregator.intake.tables import visits
from aggregator.intake.work import Work
from aggregator.matching.engine import record
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.client import Client
from connectors.base.contract import FetchError

log = structlog.get_logger("visit")


def end(
    store: Store,
    work: Work,
    judgement: Judgement,
    failure: Exception | None,
    *,
    client: Client,
    seconds: float,
    dry: bool,
    now: datetime,
) -> Result:
    source, withdrawn = work.source, 0
    with store.write() if not dry else store.trial() as connection:
        lease.renew(connection, work.lease, now=now)
        listed = work.listed - work.gone
        absence.back(connection, source.name, held=work.held, listed=listed)
        directory.back(connection, source.name, held=work.organisations, listed=listed)
        if work.mode == "sweep" and judgement.listed:
            # Whoever is not listed any more has no page that we could still be waiting for.
            backlog.drop(connection, source.name, work.waiting.keys() - work.listed)
        backlog.postpone(connection, source.name, work.handed & work.waiting.keys(), now=now)
        missing = _missing(work, judgement, work.held)
        withdrawn = absence.note(
            connection, source.name, held=work.held, missing=missing, now=now, visit_id=work.visit_id
        )
        spoken = leading.hand_over(connection, source.name, missing, held=work.held, now=now, visit_id=work.visit_id)
        record(connection, spoken, work.prepared, now=now)
        lost = _missing(work, judgement, work.organisations)
        withdrawn += directory.note(connection, source.name, held=work.organisations, missing=lost, now=now)
        kept.prune(connection, source.name, now=now, days=source.about.keep_days)
    result = Result(
        source=source.name,
        kind=judgement.kind,
        complete=judgement.complete,
        seen=len(work.listed | work.told | work.met),
        new=work.new,
        changed=work.changed,
        same=work.same,
        withdrawn=withdrawn,
        rejected=work.rejected,
        requests=client.requests,
        bytes=client.bytes,
        seconds=seconds,
        error=judgement.why,
    )
    with store.write() as connection:
        if dry:
            connection.execute(sa.delete(visits).where(visits.c.id == work.visit_id))
        else:
            _close(connection, work, result, judgement, failure, now=now)
        lease.release(connection, work.lease)
    log.info("visit", mode=work.mode, dry=dry, **result.line())
    return result


def _missing(work: Work, judgement: Judgement, held: Mapping[str, object]) -> set[str]:
    """Who of those we hold is missing: nobody lists it in a complete sweep, or its page is gone."""
    missing = work.gone & held.keys() if judgement.good else set[str]()
    if work.mode == "sweep" and judgement.complete and judgement.kind in {"ok", "same"}:
        # Listed, and read or not: only what nobody lists is missing. A record without a name could be any of ours.
        unlisted = held.keys() - work.listed - work.unreadable
        missing |= unlisted if None not in work.unreadable else set()
    return missing


def _close(
    connection: sa.Connection,
    work: Work,
    result: Result,
    judgement: Judgement,
    failure: Exception | None,
    *,
    now: datetime,
) -> None:
    line = result.line()
    values = {key: line[key] for key in line if key not in {"source", "seconds"}}
    connection.execute(
        sa.update(visits)
        .where(visits.c.id == work.visit_id)
        .values(
            {
                **values,
                "skipped": work.skipped,
                "announced": work.announced,
                "seconds": result.seconds,
                "ended_at": stamp(now),
                "filled": work.plausible.filled(),
            }
        )
    )
    if work.cut_short:
        return  # the program was told to stop: the source stays due, and is read on when it starts again
    sources.schedule_next(
        connection,
        work.source,
        now=now,
        good=judgement.good,
        soon=judgement.kind == "transient",
        more=judgement.good and bool(work.unread) and bool(work.told or work.met or work.gone),
        wait=failure.retry_after if isinstance(failure, FetchError) else None,
    )
