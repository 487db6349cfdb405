"""R9: SIGTERM, as an init system sends it, to the real process: the page or the letter at hand is finished, and leases are free."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from aggregator import schedule
from aggregator.digest.tables import outbox
from aggregator.intake.cut_off import cut_off
from aggregator.intake.lease import Lost, renew, take
from aggregator.intake.tables import sources, visits
from aggregator.store.session import Store, open_store
from config.settings import Settings
from tests.aggregator.digest.test_mail_server import Inbox
from tests.aggregator.intake.reading import NOW, add_feed
from tests.cli.conftest import Command
from tests.cli.running import Running, gone
from tests.cli.test_run import page, port, start
from tests.portals.feeds import FeedPortal
from tests.portals.server import Fault
from tests.portals.ted import TedPortal

__all__ = ["port", "start"]


def standing(home: Path, name: str) -> tuple[object, ...]:
    """The lease of a source and the class, the error and the end of its last visit."""
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    with store.read() as connection:
        owner = connection.scalar(sa.select(sources.c.lease_owner).where(sources.c.name == name))
        last = connection.execute(
            sa.select(visits.c["class"], visits.c.error, visits.c.ended_at, visits.c.new)
            .where(visits.c.source == name)
            .order_by(visits.c.id.desc())
        ).first()
    store.close()
    return owner, *(last or ())


def alone(home: Path, *names: str) -> None:
    """Switch every other source off: the starter sources are many, and their hosts are not here."""
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    with store.write() as connection:
        connection.execute(sa.update(sources).where(sources.c.name.not_in(names)).values(enabled=False))
    store.close()


def asked(portal: FeedPortal | TedPortal, path: str, times: int = 1) -> None:
    ends = time.monotonic() + 60
    while sum(call.path == path for call in portal.calls) < times:
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize("command", ["run", "worker"])
def test_R9_the_page_at_hand_is_finished_and_the_lease_given_back(
    worldwidewe: Command, port: int, home: Path, start: Callable[..., Running], command: str
) -> None:
    path = "/v3/notices/search"
    with TedPortal(notices=600) as ted:
        worldwidewe("sources", "add", "tenders", "ted", f"endpoint={ted.url}{path}")
        alone(home, "tenders")
        ted.fail(Fault(delay=3, when=lambda call: sum(one.path == path for one in ted.calls) > 1, times=0))
        running = start(command)
        asked(ted, path, times=2)
        assert running.interrupt(signal.SIGTERM) < 20
        calls = len(ted.calls)
    assert running.process.returncode == 0
    owner, kind, error, ended, new = standing(home, "tenders")
    assert owner is None
    assert (kind, str(error)[:8]) == ("partial", "stopping")
    assert ended is not None
    # The page that was on its way is in the store, and no other was asked for.
    assert isinstance(new, int)
    assert new > 0
    assert calls <= 4
    assert gone(home)


def test_R9_what_hangs_is_cut_off_and_its_lease_is_free_all_the_same(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml", "--title", "Valley")
    alone(home, "valley")
    feeds.fail(Fault(delay=60, when=lambda call: call.path == "/rss.xml", times=0))
    running = start("worker")
    asked(feeds, "/rss.xml")
    took = running.interrupt(signal.SIGTERM)
    assert took < 20
    assert running.process.returncode == 0
    owner, kind, error, ended, _ = standing(home, "valley")
    assert (owner, kind, ended is not None) == (None, "transient", True)
    assert str(error).startswith("stopping: cut off in the middle")
    # Still due: the next start reads it.
    feeds.heal()
    again = start("worker")
    again.until("Valley: 20 read, 20 new")
    assert again.interrupt(signal.SIGTERM) < 20
    assert gone(home)


def test_R9_a_round_of_the_scheduler_is_waited_for_like_the_first_one(
    store: Store, feeds: FeedPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "EVERY", timedelta(seconds=0.3))
    monkeypatch.setattr(schedule, "LOOKS_EVERY", 0.1)
    add_feed(store, feeds)
    feeds.fail(Fault(delay=2, when=lambda call: call.path == "/rss.xml"))
    stopping = threading.Event()
    deployment = Settings.model_validate({"home": tmp_path, "loopback_hosts": ["127.0.0.1"]})
    ticking = threading.Thread(
        target=schedule.keep_ticking,
        args=(store, deployment),
        kwargs={"stopping": stopping, "finished": lambda _: None},
    )
    ticking.start()
    asked(feeds, "/rss.xml")
    stopping.set()
    ticking.join(20)
    with store.read() as connection:
        assert connection.scalar(sa.select(sources.c.lease_owner)) is None
        assert connection.scalar(sa.select(visits.c.ended_at)) is not None


class Slow(Inbox):
    """A mail server that takes its time over every letter."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(2)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def slow_post() -> Iterator[tuple[Slow, int]]:
    handler = Slow()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=number)
    controller.start()
    yield handler, number
    controller.stop()


