"""How `run` or `worker` is, for monitors on this machine: /live, /ready and /deep on a port of their own.

The one thing to know: it listens on loopback alone and answers no name but a loopback one, so neither the network nor a
page in a browser on this machine can read it; and it says nothing that is secret: no address, no reason of a source.

/live   200: the process answers.
/ready  200: the database answers and has the schema of this version; else 503 with the reason.
/deep   JSON; 200 when nothing has to be done, else 503, and `todo` says what.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import sqlalchemy as sa
import structlog

import connectors
from aggregator.digest import pause
from aggregator.digest.tables import digests, outbox
from aggregator.intake import standing
from aggregator.intake.standing import SourceState
from aggregator.intake.tables import sources
from aggregator.store.disk import LEAST_FREE
from aggregator.store.migrations import current, newest
from aggregator.store.session import Store
from aggregator.store.tables import moment, stamp
from config.settings import Settings
from config.version import VERSION
from connectors.base.contract import ParamError

ROUNDS_MISSED = 2
"""A source is overdue when so many rounds went by without a good visit, and a day in any case."""
STUCK = timedelta(hours=1)
"""Mail that could go and has not gone for so long means that nobody delivers."""
RECENT = timedelta(days=7)
"""Mail that failed, or of which nobody knows, is reported for so long: after that nobody acts on it any more."""
HOST = "127.0.0.1"
_NAMES = {HOST, "localhost"}

log = structlog.get_logger(__name__)


class Health:
    """What the port tells of; `opened` gives it the store once that is open and migrated."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store: Store | None = None

    def opened(self, store: Store) -> None:
        self._store = store

    def answer(self, path: str) -> tuple[int, Mapping[str, Any]]:
        """Status and body for a path; anything but the three is 404."""
        if path == "/live":
            return 200, {"live": True}
        if path not in {"/ready", "/deep"}:
            return 404, {"error": "ask /live, /ready or /deep"}
        if self._store is None:
            return 503, {"ready": False, "why": "the store is being opened or brought to the schema of this version"}
        try:
            why = _unready(self._store)
            if why is not None or path == "/ready":
                return (200, {"ready": True}) if why is None else (503, {"ready": False, "why": why})
            told = deep(self._store, self._settings, now=datetime.now(UTC))
        except Exception as exc:  # what a monitor asks must be answered whatever is broken; it is logged, not told
            log.warning("health could not be told", why=type(exc).__name__)
            return 503, {"ready": False, "why": "the database does not answer"}
        return (503 if told["todo"] else 200), told


def _unready(store: Store) -> str | None:
    with store.read() as connection:
        at = current(connection)
    return None if at == newest() else f"the schema is {at}, and this version needs {newest()}"


def deep(store: Store, settings: Settings, *, now: datetime) -> dict[str, Any]:
    """Everything that a monitor may want to know, and in `todo` what somebody must look at."""
    with store.read() as connection:
        at, states, rhythms = current(connection), standing.states(connection), _rhythms(connection)
        mail = _mail(connection, now)
    told = [_of_source(state, rhythms.get(state.name), now) for state in states]
    free = shutil.disk_usage(settings.home).free
    return {
        "at": stamp(now),
        "version": VERSION,
        "schema": at,
        "sources": told,
        "mail": mail,
        "disk": {"free_bytes": free, "least_bytes": LEAST_FREE},
        "todo": [
            *(f"source {one['name']}: no good visit for too long" for one in told if one["overdue"]),
            *_todo_of_mail(mail),
            *([f"disk: {free / 1e6:.0f} MB free, make room"] if free < LEAST_FREE else []),
        ],
    }


def _rhythms(connection: sa.Connection) -> dict[str, tuple[int, datetime]]:
    """The rhythm of each source in minutes, and when it was added; without those whose connector is not installed."""
    found: dict[str, tuple[int, datetime]] = {}
    for row in connection.execute(
        sa.select(sources.c.name, sources.c.connector, sources.c.rhythm_minutes, sources.c.added_at)
    ):
        with suppress(ParamError):
            usual = connectors.load(row.connector).ABOUT.rhythm_minutes
            found[row.name] = (row.rhythm_minutes or usual, moment(row.added_at))
    return found


