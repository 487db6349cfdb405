"""Details that earlier visits left are read before the list, and never keep the list from being read."""

from urllib.parse import urlsplit

import pytest

from connectors import een
from connectors.base.contract import FetchError, Gone
from tests.connectors.een.conftest import MakeVisit
from tests.connectors.een.visits import again, details, failed, kinds, lists, read_ids, taken
from tests.connectors.visit import SimpleVisit
from tests.portals import een_faults as faults
from tests.portals.een import EenPortal, refusal
from tests.portals.server import Answer, Fault


@pytest.fixture
def left(portal: EenPortal, visit_to: MakeVisit) -> SimpleVisit:
    """A visit whose time ended with the list: sixty details wait."""
    visit = visit_to(portal)
    pages = een.fetch(visit)
    for _ in range(5):
        taken(visit, next(pages))
    portal.calls.clear()
    return visit


def of_the_first(visit: SimpleVisit, count: int, answer: Answer) -> Fault:
    paths = {urlsplit(card.url or "").path for card in list(visit.unread())[:count]}
    return Fault(answer=answer, when=lambda call: call.path in paths, times=0)


@pytest.mark.parametrize(
    ("count", "answer"),
    [(2, refusal()), (3, Answer(400, b"", {"content-type": "text/html"}))],
    ids=["refused", "failing"],
)
def test_details_that_fail_do_not_keep_the_list_from_being_read(
    portal: EenPortal, left: SimpleVisit, count: int, answer: Answer
) -> None:
    new = portal.add(2)
    portal.fail(of_the_first(left, count, answer))
    second = again(left)
    with pytest.raises(FetchError):
        second.run(een)
    assert "what earlier visits left waits, the list is asked for all the same" in second.log.warnings()
    assert len(lists(portal)) == 2
    assert set(new) <= set(second.waiting) | set(second.stored)


def test_a_platform_that_asks_us_to_wait_is_not_asked_for_the_list(portal: EenPortal, left: SimpleVisit) -> None:
    portal.fail(of_the_first(left, 60, Answer(429, b"", {"retry-after": "86000"})))
    with pytest.raises(FetchError) as error:
        (second := again(left)).run(een)
    assert error.value.kind == "throttled"
    assert lists(portal) == []
    assert second.log.warnings() == []


def test_details_that_are_mostly_gone_end_the_visit_after_five(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.gone(times=0))
    visit = visit_to(portal)
    kept, why = failed(visit)
    assert "5 of 5 profiles that were listed are gone" in why
    assert kept == [*["listing"] * 5, *["detail"] * 5]


def test_a_few_that_are_gone_are_gone(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.gone(times=4))
    found = visit_to(portal).run(een)
    assert len([each for each in found if isinstance(each, Gone)]) == 4
    assert len(read_ids(found)) == 56


def test_a_few_profiles_without_their_summary_are_read_and_many_are_a_change(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    portal.fail(faults.without("Short Summary", times=2))
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 60
    portal.fail(faults.without("Short Summary"))
    assert "3 of 3 are no profiles" in failed(visit_to(portal))[1]
    assert len(details(portal)) == 63
