"""`serve`: the board only.

The one thing to know: the process that watches over the board lives as long as the board does and does nothing else, so
this module imports nothing that reads sources or writes letters: that would double what it holds (56 MB).
"""

import errno
import logging
import os
import signal
import socket
import sys
import threading

import click

from config.settings import Settings
from connectors.base.contract import ParamError
from web.commands.opening import opened


@click.command("serve", epilog="Example: WORLDWIDEWE_BOARD_PORT=8080 worldwidewe serve")
@click.option("--until-input-ends", is_flag=True, help="End when standard input ends: so it never outlives `run`.")
def serve_command(until_input_ends: bool) -> None:
    """Serve the board only."""
    from web.serve import Board

    with opened(level=logging.WARNING) as here:
        settings = here.settings
        must_be_free(settings)
    click.echo(f"Board: {settings.board_url}", err=True)
    if until_input_ends:
        threading.Thread(target=_end_with_input, daemon=True).start()
    sys.argv = sys.argv[:1]  # gunicorn would read our arguments as its own
    Board(settings).run()


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def must_be_free(settings: Settings) -> None:
    """Raise ParamError where the board cannot listen, and say which port is next."""
    with socket.socket(socket.AF_INET6 if ":" in settings.board_host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.board_host, settings.board_port))
        except OSError as exc:
            host, port = settings.board_host, settings.board_port
            if exc.errno != errno.EADDRINUSE:
                raise ParamError("board", f"cannot listen on {host}, port {port}: {exc.strerror}") from exc
            reason = f"{port} on {host} is in use; try: WORLDWIDEWE_BOARD_PORT={port + 1} make run"
            raise ParamError("WORLDWIDEWE_BOARD_PORT", reason) from exc
