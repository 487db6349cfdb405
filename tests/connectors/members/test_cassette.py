"""A public address of another installation, from a cassette: its requests, then 304. They are invented."""

from pathlib import Path

import httpx
import vcr

from connectors import members
from connectors.base.contract import Notice
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "members.yaml"
URL = "https://opportunities.example.org/requests/feed.json"


def test_a_feed_of_another_installation_is_read_then_found_unchanged(make_client: MakeClient) -> None:
    client = make_client(
        about=members.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("opportunities.example.org",)
    )
    visit = SimpleVisit(http=client, params=members.Params(url=URL))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path"))
    with tape.use_cassette(str(CASSETTE)) as played:
        (first,) = members.fetch(visit)
        found = [members.read(record, first) for record in members.split(first)]
        client.confirm(first)
        (second,) = members.fetch(visit)
        assert played.all_played
    assert [one.source_id for one in found if isinstance(one, Notice)] == ["2026-aaaaa", "2026-bbbbb"]
    assert (second.unchanged, visit.totals) == (True, [2])
