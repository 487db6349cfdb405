"""The live addresses, from a cassette: two pages of a list, and a site that has none. All invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base.contract import FetchError, Notice
from connectors.generic import plone
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "plone.yaml"
REGION = "regione.emilia-romagna.it"


def test_the_live_list_is_read_to_its_end_and_a_site_without_one_says_so(make_client: MakeClient) -> None:
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = []
        for site in ("politicheterritoriali", "imprese"):
            client = make_client(about=plone.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=(f"{site}.{REGION}",))
            params = plone.Params(url=f"https://{site}.{REGION}", lang="it", origin_country="IT", page_size=2)
            visit = SimpleVisit(http=client, params=params)
            if site == "imprese":
                with pytest.raises(FetchError, match="no @search here"):
                    visit.run(plone)
            else:
                found = [one for one in visit.run(plone) if isinstance(one, Notice)]
                assert visit.totals[-1] == 3
        assert played.all_played
    assert [[each.at for each in one.deadlines] for one in found] == [["23:59"], ["23:59"], []]
