"""A public address, from a cassette: a page, the same again (304), then with a passage more. Its answers are invented."""

from pathlib import Path

import httpx
import vcr

from connectors.base.contract import Notice, Page
from connectors.generic import page_watch
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "page_watch.yaml"


def test_a_page_is_noted_found_unchanged_and_then_changed(make_client: MakeClient) -> None:
    client = make_client(about=page_watch.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=("www.example.org",))
    visit = SimpleVisit(http=client, params=page_watch.Params(url="https://www.example.org/avvisi", lang="it"))

    def look() -> list[Page]:
        pages = list(page_watch.fetch(visit))
        for page in pages:
            visit.cursor = page.cursor_after or visit.cursor
            client.confirm(page)
        return [page.with_params(visit.params) for page in pages]

    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path"))
    with tape.use_cassette(str(CASSETTE)) as played:
        first, second, (change, _) = look(), look(), look()
        assert played.all_played
    assert [page.role for page in first] == ["change", "watched"]
    assert [page.unchanged for page in second] == [True], (
        "the validators of the page were kept, not those of the change"
    )
    (record,) = page_watch.split(change)
    notice = page_watch.read(record, change)
    assert isinstance(notice, Notice)
    assert notice.body == "<p>Nuovo avviso: domande entro il 15 gennaio 2027.</p>"
    assert [str(d.on) for d in notice.deadlines] == ["2027-01-15"]