@pytest.mark.parametrize("command", ["worker", "digest"])
def test_R9_the_letter_at_hand_is_finished_and_the_others_wait(
    worldwidewe: Command,
    three_members: list[str],
    slow_post: tuple[Slow, int],
    home: Path,
    start: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    handler, number = slow_post
    monkeypatch.setenv("WORLDWIDEWE_MAILER", "smtp")
    monkeypatch.setenv("WORLDWIDEWE_SMTP_STARTTLS", "false")
    monkeypatch.setenv("WORLDWIDEWE_MAIL_FROM", "letters@federation.example.org")
    monkeypatch.setenv("WORLDWIDEWE_SMTP_PORT", "9")
    assert worldwidewe("digest", "run").code == 0
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    with store.write() as connection:
        connection.execute(sa.update(outbox).values(state="pending", next_attempt=None))
    alone(home)
    monkeypatch.setenv("WORLDWIDEWE_SMTP_PORT", str(number))
    running = start(*(("worker",) if command == "worker" else ("digest", "run")))
    ends = time.monotonic() + 60
    while handler.connections == 0:
        assert time.monotonic() < ends, running.said
        time.sleep(0.02)
    time.sleep(0.3)
    assert running.interrupt(signal.SIGTERM) < 20
    assert running.process.returncode == 0
    with store.read() as connection:
        states = sorted(connection.scalars(sa.select(outbox.c.state)))
    store.close()
    assert states == ["accepted", "pending", "pending"]
    assert len(handler.accepted) == 1
    worldwidewe("digest", "run")
    assert len({recipient for recipient, _ in handler.accepted}) == len(handler.accepted) == 3


def test_R9_the_private_port_answers_while_the_program_runs(
    worldwidewe: Command,
    feeds: FeedPortal,
    port: int,
    home: Path,
    start: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml", "--title", "Valley")
    alone(home, "valley")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        private = probe.getsockname()[1]
    monkeypatch.setenv("WORLDWIDEWE_HEALTH_PORT", str(private))
    running = start("run")
    running.until("Valley: 20 read")
    for path in ("/live", "/ready", "/deep"):
        assert page(private, path).startswith("{")
    assert '"last_success": "2' in page(private, "/deep")
    assert running.interrupt(signal.SIGTERM) < 20
    assert running.process.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", private)) != 0


def test_R9_what_a_thread_writes_after_it_was_cut_off_is_refused(store: Store, feeds: FeedPortal) -> None:
    add_feed(store, feeds)
    with store.write() as connection:
        held = take(connection, "news", now=NOW)
        opened = {"source": "news", "mode": "sweep", "started_at": "2026-11-23T07:00:00Z"}
        connection.execute(sa.insert(visits).values(opened))
    assert cut_off(store, now=NOW) == ["news"]
    with pytest.raises(Lost), store.write() as connection:
        renew(connection, held, now=NOW)
    with store.write() as connection:
        assert take(connection, "news", now=NOW).fence == held.fence + 2
    assert cut_off(store, now=NOW) == ["news"]


def test_R9_a_lease_of_another_process_is_left_alone(store: Store, feeds: FeedPortal) -> None:
    add_feed(store, feeds)
    with store.write() as connection:
        connection.execute(sa.update(sources).values(lease_owner="elsewhere:1:1", lease_until="2026-11-23T07:10:00Z"))
    assert cut_off(store, now=NOW) == []
    with store.read() as connection:
        assert connection.scalar(sa.select(sources.c.lease_owner)) == "elsewhere:1:1"
