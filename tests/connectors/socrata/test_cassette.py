"""The live addresses, from a cassette: the count, two pages of rows, and a data set that is not there. All invented."""

from pathlib import Path

import httpx
import pytest
import vcr

from connectors.base.contract import FetchError, Notice
from connectors.generic import socrata
from tests.connectors.conftest import MakeClient
from tests.connectors.socrata.samples import LOMBARDIA
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "socrata.yaml"


def test_the_live_rows_are_counted_and_read_and_a_lost_data_set_is_said(make_client: MakeClient) -> None:
    client = make_client(about=socrata.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("dati.lombardia.it",))
    params = LOMBARDIA.model_copy(update={"rows": 2, "order": "codice_bando DESC, n_lotto"})
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        visit = SimpleVisit(http=client, params=params)
        found = [one for one in visit.run(socrata) if isinstance(one, Notice)]
        with pytest.raises(FetchError, match="no such data set"):
            SimpleVisit(http=client, params=params.model_copy(update={"dataset": "zz99-zz99"})).run(socrata)
        assert played.all_played
    assert [one.source_id for one in found] == ["900003", "900002", "900001"]
    assert visit.totals[-1] == 3
    assert {one.regions for one in found} == {("nuts:ITC43",)}
