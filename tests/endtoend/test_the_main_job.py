"""The whole way over real sockets: the first five platforms, one store, a board, the letters of three members; and what a second
pass, a crash, a visit without enough time and a third pass make of it.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner

from aggregator.digest.run import run
from aggregator.intake import sources, standing
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.intake.rounds import read_all
from aggregator.matching.engine import record_all
from aggregator.people import members
from aggregator.people.files import load as load_members
from aggregator.store.migrations import upgrade
from aggregator.store.opportunities import every
from aggregator.store.session import Store, open_store
from config.settings import Settings
from tests.portals.een import PATH as EEN_PATH
from tests.portals.een import EenPortal
from tests.portals.grants_gov import PATH as GRANTS_PATH
from tests.portals.grants_gov import GrantsGovPortal
from tests.portals.platforms import MEMBERS, Platforms, running
from tests.portals.server import Portal
from web.app import create_app
from web.cli import cli

NOTICES = 3_000
# Some days before the letters, so that nothing is published in the future of whoever runs this.
TODAY = date(2026, 11, 20)
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden" / "letters"


@dataclass(frozen=True, slots=True)
class World:
    """Five running platforms and one installation that reads them."""

    store: Store
    settings: Settings
    platforms: Platforms


@pytest.fixture(scope="module")
def platforms() -> Iterator[Platforms]:
    with running(today=TODAY, notices=NOTICES) as all_five:
        yield all_five


@pytest.fixture
def world(store: Store, platforms: Platforms, tmp_path: Path) -> World:
    settings = Settings(home=tmp_path / "home", loopback_hosts=("127.0.0.1",), public_url="https://board.example.org")
    with store.write() as connection:
        add_sources(connection, platforms)
        members.put(connection, load_members(MEMBERS), now=MONDAY)
    return World(store, settings, platforms)


def add_sources(connection: sa.Connection, platforms: Platforms) -> None:
    for row in platforms.sources():
        sources.add(
            connection, row["name"], connector=row["connector"], title=row["title"], params=row["params"], now=MONDAY
        )


def pull(world: World, at: datetime) -> list[Result]:
    with world.store.read() as connection:
        names = [state.name for state in standing.states(connection) if state.enabled]
    return read_all(world.store, names, settings=world.settings, now=lambda: at)


def clock(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def send(world: World, at: datetime) -> Any:
    with world.store.read() as connection:
        states = standing.states(connection)
    with time_machine.travel(at, tick=False):
        return run(world.store, world.settings, now=at, sources=states)


def letters(world: World) -> dict[str, tuple[str, str]]:
    """Recipient → (subject, text) of every letter that was delivered."""
    found = {}
    for path in sorted((world.settings.home / "maildir" / "new").glob("*.eml")):
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        body = message.get_body(("plain",))
        assert body is not None
        found[str(message["To"])] = (str(message["Subject"]), body.get_content().replace("\r\n", "\n"))
    return found


_COMPARED = {
    "notices": "SELECT source, source_id, hash FROM notices",
    "opportunities": "SELECT kind, places, sectors, closes_at, opens_at, published, reserved FROM opportunities",
    "quarantine": "SELECT source, record FROM quarantine",
}


def contents(store: Store) -> dict[str, list[str]]:
    """What the store says, without numbers and instants that depend on when and in which order it was read."""
    with store.read() as connection:
        return {
            table: sorted(str(tuple(row)) for row in connection.execute(sa.text(query)))
            for table, query in _COMPARED.items()
        }


def test_five_platforms_become_a_store_a_board_and_three_letters(world: World) -> None:
    results = pull(world, MONDAY)
    assert {result.source: result.kind for result in results} == {result.source: "ok" for result in results}
    assert sum(result.rejected for result in results) == 0
    tenders = sum(result.new for result in results if result.source.startswith("ted"))
    assert 1_000 < tenders < NOTICES, "award notices and domestic ones stay out; nothing is told twice"
    brought = {result.source: result.new for result in results}
    for source in ("eu-calls", "eu-tenders", "grants-gov", "een"):
        assert brought[source] > 20, source
    done = send(world, MONDAY)
    assert {entry.member_id: entry.result for entry in done.members} == {
        "caseificio-monte-sereno": "written",
        "consorzio-ponte": "written",
        "coop-aurora": "written",
    }
    assert dict(done.sent) == {"accepted": 3}
    with time_machine.travel(MONDAY, tick=False):
        client = create_app(world.settings, world.store).test_client()
        front = client.get("/", headers={"Accept-Language": "it"}).get_data(as_text=True)
        assert "fonti sono aggiornate" in front
        read = client.get("/sources", headers={"Accept-Language": "it"}).get_data(as_text=True)
        for platform in (
            "TED",
            "UE · gare delle istituzioni",
            "Grants.gov",
            "Enterprise Europe Network",
            "Partner news",
        ):
            assert platform in read
        assert "letta" in read
        listed = client.get("/opportunities?q=nettoyage&country=FR").get_data(as_text=True)
        number = re.search(r'href="/opportunities/(\d+)"', listed)
        assert number is not None
        assert "ted.europa.eu" in client.get(f"/opportunities/{number[1]}").get_data(as_text=True)
    told = letters(world)
    assert set(told) == {"ufficio@aurora.example.org", "export@montesereno.example.org", "projects@ponte.example.org"}
    for recipient, (subject, text) in told.items():
        hold(GOLDEN / f"endtoend.{recipient.split('@')[0]}.txt", f"{subject}\n\n{without_numbers(text)}")


def without_numbers(text: str) -> str:
    """Opportunities are numbered in the order in which two platforms answered, and simulators take any free port."""
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", re.sub(r"/opportunities/\d+", "/opportunities/N", text))


def hold(path: Path, text: str) -> None:
    """Compare with the golden file; a missing one is written and fails, so that a person reads it."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{path.name} was written: read it, and commit it if it is right")
    assert text == path.read_text(encoding="utf-8")


