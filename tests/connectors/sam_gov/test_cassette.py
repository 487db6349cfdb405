"""The live addresses, from a cassette: two pages of a search and one description. All answers are invented."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import vcr

from connectors import sam_gov
from connectors.base.contract import Notice
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import DictSecrets, SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "sam_gov.yaml"


def test_the_live_interface_is_asked_for_two_pages_and_one_description(make_client: MakeClient) -> None:
    client = make_client(about=sam_gov.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    params = sam_gov.Params(limit=2, days=30, countries=("IT",), types=("o", "k"), calls_a_day=10)
    vault = DictSecrets({"sam-gov": "key-of-the-cassette"})
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    visit = SimpleVisit(http=client, params=params, secrets=vault, now=now)
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        readings = visit.run(sam_gov)
        assert played.all_played
    (notice,) = [reading for reading in readings if isinstance(reading, Notice)]
    assert (notice.source_id, notice.countries) == ("5a1c" * 8, ("IT",))
    assert notice.summary == "Meals for a training week. Offers in English."
    assert visit.totals[-1] == 3
