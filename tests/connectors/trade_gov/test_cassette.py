"""The live addresses, from a cassette: two pages of events. All answers are invented."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import vcr

from connectors import trade_gov
from connectors.base.contract import Notice
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import DictSecrets, SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "trade_gov.yaml"


def test_the_live_interface_is_asked_for_two_pages_with_the_key_in_the_header(make_client: MakeClient) -> None:
    client = make_client(about=trade_gov.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    params = trade_gov.Params(size=2, countries=("IT",))
    vault, now = DictSecrets({"trade-gov": "key-of-the-cassette"}), datetime(2026, 11, 23, 12, tzinfo=UTC)
    visit = SimpleVisit(http=client, params=params, secrets=vault, now=now)
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = [reading for reading in visit.run(trade_gov) if isinstance(reading, Notice)]
        assert played.all_played
    assert [(notice.source_id, notice.countries) for notice in found] == [
        ("ITA:40101", ("IT",)),
        ("ITA:40102", ("IT", "FR")),
        ("SBA:sim-3", ("IT",)),
    ]
    assert visit.log.warnings() == ["a source behind the platform is silent"]
