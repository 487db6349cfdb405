"""R9: what a monitor is told on the private port, by whom it may be asked, and when it must call somebody."""

import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from aggregator.digest import pause
from aggregator.digest.tables import outbox
from aggregator.intake.tables import sources, visits
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from config.settings import Settings
from connectors.base.contract import ParamError
from tests.aggregator.digest.stored import fill
from tests.aggregator.intake.reading import add
from tests.web.seed import NOW
from web import health
from web.app import create_app

URL = "https://news.example.org/secret-token-in-the-path/rss.xml"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def told(self) -> Any:
        return json.loads(self.body)


def ask(port: int, path: str, *, method: str = "GET", host: str | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    got = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
    connection.close()
    return got


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def watched(port: int, store: Store, tmp_path: Path) -> Iterator[health.Health]:
    """The port of an installation with one source that was read an hour ago."""
    add(store, "news", "feed", url=URL, now=NOW - timedelta(days=30))
    with store.write() as connection:
        connection.execute(
            sa.insert(visits).values(
                {
                    "source": "news",
                    "mode": "recent",
                    "class": "ok",
                    "started_at": stamp(NOW - timedelta(hours=2)),
                    "ended_at": stamp(NOW - timedelta(hours=1)),
                }
            )
        )
    with health.watched(Settings(home=tmp_path, health_port=port)) as told:
        told.opened(store)
        yield told


def test_R9_a_healthy_installation_is_live_ready_and_well(watched: health.Health, port: int) -> None:
    assert (ask(port, "/live").status, ask(port, "/live").told) == (200, {"live": True})
    assert (ask(port, "/ready").status, ask(port, "/ready").told) == (200, {"ready": True})
    deep = ask(port, "/deep")
    assert deep.status == 200, deep.body
    assert deep.told["todo"] == []
    (source,) = deep.told["sources"]
    assert source == {
        "name": "news",
        "enabled": True,
        "class": "ok",
        "last_success": stamp(NOW - timedelta(hours=1)),
        "age_minutes": 60,
        "overdue": False,
    }
    assert deep.told["mail"] == {
        "paused_since": None,
        "outbox": {},
        "stuck": 0,
        "failed_lately": 0,
        "unknown_lately": 0,
        "last_letter": None,
    }
    assert deep.told["disk"]["free_bytes"] > 0
    # No address, no parameter, no reason of a source.
    assert "secret-token" not in deep.body
    assert "example.org" not in deep.body


@pytest.mark.parametrize(
    ("rhythm", "hours", "late"), [(60, 23, False), (60, 25, True), (1440, 47, False), (1440, 49, True)]
)
def test_R9_a_source_is_overdue_after_two_rounds_and_never_before_a_day(rhythm: int, hours: int, late: bool) -> None:
    last = NOW - timedelta(hours=hours)
    assert health.overdue(last, rhythm, NOW - timedelta(days=99), now=NOW) is late
    # One that never was read counts from the day it was added.
    assert health.overdue(None, rhythm, last, now=NOW) is late


def test_R9_deep_says_what_must_be_done_and_answers_503(
    watched: health.Health, port: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as connection:
        connection.execute(sa.update(visits).values(ended_at=stamp(NOW - timedelta(days=20))))
    fill(store, *(f"{n}@example.org" for n in range(4)))
    states = ("pending", "deferred", "unknown", "failed")
    with store.write() as connection:
        for id, state in zip(connection.scalars(sa.select(outbox.c.id)).all(), states, strict=True):
            old = stamp(NOW - timedelta(hours=3))
            connection.execute(
                sa.update(outbox).where(outbox.c.id == id).values(state=state, changed_at=old, next_attempt=old)
            )
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1_000_000))
    deep = ask(port, "/deep")
    assert deep.status == 503
    assert deep.told["todo"] == [
        "source news: no good visit for too long",
        "mail: 2 messages could go and do not",
        "mail: 1 messages refused for good",
        "mail: of 1 messages nobody knows whether they arrived",
        "disk: 1 MB free, make room",
    ]
    assert deep.told["mail"]["outbox"] == dict.fromkeys(states, 1)
    with store.write() as connection:
        for statement in pause.begin("restored", now=NOW):
            connection.execute(statement)
    assert "mail: paused; worldwidewe digest resume" in ask(port, "/deep").told["todo"]
    # It is not well, and it is ready: nothing of this is mended by a restart.
    assert ask(port, "/ready").status == 200


