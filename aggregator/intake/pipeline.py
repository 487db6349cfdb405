"""Read one source: lease, fetch, take in page by page, judge. One transaction per page (aggregator/intake/taking.py).

The one thing to know: whatever happens between two pages, the store is as after the last page that was committed, and
the next visit ends where an undisturbed one would have ended.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from aggregator.intake import lease, sources
from aggregator.intake.ending import end
from aggregator.intake.health import Facts, Judgement, judge, warnings
from aggregator.intake.result import Progress, Result
from aggregator.intake.taking import count_passed, take
from aggregator.intake.visit import OpenVisit, StoreMemory, hosts_named_in
from aggregator.intake.work import Work, begin
from aggregator.store.disk import NoSpace
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from config.settings import Settings
from config.version import VERSION
from connectors.base.client import Client
from connectors.base.contract import ConnectorError, Mode
from connectors.base.guard import Egress
from connectors.base.pace import VisitOver

log = structlog.get_logger("visit")
VISIT_SECONDS = 15 * 60
MOST_REPEATS = 3
"""So many pages in a row that bring only what was listed before: the platform goes round in a circle (F9, F10)."""


def read_source(
    store: Store,
    name: str,
    *,
    settings: Settings,
    dry: bool = False,
    mode: Mode | None = None,
    patient: bool = True,
    time_limit: float = VISIT_SECONDS,
    progress: Callable[[Progress], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Result:
    """Visit one source and write what it says; a dry run does the same and rolls every transaction back.

    `time_limit` is in seconds: then the visit stops well, and details that are still to be read wait for the next one.
    Without `patient` a request that fails is not tried again: for hosts that have just been found silent.
    What goes wrong is in the result, never raised, but for ParamError: there is no such source, or its row is wrong.
    """
    source = store.look(lambda connection: sources.get(connection, name))
    pauses = None if patient else ()
    client = client_for(
        store, source, settings=settings, dry=dry, stopping=stopping, now=now, time_limit=time_limit, pauses=pauses
    )
    try:
        return _visit(store, source, client, settings=settings, dry=dry, mode=mode, progress=progress, now=now)
    except (lease.Busy, lease.Lost) as exc:
        return Result(source=name, kind="transient", error=str(exc))
    except NoSpace as exc:
        # Not even its end could be written; what was committed before stands, and the next visit goes on from there.
        log.warning("the disk is full", source=name, why=str(exc))
        return Result(source=name, kind="transient", error=str(exc))
    except (OperationalError, InterfaceError) as exc:
        # Locked for longer than we wait, or away. Nothing is lost: the next visit takes the lease and says the rest.
        why = str(exc.orig).partition("\n")[0]
        log.warning("the store did not answer", source=name, why=why)
        return Result(source=name, kind="transient", error=f"the store did not answer: {why}")
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
    work = store.whole(lambda connection: begin(connection, source, mode=mode, now=started))
    try:
        failed = _read(store, work, client, settings=settings, dry=dry, progress=progress, now=now)
        judgement = _judged(work, *failed, now=started)
        work.cut_short = failed[0] == "stopping"
        seconds = time.monotonic() - clock
        return end(store, work, judgement, failed[1], client=client, seconds=seconds, dry=dry, now=now())
    finally:
        lease.let_go(store.engine, work.lease)


def _read(
    store: Store,
    work: Work,
    client: Client,
    *,
    settings: Settings,
    dry: bool,
    progress: Callable[[Progress], None],
    now: Callable[[], datetime],
) -> tuple[str | None, Exception | None]:
    """Fetch and take in page by page; why it was stopped, and what went wrong."""
    source = work.source
    visit = OpenVisit(
        source=source.name,
        client=client,
        egress=egress(settings),
        secrets=Vault(store, settings.home),
        home=settings.home,
        params=source.params,
        mode=work.mode,
        now=work.started,
        since=work.since,
        cursor=source.cursor,
        held=work.read_before,
        waiting=work.waiting,
        tries=work.tries,
        handed=work.handed,
        resuming=work.resuming,
    )
    stopped: str | None = None
    failure: Exception | None = None
    try:
        for page in source.module.fetch(visit):
            work.announced = visit.total
            take(store, work, page.with_params(source.params), client=client, dry=dry, now=now())
            progress(_progress(work))
            if work.repeats == MOST_REPEATS:
                break
        if visit.total is not None:
            count_passed(work)
    except VisitOver as exc:
        stopped = exc.reason
    except (lease.Lost, NoSpace):
        raise  # nothing of ours may be written any more, not even how it ended
    except (ConnectorError, OperationalError, InterfaceError) as exc:
        failure = exc
    except Exception as exc:  # the loop that must survive anything: a visit
        log.exception("visit failed", source=source.name)
        failure = exc
    work.announced = visit.total
    return stopped, failure


def _progress(work: Work) -> Progress:
    """Records against what was announced while the list is read, and then details against those that are due."""
    read = len(work.told) + len(work.met)
    if read and work.waiting:
        return Progress(work.source.name, read, read + len(work.waiting))
    return Progress(work.source.name, len(work.listed) + work.skipped, work.announced)


def _judged(work: Work, stopped: str | None, failure: Exception | None, *, now: datetime) -> Judgement:
    source = work.source
    facts = Facts(
        mode=work.mode,
        read=len(work.listed),
        told=len(work.told) + len(work.met),
        met=len(work.met),
        skipped=work.skipped,
        passed=work.passed,
        rejected=work.rejected,
        mail=source.about.reads == "mail",
        pages=work.pages,
        unchanged=work.unchanged,
        dated=work.dated,
        newest=work.newest,
        wrote=work.new + work.changed,
        announced=work.announced,
        stopped=stopped,
        bad_pages=tuple(work.bad_pages),
        repeated=work.repeated,
        doubted=work.doubted,
        suspect=work.suspect,
        unread=work.unread,
        details=work.details,
        bad_details=work.bad_details,
        gone=work.gone_details,
        failure=failure,
        before=work.before,
        usual=work.usual,
    )
    for warning in (*warnings(facts, source.about.expect, now), *work.plausible.emptied()):
        log.warning("unusual visit", source=source.name, why=warning)
    if work.unknown:
        log.info("the source sends fields that nobody reads", source=source.name, fields=sorted(work.unknown))
    return judge(facts, source.about.expect)


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
        obey_robots=source.about.robots,
        stopping=stopping,
        time_limit=time_limit,
        now=now,
        pauses=pauses,
    )
