"""Delivery to a real mail server on loopback that misbehaves in every way a server does."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from aggregator.digest import outbox
from aggregator.digest.mailer import Outgoing, Server, StopBatch, mailer_for
from aggregator.digest.tables import outbox as rows
from aggregator.store.session import Store
from config.settings import Settings
from tests.aggregator.digest.sample import NOW, settings
from tests.aggregator.digest.stored import BODY, fill, mail_states


class Inbox:
    """An aiosmtpd handler that keeps what it accepted, and answers as it is told, by recipient."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, bytes]] = []
        self.at_sender: str | None = None
        self.at_recipient: dict[str, str] = {}
        self.at_end: dict[str, str] = {}
        self.hang_up: set[str] = set()
        self.connections = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at_sender:
            return self.at_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.at_recipient:
            return self.at_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        if recipient in self.at_end:
            return self.at_end[recipient]
        self.accepted.append((recipient, envelope.content))
        if recipient in self.hang_up:
            # Accepted, and the line is cut before the answer leaves.
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
        return f"250 2.0.0 queued as {len(self.accepted)}"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def by_smtp(home: Path, port: int, **given: object) -> Settings:
    return settings(home, mailer="smtp", smtp_port=port, **{"smtp_starttls": False, **given})


def test_X4_a_server_gets_the_very_bytes_over_one_connection(
    store: Store, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    handler, port = inbox
    fill(store, "a@example.org", "b@example.org")
    mailer = mailer_for(by_smtp(tmp_path, port))
    assert outbox.send(store, mailer, now=NOW) == Counter(accepted=2)
    assert handler.accepted == [("a@example.org", BODY), ("b@example.org", BODY)]
    assert handler.connections == 1
    with store.read() as connection:
        assert connection.scalars(sa.select(rows.c.reply)).first() == "250 2.0.0 queued as 1"


def test_X7_a_temporary_refusal_is_tried_later_and_a_final_one_is_not(
    store: Store, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    handler, port = inbox
    fill(store, "grey@example.org", "gone@example.org", "full@example.org", "fine@example.org")
    handler.at_recipient = {
        "grey@example.org": "451 4.7.1 greylisted, come back",
        "gone@example.org": "550 5.1.1 no such user",
    }
    handler.at_end = {"full@example.org": "452 4.2.2 mailbox full"}

    def send(after: timedelta = timedelta()) -> Counter[str]:
        return outbox.send(store, mailer_for(by_smtp(tmp_path, port)), now=NOW + after)

    assert send() == Counter(deferred=2, failed=1, accepted=1)
    assert mail_states(store) == ["deferred", "failed", "deferred", "accepted"]
    handler.at_recipient, handler.at_end = {}, {}
    assert send(timedelta(minutes=4)) == Counter()
    assert send(timedelta(minutes=5)) == Counter(accepted=2)
    assert [recipient for recipient, _ in handler.accepted] == [
        "fine@example.org",
        "grey@example.org",
        "full@example.org",
    ]


def test_X6_a_line_cut_after_the_text_is_unknown_and_the_others_go_on(
    store: Store, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    handler, port = inbox
    fill(store, "a@example.org", "b@example.org", "c@example.org")
    handler.hang_up = {"b@example.org"}
    done = outbox.send(store, mailer_for(by_smtp(tmp_path, port)), now=NOW)
    assert done == Counter(accepted=2, unknown=1)
    assert mail_states(store) == ["accepted", "unknown", "accepted"]
    assert handler.connections == 2
    # Never a second copy by itself, however often we come back.
    assert outbox.send(store, mailer_for(by_smtp(tmp_path, port)), now=NOW + timedelta(days=1)) == Counter()
    assert [recipient for recipient, _ in handler.accepted] == ["a@example.org", "b@example.org", "c@example.org"]


@pytest.mark.parametrize(
    ("at_sender", "at_recipient"),
    [("550 5.1.8 sender refused", {}), (None, {"a@example.org": "550 5.7.1 blocked by policy"})],
)
def test_X7_a_server_that_refuses_us_stops_the_batch_and_blames_nobody(
    at_sender: str | None, at_recipient: dict[str, str], store: Store, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    handler, port = inbox
    handler.at_sender, handler.at_recipient = at_sender, at_recipient
    fill(store, "a@example.org", "b@example.org")
    outbox.send(store, mailer_for(by_smtp(tmp_path, port)), now=NOW)
    assert mail_states(store) == ["deferred", "pending"]
    assert handler.accepted == []


def test_X8_without_tls_nothing_is_said_unless_a_setting_allows_it(
    store: Store, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    handler, port = inbox
    fill(store, "a@example.org")
    outbox.send(store, mailer_for(by_smtp(tmp_path, port, smtp_starttls=True)), now=NOW)
    assert mail_states(store) == ["deferred"]
    assert handler.accepted == []


def test_a_server_that_is_not_there_defers_and_keeps_the_rest(store: Store, tmp_path: Path) -> None:
    fill(store, "a@example.org", "b@example.org")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    outbox.send(store, mailer_for(by_smtp(tmp_path, port)), now=NOW)
    assert mail_states(store) == ["deferred", "pending"]


def test_a_line_cut_before_the_text_is_only_a_delay(tmp_path: Path) -> None:
    """A server that takes sender and recipient and hangs up at the word DATA."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        with line, line.makefile("rb") as words:
            line.sendall(b"220 here\r\n")
            for word in words:
                if word.startswith(b"DATA"):
                    return
                line.sendall(b"250 OK\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    mailer = Server(by_smtp(tmp_path, listener.getsockname()[1]))
    outcome = mailer.deliver(Outgoing("<1@example.org>", "a@example.org", BODY))
    mailer.close()
    thread.join(10)
    listener.close()
    assert outcome.state == "deferred"


def test_E1_the_mail_server_is_reached_through_the_address_guard() -> None:
    inside = Settings(mailer="smtp", smtp_host="10.0.0.25", smtp_starttls=False)
    with pytest.raises(StopBatch, match="address not allowed; a mail server inside needs WORLDWIDEWE_PRIVATE_NETWORKS"):
        Server(inside).deliver(Outgoing("<id@example.org>", "someone@example.org", b"Subject: x\r\n\r\nx\r\n"))
