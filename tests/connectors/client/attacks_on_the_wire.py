"""The catalogue of the malicious server, first half: answers that are no answers, and ways that lead elsewhere."""

import gzip
import json
import socket
import time
import zlib
from collections.abc import Iterator

from connectors.base.body import Limits, decode_text
from connectors.base.client import Client
from connectors.base.contract import Page
from connectors.base.text import visible
from tests.connectors.client.attack import FLOOD, OUTSIDE, Attack, forever, silent, zipped
from tests.connectors.client.hostile import Received, answer, drip


def _loop(client: Client, url: str) -> Page:
    page = client.get(url)
    while True:
        page = client.get(json.loads(page.body)["next"])


def _endless_pages(connection: socket.socket, received: Received) -> None:
    time.sleep(0.02)
    number = int(received.path.partition("page=")[2] or 1)
    next_page = f"http://{received.headers['host']}{received.path.partition('?')[0]}?page={number + 1}"
    connection.sendall(answer(body=json.dumps({"next": next_page}).encode()))


def _deflated() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(b"\0" * 30_000_000) + packer.flush()


_CHUNKED = b"HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\n\r\n"
_PLAIN = b"HTTP/1.1 200 Said\r\nconnection: close\r\n\r\n"


def _text(page: Page) -> str:
    return visible(decode_text(page.body, page.headers.get("content-type", ""))[0])


def _slow_and_cut() -> Iterator[Attack]:
    late, cut = "transient: the answer took too long", "transient: the answer was cut off"
    yield Attack(name="a body that drips", plan=lambda: drip(answer(body=b"x" * 500), every=0.05), outcome=late)
    yield Attack(name="a head that drips", plan=lambda: drip(_PLAIN, every=0.05), outcome=late)
    yield Attack(name="silence in the body", plan=lambda: silent(answer(content_length="10")), outcome=late)
    yield Attack(name="silence from the first", plan=lambda: silent(b""), outcome=late)
    yield Attack(name="nothing at all", plan=lambda: b"", outcome=cut)
    yield Attack(name="no HTTP", plan=lambda: b"220 mail.example.org ESMTP\r\n", outcome=cut)
    yield Attack(
        name="a body shorter than it says", plan=lambda: answer(body=b"short", content_length="500"), outcome=cut
    )
    yield Attack(
        name="a body longer than it says", plan=lambda: answer(body=b"short", content_length="3"), outcome="page b'sho'"
    )
    yield Attack(name="a length below nothing", plan=lambda: answer(body=b"short", content_length="-5"), outcome=cut)
    yield Attack(
        name="two lengths", plan=lambda: answer(body=b"x", content_length="1\r\ncontent-length: 2"), outcome=cut
    )
    yield Attack(name="chunks that break off", plan=lambda: _CHUNKED + b"5\r\nshort\r\n", outcome=cut)
    yield Attack(name="a chunk that is none", plan=lambda: _CHUNKED + b"zz\r\n", outcome=cut)
    yield Attack(
        name="a cut gzip of the right length",
        plan=lambda: answer(body=gzip.compress(bytes(range(256)) * 40)[:150], content_encoding="gzip"),
        outcome="transient: the answer was cut off (truncated body)",
    )
    yield Attack(
        name="no gzip under its name",
        plan=lambda: answer(body=b"plain", content_encoding="gzip"),
        outcome="transient: the answer cannot be unpacked",
    )
    yield Attack(name="a change of protocol", plan=lambda: answer(101), outcome=cut)
    yield Attack(
        name="a part of a page", plan=lambda: answer(206, b"part"), outcome="transient: the server failed (206)"
    )


