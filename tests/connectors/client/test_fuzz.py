"""Whatever comes in from outside, the pure parts of the client answer with a value or a typed refusal."""

from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base.answers import failure, http_date, retry_after
from connectors.base.body import Limits, decode_text, read_body
from connectors.base.contract import FetchError
from connectors.base.guard import Egress, allowed, check_url, target
from connectors.base.robots import delay_for

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PIECES = """
    http https file : / // \\ @ # ? . .. % %2f [ ] ::1 127.0.0.1 2130706433 0x7f example.org EXAMPLE.org exämple.org ： ／ 。 ①
    80 443 8080 a user | { ' &= xn-- -
"""
ADDRESSES = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from([*PIECES.split(), " ", "\t", "\n", "\u202e", "\u00ad"]), max_size=14).map("".join),
    st.text(alphabet="abc./:@#?%[]\\-_~é①。", max_size=40).map("http://".__add__),
    st.text(alphabet="abc./?%-_~éß①。", max_size=40).map("https://example.org/".__add__),
)


T = TypeVar("T")


def outcome(call: Callable[[], T]) -> T | FetchError:
    """What a call gave, or how it refused; anything else it raises is a fault that the test shows."""
    try:
        return call()
    except FetchError as exc:
        return exc


@settings(max_examples=1500, deadline=None)
@given(ADDRESSES)
@example("http://example.org\\@127.0.0.1/")
@example("http://example.org#@127.0.0.1/")
@example("http://127.0.0.1。/")
def test_E5_two_readers_never_see_two_hosts_in_a_checked_address(raw: str) -> None:
    try:
        host = urlsplit(raw).hostname or ""
    except ValueError:
        host = ""
    hosts = ["*.org", "example.org", "*.0.1", "*.a", "*.b", "*.c", "a.b", host]
    checked = outcome(lambda: check_url(raw, hosts=hosts, egress=Egress()))
    if isinstance(checked, FetchError):
        assert checked.kind == "blocked"
        return

    seen = target(checked)
    read = httpx.URL(checked)
    split = urlsplit(checked)
    assert read.raw_host.decode("ascii") == split.hostname == seen.host
    assert (read.scheme, split.scheme) == (seen.scheme, seen.scheme)
    assert (read.port or 0) == (split.port or 0)
    assert (read.userinfo, split.username) == (b"", None)
    again = check_url(str(read), hosts=hosts, egress=Egress())
    assert (target(again), check_url(again, hosts=hosts, egress=Egress())) == (seen, again)


@settings(max_examples=500, deadline=None)
@given(st.ip_addresses())
def test_E3_every_address_has_an_answer_and_none_that_is_private_passes(address: IPv4Address | IPv6Address) -> None:
    inside = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast

    assert not (inside and allowed(address, Egress()))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_P12_any_bytes_under_any_label_become_text(body: bytes, label: str) -> None:
    text, _ = decode_text(body, f"text/html; charset={label}")

    assert len(text) <= len(body) * 2


@settings(max_examples=500, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=6), st.sampled_from(["", "gzip", "x-gzip"]))
def test_P1_any_body_is_read_or_refused(chunks: list[bytes], encoding: str) -> None:
    limits = Limits(raw=500, decoded=600)
    body = outcome(lambda: read_body(chunks, {"content-encoding": encoding}, url="http://x/", limits=limits))

    if isinstance(body, FetchError):
        assert body.kind in ("transient", "blocked")
    else:
        assert len(body) <= 600


@settings(max_examples=500, deadline=None)
@given(st.integers(min_value=100, max_value=999), st.text(max_size=40))
def test_F2_any_status_with_any_wish_has_a_kind_and_a_bounded_wait(status: int, said: str) -> None:
    refused = failure("http://x/", status, {"retry-after": said, "date": said}, now=NOW)

    assert refused.kind in ("transient", "throttled", "blocked", "auth", "gone")
    assert refused.retry_after is None or 1 <= refused.retry_after <= 86400
    assert (wait := retry_after({"retry-after": said}, NOW)) is None or 1 <= wait <= 86400
    assert (moment := http_date(said)) is None or moment.tzinfo is UTC


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_F21_any_robots_txt_is_an_answer(text: str) -> None:
    delay = outcome(lambda: delay_for("https://example.org/calls", text, "worldwidewe/1.0"))

    assert delay.kind == "blocked" if isinstance(delay, FetchError) else delay >= 0
