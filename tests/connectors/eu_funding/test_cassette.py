"""The live address, from a cassette: two passes of two pages, one of them after an error. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors import eu_funding
from connectors.base.contract import Notice, Translation
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "eu_funding.yaml"


def test_the_live_search_is_read_to_its_end_past_an_internal_error(make_client: MakeClient) -> None:
    client = make_client(about=eu_funding.ABOUT, transport=httpx.HTTPTransport())
    params = eu_funding.Params(types=("grant",), programmes=("CERV",), page_size=2)
    visit = SimpleVisit(http=client, params=params)
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query", "body"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = visit.run(eu_funding)
        assert played.all_played
    notices = [each for each in found if isinstance(each, Notice)]
    assert [(one.source_id, str(one.deadlines[0].on)) for one in notices] == [
        ("50300901TOPICS", "2027-02-11"),
        ("50300902TOPICS", "2027-03-03"),
        ("50300903TOPICS", "2027-04-14"),
    ]
    titles = [each.titles["it"].text for each in found if isinstance(each, Translation)]
    assert titles == [
        "Assemblee di cittadini nei piccoli comuni",
        "Gemellaggi: feste del cibo locale",
        "Case sicure gestite da cooperative sociali",
    ]
    assert visit.totals == [3, 3]