def _too_much() -> Iterator[Attack]:
    larger, more = "blocked: the answer is larger than", "blocked: the server sends more than an answer may have"
    packed, unpacks = "blocked: the answer is packed as", "blocked: the answer unpacks to more than"
    yield Attack(
        name="a gzip bomb", plan=lambda: zipped(b"\0" * 30_000_000), outcome=unpacks, limits=Limits(ratio=10**6)
    )
    yield Attack(name="a ratio beyond reason", plan=lambda: zipped(b"\0" * 1_900_000), outcome=unpacks)
    yield Attack(
        name="a bomb in many members",
        plan=lambda: answer(body=gzip.compress(b"\0" * 50_000) * 900, content_encoding="gzip"),
        outcome=unpacks,
    )
    yield Attack(
        name="gzip in gzip",
        plan=lambda: answer(body=gzip.compress(gzip.compress(b"\0" * 30_000_000)), content_encoding="gzip, gzip"),
        outcome=packed,
    )
    yield Attack(name="deflate", plan=lambda: answer(body=_deflated(), content_encoding="deflate"), outcome=packed)
    yield Attack(name="brotli", plan=lambda: answer(body=b"\x1b\x00", content_encoding="br"), outcome=packed)
    yield Attack(
        name="zstandard", plan=lambda: answer(body=b"\x28\xb5\x2f\xfd", content_encoding="zstd"), outcome=packed
    )
    yield Attack(name="a body announced too large", plan=lambda: answer(content_length="9" * 12), outcome=larger)
    yield Attack(name="a body without an end", plan=lambda: forever(_PLAIN, b"x" * 100_000), outcome=larger)
    yield Attack(
        name="chunks of one sign",
        plan=lambda: forever(_CHUNKED, b"1\r\nx\r\n" * 5000),
        outcome=more,
        limits=FLOOD,
    )
    yield Attack(
        name="chunks with long words beside them",
        plan=lambda: forever(_CHUNKED, (b"1;" + b"y" * 9000 + b"\r\nx\r\n") * 5),
        outcome=more,
        limits=FLOOD,
    )
    yield Attack(
        name="a first word without an end",
        plan=lambda: forever(b"", b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\n" * 2000),
        outcome=more,
        limits=FLOOD,
    )
    head = "transient: the answer was cut off, or is not HTTP"
    yield Attack(name="one header of a megabyte", plan=lambda: answer(x_flood="y" * 1_000_000), outcome=head)
    yield Attack(
        name="a hundred thousand headers",
        plan=lambda: answer(x0="".join(f"\r\nx{n}: y" for n in range(100_000))),
        outcome=head,
    )
    yield Attack(name="headers without an end", plan=lambda: forever(_PLAIN[:-2], b"x-more: y\r\n" * 500), outcome=head)
    yield Attack(
        name="trailers without an end", plan=lambda: forever(_CHUNKED + b"0\r\n", b"x-more: y\r\n" * 500), outcome=head
    )


def _astray() -> Iterator[Attack]:
    def to(location: str, status: int = 302) -> bytes:
        return answer(status, location=location)

    inside, none = "blocked: it redirects here, and 169.254.169.254 is not among the hosts", "blocked: it redirects"
    yield Attack(name="a circle", plan=lambda: to("/a-circle", 301), outcome="blocked: more than 5 redirects")
    yield Attack(
        name="a way to the cloud's own data", plan=lambda: to("http://169.254.169.254/latest/"), outcome=inside
    )
    yield Attack(name="a way to a file", plan=lambda: to("file:///etc/passwd"), outcome=none)
    yield Attack(name="a way to a script", plan=lambda: to("javascript:alert(1)"), outcome=none)
    yield Attack(
        name="a way to a host behind a user name", plan=lambda: to("http://127.0.0.1@evil.example/"), outcome=none
    )
    yield Attack(
        name="a way to a host before a backslash", plan=lambda: to("http://evil.example\\@127.0.0.1/"), outcome=none
    )
    yield Attack(name="a way to anybody", plan=lambda: to("//evil.example/"), outcome=none)
    yield Attack(name="a way to nowhere", plan=lambda: answer(302), outcome="blocked: it redirects to nowhere")
    yield Attack(name="a way beyond measure", plan=lambda: to("/" + "a" * 5000), outcome=none)
    yield Attack(
        name="a name that leads inside after all",
        plan=lambda: to(f"http://{OUTSIDE}/"),
        outcome="blocked: address not allowed",
    )
    yield Attack(
        name="pages without an end",
        plan=lambda: _endless_pages,
        outcome="visit over: time limit",
        read=_text,
        visit=_loop,
    )


WIRE = [*_slow_and_cut(), *_too_much(), *_astray()]
