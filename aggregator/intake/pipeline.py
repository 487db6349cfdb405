"""Read one source: lease, fetch, keep, split, read, normalise, put, match, judge. One transaction per page.

The one thing to know: whatever happens between two pages, the store is as after the last page that was committed, and
the next visit ends where an undisturbed one would have ended.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import OperationalError

from aggregator.intake import kept, lease, sources
from aggregator.intake.health import Facts, judge, warnings
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
    patient: bool = True,
    progress: Callable[[Progress], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Result:
    """Visit one source and write what it says; a dry run does the same and rolls every transaction back.

    Without `patient` a request that fails is not tried again: for hosts that have just been found silent.
    What goes wrong is in the result, never raised, but for ParamError: there is no such source, or its row is wrong.
    """
    with store.read() as connection:
        source = sources.get(connection, name)
    pauses = None if patient else ()
    client = client_for(store, source, settings=settings, dry=dry, stopping=stopping, now=now, pauses=pauses)
    try:
        return _visit(store, source, client, settings=settings, dry=dry, mode=mode, progress=progress, now=now)
    except (lease.Busy, lease.Lost) as exc:
        return Result(source=name, kind="transient", error=str(exc))
    except OperationalError as exc:
        # Locked for longer than we wait, or away. Nothing is lost: the lease runs out, and the next visit says the rest.
        log.warning("the store did not answer", source=name, why=str(exc.orig))
        return Result(source=name, kind="transient", error=f"the store did not answer: {exc.orig}")
    finally:
        client.close()


def _visit(
    store: Store,
    source: sources.Source,
    client: Client,
    *,
    settings: Settings,
    dry: bool,
    mode: Mode | None,
    progress: Callable[[Progress], None],
    now: Callable[[], datetime],
) -> Result:
    started, clock = now(), time.monotonic()
    with store.write() as connection:
        work = begin(connection, source, mode=mode, now=started)
    visit = OpenVisit(
        source=source.name,
        client=client,
        egress=egress(settings),
        params=source.params,
        mode=work.mode,
        now=started,
        since=work.since,
        cursor=source.cursor,
        held=work.held,
    )
    stopped: str | None = None
    failure: Exception | None = None
    try:
        for page in source.module.fetch(visit):
            work.announced = visit.total
            _page(store, work, page.with_params(source.params), client=client, dry=dry, now=now())
            progress(Progress(source.name, len(work.listed) + work.skipped, visit.total))
    except VisitOver as exc:
        stopped = exc.reason
    except lease.Lost:
        raise  # nothing of ours may be written any more, not even how it ended
    except ConnectorError as exc:
        failure = exc
    except Exception as exc:  # the loop that must survive anything: a visit
        log.exception("visit failed", source=source.name)
        failure = exc
    work.announced = visit.total
    facts = Facts(
        mode=work.mode,
        read=len(work.listed),
        skipped=work.skipped,
        passed=work.passed,
        rejected=work.rejected,
        pages=work.pages,
        unchanged=work.unchanged,
        dated=work.dated,
        newest=work.newest,
        wrote=work.new + work.changed,
        announced=visit.total,
        stopped=stopped,
        bad_pages=tuple(work.bad_pages),
        failure=failure,
        before=work.before,
    )
    judgement = judge(facts, source.about.expect)
    for warning in warnings(facts, source.about.expect, started):
        log.warning("unusual visit", source=source.name, why=warning)
    work.cut_short = stopped == "stopping"
    return end(store, work, judgement, failure, client=client, seconds=time.monotonic() - clock, dry=dry, now=now())


def egress(settings: Settings) -> Egress:
    return Egress(
        private_networks=settings.private_networks,
        loopback_hosts=frozenset(settings.loopback_hosts),
        proxy=settings.proxy,
        extra_ca=settings.extra_ca,
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
    pauses: Sequence[float] | None = None,
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
        pauses=pauses,
    )


def _page(store: Store, work: Work, page: Page, *, client: Client, dry: bool, now: datetime) -> None:
    source, work.pages, bad = work.source, work.pages + 1, len(work.bad_pages)
    batch, keep = _said(store, work, page)
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
        work.new + len(done.new) + done.joined,
        work.changed + len(done.changed),
        work.same + done.same,
    )
    work.skipped += sum(batch.skipped.values())
    work.rejected += len(batch.rejected)
    work.dated += batch.dated
    work.newest = max(filter(None, (work.newest, batch.newest)), default=None)
    if dry:
        return
    readable = len(work.bad_pages) == bad
    # The validators of a page that nobody could read would let the source say "nothing changed" and pass for healthy.
    client.confirm(page if readable else replace(page, status=200, headers={}))


def _said(store: Store, work: Work, page: Page) -> tuple[Batch, bool]:
    """What a page says, and whether it is to be kept. One that says nothing new is read only where that is needed."""
    name = work.source.name
    with store.read() as connection:
        unchanged = page.unchanged or kept.latest_digest(connection, name, page) == kept.digest(page)
        old = kept.latest(connection, name, page) if page.unchanged and work.rereads else page
    if not unchanged:
        return _read(work, page), True
    if work.rereads and old is not None:
        return _read(work, old.with_params(work.source.params)), False
    if work.rereads:
        work.bad_pages.append(
            f"{page.url}: nothing has changed, says the source, but what it said is not kept any more"
        )
        return Batch(), False
    work.unchanged += 1
    if work.announced is not None and page.body:
        work.passed += sum(1 for _ in work.source.module.split(page))
    return Batch(), False


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
