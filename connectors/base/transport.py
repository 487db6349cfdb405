"""The transport under the one client: an httpx transport of our own over guarded connections.

The one thing to know: being our own, it takes no proxy and no certificate from the environment, and hands on every body as
it came, packed; what is unpacked is counted (connectors/base/body.py).
"""

import socket
from collections.abc import Iterator

import httpcore
import httpx

from connectors.base import network
from connectors.base.guard import Egress, Resolver


class _Bytes(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over checked and pinned connections; the environment's proxies and certificates play no part."""

    def __init__(self, egress: Egress, *, resolver: Resolver = socket.getaddrinfo) -> None:
        self._connections = network.Connections(egress, network.tls(egress.extra_ca), resolver)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        answer = self._connections.send(
            sent, seconds=float(request.extensions["whole"]), most=int(request.extensions["most"])
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Bytes(answer))

    def close(self) -> None:
        self._connections.close()
