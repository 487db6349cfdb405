"""`run`, `serve` and `worker` as processes: what they print, how they end, and that they leave nobody behind."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Command
from tests.cli.running import Running, children_of, gone, ours
from tests.portals.feeds import FeedPortal
from tests.portals.server import Fault


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A port that nobody else has, where the board will be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    monkeypatch.setenv("WORLDWIDEWE_BOARD_PORT", str(number))
    return number


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Iterator[Callable[..., Running]]:
    begun: list[Running] = []

    def begin(*arguments: str) -> Running:
        begun.append(Running(arguments, tmp_path / f"log-{len(begun)}"))
        return begun[-1]

    yield begin
    for running in begun:
        running.process.kill()
        running.process.wait()
    for pid in ours(home):
        os.kill(pid, signal.SIGKILL)


def only(worldwidewe: Command, **addresses: str) -> None:
    """Switch the starter sources off and add these feeds instead."""
    for row in worldwidewe("sources", "list", "--json").json_lines():
        worldwidewe("sources", "set", row["name"], "--off")
    for name, address in addresses.items():
        assert worldwidewe("sources", "add", name, "feed", f"url={address}", "--title", name.title()).code == 0


def page(port: int, path: str) -> str:
    request = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Language": "en"})
    with urlopen(request, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def test_run_reads_at_once_serves_the_board_and_ends_well(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        only(worldwidewe, silent=f"http://127.0.0.1:{closed.getsockname()[1]}/rss.xml", valley=f"{feeds.url}/rss.xml")
        running = start("run")
        running.until("Valley: 20 read, 20 new, 0 changed")
        running.until("Silent: not reached — ")
    assert f"Board: http://127.0.0.1:{port}   (Ctrl-C ends it)" in running.said
    assert "Valley" in page(port, "/sources")
    assert "Silent" in page(port, "/sources")
    assert "not reached: it did not answer" in page(port, "/sources").partition("Silent")[2]
    assert worldwidewe("export").json_lines()[0]["titles"]["it"]["text"][:20] in page(port, "/opportunities")
    assert running.interrupt() < 20
    assert running.process.returncode == 0
    assert running.said.endswith("Ended; nothing is lost.\n")
    assert gone(home)
    with pytest.raises(URLError):
        page(port, "/")


def test_a_source_that_drips_does_not_hold_the_end_and_a_second_start_goes_on(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    only(worldwidewe, valley=f"{feeds.url}/rss.xml")
    feeds.fail(Fault(delay=60, when=lambda call: call.path == "/rss.xml", times=0))
    running = start("run")
    running.until("Board: ")
    ends = time.monotonic() + 10
    while not any(call.path == "/rss.xml" for call in feeds.calls) and time.monotonic() < ends:
        time.sleep(0.05)
    assert any(call.path == "/rss.xml" for call in feeds.calls)
    assert running.interrupt() < 20
    assert running.process.returncode == 0
    assert running.said.endswith("Ended in the middle of a visit; the next start goes on from its last page.\n")
    assert gone(home)
    feeds.heal()
    again = start("run")
    again.until("Valley: 20 read, 20 new, 0 changed")
    assert again.interrupt(signal.SIGTERM) < 20
    assert again.process.returncode == 0
    assert gone(home)


def test_when_the_board_ends_by_itself_run_says_so_and_ends(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    only(worldwidewe, valley=f"{feeds.url}/rss.xml")
    running = start("run")
    running.until("Valley: ")
    (board,) = [pid for pid in children_of(running.process.pid) if pid in ours(home)]
    os.kill(board, signal.SIGKILL)
    assert running.process.wait(20) == 1
    assert running.said.splitlines()[-1] == (
        "worldwidewe: board: it ended by itself (status -9); see: worldwidewe serve"
    )
    assert gone(home)


def test_the_board_does_not_outlive_a_run_that_was_killed(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    only(worldwidewe, valley=f"{feeds.url}/rss.xml")
    running = start("run")
    running.until("Valley: ")
    assert len(ours(home)) > 1
    running.process.kill()
    running.process.wait()
    assert gone(home, seconds=15)
    again = start("run")
    again.until("Board: ")
    assert again.interrupt() < 20


def test_a_port_in_use_is_one_line_that_names_another(
    worldwidewe: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        monkeypatch.setenv("WORLDWIDEWE_BOARD_PORT", str(number))
        for command in ("run", "serve"):
            done = worldwidewe(command)
            assert (done.code, done.out) == (1, "")
            assert f"WORLDWIDEWE_BOARD_PORT: {number} on 127.0.0.1 is in use; try: " in done.err.splitlines()[-1]
    assert gone(home)


def test_serve_serves_the_board_alone(port: int, home: Path, start: Callable[..., Running]) -> None:
    running = start("serve")
    running.until(f"Board: http://127.0.0.1:{port}")
    ends = time.monotonic() + 10
    while True:
        try:
            assert "World Wide We" in page(port, "/")
            break
        except URLError:
            assert time.monotonic() < ends
            time.sleep(0.1)
    assert running.interrupt() < 15
    assert running.process.returncode == 0
    assert gone(home)


def test_worker_reads_and_opens_no_port(
    worldwidewe: Command, feeds: FeedPortal, port: int, home: Path, start: Callable[..., Running]
) -> None:
    only(worldwidewe, valley=f"{feeds.url}/rss.xml")
    running = start("worker")
    running.until("Valley: 20 read, 20 new, 0 changed")
    with pytest.raises(URLError):
        page(port, "/")
    assert running.interrupt() < 20
    assert running.process.returncode == 0
    assert gone(home)


def test_ctrl_c_ends_a_pull_after_the_page_at_hand(
    worldwidewe: Command, feeds: FeedPortal, home: Path, start: Callable[..., Running]
) -> None:
    only(worldwidewe, valley=f"{feeds.url}/rss.xml")
    feeds.fail(Fault(delay=2, times=0))
    running = start("pull", "valley")
    ends = time.monotonic() + 10
    while not feeds.calls and time.monotonic() < ends:
        time.sleep(0.05)
    assert running.interrupt() < 15
    assert running.process.returncode == 130
    assert "Traceback" not in running.said


def test_the_demonstration_shows_letters_and_touches_nothing_real(
    port: int, home: Path, start: Callable[..., Running]
) -> None:
    running = start("run", "--demo")
    running.until(f"to read at http://127.0.0.1:{port}/letters", seconds=90)
    assert "Letters: 3 written" in running.said
    assert "Bandi della valle: 20 read, 20 new, 0 changed" in running.said
    assert page(port, "/letters").count("/letters/") >= 3
    assert running.interrupt() < 20
    assert running.process.returncode == 0
    assert gone(home)
    assert not (home / "store.sqlite").exists()
    assert (home / "demo" / "store.sqlite").exists()
