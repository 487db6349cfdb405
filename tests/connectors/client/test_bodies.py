"""Hostile bodies: bombs, lies about packing and length, drips. Every limit holds before memory or time is spent."""

import gzip
import socket
import subprocess
import sys
import textwrap
import time
import zlib

import pytest

from connectors.base.body import Limits, read_body
from connectors.base.contract import FetchError
from tests.connectors.client.hostile import Act, Hostile, Received, answer, drip
from tests.connectors.conftest import MakeClient


def refusal(make_client: MakeClient, url: str, limits: Limits | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        make_client(**({"limits": limits} if limits else {})).get(url)
    return caught.value


def slowly(*pieces: bytes, every: float) -> Act:
    def act(connection: socket.socket, _: Received) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(every)

    return act


def test_P1_a_packed_answer_is_unpacked_and_both_sizes_are_known(hostile: Hostile, make_client: MakeClient) -> None:
    body = b"notice " * 1000
    packed = gzip.compress(body)
    client = make_client()

    page = client.get(hostile.on("/", answer(body=packed, content_encoding="gzip")))

    assert page.body == body
    assert client.bytes == len(packed)
    assert hostile.seen[0].headers["accept-encoding"] == "gzip, identity"


def test_P1_a_body_in_several_members_with_rubbish_behind_is_whole(hostile: Hostile, make_client: MakeClient) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"

    assert make_client().get(hostile.on("/", answer(body=packed, content_encoding="x-gzip"))).body == b"one two"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "gzip, br", "identity, gzip, gzip"])
def test_P1_a_stacked_or_unknown_packing_is_refused(hostile: Hostile, make_client: MakeClient, encoding: str) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 30_000_000))

    refused = refusal(make_client, hostile.on("/", answer(body=bomb, content_encoding=encoding)))

    assert (refused.kind, "packed as" in refused.why) == ("blocked", True)


def test_P1_a_bomb_is_refused_by_its_size_and_by_its_ratio(hostile: Hostile, make_client: MakeClient) -> None:
    large = answer(body=gzip.compress(b"\0" * 30_000_000), content_encoding="gzip")
    tight = answer(body=gzip.compress(b"\0" * 3_000_000), content_encoding="gzip")

    assert "more than 20000000 bytes" in refusal(make_client, hostile.on("/", large), Limits(ratio=10**6)).why
    assert "100 times its size" in refusal(make_client, hostile.on("/", tight)).why


def test_P1_a_small_answer_may_be_packed_as_tightly_as_it_likes(hostile: Hostile, make_client: MakeClient) -> None:
    blank = b" " * 900_000

    page = make_client().get(hostile.on("/", answer(body=gzip.compress(blank), content_encoding="gzip")))

    assert page.body == blank


@pytest.mark.parametrize("named", [True, False])
def test_P1_an_answer_that_is_too_large_is_refused(hostile: Hostile, make_client: MakeClient, named: bool) -> None:
    large = b"x" * 6_000_000
    whole = answer(body=large) if named else b"HTTP/1.1 200 Said\r\nconnection: close\r\n\r\n" + large
    client = make_client()

    with pytest.raises(FetchError, match="larger than 5000000 bytes") as caught:
        client.get(hostile.on("/", whole))

    assert caught.value.kind == "blocked"
    assert client.bytes == 0 if named else client.bytes < 5_200_000
    assert client.requests == 1


