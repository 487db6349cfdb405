"""The board over a real store, with and without a browser. The one thing to know: the clock stands at `seed.NOW`."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from aggregator.store.session import Store
from config.settings import Settings
from tests.web import seed
from web.app import create_app


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(seed.NOW, tick=False):
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", public_url="http://board.example.org", office="Federazione di prova")


@pytest.fixture
def app(settings: Settings, store: Store) -> Flask:
    return create_app(settings, store)


@pytest.fixture
def board(app: Flask, store: Store) -> Flask:
    """The application over a store that holds the samples."""
    seed.fill(store)
    return app


@pytest.fixture
def client(board: Flask) -> FlaskClient:
    """An Italian reader of the samples."""
    found = board.test_client()
    found.environ_base["HTTP_ACCEPT_LANGUAGE"] = "it-IT,it;q=0.9,en;q=0.5"
    return found


@pytest.fixture
def address(board: Flask) -> Iterator[str]:
    """The board on a loopback port."""
    server = make_server("127.0.0.1", 0, board, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