def test_a_second_pass_reads_again_writes_nothing_and_sends_nothing(world: World) -> None:
    pull(world, MONDAY)
    send(world, MONDAY)
    before, sent = contents(world.store), letters(world)
    again = pull(world, MONDAY + timedelta(hours=1))
    assert {result.kind for result in again} == {"same"}
    assert sum(result.new + result.changed + result.withdrawn for result in again) == 0
    assert dict(send(world, MONDAY + timedelta(hours=1)).sent) == {}
    assert contents(world.store) == before
    assert letters(world) == sent


@contextmanager
def slowed(portal: Portal, seconds: float) -> Iterator[None]:
    """Let every answer of a platform take its time, so that a visit can be met in the middle."""
    serve = portal.serve

    def slowly(call: Any) -> Any:
        time.sleep(seconds)
        return serve(call)

    portal.serve = slowly  # type: ignore[method-assign]
    try:
        yield
    finally:
        portal.serve = serve  # type: ignore[method-assign]


def notices_in(url: str) -> int:
    store = open_store(url)
    try:
        with store.read() as connection:
            return int(connection.scalar(sa.text("SELECT count(*) FROM notices")) or 0)
    finally:
        store.close()


def test_R1_a_visit_killed_in_the_middle_ends_after_the_next_pass_as_if_nothing_had_happened(
    world: World, store_url: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "WORLDWIDEWE_HOME": str(tmp_path / "home"),
        "WORLDWIDEWE_DATABASE": store_url,
        "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]',
    }
    with slowed(world.platforms.ted, 0.3):
        killed = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "pull"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + 60
        while notices_in(store_url) < 300 and time.monotonic() < ends:
            time.sleep(0.05)
        os.kill(killed.pid, signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
    held = notices_in(store_url)
    assert held >= 300, "the crash came before anything was written"
    results = pull(world, datetime.now(UTC))
    assert {result.kind for result in results} <= {"ok", "same"}
    after = contents(world.store)
    assert len(after["notices"]) > held, "the crash came after everything was written"
    with world.store.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM visits WHERE ended_at IS NULL")) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM visits WHERE error LIKE 'interrupted%'")) >= 1
    assert after == undisturbed(world.platforms, tmp_path)


