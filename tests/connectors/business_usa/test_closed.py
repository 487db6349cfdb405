"""The portal has closed: its addresses are known, say what took their place, and are asked for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import business_usa
from connectors.base import closed
from connectors.base.client import Client
from connectors.base.contract import FetchError
from tests.connectors.visit import SimpleVisit


@pytest.mark.parametrize(
    "url",
    [
        "http://business.usa.gov/api/XML?keyword=export",
        "https://www.businessusa.gov/",
        "https://api.business.usa.gov/JSON?keyword=x&api_key=y",
        "http://api-business.usa.gov/data/JSON?size=50",
        "http://help.business.usa.gov:8080/hc",
    ],
)
def test_an_old_address_says_when_it_closed_and_what_replaced_it(url: str) -> None:
    said = business_usa.replaced(url)
    assert said is not None
    assert "closed in 2017" in said
    for instead in ("SAM.gov", "Grants.gov", "trade.gov", "worldwidewe sources set business-usa --on"):
        assert instead in said


@pytest.mark.parametrize(
    "url",
    [
        "https://www.usa.gov/business",
        "https://business.usa.gov.example.org/",
        "https://example.org/?from=business.usa.gov",
        "https://notbusiness.usa.gov/",
        "https://www.fbo.gov/",
        "http://[::1/",
        "",
    ],
)
def test_any_other_address_is_none_of_the_portals(url: str) -> None:
    assert business_usa.replaced(url) is None


def test_a_visit_asks_nobody_and_says_the_same(loopback_client: Client) -> None:
    visit = SimpleVisit(http=loopback_client, params=business_usa.Params())
    with pytest.raises(FetchError, match="closed in 2017") as caught:
        list(business_usa.fetch(visit))
    assert caught.value.kind == "gone"
    assert loopback_client.requests == 0


def test_an_address_is_found_wherever_in_the_parameters_it_stands() -> None:
    told = {"a": "business.usa.gov", "b": [{"c": ("x", "http://fbo.gov/y")}]}
    found = closed.named_in(told)
    assert found is not None
    assert (found[0], found[1].when) == ("b", "in November 2019")
    assert closed.named_in({"a": 1, "b": None, "c": "https://example.org/business.usa.gov"}) is None


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_look(text: str) -> None:
    assert closed.closed_at(f"http://{text}") is None or "." in text
    closed.named_in({"x": text})
