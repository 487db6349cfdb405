"""The calls of a day: counted before they are made, kept over everything, shared by whoever shares the key."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.contract import FetchError
from connectors.sam_gov.budget import Budget
from tests.connectors.conftest import MakeClient
from tests.connectors.sam_gov.conftest import NOW, MakeVisit, read_all
from tests.connectors.visit import DictSecrets
from tests.portals.sam_gov import SamGovPortal
from tests.portals.server import Answer, Fault


def budget(vault: DictSecrets, *, most: int = 3, now: datetime = NOW) -> Budget:
    return Budget(secrets=vault, key="sam-gov", most=most, now=now)


def test_a_call_is_written_down_before_it_is_made(
    portal: SamGovPortal, visit_to: MakeVisit, vault: DictSecrets
) -> None:
    portal.fail(Fault(answer=Answer(500, b"oh"), times=0))
    for _ in range(2):
        with pytest.raises(FetchError):
            read_all(visit_to(portal, calls_a_day=2))
    with pytest.raises(FetchError, match="are spent"):
        read_all(visit_to(portal, calls_a_day=2))
    assert len(portal.calls) == 2
    assert vault.written == ["sam-gov.calls"] * 2


def test_the_count_is_of_the_key_and_not_of_the_source_or_its_parameters(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    for words in (("laundry",), ("catering",)):
        read_all(visit_to(portal, words=words, calls_a_day=2))
    with pytest.raises(FetchError, match="are spent"):
        read_all(visit_to(portal, words=("roof",), calls_a_day=2))
    assert len(portal.calls) == 2


def test_a_trial_is_counted_like_any_other_visit(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    read_all(visit_to(portal, visit={"trial": True}, calls_a_day=1))
    with pytest.raises(FetchError, match="are spent"):
        read_all(visit_to(portal, visit={"trial": True}, calls_a_day=1))


def test_tomorrow_is_another_day(vault: DictSecrets) -> None:
    today = budget(vault)
    for _ in range(3):
        today.spend("here")
    assert today.left() == 0
    with pytest.raises(FetchError):
        today.spend("here")
    assert budget(vault, now=NOW + timedelta(hours=12)).left() == 3


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(429, b"", {"retry-after": "7200"}), 7200),
        (Answer(429, b'{"nextAccessTime":"2026-Nov-23 18:30:00+0000 UTC"}'), 6.5 * 3600),
        (Answer(429, b'{"nextAccessTime":"tomorrow at some time"}'), 12 * 3600),
        (Answer(429, b"<html>too many</html>"), 12 * 3600),
    ],
    ids=("a header", "the reported field", "a field that cannot be read", "nothing"),
)
def test_F2_a_spent_quota_closes_until_the_platform_says_else_until_tomorrow(
    portal: SamGovPortal, visit_to: MakeVisit, vault: DictSecrets, answer: Answer, seconds: float
) -> None:
    portal.fail(Fault(answer=answer))
    with pytest.raises(FetchError, match="quota of this key is spent") as caught:
        read_all(visit_to(portal))
    assert (caught.value.kind, caught.value.retry_after) == ("throttled", seconds)
    with pytest.raises(FetchError, match="closed until"):
        read_all(visit_to(portal))
    assert len(portal.calls) == 1
    after = NOW + timedelta(seconds=seconds, minutes=1)
    read_all(visit_to(portal, visit={"now": after}))
    assert len(portal.calls) == 2


def test_the_simulators_own_429_is_understood(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    portal.quota = 1
    visit = visit_to(portal, limit=10, calls_a_day=10)
    with pytest.raises(FetchError, match="2026-11-24 00:00 UTC: Message throttled out"):
        read_all(visit)
    assert len(portal.calls) == 2
    assert visit.cursor is not None


def test_a_call_that_fails_is_not_tried_again_and_counts_once(
    portal: SamGovPortal, visit_to: MakeVisit, vault: DictSecrets
) -> None:
    portal.fail(Fault(cut_after=3, times=0))
    with pytest.raises(FetchError):
        read_all(visit_to(portal, calls_a_day=10))
    assert len(portal.calls) == 1
    assert budget(vault, most=10).left() == 9


def test_descriptions_get_what_the_pages_leave(
    portal: SamGovPortal, visit_to: MakeVisit, make_client: MakeClient
) -> None:
    found, _ = read_all(visit_to(portal, limit=1_000, calls_a_day=6, descriptions=True))
    assert len(portal.calls) == 6
    assert 0 < sum(notice.body is not None for notice in found) <= 5
    assert len(found) > 5


@given(
    st.text(max_size=60) | st.sampled_from(["{}", '{"day": "2026-11-23", "calls": "x"}', '{"day": 1, "until": "x"}'])
)
def test_whatever_stands_in_the_place_of_the_count_is_no_reason_to_fail(kept: str) -> None:
    vault = DictSecrets({"sam-gov.calls": kept})
    one = budget(vault, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert 0 <= one.left() <= 3
    one.spend("here")
    assert one.left() == 2


def test_a_clock_that_was_a_year_ahead_does_not_close_the_key_for_a_year(vault: DictSecrets) -> None:
    budget(vault, now=NOW + timedelta(days=365)).close(None)
    assert budget(vault).left() == 3
    budget(vault).spend("https://api.sam.gov")
    assert budget(vault).left() == 2
