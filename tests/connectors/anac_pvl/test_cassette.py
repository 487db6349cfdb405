"""The live address, from a cassette: two pages of acts, of which one is an open call. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors import anac_pvl
from connectors.base.contract import Notice, Skipped
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "anac_pvl.yaml"


def test_the_live_list_is_turned_to_its_end(make_client: MakeClient) -> None:
    client = make_client(about=anac_pvl.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    visit = SimpleVisit(http=client, params=anac_pvl.Params(page_size=10, days=30), mode="recent")
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = visit.run(anac_pvl)
        assert played.all_played
    (call,) = [each for each in found if isinstance(each, Notice)]
    assert call.deadlines
    assert len([each for each in found if isinstance(each, Skipped)]) == 19
