"""Whether a small office fits on a small machine: 20,000 opportunities, 50 members, one core, 512 MB.

Three parts of the program, each as users start it and one after the other on one installation: the board with 200 answers,
two visits to every simulated platform (which run outside, as platforms do), and the Monday run that writes 50 letters.

The one thing to know: each is held to one core and to 512 MB by RLIMIT_DATA, and dies of a MemoryError beyond it; a first
line proves that it does. Not RLIMIT_AS: the C library reserves 64 MB of addresses for each thread that allocates and never
fills them, so threads alone would use that up. RLIMIT_DATA counts every private page that may be written, filled or not,
which is stricter than memory; files that are mapped (the libraries) stand in the peak alone, the most that was resident
(VmHWM: ru_maxrss would count the process that started it). The board is two processes; their peaks are added up.
`SIZE=2000` for a trial. Linux only.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from aggregator.store.session import open_store
from benchmarks.goals import Line, report
from benchmarks.office_fill import MEMBERS, fill, prepare, write_members
from benchmarks.office_reader import Answers, asked

COUNT = min(20_000, int(os.environ.get("SIZE", "full").replace("full", "20000")))
MOST = 512
"""Megabytes."""
NOTICES = 2_000
_ZONE = ZoneInfo("Europe/Rome")
_ROOT = Path(__file__).parents[1]
_LIMIT = f"""
import atexit, os, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({MOST} << 20, {MOST} << 20))
os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
def told():
    with open("/proc/self/status") as status, open(os.environ["PEAK"], "w") as file:
        file.write(status.read())
"""
_COMMAND = f"{_LIMIT}\natexit.register(told)\nfrom web.cli import main\nmain()"
_SERVE = f"{_LIMIT}\nfrom web.cli import main\nmain()"
_GREEDY = f"{_LIMIT}\nheld = bytearray({MOST} << 20)"
YARDSTICK = "RLIMIT_DATA 512 MB, one core"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: the most it held, in MB, and what it said."""

    peak: float
    seconds: float
    out: str
    trouble: str | None


def run() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder, _simulators() as told:
        home, started = Path(folder), time.perf_counter()
        environment = _environment(home)
        yield _bites(environment)
        store = open_store(f"sqlite:///{home / 'store.sqlite'}")
        titles = fill(store, COUNT)
        names = prepare(store, home, told)
        store.close()
        yield report(f"office, store of {COUNT:,}", f"{time.perf_counter() - started:,.0f} s", "built by put")
        write_members(home / "members.yml")
        imported = _command(environment, "members", "import", str(home / "members.yml"))
        yield _line("office, members imported", imported, f"{MEMBERS} members", imported.trouble)
        yield report("  matches of everybody", f"{imported.seconds:,.0f} s", imported.out.strip().rpartition("\n")[2])
        board, answers = _board(environment, home, titles)
        yield _line("office, board", board, f"{answers.good} answers", board.trouble or answers.trouble)
        yield report("  one answer, p50 / p95", f"{answers.p50:.0f} / {answers.p95:.0f} ms", "eight shapes, one reader")
        yield report("  one answer, four readers", f"{answers.crowd_p95:.0f} ms p95", "the same 200 again")
        yield report("  slowest shape", f"{answers.slowest[1]:.0f} ms p50", answers.slowest[0])
        visits = []
        for turn in ("new", "unchanged"):
            visit = _command(environment, "pull", "--json", *names)
            results = [json.loads(line) for line in visit.out.splitlines()]
            visits.append(visit)
            yield _line(f"office, visits, {turn}", visit, *_brought(results, visit, turn=turn, sources=len(names)))
            yield report("  seconds", f"{visit.seconds:,.0f} s", f"{len(names)} sources of simulators")
        monday = _command(environment, "digest", "run", "--now", _monday().isoformat())
        letters = list((home / "maildir" / "new").glob("*.eml"))
        missing = None if len(letters) == MEMBERS else f"{len(letters)} letters, {MEMBERS} are due"
        yield _line("office, Monday run", monday, f"{len(letters)} letters", monday.trouble or missing)
        yield report("  seconds", f"{monday.seconds:,.1f} s", f"{sum(map(_size, letters)) // 1000:,} kB of letters")
        # More than they ever hold at once: pages that processes share count in each, and the peaks come at different times.
        heaviest = max(one.peak for one in (*visits, monday))
        yield report(
            "  board and the heaviest other, added up", f"{board.peak + heaviest:.0f} MB", "as `run` holds both"
        )
        yield report("  whole benchmark", f"{time.perf_counter() - started:,.0f} s", "wall clock")


def _size(file: Path) -> int:
    return file.stat().st_size


