"""Nothing changed: validators, when they are sent, when they are believed, and when they are remembered."""

import pytest

from connectors.base.contract import FetchError
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory


def test_F4_validators_are_sent_verbatim_once_the_page_is_kept(hostile: Hostile, make_client: MakeClient) -> None:
    stamp = "Mon, 23 Nov 2026 06:00:00 GMT"
    url = hostile.on("/", answer(body=b"x", etag='W/"a-gzip"', last_modified=stamp), answer(304))
    first = make_client()
    page = first.get(url)

    first.confirm(page)
    second = make_client().get(url)

    assert (second.unchanged, second.status, second.body) == (True, 304, b"")
    sent = hostile.seen[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a-gzip"', stamp)


def test_F4_a_page_that_was_never_kept_is_fetched_whole_again(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(body=b"x", etag='"a"'))

    make_client().get(url)
    make_client().get(url)

    assert "if-none-match" not in hostile.seen[1].headers


def test_F4_another_fingerprint_brings_one_unconditional_fetch(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(body=b"x", etag='"a"'))
    for fingerprint in ("one", "two", "two"):
        client = make_client(fingerprint=fingerprint)
        client.confirm(client.get(url))

    assert ["if-none-match" in received.headers for received in hostile.seen] == [False, False, True]


def test_F4_an_unconditional_get_sends_no_validators(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(body=b"x", etag='"a"'))
    client = make_client()
    client.confirm(client.get(url))

    assert client.get(url, conditional=False).body == b"x"
    assert "if-none-match" not in hostile.seen[1].headers


def test_F4_a_304_that_nobody_asked_for_is_a_failure_and_not_an_empty_page(
    hostile: Hostile, make_client: MakeClient
) -> None:
    with pytest.raises(FetchError) as caught:
        make_client().get(hostile.on("/", answer(304)))

    assert (caught.value.kind, caught.value.status) == ("transient", 304)


def test_F4_validators_of_a_page_that_expires_at_zero_are_not_believed(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    url = hostile.on("/", answer(body=b"x", etag='"a"'), answer(body=b"x", etag='"b"', expires="0"))
    client = make_client()
    client.confirm(client.get(url))
    assert len(memory.kept) == 1

    client.confirm(client.get(url))

    assert memory.kept == {}


def test_F4_a_304_may_renew_a_validator_and_writes_nothing_when_it_does_not(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    url = hostile.on("/", answer(body=b"x", etag='"a"'), answer(304), answer(304, last_modified="later"), answer(304))
    client = make_client()
    client.confirm(client.get(url))
    writes = memory.writes

    client.confirm(client.get(url))
    assert memory.writes == writes
    client.confirm(client.get(url))
    client.get(url)

    sent = hostile.seen[3].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"a"', "later")


def test_F4_behind_a_redirect_the_validators_go_to_the_page_that_gave_them(
    hostile: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/feed", answer(302, location="/real"))
    hostile.on("/real", answer(body=b"x", etag='"a"'), answer(304))
    client = make_client()
    client.confirm(client.get(hostile.url("/feed")))

    assert client.get(hostile.url("/feed")).unchanged
    assert ["if-none-match" in received.headers for received in hostile.seen] == [False, False, False, True]
