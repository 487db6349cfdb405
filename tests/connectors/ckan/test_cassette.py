"""The live addresses, from a cassette: a data set whose file lies with another host, behind a redirect. All invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base.contract import Notice, ParamError
from connectors.generic import ckan
from tests.connectors.ckan.samples import TRENTINO
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "ckan.yaml"


def test_the_newest_file_is_followed_to_its_host_and_a_data_set_that_is_not_there_is_said(
    make_client: MakeClient,
) -> None:
    client = make_client(about=ckan.ABOUT, transport=httpx.HTTPTransport())
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = [one for one in SimpleVisit(http=client, params=TRENTINO).run(ckan) if isinstance(one, Notice)]
        lost = TRENTINO.model_copy(update={"url": "https://dati.trentino.it/dataset/altro"})
        with pytest.raises(ParamError, match="no such data set"):
            SimpleVisit(http=client, params=lost).run(ckan)
        assert played.all_played
    assert [[str(each.on) for each in one.deadlines] for one in found] == [["2027-02-09"], []]
    assert found[1].extra["ckan"]["unread"] == ["deadline: maggio 2024", "opens: aprile 2024"]
    assert found[1].url == TRENTINO.url
