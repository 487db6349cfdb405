"""Read many sources: those of one host one after the other, hosts side by side, so that a slow host starves no other."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Progress, Result
from aggregator.intake.visit import hosts_named_in
from aggregator.intake.work import refused
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import ParamError


def read_all(
    store: Store,
    names: Iterable[str],
    *,
    settings: Settings,
    dry: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    finished: Callable[[Result], None] = lambda _: None,
    stopping: threading.Event | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Result]:
    """Read these sources and return a result for each, in the order given. Raises ParamError for an unknown name.

    `progress` and `finished` are called from the reading threads. When `stopping` is set, visits end after the page at
    hand and sources that were not begun are left for the next round. A source whose own row is wrong (its connector is
    no longer installed, a parameter is refused) is told as `config` and holds up nobody.
    """
    wanted = list(dict.fromkeys(names))
    stop = stopping or threading.Event()
    hosts: dict[str, str] = {}
    results: dict[str, Result] = {}
    with store.read() as connection:
        known = sources.names(connection)
        for name in wanted:
            try:
                hosts[name] = _host(sources.get(connection, name))
            except ParamError as exc:
                if name not in known:
                    raise
                results[name] = Result(source=name, kind="config", error=str(exc))
    for broken in results.values():
        if not dry:
            refused(store, broken, now=now())
        finished(broken)

    def one_host(mine: list[str]) -> list[Result]:
        done: list[Result] = []
        for name in mine:
            if stop.is_set():
                break
            # A host that has just been silent through all tries is asked once for each of its other sources.
            silent = bool(done) and done[-1].kind == "transient" and not done[-1].seen
            result = read_source(
                store,
                name,
                settings=settings,
                dry=dry,
                patient=not silent,
                progress=progress,
                stopping=stop.is_set,
                now=now,
            )
            finished(result)
            done.append(result)
        return done

    queues: dict[str, list[str]] = {}
    for name, host in hosts.items():
        queues.setdefault(host, []).append(name)
    with ThreadPoolExecutor(max_workers=settings.workers, thread_name_prefix="visit") as pool:
        futures: list[Future[list[Result]]] = [pool.submit(one_host, queue) for queue in queues.values()]
        results |= {result.source: result for future in futures for result in future.result()}
    return [results[name] for name in wanted if name in results]


def _host(source: sources.Source) -> str:
    named = hosts_named_in(source.params) or source.about.hosts
    return named[0] if named else source.name
