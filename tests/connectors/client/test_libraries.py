"""The client keeps to what httpx and httpx2 share, takes any transport, and is heard by vcrpy through httpx's own."""

import os
from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base import client, network
from connectors.base.contract import HTTP, FetchError, Memory
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory

CASSETTE = """\
version: 1
interactions:
- request:
    method: GET
    uri: https://portal.example.org/calls?page=2
    body: null
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {Content-Type: [application/json], ETag: ['"a"']}
    body: {string: '{"calls": []}'}
- request:
    method: GET
    uri: https://portal.example.org/closed
    body: null
    headers: {}
  response:
    status: {code: 410, message: Gone}
    headers: {}
    body: {string: ''}
"""


def test_the_tests_run_on_the_library_that_was_asked_for() -> None:
    wanted = ("httpx2", "httpcore2") if os.environ.get("WORLDWIDEWE_TEST_HTTPX2") == "1" else ("httpx", "httpcore")

    assert (vars(client)["httpx"].__name__, vars(network)["httpcore"].__name__) == wanted


def test_the_client_and_the_memory_are_what_the_contract_promises(make_client: MakeClient) -> None:
    http: HTTP = make_client()
    memory: Memory = DictMemory()

    assert callable(http.post_json)
    assert memory.recall("nothing") is None


def test_a_cassette_answers_under_the_live_address(make_client: MakeClient, tmp_path: Path) -> None:
    cassette = tmp_path / "cassette.yaml"
    cassette.write_text(CASSETTE, "utf-8")
    reader = make_client(transport=httpx.HTTPTransport(), extra_hosts=("portal.example.org",))

    with vcr.use_cassette(str(cassette), record_mode="none"):
        page = reader.get("https://portal.example.org/calls", params={"page": 2})
        with pytest.raises(FetchError) as caught:
            reader.get("https://portal.example.org/closed")

    assert (page.body, page.headers["etag"], page.content_type) == (b'{"calls": []}', '"a"', "application/json")
    assert caught.value.kind == "gone"
