"""A public address, from a cassette: the feed, then 304, then 410. Its answers are invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base.contract import FetchError, Notice
from connectors.generic import feed
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "feed.yaml"
URL = "https://www.example.org/feed.xml"


def test_a_feed_is_read_then_found_unchanged_then_gone(make_client: MakeClient) -> None:
    client = make_client(about=feed.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("www.example.org",))
    visit = SimpleVisit(http=client, params=feed.Params(url=URL), mode="recent")
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path"))
    with tape.use_cassette(str(CASSETTE)) as played:
        (first,) = feed.fetch(visit)
        (record,) = feed.split(first)
        notice = feed.read(record, first)
        client.confirm(first)
        (second,) = feed.fetch(visit)
        with pytest.raises(FetchError) as gone:
            next(feed.fetch(visit))
        assert played.all_played
    assert isinstance(notice, Notice)
    assert (notice.source_id, notice.url, str(notice.deadlines[0].on)) == (
        "4101",
        "https://www.example.org/voucher",
        "2027-01-31",
    )
    assert second.unchanged
    assert (gone.value.kind, gone.value.status) == ("gone", 410)
