"""`run` does the main job in one go: read, keep reading, serve. `serve` (serve.py) and `worker` are its two halves.

The one thing to know: Ctrl-C asks visits to end after the page at hand, and mail after the letter at hand; what has not
ended 12 seconds later is cut off, and nothing is lost by that, because every page is a transaction.
"""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from aggregator.intake import sources, standing
from aggregator.intake.cut_off import cut_off
from aggregator.intake.result import Result
from aggregator.schedule import keep_ticking, tick
from aggregator.store.disk import NoSpace
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import ParamError
from web.commands.first import first_sources
from web.commands.opening import opened, settings_here
from web.commands.serve import must_be_free
from web.commands.showing import said, shown
from web.commands.stopping import stopped_by_signals
from web.health import watched

# Seconds for the visits, then for giving their leases back, then for the board: together under 20.
_PATIENCE, _LEASES, _GOODBYE = 12.0, 3.0, 4.0


@click.command("run", epilog="Example: worldwidewe run --demo")
@click.option("--demo", is_flag=True, help="Against simulated platforms on this machine, with three sample members.")
def run_command(demo: bool) -> None:
    """Do the main job: read the sources, keep reading them on their rhythm, serve the board. Ctrl-C ends it."""
    with contextlib.ExitStack() as stack:
        stopping = stack.enter_context(stopped_by_signals())
        simulated = None
        if demo:
            from web.commands import demo as demonstrations

            simulated = stack.enter_context(demonstrations.demonstration())
        health = stack.enter_context(watched(settings_here()))
        here = stack.enter_context(opened(level=logging.ERROR))
        health.opened(here.store)
        must_be_free(here.settings)
        if simulated is not None:
            demonstrations.prepare(here.store, simulated, here.settings)
        elif added := first_sources(here.store):
            click.echo(f"New store in {here.settings.home.resolve()}, with {added} starter sources.", err=True)
        board = stack.enter_context(_board())
        _wait_for(here.settings, board)
        click.echo(f"Board: {here.settings.board_url}   (Ctrl-C ends it)", err=True)

        def then() -> None:
            if simulated is not None:
                demonstrations.first_letters(here.store, here.settings)

        _work(here.store, here.settings, stopping, board=board, then=then)
        if board.poll() is not None:
            raise ParamError("board", f"it ended by itself (status {board.returncode}); see: worldwidewe serve")
        click.echo("Ended; nothing is lost.", err=True)


@click.command("worker", epilog="Example: worldwidewe worker")
def worker_command() -> None:
    """Read the sources on their rhythm and send the letters when it is their time. Ctrl-C ends it."""
    with stopped_by_signals() as stopping, watched(settings_here()) as health, opened(level=logging.INFO) as here:
        health.opened(here.store)
        first_sources(here.store)
        _work(here.store, here.settings, stopping)


def _work(
    store: Store,
    settings: Settings,
    stopping: threading.Event,
    *,
    board: subprocess.Popen[bytes] | None = None,
    then: Callable[[], None] = lambda: None,
) -> None:
    """Read what is due at once, then tick until told to stop, or until the board ends. Raises what the reading raised.

    Does not return while a visit hangs: it then ends the process.
    """
    reader = ThreadPoolExecutor(1, thread_name_prefix="worker")
    reading = reader.submit(_round, store, settings, stopping, then)
    reading.add_done_callback(lambda _: stopping.set())
    while not stopping.wait(1.0):
        if board is not None and board.poll() is not None:
            stopping.set()
    wait([reading], _PATIENCE)
    if reading.done():
        reading.result()
        return
    _give_back(store)
    click.echo("Ended in the middle of a visit; the next start goes on from its last page.", err=True)
    sys.stderr.flush()
    board_ended = board is not None and board.poll() is not None
    if board is not None:
        _end(board)
    os._exit(1 if board_ended else 0)


def _give_back(store: Store) -> None:
    """Give back the leases of what hangs: a server that drips, or a mail server that says nothing."""

    def give_back() -> None:
        # Where the store does not answer either, the next start on this machine sees that we are gone.
        with contextlib.suppress(SQLAlchemyError, NoSpace):
            cut_off(store, now=datetime.now(UTC))

    thread = threading.Thread(target=give_back, daemon=True)
    thread.start()
    thread.join(_LEASES)


def _round(store: Store, settings: Settings, stopping: threading.Event, then: Callable[[], None]) -> None:
    with store.read() as connection:
        titles = {state.name: state.title for state in standing.states(connection)}
        due = {name: titles[name] for name in sources.due(connection, now=datetime.now(UTC))}
    with shown(due) as watching:
        tick(store, settings, stopping=stopping, progress=watching.progress, finished=watching.finished)
    if stopping.is_set():
        return
    then()

    def finished(result: Result) -> None:
        click.echo(said(result, titles.get(result.source, result.source)), err=True)

    keep_ticking(store, settings, stopping=stopping, finished=finished)


@contextmanager
def _board() -> Iterator[subprocess.Popen[bytes]]:
    """The board in a process of its own, so that a heavy visit never makes a reader wait; ends with the block."""
    # A session of its own: Ctrl-C reaches us alone, and we end it when the visits have ended. Its input is our hold on
    # it: when we are killed, the pipe closes and it ends too.
    command = [sys.executable, "-m", "web.cli", "serve", "--until-input-ends"]
    child = subprocess.Popen(  # noqa: S603 - our own program
        command, start_new_session=True, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield child
    finally:
        _end(child)


def _end(board: subprocess.Popen[bytes]) -> None:
    board.terminate()
    try:
        board.wait(_GOODBYE)
    except subprocess.TimeoutExpired:
        # Its worker ends by itself when it misses its parent.
        board.kill()
        board.wait()
    if board.stdin is not None:
        board.stdin.close()


def _wait_for(settings: Settings, board: subprocess.Popen[bytes]) -> None:
    """Wait until the board answers, so that the address that is printed works."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends and board.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((settings.board_host, settings.board_port), 1):
            return
        time.sleep(0.1)
    raise ParamError("board", "it did not start; see what it says with: worldwidewe serve")
