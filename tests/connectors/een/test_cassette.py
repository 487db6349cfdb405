"""The live address, from a cassette: a list of two pages, a profile, then the wall, twice. Its answers are invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors import een
from connectors.base.contract import FetchError, Notice, Reading
from tests.connectors.conftest import MakeClient
from tests.connectors.een.visits import taken
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "een.yaml"
LIVE = "https://een.ec.europa.eu/partnering-opportunities"


def test_the_live_list_is_read_to_its_end_and_a_wall_among_the_details_ends_the_visit(make_client: MakeClient) -> None:
    client = make_client(about=een.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    visit = SimpleVisit(http=client, params=een.Params())
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    found: list[Reading] = []
    with tape.use_cassette(str(CASSETTE)) as played:
        pages = een.fetch(visit)
        found += [reading for _ in range(3) for reading in taken(visit, next(pages))]
        with pytest.raises(FetchError) as wall:
            next(pages)
        assert played.all_played
        assert [request.uri for request in played.requests][:2] == [LIVE, f"{LIVE}?page=1"]
    assert (wall.value.kind, wall.value.status) == ("blocked", 403)
    (notice,) = [reading for reading in found if isinstance(reading, Notice)]
    assert (notice.source_id, notice.origin_country, notice.url.startswith(f"{LIVE}/bosnian")) == (
        "RDRBA20261112028",
        "BA",
        True,
    )
    assert visit.totals == [3]
    assert sorted(visit.waiting) == ["BOLT20261004024", "BRCZ20261014025"]
