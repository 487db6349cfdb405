"""A command as a process of its own, and the processes that it leaves behind.

The one thing to know: the pauses between the tries of a visit are shortened, so that a source that cannot be reached is
known in a second and not in forty; everything else is the command as a user starts it.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
_START = (
    "from connectors.base.pace import VisitClock; VisitClock.wait = lambda clock, seconds: clock.check(); "
    "from web.cli import main; main()"
)


class Running:
    """A command that runs in a session of its own, with everything that it said so far."""

    def __init__(self, arguments: tuple[str, ...], log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, text: str, *, seconds: float = 30) -> None:
        """Wait until it has said this."""
        ends = time.monotonic() + seconds
        while text not in self.said:
            assert self.process.poll() is None, f"it ended: {self.said}"
            assert time.monotonic() < ends, f"it never said {text!r}: {self.said}"
            time.sleep(0.05)

    def interrupt(self, number: int = signal.SIGINT) -> float:
        """Press Ctrl-C; return the seconds until it ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(25)
        return time.monotonic() - began


def ours(home: Path) -> dict[int, str]:
    """The processes that work on this home, by the environment that they were started with."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        mine = f"WORLDWIDEWE_HOME={home}".encode()
        if any(entry == mine or entry.startswith(mine + b"/") for entry in environment.split(b"\0")) and command:
            found[int(folder.name)] = command.replace(b"\0", b" ").decode()
    return found


def gone(home: Path, *, seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while ours(home) and time.monotonic() < ends:
        time.sleep(0.05)
    return ours(home) == {}


def children_of(pid: int) -> list[int]:
    """The direct children of a process (proc_pid_task_children(5))."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found