def test_R9_a_source_that_is_off_is_never_overdue(watched: health.Health, port: int, store: Store) -> None:
    with store.write() as connection:
        connection.execute(sa.update(sources).values(enabled=False))
        connection.execute(sa.update(visits).values(ended_at=stamp(NOW - timedelta(days=99))))
    assert ask(port, "/deep").status == 200


def test_R9_it_is_live_and_not_ready_until_the_store_is_open(port: int, tmp_path: Path) -> None:
    with health.watched(Settings(home=tmp_path, health_port=port)):
        assert ask(port, "/live").status == 200
        ready = ask(port, "/ready")
        assert ready.status == 503
        assert "being opened or brought to the schema" in ready.told["why"]
        assert ask(port, "/deep").status == 503


def test_R9_it_is_not_ready_with_another_schema_or_without_a_database(
    watched: health.Health, port: int, store: Store
) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
    assert ask(port, "/ready").told == {"ready": False, "why": "the schema is 0005, and this version needs 0006"}
    with store.write() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert ask(port, "/ready").status == 503
    assert ask(port, "/live").status == 200


def test_R9_only_a_loopback_name_is_answered_and_only_questions(watched: health.Health, port: int) -> None:
    for host in ("127.0.0.1", f"127.0.0.1:{port}", "localhost", f"localhost:{port}"):
        assert ask(port, "/live", host=host).status == 200
    for host in ("rebound.example.org", f"board.example.org:{port}", "127.0.0.1.example.org", "[::1]x"):
        assert ask(port, "/deep", host=host).status == 421
    for method in ("POST", "PUT", "DELETE", "TRACE", "OPTIONS"):
        refused = ask(port, "/deep", method=method)
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    head = ask(port, "/deep", method="HEAD")
    assert (head.status, head.body) == (200, "")
    assert ask(port, "/deep?x=<script>").status == 200
    assert ask(port, "/../etc/passwd").status == 404
    assert ask(port, "/<script>").told == {"error": "ask /live, /ready or /deep"}


def test_R9_every_answer_is_strict_and_does_not_say_what_serves_it(watched: health.Health, port: int) -> None:
    for path, method in (("/live", "GET"), ("/deep", "GET"), ("/none", "GET"), ("/live", "POST")):
        headers = ask(port, path, method=method).headers
        assert headers["server"].strip() == "worldwidewe"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["content-type"] == "application/json; charset=utf-8"


def test_R9_the_port_is_loopback_alone_and_free_again_at_the_end(port: int, tmp_path: Path) -> None:
    before = {thread.name for thread in threading.enumerate()}
    with health.watched(Settings(home=tmp_path, health_port=port)):
        table = Path("/proc/net/tcp").read_text().splitlines()
        listening = [line.split()[1] for line in table if line.split()[1].endswith(f":{port:04X}") and " 0A " in line]
        assert listening == [f"0100007F:{port:04X}"]
        # A monitor that holds its line does not hold our end.
        held = socket.create_connection(("127.0.0.1", port))
    held.close()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    assert "health" not in {thread.name for thread in threading.enumerate()} - before


def test_R9_without_a_port_nothing_listens_and_a_taken_one_is_named(port: int, tmp_path: Path) -> None:
    with health.watched(Settings(home=tmp_path)) as told:
        assert told.answer("/live")[0] == 200
        assert "health" not in {thread.name for thread in threading.enumerate()}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with (
            pytest.raises(ParamError, match=f"WORLDWIDEWE_HEALTH_PORT: cannot listen on 127.0.0.1, port {port}"),
            health.watched(Settings(home=tmp_path, health_port=port)),
        ):
            pass


def test_R9_the_public_board_knows_nothing_of_it(store: Store, tmp_path: Path) -> None:
    board = create_app(Settings(home=tmp_path, health_port=9), store).test_client()
    assert [board.get(path).status_code for path in ("/live", "/ready", "/deep")] == [404, 404, 404]
    assert datetime.now(UTC) == NOW
