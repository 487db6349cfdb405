"""The live address, from a cassette: a field that is gone, then pages to the empty one. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors import ted
from connectors.base.contract import Notice, Reservation
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "ted.yaml"


def test_the_live_search_is_read_to_its_end_past_an_unknown_field(make_client: MakeClient) -> None:
    client = make_client(about=ted.ABOUT, transport=httpx.HTTPTransport())
    visit = SimpleVisit(http=client, params=ted.Params(cpv=("15540000",), buyer_countries=("FR",), page_size=2))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "body"))
    with tape.use_cassette(str(CASSETTE)) as played:
        notices = [ted.read(record, page) for page in ted.fetch(visit) for record in ted.split(page)]
        assert played.all_played
        assert {request.uri for request in played.requests} == {"https://api.ted.europa.eu/v3/notices/search"}
    assert [notice.source_id for notice in notices if isinstance(notice, Notice)] == [
        "412311-2026",
        "412312-2026",
        "412313-2026",
    ]
    assert [notice.reserved for notice in notices if isinstance(notice, Notice)] == [
        (),
        (Reservation(type="res-ws"),),
        (),
    ]
    assert visit.totals == [3]
    assert visit.log.warnings() == ["field dropped, the platform does not know it any more"]
