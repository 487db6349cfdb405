"""The live address, from a cassette: a list, the same page again behind its end, its proposals, of which one is gone."""

from pathlib import Path

import httpx
import vcr

from connectors import een_lombardia
from connectors.base.contract import Gone, Notice
from tests.connectors.conftest import MakeClient
from tests.connectors.een_lombardia.conftest import LIVE
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "een_lombardia.yaml"


def test_the_live_list_is_read_to_its_end_with_its_proposals(make_client: MakeClient) -> None:
    client = make_client(about=een_lombardia.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    visit = SimpleVisit(http=client, params=een_lombardia.Params())
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = visit.run(een_lombardia)
        assert played.all_played
        assert [request.uri for request in played.requests][:2] == [LIVE, f"{LIVE}?page=2"]
    assert len([each for each in found if isinstance(each, Notice)]) == 2
    assert len([each for each in found if isinstance(each, Gone)]) == 1
    assert visit.totals == []
