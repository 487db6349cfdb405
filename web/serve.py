"""The board on gunicorn. The one thing to know: one process with threads, so that one small machine is enough."""

from typing import Any

from gunicorn.app.base import BaseApplication

from config.settings import Settings
from web.commands.opening import open_here

_THREADS = 4


class Board(BaseApplication):  # type: ignore[misc]
    """The board as gunicorn runs it: the store is opened in the worker, never before the fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        values: dict[str, Any] = {
            "bind": f"{self._settings.board_host}:{self._settings.board_port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": _THREADS,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from web.app import create_app

        return create_app(self._settings, open_here(self._settings))
