"""The simulator answers as the platform does, and is the same twice."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.connectors.grants_gov.conftest import TODAY
from tests.portals import grants_gov_faults as faults
from tests.portals.grants_gov import GrantsGovPortal
from tests.portals.grants_gov_content import themes


def ask(portal: GrantsGovPortal, service: str = "search2", **body: Any) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{portal.endpoint}/{service}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        said: dict[str, Any] = json.load(answer)
    return said


def hits(portal: GrantsGovPortal, **body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(portal, **{"rows": 1_000, **body})["data"]["oppHits"]
    return found


def test_every_answer_has_another_token_and_the_same_data(portal: GrantsGovPortal) -> None:
    first, second = ask(portal), ask(portal)
    assert first.pop("token") != second.pop("token")
    assert first == second
    assert (first["errorcode"], first["msg"]) == (0, "Webservice Succeeds")


def test_ten_hits_come_unless_more_are_asked_for_and_the_newest_first(portal: GrantsGovPortal) -> None:
    assert len(ask(portal)["data"]["oppHits"]) == 10
    everything = hits(portal)
    assert ask(portal)["data"]["hitCount"] == len(everything)
    days = [f"{hit['openDate'][6:]}{hit['openDate'][:2]}{hit['openDate'][3:5]}" for hit in everything]
    assert days == sorted(days, reverse=True)
    closing = [hit["id"] for hit in hits(portal, sortBy="closeDate|asc")]
    assert sorted(closing) == sorted(hit["id"] for hit in everything)
    assert closing != [hit["id"] for hit in everything]


def test_pages_start_at_a_record_and_not_at_a_page(portal: GrantsGovPortal) -> None:
    everything = [hit["id"] for hit in hits(portal)]
    assert [hit["id"] for hit in hits(portal, startRecordNum=3, rows=4)] == everything[3:7]
    assert hits(portal, startRecordNum=len(everything)) == []


def test_statuses_are_told_by_the_calendar(portal: GrantsGovPortal) -> None:
    for status in ("posted", "forecasted", "closed", "archived"):
        found = hits(portal, oppStatuses=status)
        assert found, status
        assert {hit["oppStatus"] for hit in found} == {status}
    assert {hit["oppStatus"] for hit in hits(portal)} == {"posted", "forecasted"}


@pytest.mark.parametrize(
    ("body", "agree"),
    [
        ({"agencies": "DOS"}, lambda hit: hit["agencyCode"].startswith("DOS-")),
        ({"agencies": "USDA-RBCS|NEH"}, lambda hit: hit["agencyCode"] in ("USDA-RBCS", "NEH")),
        ({"aln": "10.771"}, lambda hit: "10.771" in hit["cfdaList"]),
        ({"cfda": "10.771"}, lambda hit: "10.771" in hit["cfdaList"]),
        ({"keyword": "cesu"}, lambda hit: hit["agencyCode"] == "DOI-NPS"),
        ({"fundingInstruments": "PC"}, lambda hit: hit["agencyCode"] == "DOC-ITA"),
        ({"eligibilities": "21"}, lambda hit: hit["agencyCode"] == "NEH"),
        ({"fundingCategories": "HO"}, lambda hit: hit["agencyCode"] == "HUD"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_filter_holds(body: dict[str, str], agree: Any) -> None:
    with GrantsGovPortal(opportunities=200, seed=3, today=TODAY) as portal:
        found = hits(portal, **body)
        assert found
        assert all(map(agree, found))
        assert len(found) < len(hits(portal))


def test_the_number_and_the_age_of_a_posting_are_filters_too(portal: GrantsGovPortal) -> None:
    one = hits(portal)[5]
    assert [hit["id"] for hit in hits(portal, oppNum=one["number"])] == [one["id"]]
    assert 0 < len(hits(portal, dateRange="14")) < len(hits(portal))


def test_facets_count_what_is_found(portal: GrantsGovPortal) -> None:
    data = ask(portal, rows=1_000)["data"]
    statuses = {row["value"]: row["count"] for row in data["oppStatusOptions"]}
    assert statuses["posted"] + statuses["forecasted"] == data["hitCount"]
    assert set(statuses) == {"posted", "forecasted", "closed", "archived"}
    assert sum(row["count"] for row in data["agencies"]) == data["hitCount"]
    assert all(row["count"] == sum(sub["count"] for sub in row["subAgencyOptions"]) for row in data["agencies"])


def test_errors_come_with_a_code_and_status_200(portal: GrantsGovPortal) -> None:
    for said in (ask(portal, rows=0), ask(portal, noSuchField=1), ask(portal, keyword=3)):
        assert said["errorcode"] != 0
        assert said["data"] is None
    request = urllib.request.Request(f"{portal.endpoint}/search2", b"not json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["errorcode"] != 0


def test_another_address_or_method_is_refused(portal: GrantsGovPortal) -> None:
    for address, status in ((f"{portal.endpoint}/search3", 404), (f"{portal.endpoint}/search2", 405)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address, timeout=10)
        assert caught.value.code == status
        caught.value.close()


def test_a_detail_is_found_by_a_number_as_text_too_and_an_unknown_one_is_empty(portal: GrantsGovPortal) -> None:
    id = hits(portal)[0]["id"]
    by_text = ask(portal, "fetchOpportunity", opportunityId=id)["data"]
    assert by_text == ask(portal, "fetchOpportunity", opportunityId=int(id))["data"]
    assert str(by_text["id"]) == id
    for unknown in (1, "x", None):
        assert ask(portal, "fetchOpportunity", opportunityId=unknown)["data"]["id"] is None
    portal.unknown = "error"
    assert ask(portal, "fetchOpportunity", opportunityId=1)["errorcode"] == 1


def test_the_same_seed_invents_the_same_and_another_one_other_opportunities() -> None:
    def told(seed: int) -> list[dict[str, Any]]:
        with GrantsGovPortal(opportunities=40, seed=seed, today=TODAY) as portal:
            return hits(portal)

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_opportunities_can_be_added_changed_published_and_withdrawn(portal: GrantsGovPortal) -> None:
    before = {hit["id"]: hit for hit in hits(portal)}
    gone, moved, quiet = portal.withdraw(2), portal.change(3), portal.change(1, quietly=True)
    posted, new = portal.publish(1), portal.add(2)
    after = {hit["id"]: hit for hit in hits(portal)}
    assert set(before) - set(after) == set(gone)
    assert set(after) - set(before) <= set(new)
    changed = {id for id in before.keys() & after.keys() if before[id] != after[id]}
    assert changed == {*moved, *posted}
    assert quiet[0] in moved
    assert {after[id]["docType"] for id in posted} == {"synopsis"}
    detail = ask(portal, "fetchOpportunity", opportunityId=quiet[0])["data"]
    assert (detail["revision"], len(detail["opportunityHistoryDetails"])) == (2, 1)


def test_both_false_friends_and_a_true_friend_are_among_the_kinds(portal: GrantsGovPortal) -> None:
    titles = " ".join(title for theme in themes() for title in theme.titles)
    for words in ("Cooperative Agreement", "Cooperative Ecosystem Studies Unit", "Cooperative development", "&amp;"):
        assert words in titles


def test_a_fault_is_over_when_it_is_used_up(portal: GrantsGovPortal) -> None:
    portal.fail(faults.error_code("fetchOpportunity"))
    assert ask(portal)["errorcode"] == 0
    assert ask(portal, "fetchOpportunity", opportunityId=1)["errorcode"] == 3
    assert ask(portal, "fetchOpportunity", opportunityId=1)["errorcode"] == 0


def test_a_hundred_thousand_opportunities_cost_nothing_before_they_are_asked_for() -> None:
    with GrantsGovPortal(opportunities=100_000, today=TODAY) as portal:
        assert portal.grant(99_999).posted == TODAY
        assert portal.grant(0).posted < TODAY
