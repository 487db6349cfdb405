"""A visit to the simulator: every page once, nothing past the end, and no more calls than a day has."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from connectors import sam_gov
from connectors.base.contract import FetchError, ParamError, ParseError, Seen
from connectors.sam_gov.search import Window
from tests.connectors.sam_gov.conftest import NOW, TODAY, MakeVisit, read_all, searches, wanted
from tests.connectors.visit import DictSecrets
from tests.portals.sam_gov import KEY, SamGovPortal
from tests.portals.server import Answer, Fault


def test_everything_is_read_page_by_page_and_the_calls_are_those_of_the_pages(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, limit=10, calls_a_day=100)
    found, _ = read_all(visit)
    assert {notice.source_id for notice in found} == wanted(portal)
    asked = [call.query for call in portal.calls]
    total = sum(one.letter in "okpris" for one in portal.all())
    assert [call["offset"] for call in asked] == [str(page) for page in range(-(-total // 10))]
    assert {(call["postedFrom"], call["postedTo"], call["ptype"]) for call in asked} == {
        ("09/24/2026", "11/23/2026", "o,k,p,r,i,s")
    }
    assert visit.totals[-1] == total


def test_a_full_last_page_is_the_end_and_the_record_behind_it_is_never_asked_for(visit_to: MakeVisit) -> None:
    with SamGovPortal(notices=40, seed=5, today=TODAY) as portal:
        total = sum(one.letter in "okpris" for one in portal.all())
        read_all(visit_to(portal, limit=total, calls_a_day=100))
        assert len(portal.calls) == 1


def test_a_platform_that_gives_fewer_a_page_than_asked_for_loses_us_none(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    portal.cap = 7
    found, _ = read_all(visit_to(portal, limit=1_000, calls_a_day=100))
    assert {notice.source_id for notice in found} == wanted(portal)


def test_a_pager_that_turns_in_a_circle_ends_the_list_as_incomplete(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    portal.stuck = True
    visit = visit_to(portal, limit=10, calls_a_day=100)
    found, _ = read_all(visit)
    assert len(portal.calls) == 2
    assert len(found) < visit.totals[-1]
    assert "a page of notices came again, the list ends here" in visit.log.warnings()


def test_nothing_found_is_an_empty_list_and_no_failure(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, visit={"now": NOW + timedelta(days=200)}, days=20)
    found, pages = read_all(visit)
    assert (found, [page.status for page in pages], visit.totals) == ([], [404], [0])


def test_the_key_is_sent_and_stands_in_no_page_and_no_address(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    _, pages = read_all(visit_to(portal, limit=20, descriptions=True))
    assert {call.query["api_key"] for call in portal.calls} == {KEY}
    # The simulator repeats it in its links, as the platform's documentation has it.
    assert KEY not in repr(pages)
    assert b"api_key=***" in pages[0].body


def test_the_next_visit_begins_three_days_before_and_knows_what_it_has(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal)
    read_all(visit)
    amended = portal.amend(2)
    later = visit_to(portal, visit={"cursor": visit.cursor, "stored": visit.stored})
    found, _ = read_all(later)
    assert searches(portal)[-1].query["postedFrom"] == "11/20/2026"
    assert {notice.source_id for notice in found} == set(amended) & wanted(portal)


def test_a_window_that_the_days_calls_do_not_suffice_for_is_read_on_tomorrow(
    portal: SamGovPortal, visit_to: MakeVisit, vault: DictSecrets
) -> None:
    visit = visit_to(portal, limit=10, calls_a_day=2)
    first, _ = read_all(visit)
    assert "the calls of today are spent, the rest is read tomorrow" in visit.log.warnings()
    assert len(first) < visit.totals[-1]
    with pytest.raises(FetchError, match="2 calls of today are spent") as caught:
        read_all(visit_to(portal, visit={"cursor": visit.cursor}, limit=10, calls_a_day=2))
    assert caught.value.kind == "throttled"
    assert caught.value.retry_after == 12 * 3600
    assert len(portal.calls) == 2
    ids = {notice.source_id for notice in first}
    for day in range(1, 5):
        visit = visit_to(
            portal, visit={"cursor": visit.cursor, "now": NOW + timedelta(days=day)}, limit=10, calls_a_day=2
        )
        ids |= {notice.source_id for notice in read_all(visit)[0]}
    assert ids == wanted(portal)
    assert [call.query["offset"] for call in portal.calls][:5] == ["0", "1", "2", "3", "4"]


def test_a_crash_before_the_last_notice_of_a_page_asks_for_the_page_again(
    portal: SamGovPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, limit=20)
    pages = sam_gov.fetch(visit)
    first = next(pages)
    cards = [sam_gov.read(record, first.with_params(visit.params)) for record in sam_gov.split(first)]
    detail = next(pages)
    assert first.cursor_after is None
    assert detail.cursor_after is None
    waiting = {card.source_id: card for card in cards if isinstance(card, Seen)}
    waiting.pop(str(detail.of))
    again = visit_to(portal, visit={"waiting": waiting, "stored": {}}, limit=20)
    found, _ = read_all(again)
    assert set(waiting) <= {notice.source_id for notice in found}


def test_a_trial_asks_once_and_shows_a_whole_notice(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    found, pages = read_all(visit_to(portal, visit={"trial": True}, limit=10, descriptions=True))
    assert len(pages) == 2
    assert len(found) == 1
    assert len(searches(portal)) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, b'{"errorCode":"400","errorMessage":"Date range must be 1 year(s) apart"}', ParamError, "1 year"),
        (400, b"PostedFrom and PostedTo are mandatory", ParamError, "mandatory"),
        (400, b'{"message":"No api_key was supplied"}', FetchError, "keys set sam-gov"),
        (403, b'{"error":{"message":"An invalid api_key was supplied"}}', FetchError, "end after 90 days"),
        (403, b"<html><body><h1>Access Denied</h1></body></html>", FetchError, "refuses this request"),
        (401, b"", FetchError, "keys set sam-gov"),
        (
            500,
            b"<html><title>Error</title><body>Internal error</body></html>",
            FetchError,
            "failed .500.: Internal error",
        ),
        (200, b"<html><body><h1>Scheduled maintenance</h1></body></html>", ParseError, "came in its place"),
        (200, b'{"opportunitiesData": {}, "totalRecords": 3}', ParseError, "opportunitiesData"),
        (200, b'{"opportunitiesData": [], "totalRecords": "many"}', ParseError, "totalRecords"),
    ],
)
def test_every_trouble_is_told_for_what_it_is_and_costs_one_call(
    portal: SamGovPortal, visit_to: MakeVisit, status: int, body: bytes, error: type[Exception], said: str
) -> None:
    portal.fail(Fault(answer=Answer(status, body, {"content-type": "text/html"}), times=0))
    with pytest.raises(error, match=said):
        read_all(visit_to(portal))
    assert len(portal.calls) == 1


def test_F24_trouble_has_the_class_that_says_what_to_do(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    classes = []
    for status, body in ((403, b"An invalid api_key was supplied"), (403, b"Access Denied"), (502, b"bad gateway")):
        portal.fail(Fault(answer=Answer(status, body)))
        with pytest.raises(FetchError) as caught:
            read_all(visit_to(portal))
        classes.append(caught.value.kind)
    assert classes == ["auth", "blocked", "transient"]


def test_a_wrong_key_is_not_repeated_in_the_complaint(
    portal: SamGovPortal, visit_to: MakeVisit, vault: DictSecrets
) -> None:
    vault.kept["sam-gov"] = "k3y-that-nobody-may-see"
    with pytest.raises(FetchError) as caught:
        read_all(visit_to(portal))
    assert caught.value.kind == "auth"
    assert "k3y" not in str(caught.value)


def test_without_a_key_nothing_is_asked(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    with pytest.raises(FetchError) as caught:
        read_all(visit_to(portal, visit={"secrets": DictSecrets()}))
    assert caught.value.kind == "auth"
    assert portal.calls == []


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "[]",
        '{"since": "2026-11-01"}',
        '{"since": "2026-11-20", "until": "2026-11-10", "page": 1}',
        '{"since": "2026-11-20", "until": "2027-11-10", "page": 1}',
        '{"since": "2026-11-20", "until": "2026-11-21", "page": -1}',
        '{"since": "2026-11-20", "until": "2026-11-21", "page": "1"}',
    ],
)
def test_a_cursor_that_is_none_begins_from_the_beginning(cursor: str) -> None:
    assert Window.next(cursor, today=TODAY, days=30) == Window("2026-10-24", "2026-11-23")


def test_no_window_is_longer_than_the_platform_allows() -> None:
    long_ago = replace(Window("2020-01-01", "2020-02-01"), page=None)
    window = Window.next(long_ago.text(), today=TODAY, days=30)
    assert date.fromisoformat(window.until) - date.fromisoformat(window.since) == timedelta(days=364)


def test_today_is_that_of_washington(portal: SamGovPortal, visit_to: MakeVisit) -> None:
    night = datetime.fromisoformat("2026-11-24T03:00:00+00:00")
    read_all(visit_to(portal, visit={"now": night}))
    assert portal.calls[0].query["postedTo"] == "11/23/2026"
