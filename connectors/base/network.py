"""Connections for the client: resolved once, checked, pinned to the checked address, and all of it against one deadline.

The one thing to know: the time-outs of the library below count from read to read, so a server that drips could hold us
for ever; here every read, write and handshake also ends when the time of the whole answer ends.
"""

import functools
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import certifi
import httpcore

from connectors.base.errors import FetchError
from connectors.base.guard import AddressNotAllowed, Egress, Resolver, resolve

# The parents of everything that can go wrong below; the library has no single one.
ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def told(exc: Exception) -> str:
    """Say in a few words what went wrong. What does not answer is not told apart from what refuses or does not exist."""
    name, cause = type(exc).__name__, exc.__cause__ or exc.__context__
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "the certificate of the server cannot be verified"
        cause = cause.__cause__ or cause.__context__
    if name.startswith("Connect") or name == "ProxyError":
        return "cannot be reached"
    if name.endswith("Timeout"):
        return "the answer took too long"
    if name == "RemoteProtocolError":
        return "the answer was cut off, or is not HTTP"
    return "the connection broke"


@functools.cache
def tls(extra_ca: str | None) -> ssl.SSLContext:
    """What every TLS connection of ours is checked against: the usual authorities, and those of the deployment (E11)."""
    context = ssl.create_default_context(cafile=certifi.where())
    if extra_ca is not None:
        context.load_verify_locations(extra_ca)
    return context


def secure(plain: socket.socket, host: str, egress: Egress) -> socket.socket:
    """Wrap a socket in TLS, for protocols other than HTTP; the certificate must be valid for `host`. Raises FetchError."""
    try:
        return tls(egress.extra_ca).wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as exc:
        why = "the certificate of the server cannot be verified"
        raise FetchError("transient", host, f"{why}: {exc.verify_message}") from exc
    except (ssl.SSLError, OSError, ValueError) as exc:
        raise FetchError("transient", host, "no encrypted connection comes about") from exc


class TooMuch(Exception):
    """More came than an answer may have, in its body or around it: heads without an end, packing without content."""


class _Deadline:
    """When the answer in hand must be complete, and how much of it may come. One client reads one answer at a time."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._bytes = 0

    def begin(self, seconds: float, most: int) -> None:
        self._ends, self._bytes = time.monotonic() + seconds, most

    def took(self, data: bytes) -> bytes:
        self._bytes -= len(data)
        if self._bytes < 0:
            raise TooMuch("the server sends more than an answer may have")
        return data

    def cut(self, timeout: float | None, late: type[Exception]) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise late("the answer took too long")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._deadline.took(self._stream.read(max_bytes, self._deadline.cut(timeout, httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects only to addresses that the guard allows; with `egress` None (towards the proxy) to any."""

    def __init__(self, egress: Egress | None, resolver: Resolver, deadline: _Deadline) -> None:
        self._egress = egress
        self._resolver = resolver
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port, self._deadline.cut(timeout, httpcore.ConnectTimeout)):
            left = self._deadline.cut(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _Stream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float) -> tuple[str, ...]:
        if self._egress is None:
            return (host,)
        try:
            return _resolved(host, port, self._egress, self._resolver, timeout)
        except OSError as exc:
            raise httpcore.ConnectError("the name has no address") from exc


def _resolved(host: str, port: int, egress: Egress, resolver: Resolver, timeout: float) -> tuple[str, ...]:
    # The system's resolver knows no time-out. A thread that is left behind ends when the system gives up.
    outcome: Future[tuple[str, ...]] = Future()

    def ask() -> None:
        try:
            outcome.set_result(resolve(host, port, egress, resolver))
        except (OSError, AddressNotAllowed) as exc:
            outcome.set_exception(exc)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return outcome.result(timeout)


class Connections:
    """The connections of one client: one for each host at a time. Not for use by several threads."""

    def __init__(self, egress: Egress, context: ssl.SSLContext, resolver: Resolver = socket.getaddrinfo) -> None:
        self._egress = egress
        self._deadline = _Deadline()
        guarded = _Backend(egress, resolver, self._deadline)
        self._direct = httpcore.ConnectionPool(
            ssl_context=context, max_connections=4, keepalive_expiry=5.0, network_backend=guarded
        )
        self._proxied: httpcore.ConnectionPool | None = None
        if egress.proxy is not None:
            self._proxied = _through(egress.proxy, context, _Backend(None, resolver, self._deadline))

    def send(self, request: httpcore.Request, *, seconds: float, most: int) -> httpcore.Response:
        """Send one request; its answer must be complete within `seconds` and `most` bytes, everything counted.

        Raises one of ERRORS, TooMuch or AddressNotAllowed; so does reading the answer.
        """
        self._deadline.begin(seconds, most)
        host = request.url.host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == b"https" else 80)
        if self._proxied is not None and not self._egress.loopback(host, port):
            return self._proxied.handle_request(request)
        return self._direct.handle_request(request)

    def close(self) -> None:
        self._direct.close()
        if self._proxied is not None:
            self._proxied.close()


def _through(proxy: str, context: ssl.SSLContext, backend: httpcore.NetworkBackend) -> httpcore.HTTPProxy:
    userinfo, _, place = proxy.partition("://")[2].rpartition("@")
    user, _, password = userinfo.partition(":")
    return httpcore.HTTPProxy(
        proxy_url=f"{proxy.partition('://')[0]}://{place}",
        proxy_auth=(user, password) if userinfo else None,
        ssl_context=context,
        max_connections=4,
        keepalive_expiry=5.0,
        network_backend=backend,
    )
