"""The live addresses, from a cassette: two pages of hits, then their details, of which one is an error. All invented."""

from pathlib import Path

import httpx
import vcr

from connectors import grants_gov
from connectors.base.contract import Notice, Seen
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "grants_gov.yaml"


def test_the_live_interface_is_read_and_a_detail_that_fails_waits(make_client: MakeClient) -> None:
    client = make_client(about=grants_gov.ABOUT, transport=httpx.HTTPTransport())
    params = grants_gov.Params(keyword="cooperative", eligibilities=("99", "25"), agencies=("USDA",), rows=2)
    visit = SimpleVisit(http=client, params=params)
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "body"))
    with tape.use_cassette(str(CASSETTE)) as played:
        readings = visit.run(grants_gov)
        assert played.all_played
        live = "https://api.grants.gov/v1/api"
        assert {request.uri for request in played.requests} == {f"{live}/search2", f"{live}/fetchOpportunity"}
    assert [seen.source_id for seen in readings if isinstance(seen, Seen)] == ["910421", "910420", "910419"]
    notices = [notice for notice in readings if isinstance(notice, Notice)]
    assert [(notice.source_id, notice.eligibility and notice.eligibility.verdict) for notice in notices] == [
        ("910421", "not_stated"),
        ("910419", "open"),
    ]
    assert list(visit.waiting) == ["910420"]
    assert visit.totals[-1] == 3
    assert visit.log.warnings() == ["a detail could not be had, it waits for the next visit"]
