"""What an attack of the malicious server is, and what becomes of it; attacks_on_the_wire and _in_documents list them.

The one thing to know: an outcome is what the one client says (`kind: why`), or, where the client hands out a page, what
the reading of that page says (`unreadable: why`, or `read` with what is left of it).
"""

import gzip
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.base.body import Limits
from connectors.base.client import Client
from connectors.base.contract import FetchError, Page, ParseError
from connectors.base.pace import VisitOver
from tests.connectors.client.hostile import Act, Hostile, Received, answer

LIMITS = Limits(connect=1, read=0.3, whole=0.6, raw=1_000_000, decoded=2_000_000)
FLOOD = Limits(raw=300_000, whole=20, read=5)
OUTSIDE = "portal.example.org"
"""A name of the public kind, which the resolver of these tests leads inside."""

Read = Callable[[Page], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    name: str
    plan: Callable[[], bytes | Act]
    outcome: str
    read: Read | None = None
    limits: Limits = LIMITS
    visit: Callable[[Client, str], Page] | None = None

    @property
    def path(self) -> str:
        return "/" + self.name.replace(" ", "-")


def outcome(attack: Attack, client: Client, url: str) -> str:
    """What becomes of an attack, in the words of the table."""
    try:
        page = client.get(url) if attack.visit is None else attack.visit(client, url)
    except FetchError as exc:
        return f"{exc.kind}: {exc.why}"
    except VisitOver as exc:
        return f"visit over: {exc.reason}"
    try:
        return f"read {attack.read(page)!r}"[:200] if attack.read else f"page {page.body[:100]!r}"
    except ParseError as exc:
        return f"unreadable: {exc.why}"


def plan(server: Hostile, attacks: list[Attack]) -> None:
    for attack in attacks:
        server.on(attack.path, attack.plan())
    server.on("/here", answer(body=b"here"))


def zipped(body: bytes, **headers: str) -> bytes:
    return answer(200, gzip.compress(body), content_encoding="gzip", **headers)


def forever(head: bytes, piece: bytes) -> Act:
    def act(connection: socket.socket, _: Received) -> None:
        connection.sendall(head)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            connection.sendall(piece)

    return act


def silent(head: bytes) -> Act:
    def act(connection: socket.socket, _: Received) -> None:
        connection.sendall(head)
        time.sleep(1)

    return act


def resolver(host: str, port: int, **_: Any) -> list[Any]:
    """Names lead where they lead; the public one of these tests leads inside."""
    address = "169.254.169.254" if host == OUTSIDE else host
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
