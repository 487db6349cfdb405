"""The live address, from a cassette: a catalogue of two pages. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors import incentivi
from connectors.base.contract import Notice
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "incentivi.yaml"


def test_the_live_catalogue_is_read_to_its_end(make_client: MakeClient) -> None:
    client = make_client(about=incentivi.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    visit = SimpleVisit(http=client, params=incentivi.Params(rows=10))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = visit.run(incentivi)
        assert played.all_played
    numbers = [each.source_id for each in found if isinstance(each, Notice)]
    assert numbers == [str(3_000 + index) for index in range(12)]
    assert visit.totals[-1] == 12
