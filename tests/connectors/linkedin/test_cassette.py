"""The live addresses, from a cassette: a token that is refused and renewed, then the page's posts. All invented."""

from pathlib import Path

import httpx
import vcr

from connectors import linkedin
from connectors.base.contract import Notice, Skipped
from connectors.linkedin.tokens import opened
from tests.connectors.conftest import MakeClient
from tests.connectors.linkedin.conftest import NOW
from tests.connectors.linkedin.test_login import kept
from tests.connectors.visit import DictSecrets, SimpleVisit

CASSETTE = Path(__file__).parents[2] / "cassettes" / "linkedin.yaml"


def test_the_live_interface_is_read_after_its_token_was_renewed(make_client: MakeClient) -> None:
    client = make_client(about=linkedin.ABOUT, transport=httpx.HTTPTransport(), extra_hosts=())
    params = linkedin.Params(page_id="70112233", organisation="Federazione della Valle")
    visit = SimpleVisit(http=client, params=params, now=NOW, secrets=DictSecrets({"linkedin": kept().text()}))
    tape = vcr.VCR(record_mode="none", match_on=("method", "scheme", "host", "port", "path", "query", "body", "token"))
    tape.register_matcher(
        "token", lambda one, two: one.headers.get("authorization") == two.headers.get("authorization")
    )
    with tape.use_cassette(str(CASSETTE)) as played:
        readings = visit.run(linkedin)
        assert played.all_played
        asked = [(request.method, request.uri.partition("?")[0]) for request in played.requests]
    assert asked == [
        ("GET", "https://api.linkedin.com/rest/posts"),
        ("POST", "https://www.linkedin.com/oauth/v2/accessToken"),
        ("GET", "https://api.linkedin.com/rest/posts"),
    ]
    notices = [each for each in readings if isinstance(each, Notice)]
    assert [notice.titles["und"].text for notice in notices] == ["Un importatore di Lione cerca formaggi di montagna"]
    assert [each for each in readings if isinstance(each, Skipped)] == [
        Skipped("a reshare", "urn:li:share:7391000000000000000")
    ]
    assert opened(visit.secrets.kept["linkedin"], "linkedin").access == "a-2"
