"""Keys that are sent and kept nowhere, forms that are sent once, and files too large for the memory."""

import gzip
import tracemalloc
from collections.abc import Callable

import pytest

from connectors import linkedin, sam_gov, trade_gov
from connectors.base.asking import without_params
from connectors.base.body import Limits
from connectors.base.contract import FetchError
from connectors.generic import mailbox
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory

KEY = "k3y-that-nobody-may-see"


def test_a_hidden_parameter_is_sent_and_stands_in_nothing_that_is_kept(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    url = hostile.on("/search", answer(body=b"{}", etag='"a"'))
    client = make_client()
    page = client.get(url, params={"limit": 10}, hidden={"api_key": KEY})
    client.confirm(page)

    assert hostile.seen[0].path == f"/search?limit=10&api_key={KEY}"
    assert KEY not in repr(page)
    assert KEY not in repr(memory.kept)


def test_a_refusal_does_not_repeat_the_key(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/search", answer(403))
    with pytest.raises(FetchError) as failed:
        make_client().get(url, hidden={"api_key": KEY})
    assert KEY not in str(failed.value)


def test_a_redirect_at_home_keeps_the_key_hidden_even_where_the_server_repeats_it(
    hostile: Hostile, make_client: MakeClient
) -> None:
    url = hostile.on("/old", answer(301, location=f"/new?api_key={KEY}&page=1"))
    hostile.on("/new", answer(body=b"{}"))
    client = make_client()
    page = client.get(url, hidden={"api_key": KEY})

    assert hostile.seen[1].path == f"/new?page=1&api_key={KEY}"
    assert KEY not in repr(page)
    assert KEY not in str(client.moved)


def test_a_redirect_to_another_host_does_not_take_the_key_along(hostile: Hostile, make_client: MakeClient) -> None:
    other = Hostile()
    try:
        url = hostile.on("/old", answer(302, location=other.on("/", answer(body=b"{}"))))
        make_client().get(url, hidden={"api_key": KEY})
        assert [KEY in received.path for received in (*hostile.seen, *other.seen)] == [True, False]
    finally:
        other.stop()


def test_a_form_is_sent_once_and_a_failure_is_not_tried_again(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/token", answer(503))
    with pytest.raises(FetchError):
        make_client().post_form(url, {"grant_type": "refresh_token", "refresh_token": "a b&c"})
    (sent,) = hostile.seen
    assert sent.body == b"grant_type=refresh_token&refresh_token=a+b%26c"
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_bulk_file_is_larger_than_any_page_and_costs_little_memory(hostile: Hostile, make_client: MakeClient) -> None:
    rows = (b"%d,%d,notice\n" % (n, n * 7919 % 1_000_003) for n in range(1_300_000))
    whole = b"".join(rows)
    assert len(whole) > 25_000_000
    url = hostile.on("/bulk", answer(body=gzip.compress(whole, 1), content_encoding="gzip"))
    client = make_client()
    with pytest.raises(FetchError, match="unpacks to more than"):
        make_client(limits=Limits(raw=10**8)).get(url)
    tracemalloc.start()
    try:
        with client.bulk(url, most=40_000_000) as file:
            size = sum(len(line) for line in file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == len(whole)
    assert peak < 20_000_000


def test_a_bulk_file_beyond_its_limit_is_refused(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/bulk", answer(body=b"x" * 1_000_001))
    with pytest.raises(FetchError, match="larger than 1000000 bytes"), make_client().bulk(url, most=1_000_000):
        pass


def test_P2_a_bulk_file_that_is_cut_off_is_no_file(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/bulk", answer(body=gzip.compress(b"row\n" * 100_000)[:-20], content_encoding="gzip"))
    with pytest.raises(FetchError, match="cut off"), make_client(pauses=()).bulk(url, most=1_000_000):
        pass


def test_P2_a_bulk_file_that_is_whole_at_the_second_try_holds_nothing_of_the_first(
    hostile: Hostile, make_client: MakeClient
) -> None:
    whole = b"row\n" * 100_000
    packed = gzip.compress(whole)
    url = hostile.on(
        "/bulk",
        answer(body=packed[:-20], content_encoding="gzip"),
        answer(body=packed, content_encoding="gzip"),
    )
    with make_client().bulk(url, most=1_000_000) as file:
        assert file.read() == whole


@pytest.mark.parametrize(
    "location",
    [
        "/login?next=/search%3Fapi_key%3Dk3y%20that%2Fnobody%20may%20see",
        "/login?k=k3y%20that%2Fnobody%20may%20see",
        "/k3y%20that%2fnobody+may+see/new",
    ],
)
def test_a_redirect_that_repeats_the_key_under_another_name_is_not_followed(
    hostile: Hostile, make_client: MakeClient, location: str
) -> None:
    url = hostile.on("/search", answer(301, location=location))
    client = make_client()
    with pytest.raises(FetchError) as failed:
        client.get(url, hidden={"api_key": "k3y that/nobody may see"})
    assert failed.value.kind == "blocked"
    assert "k3y" not in f"{failed.value} {failed.value.url} {client.moved}"


@pytest.mark.parametrize(
    "said",
    [b"no key k3y/that+nobody-may-see", b"?api_key=k3y%2Fthat%2Bnobody-may-see", b'{"k": "k3y\\/that+nobody-may-see"}'],
)
@pytest.mark.parametrize("how", ["hidden", "header"])
def test_an_answer_that_repeats_a_key_is_kept_without_it(
    hostile: Hostile, make_client: MakeClient, said: bytes, how: str
) -> None:
    key = "k3y/that+nobody-may-see"
    url = hostile.on("/search", answer(400, body=said, link=f"<https://a.example/?k={key}>; rel=next"))
    sent = {"hidden": {"api_key": key}} if how == "hidden" else {"headers": {"Authorization": f"Bearer {key}"}}
    page = make_client().get(url, accept=(400,), **sent)  # type: ignore[arg-type]
    assert "nobody-may-see" not in repr(page)
    assert "***" in page.headers["link"]


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("https://a.example/x?key=1", "https://a.example/x"),
        ("https://a.example/x?a=1&key=1&b=2", "https://a.example/x?a=1&b=2"),
        ("https://a.example/x?k%65y=1", "https://a.example/x"),
        ("https://a.example/x?monkey=1", "https://a.example/x?monkey=1"),
    ],
)
def test_a_parameter_is_taken_out_of_an_address(url: str, left: str) -> None:
    assert without_params(url, {"key"}) == left


@pytest.mark.parametrize(
    "given",
    [
        lambda url: sam_gov.Params(endpoint=url),
        lambda url: trade_gov.Params(endpoint=url),
        lambda url: linkedin.Params(endpoint=url),
        lambda url: linkedin.Params(login=url),
        lambda url: mailbox.Params(allow_senders=("calls.example.org",), token_url=url),
    ],
)
def test_no_key_is_sent_in_clear_text_but_to_this_very_machine(given: Callable[[str], object]) -> None:
    for url in ("https://login.example.org/token", "http://127.0.0.1:8801/token"):
        assert given(url)
    for url in ("http://login.example.org/token", "http://127.0.0.1.example.org/token"):
        with pytest.raises(ValueError, match="must be an https address"):
            given(url)
