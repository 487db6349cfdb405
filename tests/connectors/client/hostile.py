"""A server on loopback that does to a client whatever a test tells it to, byte by byte.

The one thing to know: it writes raw bytes, so it can lie about lengths, drip, break off and pack as no honest server would.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


Act: TypeAlias = Callable[[socket.socket, Received], None]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """Compose one honest answer; `content_length="7"` and the like replace what would be honest."""
    named = {"content_length": str(len(body)), "connection": "close"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + body


def drip(data: bytes, every: float) -> Act:
    """Send the first line at once and then a byte every so many seconds."""

    def act(connection: socket.socket, _: Received) -> None:
        for sign in data:
            connection.sendall(bytes([sign]))
            time.sleep(every)

    return act


class Hostile:
    """Answers each path with what was planned for it: one after the other, the last one for ever."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.seen: list[Received] = []
        self.most_at_once = 0
        self.names: list[str | None] = []
        self._now = 0
        self._lock = threading.Lock()
        self._planned: dict[str, list[bytes | Act]] = {}
        self._context = context
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def on(self, path: str, *planned: bytes | Act) -> str:
        self._planned[path] = list(planned)
        return self.url(path)

    def paths(self) -> list[str]:
        return [received.path for received in self.seen]

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            connection.settimeout(20)
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            received = self._receive(connection)
            if received is None:
                return
            with self._lock:
                self.seen.append(received)
                planned = self._planned.get(received.path.partition("?")[0], [answer(404)])
                act = planned.pop(0) if len(planned) > 1 else planned[0]
            if isinstance(act, bytes):
                connection.sendall(act)
            else:
                act(connection, received)
        except OSError:
            return  # the client had enough, which is what many of these tests want
        finally:
            connection.close()
            with self._lock:
                self._now -= 1

    @staticmethod
    def _receive(connection: socket.socket) -> Received | None:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := connection.recv(65536)):
                return None
            data += more
        at = time.monotonic()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65536)
        method, path, _ = first.split(" ")
        return Received(method, path, headers, body, at)
