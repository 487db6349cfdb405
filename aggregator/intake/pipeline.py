"""Read one source: lease, fetch, keep, split, read, normalise, put, match, judge. One transaction per page.

The one thing to know: whatever happens between two pages, the store is as after the last page that was committed, and
the next visit ends where an undisturbed one would have ended.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from aggregator.intake import kept, lease, sources
from aggregator.intake.health import Facts, judge
from aggregator.intake.normalise import normalise
from aggregator.intake.reading import Batch, read_page
from aggregator.intake.visit import OpenVisit, StoreMemory, hosts_named_in
from aggregator.intake.work import Progress, Result, Work, begin, end, set_aside
from aggregator.matching.engine import record
from aggregator.store.put import Draft, put
from aggregator.store.session import Store
from config.settings import Settings
from config.version import VERSION
from connectors.base.client import Client
from connectors.base.contract import ConnectorError, Mode, Notice, Page, ParseError
from connectors.base.guard import Egress
from connectors.base.pace import VisitOver

log = structlog.get_logger("visit")
VISIT_SECONDS = 15 * 60


def read_source(
    store: Store,
    name: str,
    *,
    settings: Settings,
    dry: bool = False,
    mode: Mode | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Result:
    """Visit one source and write what it says; a dry run does the same and rolls every transaction back.

    What goes wrong is in the result, never raised, but for ParamError: there is no such source.
    """
    started, clock = now(), time.monotonic()
    try:
        with store.write() as connection:
            work = begin(connection, sources.get(connection, name), mode=mode, now=started)
    except lease.Busy as exc:
        return Result(source=name, kind="transient", error=str(exc))
    client = client_for(store, work.source, settings=settings, dry=dry, stopping=stopping, now=now)
    visit = OpenVisit(
        source=name,
        client=client,
        egress=egress(settings),
        params=work.source.params,
        mode=work.mode,
        now=started,
        since=work.since,
        cursor=work.source.cursor,
        held=work.held,
    )
    stopped: str | None = None
    failure: Exception | None = None
    try:
        for page in work.source.module.fetch(visit):
            _page(store, work, page.with_params(work.source.params), client=client, dry=dry, now=now())
            progress(Progress(name, len(work.listed) + work.skipped, visit.total))
    except VisitOver as exc:
        stopped = exc.reason
    except ConnectorError as exc:
        failure = exc
    except Exception as exc:  # the loop that must survive anything: a visit
        log.exception("visit failed", source=name)
        failure = exc
    finally:
        client.close()
    facts = Facts(
        mode=work.mode,
        read=len(work.listed),
        skipped=work.skipped,
        rejected=work.rejected,
        pages=work.pages,
        unchanged=work.unchanged,
        dated=work.dated,
        wrote=work.new + work.changed,
        announced=visit.total,
        stopped=stopped,
        bad_pages=tuple(work.bad_pages),
        failure=failure,
        before=work.before,
    )
    judgement = judge(facts, work.source.about.expect)
    return end(store, work, judgement, failure, client=client, seconds=time.monotonic() - clock, dry=dry, now=now())


def egress(settings: Settings) -> Egress:
    return Egress(
        private_networks=settings.private_networks,
        loopback_hosts=frozenset(settings.loopback_hosts),
        proxy=settings.proxy,
    )


def client_for(
    store: Store,
    source: sources.Source,
    *,
    settings: Settings,
    dry: bool,
    stopping: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_limit: float = VISIT_SECONDS,
) -> Client:
    """Make the client of one visit, with the source's memory and within the hosts it may speak to."""
    said = f"{VERSION} {source.connector} {source.params.model_dump_json()}"
    return Client(
        about=source.about,
        memory=StoreMemory(store, source.name, dry),
        user_agent=f"worldwidewe/{VERSION} (+{settings.contact_page})",
        egress=egress(settings),
        extra_hosts=hosts_named_in(source.params),
        fingerprint=hashlib.blake2b(said.encode(), digest_size=8).hexdigest(),
        # Robots rules are for pages; an API that a platform offers to programs is asked by its own terms.
        obey_robots=not source.about.hosts,
        stopping=stopping,
        time_limit=time_limit,
        now=now,
    )


def _page(store: Store, work: Work, page: Page, *, client: Client, dry: bool, now: datetime) -> None:
    source, work.pages = work.source, work.pages + 1
    with store.read() as connection:
        if page.unchanged or kept.latest_digest(connection, source.name, page) == kept.digest(page):
            work.unchanged += 1
            old = kept.latest(connection, source.name, page) if work.mode == "sweep" else None
            batch = _read(work, old.with_params(source.params)) if old else Batch()
            keep = False
        else:
            batch, keep = _read(work, page), True
    fresh = [d for d in batch.drafts if d.notice.source_id not in work.listed]
    with store.write() if not dry else store.trial() as connection:
        lease.renew(connection, work.lease, now=now)
        if keep:
            kept.keep(connection, page, source=source.name, visit_id=work.visit_id)
        done = put(connection, fresh, source=source.name, held=work.held, now=now, visit_id=work.visit_id)
        record(connection, [*done.new, *done.changed], work.prepared, now=now)
        set_aside(connection, work, batch, now=now)
        if page.cursor_after is not None:
            sources.move_cursor(connection, source.name, page.cursor_after)
    work.listed.update(d.notice.source_id for d in fresh)
    work.listed.update(card.source_id for card in batch.seen)
    work.new, work.changed, work.same = (
        work.new + len(done.new),
        work.changed + len(done.changed),
        work.same + done.same,
    )
    work.skipped += sum(batch.skipped.values())
    work.rejected += len(batch.rejected)
    work.dated += batch.dated
    if not dry:
        client.confirm(page)


def _read(work: Work, page: Page) -> Batch:
    source = work.source

    def made(notice: Notice) -> Draft:
        return normalise(
            notice, source=source.name, about=source.about, fetched_at=page.fetched_at, rights=source.about.rights
        )

    try:
        return read_page(source.module, page, normalise=made)
    except ParseError as exc:
        work.bad_pages.append(str(exc))
        return Batch()
