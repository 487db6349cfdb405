"""The live addresses, from a cassette: pages without the pager's headers, their end, a type that is not there. All invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base.contract import FetchError, Notice
from connectors.generic import wordpress
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "wordpress.yaml"
SITE = "https://www.lazioinnova.it"


def test_the_live_list_is_read_to_the_error_that_ends_it_and_an_unknown_type_is_said(make_client: MakeClient) -> None:
    client = make_client(about=wordpress.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("www.lazioinnova.it",))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        params = wordpress.Params(url=SITE, post_type="bandi", lang="it", origin_country="IT", per_page=2)
        found = [one for one in SimpleVisit(http=client, params=params).run(wordpress) if isinstance(one, Notice)]
        with pytest.raises(FetchError, match="no such type"):
            SimpleVisit(http=client, params=params.model_copy(update={"post_type": "gare"})).run(wordpress)
        assert played.all_played
    assert [one.source_id for one in found] == ["103", "102", "101", "100"]
    assert found[2].titles["it"].text == "Prova – uno"
    assert all(one.eligibility and one.eligibility.text == "cooperative" for one in found)
