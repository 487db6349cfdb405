"""Descriptions: their address is a stranger's, the key goes along, and none is worth failing a visit for."""

import pytest

from connectors.base.contract import FetchError
from connectors.sam_gov.about import LIVE, Params
from connectors.sam_gov.asking import may_carry_the_key
from tests.connectors.sam_gov.conftest import MakeVisit, read_all, wanted
from tests.portals.sam_gov import SamGovPortal
from tests.portals.sam_gov_content import NOTICE
from tests.portals.server import Answer, Call, Fault

_TEXT = "/prod/opportunities/v1/noticedesc?noticeid=1"


def asked_texts(portal: SamGovPortal) -> int:
    return sum(call.path == NOTICE for call in portal.calls)


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        (f"https://api.sam.gov{_TEXT}", True),
        ("https://api.sam.gov/opportunities/v1/noticedesc?noticeid=1", True),
        (f"http://api.sam.gov{_TEXT}", False),
        (f"https://api.sam.gov:8443{_TEXT}", False),
        (f"https://api.sam.gov.evil.example{_TEXT}", False),
        (f"https://evil.example{_TEXT}", False),
        (f"https://evil.example/https://api.sam.gov{_TEXT}", False),
        (f"https://api.sam.gov@evil.example{_TEXT}", False),
        (f"https://robin@api.sam.gov{_TEXT}", False),
        (f"https://sam.gov{_TEXT}", False),
        (f"https://api.sam.gov\\@evil.example{_TEXT}", False),
        (f"https://169.254.169.254{_TEXT}", False),
        (f"//api.sam.gov{_TEXT}", False),
        ("https://api.sam.gov/", False),
        ("https://api.sam.gov/elsewhere?x=/opportunities/v1/noticedesc", False),
        ("https://api.sam.gov/opportunities/v1/noticedesc/../../elsewhere", False),
        ("file:///etc/passwd", False),
        ("null", False),
    ],
)
def test_the_key_goes_to_descriptions_at_its_own_host_and_nowhere_else(url: str, followed: bool) -> None:
    assert may_carry_the_key(url, LIVE) == followed


def test_an_address_that_leads_elsewhere_gets_no_request_and_the_notice_is_read_all_the_same(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    with SamGovPortal(today=portal.today) as thief:
        portal.foreign = thief.url
        visit = visit_to(portal, descriptions=True, calls_a_day=200)
        found, _ = read_all(visit)
        assert thief.calls == []
    assert {notice.source_id for notice in found} == wanted(portal)
    assert "an address of a description leads elsewhere, it is not followed" in visit.log.warnings()


def test_a_description_becomes_the_text_and_one_that_is_not_there_is_none(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    found, _ = read_all(visit_to(portal, descriptions=True, calls_a_day=200))
    by_id = {one.id: one for one in portal.all()}
    for notice in found:
        one = by_id[notice.source_id]
        assert (notice.body is not None) == (one.described and one.index % 11 != 10)
    assert {notice.source_id for notice in found} == wanted(portal)


def test_none_is_asked_for_what_the_filter_leaves_out(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    found, _ = read_all(visit_to(portal, descriptions=True, calls_a_day=200, countries=("IT",)))
    assert 0 < asked_texts(portal) <= len(found) < len(wanted(portal))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<p>plain html</p>", {"content-type": "text/html"}),
        Answer(200, b"[1]", {"content-type": "application/json"}),
        Answer(200, b'{"description": null}', {"content-type": "application/json"}),
        Answer(400, b"what?"),
        Answer(500, b"oh"),
        Answer(429, b""),
        Answer(403, b"An invalid api_key was supplied"),
    ],
    ids=("html", "a list", "null", "400", "500", "429", "403"),
)
def test_a_description_in_trouble_costs_its_text_and_nothing_else(
    portal: SamGovPortal, visit_to: MakeVisit, answer: Answer
) -> None:
    def of_texts(call: Call) -> bool:
        return call.path == NOTICE

    portal.fail(Fault(answer=answer, when=of_texts, times=0))
    visit = visit_to(portal, descriptions=True, calls_a_day=9)
    found, _ = read_all(visit)
    assert {notice.source_id for notice in found} == wanted(portal)
    assert {notice.body for notice in found} == {None}
    # One that the whole platform fails for is not tried eight times.
    assert asked_texts(portal) == (1 if answer.status in (403, 429, 500) else 8)


def test_no_key_is_sent_in_the_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        Params(endpoint="http://api.sam.gov/opportunities/v2")
    assert Params(endpoint="http://127.0.0.1:8080/opportunities/v2")
    with pytest.raises(ValueError, match="key=sam-gov"):
        Params(key="")
    assert Params(mode="bulk").key == ""


def test_a_redirect_to_another_host_does_not_get_the_key(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    with SamGovPortal(today=portal.today) as other:
        portal.fail(Fault(answer=Answer(302, b"", {"location": f"{other.endpoint}/search"})))
        with pytest.raises(FetchError):
            read_all(visit_to(portal))
        assert all("api_key" not in call.query for call in other.calls)