def test_P1_bombs_do_not_move_the_memory_of_the_process(hostile: Hostile) -> None:
    """A process that may take 256 MB in all reads a bomb of 600 MB, plain and stacked, and lives to tell it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    single = b"".join(packer.compress(b"\0" * 10_000_000) for _ in range(60)) + packer.flush()
    hostile.on("/bomb", answer(body=single, content_encoding="gzip"))
    hostile.on("/stacked", answer(body=gzip.compress(single), content_encoding="gzip, gzip"))
    hostile.on("/flood", lambda connection, _: _flood(connection))
    program = textwrap.dedent(
        f"""
        import resource
        from tests.connectors.conftest import ABOUT, LOOPBACK
        from connectors.base.body import Limits
        from connectors.base.client import Client
        from connectors.base.contract import FetchError
        from tests.connectors.memory import DictMemory
        resource.setrlimit(resource.RLIMIT_AS, (256 * 2**20, 256 * 2**20))
        client = Client(about=ABOUT, memory=DictMemory(), user_agent="worldwidewe/0", egress=LOOPBACK,
                        extra_hosts=("127.0.0.1",), obey_robots=False, limits=Limits(ratio=10**9))
        for path in ("/bomb", "/stacked", "/flood"):
            try:
                client.get({hostile.url()!r}.rstrip("/") + path)
            except FetchError as exc:
                print(path, exc.kind)
        """
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert ran.stdout.split("\n")[:3] == ["/bomb blocked", "/stacked blocked", "/flood blocked"], ran.stderr


def _flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 Said\r\nconnection: close\r\n\r\n")
    for _ in range(300):
        connection.sendall(b"x" * 1_000_000)


def test_P2_a_truncated_gzip_is_a_transient_failure(hostile: Hostile, make_client: MakeClient) -> None:
    packed = gzip.compress(b"".join(b"notice %d " % number for number in range(5000)))
    half = answer(body=packed[: len(packed) // 2], content_encoding="gzip")

    refused = refusal(make_client, hostile.on("/", half))

    assert (refused.kind, "truncated" in refused.why) == ("transient", True)
    assert len(hostile.seen) == 4


def test_P2_a_gzip_cut_inside_its_head_or_its_second_member_is_truncated_too(
    hostile: Hostile, make_client: MakeClient
) -> None:
    for cut in (gzip.compress(b"x")[:5], gzip.compress(b"x") + gzip.compress(b"yyyy")[:12], b""):
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(cut), cut) if cut else b"0\r\n\r\n"
        head = b"HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n"
        assert refusal(make_client, hostile.on("/", head + chunked)).kind == "transient"


def test_P2_a_truncated_answer_is_read_whole_on_the_next_try(hostile: Hostile, make_client: MakeClient) -> None:
    packed = gzip.compress(b"whole")
    url = hostile.on(
        "/",
        answer(body=packed[:-9], content_encoding="gzip"),
        answer(body=b"who", content_length="5"),
        answer(body=packed, content_encoding="gzip"),
    )

    assert make_client().get(url).body == b"whole"


def test_P2_a_damaged_body_is_a_transient_failure(hostile: Hostile, make_client: MakeClient) -> None:
    packed = bytearray(gzip.compress(b"notice" * 100))
    packed[-6] ^= 0xFF

    assert (
        refusal(make_client, hostile.on("/", answer(body=bytes(packed), content_encoding="gzip"))).kind == "transient"
    )
    assert refusal(make_client, hostile.on("/", answer(body=b"plain", content_encoding="gzip"))).kind == "transient"


@pytest.mark.parametrize(
    "lie",
    [
        answer(body=b"short", content_length="500"),
        b"HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 Said\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nshort",
        b"HTTP/1.1 200 Said\r\n" + b"x-flood: " + b"y" * 200_000 + b"\r\n\r\n",
        b"220 mail.example.org ESMTP\r\n",
        b"",
    ],
)
def test_P2_an_answer_that_lies_about_itself_is_a_transient_failure(
    hostile: Hostile, make_client: MakeClient, lie: bytes
) -> None:
    assert refusal(make_client, hostile.on("/", lie)).kind == "transient"


def test_P3_a_drip_in_the_body_ends_with_the_time_of_the_whole_answer(
    hostile: Hostile, make_client: MakeClient
) -> None:
    head = answer(content_length="1000")
    hostile.on("/", slowly(head, *[b"x"] * 100, every=0.1))
    begun = time.monotonic()
    client = make_client(limits=Limits(connect=1, read=1, whole=1), time_limit=2.5)

    with pytest.raises(FetchError, match="took too long") as caught:
        client.get(hostile.url("/"))

    assert caught.value.kind == "transient"
    assert 0.9 < time.monotonic() - begun < 3


def test_P3_a_drip_in_the_head_ends_too(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", drip(answer(body=b"x"), every=0.1))
    begun = time.monotonic()

    with pytest.raises(FetchError, match="took too long"):
        make_client(limits=Limits(read=1, whole=1), time_limit=2.5).get(hostile.url("/"))

    assert time.monotonic() - begun < 3


def test_P3_silence_ends_with_the_read_time(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", slowly(b"HTTP/1.1 200", every=2))
    begun = time.monotonic()

    with pytest.raises(FetchError, match="took too long"):
        make_client(limits=Limits(read=0.3, whole=60), time_limit=2.2).get(hostile.url("/"))

    assert time.monotonic() - begun < 2


def test_P3_silence_does_not_outlast_the_whole_answer(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", slowly(answer(content_length="10"), every=4))
    begun = time.monotonic()

    with pytest.raises(FetchError, match="took too long"):
        make_client(limits=Limits(whole=0.4), time_limit=2.3).get(hostile.url("/"))

    assert time.monotonic() - begun < 2


def test_P3_a_stream_without_pause_ends_with_the_time_of_the_whole_answer(
    hostile: Hostile, make_client: MakeClient
) -> None:
    def pour(connection: socket.socket, _: Received) -> None:
        connection.sendall(b"HTTP/1.1 200 Said\r\nconnection: close\r\n\r\n")
        until = time.monotonic() + 4
        while time.monotonic() < until:
            connection.sendall(b"x" * 1000)
            time.sleep(0.0005)

    limits = Limits(whole=0.4, raw=10**9, decoded=10**9)

    with pytest.raises(FetchError, match="took too long"):
        make_client(limits=limits, time_limit=2.3).get(hostile.on("/", pour))


def test_P3_an_answer_below_the_least_rate_is_given_up_after_ten_seconds() -> None:
    seconds = iter(range(1000))
    chunks = (b"x" * 900 for _ in range(500))

    with pytest.raises(FetchError, match="too slowly") as caught:
        read_body(chunks, {}, url="http://x/", limits=Limits(), monotonic=lambda: float(next(seconds)))

    assert caught.value.kind == "transient"
    assert next(seconds) == 12


def test_P3_an_answer_above_the_least_rate_may_take_its_time() -> None:
    seconds = iter(range(1000))
    chunks = (b"x" * 1100 for _ in range(50))

    assert (
        len(read_body(chunks, {}, url="http://x/", limits=Limits(), monotonic=lambda: float(next(seconds)))) == 55_000
    )
