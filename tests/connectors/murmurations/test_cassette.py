"""The live index and three strangers' sites, from a cassette; one of them redirects. All invented."""

from pathlib import Path

import httpx
import vcr

from connectors import murmurations
from connectors.base.contract import Notice, Organisation, Skipped
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "murmurations.yaml"


def test_the_live_index_leads_to_profiles_on_any_host(make_client: MakeClient) -> None:
    client = make_client(about=murmurations.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    visit = SimpleVisit(http=client, params=murmurations.Params(countries=("IT",)))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        readings = visit.run(murmurations)
        assert played.all_played
    assert [each.name for each in readings if isinstance(each, Organisation)] == ["Orto Comune"]
    assert [each.kind for each in readings if isinstance(each, Notice)] == ["business_request"]
    assert [each.reason for each in readings if isinstance(each, Skipped)] == [
        "the profile redirects, which the index allows to none"
    ]
    assert visit.totals[-1] == 3
