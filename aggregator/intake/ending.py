"""The last word of a visit: who is missing now, what it came to, when the next one is due; and the lease is given back.

The one thing to know: a visit that is not ended here was interrupted; whoever takes the lease next says so in its row.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
import structlog

from aggregator.directory import absence as directory
from aggregator.intake import absence, alerts, backlog, clock, flood, kept, leading, lease, quarantine, renamed, sources
from aggregator.intake.health import Judgement
from aggregator.intake.result import Result
from aggregator.intake.tables import visits
from aggregator.intake.work import Work
from aggregator.matching.engine import record
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.client import Client
from connectors.base.contract import ConnectorError, FetchError

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
    source = work.source

    def write(connection: sa.Connection) -> Result:
        # One transaction: absence that was noted in a visit that is not ended would be noted again by the next one.
        lease.renew(connection, work.lease, now=now)
        if failure is not None and not isinstance(failure, ConnectorError):
            work.as_stored(connection)
        judged = renamed.weighed(connection, work, judgement, now=now)
        listed = work.listed - work.gone
        absence.back(connection, source.name, held=work.held, listed=listed)
        directory.back(connection, source.name, held=work.organisations, listed=listed)
        if work.mode == "sweep" and judged.listed:
            # Whoever is not listed any more has no page that we could still be waiting for.
            backlog.drop(connection, source.name, work.waiting.keys() - work.listed)
        backlog.postpone(connection, source.name, work.handed & work.waiting.keys(), now=now)
        missing = _missing(work, judged, work.held)
        withdrawn = absence.note(
            connection,
            source.name,
            held=work.held,
            missing=missing,
            said=work.said_gone,
            now=now,
            visit_id=work.visit_id,
        )
        spoken = leading.hand_over(connection, source.name, missing, held=work.held, now=now, visit_id=work.visit_id)
        record(connection, spoken, work.prepared, now=now)
        lost = _missing(work, judged, work.organisations)
        withdrawn += directory.note(
            connection, source.name, held=work.organisations, missing=lost, said=work.said_gone, now=now
        )
        whole = work.mode == "sweep" and judged.complete and judged.kind in {"ok", "same"}
        quarantine.cured(connection, source.name, read=work.told | work.met, met=work.poison, complete=whole)
        kept.prune(connection, source.name, now=now, days=source.about.keep_days)
        result = Result(
            source=source.name,
            kind=judged.kind,
            complete=judged.complete,
            seen=len(work.listed | work.told | work.met),
            new=work.new,
            changed=work.changed,
            same=work.same,
            withdrawn=withdrawn,
            rejected=work.rejected,
            requests=client.requests,
            bytes=client.bytes,
            seconds=seconds,
            error=judged.why,
        )
        if not dry:
            _close(connection, work, result, judged, failure, now=now)
            lease.release(connection, work.lease)
        return result

    result = store.whole(write, dry=dry, anew=work.as_stored)
    if dry:
        store.whole(lambda connection: _forget(connection, work))
    log.info("visit", mode=work.mode, dry=dry, **result.line())
    return result


def _forget(connection: sa.Connection, work: Work) -> None:
    connection.execute(sa.delete(visits).where(visits.c.id == work.visit_id))
    lease.release(connection, work.lease)


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
    # Before its own row is closed: what is usual is what was before.
    flooded = flood.check(
        connection, work.source.name, new=work.new, began=work.started.replace(microsecond=0), now=now
    )
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
    _alert(connection, work, judgement, flooded, now=now)
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


def _alert(connection: sa.Connection, work: Work, judgement: Judgement, flooded: str | None, *, now: datetime) -> None:
    name = work.source.name
    if not work.cut_short:
        alerts.after_visit(connection, name, judgement.kind, judgement.why, complete=judgement.complete, now=now)
    if flooded is not None:
        log.warning("unusual visit", source=name, why=flooded)
        alerts.raise_(connection, name, "flood", f"{flooded}; if it is right: worldwidewe sources accept", now=now)
    if clock.note(connection, work.clocks, now=now):
        if (wrong := clock.wrong(clock.told(connection, now=now))) is not None:
            alerts.raise_(connection, "", "clock", wrong, now=now)
        else:
            alerts.heal(connection, "", now=now, kinds={"clock"})
