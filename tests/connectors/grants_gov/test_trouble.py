"""A visit to a simulator that is unwell: never an empty list, never an opportunity that is gone, nothing lost."""

from dataclasses import replace
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.contract import FetchError, Gone, Notice, ParseError, Seen, Skipped
from tests.connectors.conftest import MakeClient
from tests.connectors.grants_gov.conftest import MakeVisit, asked_details, ids, listed, told
from tests.connectors.visit import SimpleVisit
from tests.portals import grants_gov_faults as faults
from tests.portals.grants_gov import GrantsGovPortal, asked_of
from tests.portals.server import Answer, Fault

NO_CONTENT = Skipped("no content came for this id")


def test_maintenance_in_place_of_the_list_is_no_empty_list(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.maintenance())
    with pytest.raises(ParseError, match="came in its place"):
        list(listed(visit_to(portal)))


def test_an_error_in_place_of_the_list_is_tried_again_by_a_later_visit(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    portal.fail(faults.error_code())
    with pytest.raises(FetchError, match=r"Error in search \(errorcode 3\)") as caught:
        list(listed(visit_to(portal)))
    assert caught.value.kind == "transient"


def test_a_server_that_fails_once_is_asked_again(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.server_error("search2"), faults.dropped("fetchOpportunity"))
    assert len(told(visit_to(portal).run(grants_gov), Notice)) == len(ids(portal))


def test_a_server_that_goes_on_failing_is_no_empty_list(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.server_error(times=0))
    with pytest.raises(FetchError) as caught:
        list(listed(visit_to(portal)))
    assert caught.value.kind == "transient"


@pytest.mark.parametrize("fault", [faults.maintenance, faults.error_code], ids=("maintenance", "error code"))
def test_one_detail_that_fails_waits_and_the_others_are_read(
    portal: GrantsGovPortal, visit_to: MakeVisit, fault: Any
) -> None:
    portal.fail(fault("fetchOpportunity"))
    visit = visit_to(portal)
    assert len(told(visit.run(grants_gov), Notice)) == len(ids(portal)) - 1
    (waiting,) = visit.waiting
    assert told(visit.run(grants_gov), Notice) == [waiting]


@pytest.mark.parametrize(
    "fault", [faults.maintenance, faults.error_code, faults.server_error], ids=("maintenance", "error code", "500")
)
def test_details_that_all_fail_end_the_visit_and_none_is_lost(
    portal: GrantsGovPortal, visit_to: MakeVisit, make_client: MakeClient, fault: Any
) -> None:
    portal.fail(fault("fetchOpportunity", times=0))
    visit = SimpleVisit(http=make_client(pauses=()), params=visit_to(portal).params)
    with pytest.raises(FetchError):
        visit.run(grants_gov)
    assert len(asked_details(portal)) == 3
    assert set(visit.waiting) == set(ids(portal))
    portal.heal()
    assert set(told(visit.run(grants_gov), Notice)) == set(ids(portal))


@pytest.mark.parametrize("unknown", ["empty", "error"])
def test_an_opportunity_that_was_taken_away_is_missed_by_the_list_and_not_by_its_detail(
    portal: GrantsGovPortal, visit_to: MakeVisit, unknown: Any
) -> None:
    portal.unknown = unknown
    visit = visit_to(portal)
    visit.run(grants_gov)
    (id,) = portal.withdraw(1)
    visit.waiting[id] = Seen(id, "of an earlier visit")
    readings = visit.run(grants_gov)
    assert told(readings, Gone) == []
    assert NO_CONTENT in readings
    assert id not in told(readings, Seen)


def test_details_that_are_all_empty_are_an_illness_of_the_platform(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    portal.fail(faults.empty_details())
    visit = visit_to(portal)
    with pytest.raises(FetchError, match="without content"):
        visit.run(grants_gov)
    assert len(asked_details(portal)) == 5
    assert len(visit.waiting) == len(ids(portal)) - 2


def test_single_details_without_content_among_others_are_no_illness(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    chosen = set(ids(portal)[::3])
    empty = faults.empty_details()
    portal.fail(replace(empty, when=lambda call: empty.when(call) and str(asked_of(call)["opportunityId"]) in chosen))
    readings = visit_to(portal).run(grants_gov)
    assert told(readings, Gone) == []
    assert readings.count(NO_CONTENT) == len(chosen)
    assert chosen < set(told(readings, Seen))
    assert set(told(readings, Notice)) == set(ids(portal)) - chosen


def test_a_service_that_has_moved_is_not_taken_for_opportunities_that_are_gone(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    portal.fail(Fault(answer=Answer(404, b"Not Found"), when=faults.of("fetchOpportunity"), times=0))
    visit = visit_to(portal)
    with pytest.raises(FetchError) as caught:
        visit.run(grants_gov)
    assert caught.value.kind == "gone"
    assert set(visit.waiting) == set(ids(portal))