def _of_source(state: SourceState, rhythm: tuple[int, datetime] | None, now: datetime) -> dict[str, Any]:
    return {
        "name": state.name,
        "enabled": state.enabled,
        "class": state.last_class,
        "last_success": stamp(state.last_good) if state.last_good else None,
        "age_minutes": int((now - state.last_good).total_seconds() // 60) if state.last_good else None,
        "overdue": state.enabled and rhythm is not None and overdue(state.last_good, *rhythm, now=now),
    }


def overdue(last_good: datetime | None, minutes: int, added: datetime, *, now: datetime) -> bool:
    """Whether a source with this rhythm should have been read by now; one that never was counts from its adding. Pure."""
    return now - (last_good or added) > max(ROUNDS_MISSED * timedelta(minutes=minutes), timedelta(days=1))


def _mail(connection: sa.Connection, now: datetime) -> dict[str, Any]:
    state, changed = outbox.c.state, outbox.c.changed_at
    counted = sa.select(state, sa.func.count()).group_by(state).order_by(state)
    recent = counted.where(changed >= stamp(now - RECENT))
    due = sa.or_(
        sa.and_(state == "pending", changed < stamp(now - STUCK)),
        sa.and_(state == "deferred", outbox.c.next_attempt < stamp(now - STUCK)),
    )
    last = connection.scalar(sa.select(sa.func.max(digests.c.made_at)))
    held = pause.paused(connection)
    everything, lately = ({row[0]: int(row[1]) for row in connection.execute(query)} for query in (counted, recent))
    return {
        "paused_since": stamp(held.since) if held else None,
        "outbox": everything,
        "stuck": connection.scalar(sa.select(sa.func.count()).select_from(outbox).where(due)) or 0,
        "failed_lately": lately.get("failed", 0),
        "unknown_lately": lately.get("unknown", 0),
        "last_letter": stamp(moment(last)) if last else None,
    }


def _todo_of_mail(mail: Mapping[str, Any]) -> Iterator[str]:
    if mail["paused_since"]:
        yield f"mail: paused; {pause.WAY_OUT}"
    elif mail["stuck"]:
        yield f"mail: {mail['stuck']} messages could go and do not"
    if mail["failed_lately"]:
        yield f"mail: {mail['failed_lately']} messages refused for good"
    if mail["unknown_lately"]:
        yield f"mail: of {mail['unknown_lately']} messages nobody knows whether they arrived"


@contextmanager
def watched(settings: Settings) -> Iterator[Health]:
    """Serve the health of this process while the block runs, where the settings name a port. Raises ParamError."""
    health = Health(settings)
    if not settings.health_port:
        yield health
        return
    try:
        server = _Server(health, settings.health_port)
    except OSError as exc:
        reason = f"cannot listen on {HOST}, port {settings.health_port}: {exc.strerror}; name a free one, or 0 for none"
        raise ParamError("WORLDWIDEWE_HEALTH_PORT", reason) from exc
    thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="health", daemon=True)
    thread.start()
    try:
        yield health
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a monitor that holds its line must not hold our end

    def __init__(self, health: Health, port: int) -> None:
        self.health = health
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A monitor that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5
    server_version, sys_version = "worldwidewe", ""

    def do_GET(self) -> None:
        if self._host() not in _NAMES:
            # A page in a browser here that has pointed its own name at loopback would read us otherwise.
            self._send(421, {"error": "ask by a loopback address"})
            return
        self._send(*self.server.health.answer(self.path.partition("?")[0]))

    def do_HEAD(self) -> None:
        self.do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Everything that http.server itself refuses: 405 for a method that is not there, and no page of its own."""
        self.close_connection = True
        self._send(405 if code == 501 else code, {"error": "refused"})

    def _host(self) -> str:
        return (self.headers.get("Host") or "").rpartition(":")[0] or (self.headers.get("Host") or "")

    def _send(self, status: int, told: Mapping[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            **({"Allow": "GET, HEAD"} if status == 405 else {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Monitors ask every minute: nothing of it is worth a line."""
