"""A public address, from a cassette: a list, the end behind it, a page, and one that is gone. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors.base.contract import Gone, Notice
from connectors.generic import html_list
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "html_list.yaml"


def test_a_list_is_walked_to_its_end_and_its_pages_are_read(make_client: MakeClient) -> None:
    client = make_client(about=html_list.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("www.example.org",))
    params = html_list.Params(
        list_urls=("https://www.example.org/bandi?pagina={page}",),
        item_selector="article",
        date_line=True,
        follow_details=True,
        lang="it",
    )
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query"))
    with tape.use_cassette(str(CASSETTE)) as played:
        found = SimpleVisit(http=client, params=params).run(html_list)
        assert played.all_played
    (notice,) = [reading for reading in found if isinstance(reading, Notice)]
    assert (notice.source_id, notice.titles["it"].text) == ("https://www.example.org/bandi/orti", "Orti di quartiere")
    assert [(str(d.on), d.at) for d in notice.deadlines] == [("2027-01-31", "12:00")]
    assert Gone("https://www.example.org/bandi/vecchio") in found