def _environment(home: Path) -> dict[str, str]:
    """What a small office sets, and nothing of the developer's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WORLDWIDEWE_")}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return ours | {
        "WORLDWIDEWE_HOME": str(home),
        "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]',
        "WORLDWIDEWE_BOARD_PORT": str(port),
        "OPENBLAS_NUM_THREADS": "1",
        "PEAK": str(home / "peak"),
    }


def _bites(environment: dict[str, str]) -> Line:
    """The limit holds: a process that wants it all for one value dies of it."""
    done = subprocess.run([sys.executable, "-c", _GREEDY], env=environment, capture_output=True, text=True, check=False)
    died = done.returncode != 0 and "MemoryError" in done.stderr
    measured = "MemoryError" if died else f"status {done.returncode}, no MemoryError"
    return Line("office, beyond the limit", measured, "MemoryError", "pass" if died else "miss", YARDSTICK)


def _command(environment: dict[str, str], *arguments: str) -> Ended:
    """Run a command to its end under the limit; what ends with another status than 0 is in trouble."""
    peak = Path(environment["PEAK"])
    peak.unlink(missing_ok=True)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, *arguments],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    trouble = None if done.returncode == 0 else f"status {done.returncode}: {_last(done.stderr)}"
    if "MemoryError" in done.stderr:
        trouble = "MemoryError"
    held = _megabytes(peak.read_text(encoding="utf-8")) if peak.exists() else 0.0
    return Ended(held, seconds, done.stdout, trouble or (None if held else "it did not say what it held"))


def _last(said: str) -> str:
    return said.strip().rpartition("\n")[2][:100]


def _board(environment: dict[str, str], home: Path, titles: list[str]) -> tuple[Ended, Answers]:
    """Serve the board as `worldwidewe serve` does, ask it, and read what it held just before it ends."""
    port, log = int(environment["WORLDWIDEWE_BOARD_PORT"]), home / "board.log"
    started = time.perf_counter()
    with log.open("wb") as file:
        child = subprocess.Popen(
            [sys.executable, "-c", _SERVE, "serve", "--until-input-ends"],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
        )
    try:
        answers = asked("127.0.0.1", port, titles=titles)
        held = [_megabytes(Path(f"/proc/{pid}/status").read_text(encoding="utf-8")) for pid in _family(child.pid)]
    finally:
        _close(child.stdin)
        child.wait(30)
    said = log.read_text(encoding="utf-8")
    trouble = "MemoryError" if "MemoryError" in said else None
    if len(held) != 2:
        trouble = trouble or f"{len(held)} processes, where an arbiter and a worker should be: {_last(said)}"
    return Ended(sum(held), time.perf_counter() - started, said, trouble), answers


def _family(pid: int) -> list[int]:
    """A process and its children (proc_pid_task_children(5))."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [pid, *(int(child) for task in tasks for child in (task / "children").read_text().split())]


def _megabytes(status: str) -> float:
    """The most that was resident (proc_pid_status(5))."""
    found = [line.split() for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0][1]) / 1024 if found else 0.0


def _brought(results: list[dict[str, object]], visit: Ended, *, turn: str, sources: int) -> tuple[str, str | None]:
    """What the visits brought, and what is wrong with it."""

    def total(name: str) -> int:
        return sum(int(str(result[name])) for result in results)

    failed = [f"{result['source']} {result['class']}" for result in results if result["class"] not in ("ok", "same")]
    counts = f"{total('new'):,} new" if turn == "new" else f"{total('seen'):,} seen"
    wrong = visit.trouble
    if failed or len(results) < sources:
        wrong = wrong or f"{sources - len(results)} sources not read; {', '.join(failed)}"
    if turn == "new" and total("new") < NOTICES:
        wrong = wrong or f"{counts}, {NOTICES:,} are there"
    if turn == "unchanged" and total("new") + total("changed"):
        wrong = wrong or f"{total('new')} new and {total('changed')} changed, where nothing had"
    return counts, wrong


def _line(name: str, ended: Ended, did: str, trouble: str | None) -> Line:
    fits = trouble is None and ended.peak <= MOST
    measured = trouble or f"{ended.peak:.0f} MB, {did}"
    return Line(name, measured, f"<= {MOST} MB", "pass" if fits else "miss", YARDSTICK)


def _monday() -> datetime:
    """The next Monday at eight in the office's zone."""
    today = datetime.now(UTC).astimezone(_ZONE).replace(hour=8, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


@contextmanager
def _simulators() -> Iterator[dict[str, object]]:
    """Every simulated platform, in a process that no limit holds; says which sources read them, and their keys."""
    command = [sys.executable, "-m", "tests.portals", "--notices", str(NOTICES)]
    child = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())
    finally:
        _close(child.stdin)
        _close(child.stdout)
        child.wait(30)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()
