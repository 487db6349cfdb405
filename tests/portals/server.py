"""The tiny HTTP server under every simulator: real sockets on loopback, a log of the calls, faults on demand.

The one thing to know: a simulator is one class with one method, `answer(call)`; it is called by one thread at a time.

    class NewsPortal(Portal):
        def answer(self, call: Call) -> Answer:
            return Answer(body=b"hello", headers={"content-type": "text/plain"})

    with NewsPortal() as portal:
        portal.fail(Fault(answer=Answer(status=503, headers={"retry-after": "1"})))
        ...                             # the first request to portal.url gets the 503, the next one the greeting
"""

import json
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer a value as compact UTF-8 JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"content-type": "application/json", **(headers or {})})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next calls that it concerns.

    `answer` is sent in place of the true one; `alter` changes the true one; `cut_after` bytes of the body the
    connection is dropped, with the full length announced; `delay` seconds pass before the first byte; `when` chooses
    the calls. Used up after `times` calls; `times=0` lasts until `heal()`.
    """

    answer: Answer | None = None
    alter: Callable[[Answer], Answer] | None = None
    cut_after: int | None = None
    delay: float = 0.0
    when: Callable[[Call], bool] = lambda call: True
    times: int = 1


class Portal(ABC):
    """A simulator of one platform. Starts on a free port of 127.0.0.1 unless told which."""

    def __init__(self, *, port: int = 0) -> None:
        self.calls: list[Call] = []
        self._faults: list[tuple[Fault, int]] = []
        self._turn = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._port = port
        self._stopping = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """Answer one call as the platform does."""

    @property
    def url(self) -> str:
        """The address without a slash at its end; only while running."""
        if self._server is None:
            raise RuntimeError("the portal is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Self:
        self._stopping.clear()
        self._server = _Server(self, self._port)
        # 20 ms, not the default half second: hundreds of tests start and stop a portal.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End at once: open keep-alive connections are closed, the port is free again."""
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        with self._turn:
            for connection in self._connections:
                _hang_up(connection)
        self._server.server_close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def fail(self, *faults: Fault) -> None:
        """Switch faults on. The first one that concerns a call decides; several follow each other."""
        with self._turn:
            self._faults += [(fault, fault.times) for fault in faults]

    def heal(self) -> None:
        """Switch every fault off."""
        with self._turn:
            self._faults.clear()

    def serve(self, call: Call) -> tuple[Answer, Fault]:
        """Log the call, and answer it or fail as switched."""
        with self._turn:
            self.calls.append(call)
            fault = self._fault_for(call)
            answer = fault.answer or self.answer(call)
            return (fault.alter(answer) if fault.alter else answer), fault

    def _fault_for(self, call: Call) -> Fault:
        for place, (fault, left) in enumerate(self._faults):
            if not fault.when(call):
                continue
            if left == 1:
                del self._faults[place]
            elif left > 1:
                self._faults[place] = (fault, left - 1)
            return fault
        return _SOUND

    def pause(self, seconds: float) -> None:
        """Let a slow answer wait; stopping the portal wakes it."""
        self._stopping.wait(seconds)

    def connected(self, connection: socket.socket) -> None:
        with self._turn:
            self._connections.add(connection)

    def disconnected(self, connection: socket.socket) -> None:
        with self._turn:
            self._connections.discard(connection)


_SOUND = Fault()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined by server_close, so that no socket outlives its test
    request_queue_size = 128

    def __init__(self, portal: Portal, port: int) -> None:
        self.portal = portal
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up; that is its right."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: Nagle's delay would cost 40 ms a call
    disable_nagle_algorithm = True

    @property
    def portal(self) -> Portal:
        return cast(_Server, self.server).portal

    def setup(self) -> None:
        super().setup()
        self.portal.connected(self.connection)

    def finish(self) -> None:
        self.portal.disconnected(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the calls are in `portal.calls`."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        answer, fault = self.portal.serve(Call(self.command, target.path, query, headers, body))
        if fault.delay:
            self.portal.pause(fault.delay)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        lengthless = answer.status == 304 or "transfer-encoding" in {name.lower() for name in answer.headers}
        if not lengthless:
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command == "HEAD" or answer.status == 304:
            return
        if fault.cut_after is None:
            self.wfile.write(answer.body)
            return
        self.wfile.write(answer.body[: fault.cut_after])
        self.wfile.flush()
        self.close_connection = True
