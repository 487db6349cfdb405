"""Two installations of our own on loopback: each a store, a home, and its board served by a real web server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from aggregator.intake import drop, sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.people import requests
from aggregator.people.request import Consent, Held, Request, notice_of
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from config.settings import Settings
from connectors.base.contract import Notice
from web.app import create_app

CONSENT = Consent(by="Presidenza", on=date(2026, 11, 20), basis="lettera del 20/11/2026")


def wish(**facts: Any) -> Request:
    usual: dict[str, Any] = {
        "kind": "request",
        "title": "Cerchiamo un partner per un cantiere a Lione",
        "text": "Un consorzio di costruzioni cerca cooperative francesi.\nAssociazione temporanea per tre anni.",
        "organisation": "Consorzio Ponte Nuovo",
        "country": "IT",
        "language": "it",
        "sector": "construction",
        "countries": ("FR", "BE"),
        "codes": ("cpv:45210000",),
        "keywords": ("cantiere",),
        "expires": date(2099, 3, 31),
        "url": "https://ponte.example.org/lione",
        "item": "service",
    }
    return Request.model_validate(usual | facts)


@dataclass
class Installation:
    """One federation: what its office does, and what its sources read."""

    store: Store
    settings: Settings

    @property
    def feed(self) -> str:
        return f"{self.settings.board_url}/requests/feed.json"

    @property
    def host(self) -> str:
        return self.settings.board_url.removeprefix("http://")

    def notice(self, held: Held) -> Notice:
        return notice_of(held, board=self.settings.board_url, office=self.settings.office, zone=self.settings.zone)

    def enter(self, request: Request, *, public: bool = True) -> Held:
        now = datetime.now(UTC)
        with self.store.write() as connection:
            held = requests.add(connection, request, now=now)
            if public:
                held = requests.publish(connection, held.id, CONSENT, now=now)
        self.write()
        return held

    def withdraw(self, held: Held) -> None:
        with self.store.write() as connection:
            requests.withdraw(connection, held.id, now=datetime.now(UTC))
        self.write()

    def write(self) -> None:
        requests.write_file(self.store, drop.folder(self.settings.home, "members"), notice=self.notice)

    def reads(self, name: str, url: str | None = None) -> None:
        params = {"url": url} if url else {}
        with self.store.write() as connection:
            sources.add(connection, name, connector="members", params=params, now=datetime.now(UTC))

    def pull(self, name: str) -> Result:
        return read_source(self.store, name, settings=self.settings, patient=False)


@contextmanager
def installation(home: Path, office: str) -> Iterator[Installation]:
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    upgrade(store)
    # The port is known only when the server listens, and the address of the board only then.
    server = make_server("127.0.0.1", 0, lambda environ, start: app(environ, start), threaded=True)
    address = f"127.0.0.1:{server.server_port}"
    settings = Settings(
        home=home, office=office, public_url=f"http://{address}", loopback_hosts=("127.0.0.1",), languages=("it", "en")
    )
    app = create_app(settings, store)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Installation(store, settings)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        store.close()