def undisturbed(platforms: Platforms, tmp_path: Path) -> dict[str, list[str]]:
    """What a store holds that was read once, without any accident."""
    other = open_store(f"sqlite:///{tmp_path / 'undisturbed.sqlite'}")
    upgrade(other)
    settings = Settings(home=tmp_path / "other", loopback_hosts=("127.0.0.1",))
    with other.write() as connection:
        add_sources(connection, platforms)
    # In the order of `pull`: of one thing that two platforms tell, the first leads.
    with other.read() as connection:
        names = [state.name for state in standing.states(connection)]
    read_all(other, names, settings=settings)
    found = contents(other)
    other.close()
    return found


@pytest.mark.parametrize("name", ["een", "grants-gov"])
def test_a_visit_cut_off_by_its_time_limit_is_finished_by_the_next_ones(
    store: Store, name: str, tmp_path: Path
) -> None:
    small = EenPortal(profiles=60, today=TODAY) if name == "een" else GrantsGovPortal(opportunities=60, today=TODAY)
    with small as portal:
        endpoint = portal.url + (EEN_PATH if name == "een" else GRANTS_PATH)
        visits: list[Result] = []
        with slowed(portal, 0.05):
            for hour in range(40):
                now = clock(MONDAY + timedelta(hours=hour))
                visits.append(read_alone(store, name, endpoint, home=tmp_path, time_limit=2.5, now=now))
                if visits[-1].complete:
                    break
        assert visits[-1].complete
        assert len(visits) > 1
        assert {done.kind for done in visits[:-1]} == {"partial"}
        assert any("details are still to be read" in (done.error or "") for done in visits)
        assert all(done.withdrawn == 0 for done in visits)
        other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
        upgrade(other)
        assert read_alone(other, name, endpoint, home=tmp_path, time_limit=600, now=clock(MONDAY)).complete
        whole = contents(other)
        other.close()
    assert contents(store) == whole


def read_alone(
    store: Store, name: str, endpoint: str, *, home: Path, time_limit: float, now: Callable[[], datetime]
) -> Result:
    """Visit one platform in a store that has no other."""
    with store.write() as connection:
        if name not in sources.names(connection):
            params = {"endpoint": endpoint}
            sources.add(connection, name, connector=name.replace("-", "_"), params=params, now=MONDAY)
    settings = Settings(home=home, loopback_hosts=("127.0.0.1",))
    return read_source(store, name, settings=settings, time_limit=time_limit, now=now)


def test_a_tender_that_two_platforms_tell_is_one_opportunity(world: World) -> None:
    pull(world, MONDAY)
    with world.store.read() as connection:
        told = [item.notices for item in every(connection) if len({notice.source for notice in item.notices}) > 1]
    both = [notices for notices in told if {"eu-tenders"} < {notice.source for notice in notices}]
    assert both
    for notices in both:
        assert any(notice.source.startswith("ted") for notice in notices)
        assert any((notice.merged_because or "").startswith("ted:") for notice in notices)


def test_two_passes_at_once_end_as_one(world: World) -> None:
    threads = [threading.Thread(target=pull, args=(world, MONDAY)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.store.read() as connection:
        doubled = connection.scalar(
            sa.text(
                "SELECT count(*) FROM (SELECT source_id FROM notices GROUP BY source, source_id HAVING count(*) > 1) d"
            )
        )
        record = connection.scalar(sa.text("SELECT count(*) FROM notices"))
    assert doubled == 0
    assert record == len(contents(world.store)["notices"])


def test_what_the_board_shows_is_what_export_prints(
    world: World, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(world, MONDAY)
    with world.store.write() as connection:
        record_all(connection, now=MONDAY)
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", store_url)
    printed = CliRunner().invoke(cli, ["export", "--now", "2026-11-23T08:00+01:00"], catch_exceptions=False)
    rows = [json.loads(line) for line in printed.stdout.splitlines()]
    wanted = sum(row["status"] in {"open", "forthcoming", "unknown"} for row in rows)
    with time_machine.travel(MONDAY, tick=False):
        page = (
            create_app(world.settings, world.store).test_client().get("/opportunities?lang=en", follow_redirects=True)
        )
    assert f"<b>{wanted:,}</b>" in page.get_data(as_text=True)
