"""Where words go: data to standard output, progress to standard error, bars only where a person looks."""

import os
import pty
import subprocess
import sys
from collections.abc import Sequence

from tests.cli.conftest import Command
from tests.cli.running import ROOT


def test_in_a_terminal_progress_is_bars_and_the_data_stay_clean(
    worldwidewe: Command, two_sources: Sequence[str]
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "web.cli", "pull", *two_sources, "--json"]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120"}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    while chunk := _read(ours):
        seen += chunk
    os.close(ours)
    out, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    assert out.count(b"\n") == 2
    assert "✓" in seen.decode()
    assert "Valley: 20 read, 20 new, 0 changed" in seen.decode()
    assert b"\x1b[?25l" in seen  # the cursor is hidden while bars move, and comes back
    assert b"\x1b[?25h" in seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side of a terminal that closed is an error on Linux, not an end
        return b""


def test_a_reader_that_goes_away_ends_an_export_without_a_word(worldwidewe: Command, read_store: Sequence[str]) -> None:
    for shape in ("jsonl", "csv"):
        command = [sys.executable, "-m", "web.cli", "export", "--format", shape]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            child.stdout.close()
            assert child.stderr.read() == b""
            child.wait(20)


def test_asking_for_help_imports_no_command() -> None:
    code = (
        "import sys; from web.cli import main; main(['--help'])\n"
        "print([name for name in sys.modules if name.startswith(('web.commands.', 'aggregator', 'sqlalchemy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n['web.commands.mistakes']\n")


def test_the_version_is_that_of_the_package(worldwidewe: Command) -> None:
    from config.version import VERSION

    assert worldwidewe("--version").out == f"worldwidewe, version {VERSION}\n"
