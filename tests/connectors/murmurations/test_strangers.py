"""Profiles lie with strangers: whatever their hosts send, refuse or leave unanswered concerns that profile alone."""

from typing import Any

import pytest

from connectors import murmurations
from connectors.base.contract import FetchError, Gone, Page, Seen, Skipped
from tests.connectors.conftest import MakeClient
from tests.connectors.murmurations.conftest import NOW, MakeVisit
from tests.connectors.murmurations.test_walk import kinds
from tests.portals.murmurations import MurmurationsPortal
from tests.portals.server import Answer, Fault, json_answer

HTML = Answer(200, b"<html><title>This domain is for sale</title></html>", {"content-type": "text/html"})
HOSTILE = {
    "html": (HTML, Skipped),
    "not json": (Answer(200, b'{"name": "half'), Skipped),
    "nested": (Answer(200, b'{"a":' * 300 + b"1" + b"}" * 300), Skipped),
    "a list": (json_answer([1]), Skipped),
    "another schema": (json_answer({"linked_schemas": ["people_schema-v0.1.0"], "name": "X"}), Skipped),
    "large": (json_answer({"name": "x" * 300_000}), Skipped),
    "redirect": (Answer(302, headers={"location": "http://169.254.169.254/latest"}), Skipped),
    "gone": (json_answer({}, status=404), Gone),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_profile_concerns_itself_alone(portal: MurmurationsPortal, visit_to: MakeVisit, name: str) -> None:
    answer, kind = HOSTILE[name]
    portal.nodes[2].answer = answer
    visit = visit_to(portal)
    found = visit.run(murmurations)
    assert [type(each) for each in found if getattr(each, "source_id", "") == portal.nodes[2].url] == [Seen, kind]
    assert kinds(found)["Organisation"] == 59
    assert not any("169.254" in str(call) for call in portal.calls)
    assert visit.waiting == {}


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.8/profile.json",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/profile.json",
        "https://router.lan/profile.json",
        "http://[::1]/profile.json",
        "http://2130706433/profile.json",
        "https://public.example.org:8443/profile.json",
    ],
)
def test_a_profile_at_an_inside_address_is_never_asked_for(
    portal: MurmurationsPortal, visit_to: MakeVisit, url: str
) -> None:
    node = portal.add(url=url)
    visit = visit_to(portal)
    found = visit.run(murmurations)
    assert kinds(found)["Organisation"] == 60
    assert len(visit.waiting) == 1
    assert any(line.event.startswith("a profile could not be had") for line in visit.log.lines)
    assert node.profile


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_site_that_refuses_or_fails_ends_no_visit(
    portal: MurmurationsPortal, visit_to: MakeVisit, status: int
) -> None:
    with MurmurationsPortal(organisations=3, offers=0, now=NOW) as other:
        for node in other.nodes:
            portal.add(url=node.url)
        other.fail(Fault(answer=Answer(status), times=0))
        visit = visit_to(portal)
        assert kinds(visit.run(murmurations))["Organisation"] == 60
        assert len(visit.waiting) == 3
        # A host that is silent is not asked for its other profiles; one that refuses a profile may give the next.
        assert len(other.calls) == (1 if status in (429, 500) else 3)


def test_a_dead_host_is_tried_once_a_visit(
    portal: MurmurationsPortal, visit_to: MakeVisit, make_client: MakeClient
) -> None:
    portal.add(url="http://127.0.0.1:9/profile.json")
    patient = make_client(about=murmurations.ABOUT, extra_hosts=())
    visit = visit_to(portal, visit={"http": patient})
    visit.run(murmurations)
    assert patient.requests == len(portal.calls) + 1
    assert len(visit.waiting) == 1


def test_many_silent_hosts_in_a_row_end_the_reading_of_profiles(visit_to: MakeVisit) -> None:
    class Silent:
        def __init__(self, portal: MurmurationsPortal, http: Any) -> None:
            self.portal, self.http, self.asked = portal, http, 0

        def get(self, url: str, **more: Any) -> Page:
            if more["role"] == "listing":
                page: Page = self.http.get(url, **more)
                return page
            self.asked += 1
            raise FetchError("transient", url, "cannot be reached")

    with MurmurationsPortal(organisations=0, offers=0, now=NOW) as portal:
        for number in range(40):
            portal.add(url=f"https://site-{number}.example.org/profile.json")
        visit = visit_to(portal)
        silent = Silent(portal, visit.http)
        visit.http = silent  # type: ignore[assignment]
        visit.run(murmurations)
        assert silent.asked == 20
        assert len(visit.waiting) == 40
        assert visit.log.warnings() == ["many hosts in a row are silent: is our own way out in order?"]
