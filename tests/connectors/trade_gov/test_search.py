"""A visit to the simulator: every record once, and whatever is wrong said in words that lead on."""

import pytest

from connectors import trade_gov
from connectors.base.contract import FetchError, Notice, ParseError, Skipped
from tests.connectors.conftest import MakeClient
from tests.connectors.trade_gov.conftest import MakeVisit
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.server import Answer, Fault
from tests.portals.trade_gov import EVENTS, LEADS, TradeGovPortal


def notices(visit: SimpleVisit) -> list[Notice]:
    return [reading for reading in visit.run(trade_gov) if isinstance(reading, Notice)]


def test_events_are_read_page_by_page_until_the_total(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, size=25)
    found = notices(visit)
    assert {notice.source_id.partition(":")[2] for notice in found} == {row["id"] for row in portal.rows(EVENTS)}
    assert [call.query["offset"] for call in portal.calls] == ["0", "25", "50"]
    assert {call.query["start_date_range[from]"] for call in portal.calls} == {"2026-11-23"}
    assert visit.totals[-1] == 64


@pytest.mark.parametrize("renamed", [False, True], ids=("names of the old service", "names of today's application"))
def test_both_generations_of_names_say_the_same(visit_to: MakeVisit, renamed: bool) -> None:
    with TradeGovPortal(events=12, seed=2, renamed=renamed) as portal:
        found = notices(visit_to(portal))
        rows = {str(row["id"]): row for row in portal.rows(EVENTS)}
    assert len(found) == 12
    for notice in found:
        row = rows[notice.source_id.partition(":")[2]]
        assert notice.titles["en"].text == row["name" if renamed else "event_name"]
        assert "register" in notice.url or "fair.example" in notice.url or notice.url == "https://www.trade.gov/"


def test_leads_are_those_of_the_last_days_without_contracts_that_were_given(
    portal: TradeGovPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, interface="leads", days=90)
    readings = visit.run(trade_gov)
    given = [reading for reading in readings if isinstance(reading, Skipped)]
    assert {reading.reason for reading in given} == {"a contract that was given already"}
    assert len(given) == 10
    assert len([reading for reading in readings if isinstance(reading, Notice)]) == 60
    assert portal.calls[0].query["tender_start_date_range[from]"] == "2026-08-25"


def test_the_key_goes_in_the_header_and_in_no_page(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    (page,) = list(trade_gov.fetch(visit_to(portal, size=100)))
    assert portal.calls[0].headers["subscription-key"] == visit.secrets.get("trade-gov")
    assert "simulated-key" not in repr(page)


def test_filters_are_sent_as_each_interface_calls_them(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    events = notices(visit_to(portal, countries=("IT", "FR"), words="fair"))
    assert events
    assert {country for notice in events for country in notice.countries} <= {"IT", "FR"}
    leads = notices(visit_to(portal, interface="leads", countries=("GB",)))
    assert {notice.source_id.partition(":")[0] for notice in leads} == {"UK"}


def test_a_pager_that_turns_in_a_circle_ends_the_list_as_incomplete(
    portal: TradeGovPortal, visit_to: MakeVisit
) -> None:
    portal.stuck = True
    visit = visit_to(portal, size=25)
    assert len(notices(visit)) == 25
    assert len(portal.calls) == 2
    assert visit.totals[-1] == 64
    assert "a page came again, the list ends here" in visit.log.warnings()


def test_a_visit_ends_at_its_limit(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, size=10, max_records=20)
    assert len(notices(visit)) == 20
    assert visit.totals[-1] == 64


def test_a_source_that_has_gone_silent_behind_the_platform_is_warned_of(
    portal: TradeGovPortal, visit_to: MakeVisit
) -> None:
    portal.silent = ("USTDA",)
    visit = visit_to(portal, interface="leads")
    notices(visit)
    told = [line.facts for line in visit.log.lines if line.level == "warning"]
    assert told == [{"behind": "USTDA", "last_updated": "2026-10-14"}]


@pytest.mark.parametrize("status", [404, 410])
def test_leads_that_are_gone_say_so_and_what_to_do(visit_to: MakeVisit, status: int) -> None:
    with TradeGovPortal(leads=None) as portal:
        portal.fail(Fault(answer=Answer(status, b'{"statusCode": 410, "message": "Gone"}')))
        with pytest.raises(FetchError, match="Trade Leads seem to have been taken off the platform; switch") as caught:
            notices(visit_to(portal, interface="leads"))
    assert (caught.value.kind, caught.value.status) == ("gone", None)


def test_another_path_that_leads_nowhere_says_where_to_look(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    with pytest.raises(FetchError, match=r"https://developer\.trade\.gov and set path") as caught:
        notices(visit_to(portal, path="/trade_events/v1/search"))
    assert caught.value.kind == "gone"
    assert len(notices(visit_to(portal, path=EVENTS))) == 64
    assert LEADS != EVENTS


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (
            401,
            b'{"statusCode":401,"message":"Access denied due to missing subscription key."}',
            "auth",
            "keys set trade-gov",
        ),
        (403, b"<html>nothing</html>", "auth", "not subscribed"),
        (403, b'{"statusCode":403,"message":"Out of call volume quota."}', "throttled", "quota"),
        (500, b"", "transient", "failed"),
    ],
)
def test_every_trouble_has_the_class_that_says_what_to_do(
    portal: TradeGovPortal, visit_to: MakeVisit, make_client: MakeClient, status: int, body: bytes, kind: str, said: str
) -> None:
    portal.fail(Fault(answer=Answer(status, body), times=0))
    with pytest.raises(FetchError, match=said) as caught:
        notices(visit_to(portal, visit={"http": make_client(pauses=())}))
    assert caught.value.kind == kind


def test_a_wish_to_wait_is_kept(portal: TradeGovPortal, visit_to: MakeVisit, make_client: MakeClient) -> None:
    portal.fail(Fault(answer=Answer(429, b"", {"retry-after": "600"})))
    with pytest.raises(FetchError) as caught:
        notices(visit_to(portal, visit={"http": make_client(pauses=())}))
    assert (caught.value.kind, caught.value.retry_after) == ("throttled", 600)


def test_a_wrong_key_and_no_key_are_matters_of_the_key(portal: TradeGovPortal, visit_to: MakeVisit) -> None:
    for vault in (DictSecrets({"trade-gov": "wrong"}), DictSecrets()):
        with pytest.raises(FetchError) as caught:
            notices(visit_to(portal, visit={"secrets": vault}))
        assert caught.value.kind == "auth"
    assert len(portal.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Sign in</body></html>",
        b'{"message": "Forbidden"}',
        b'{"total": 3}',
        b'{"results": [], "total": "3"}',
        b'{"results": {}, "total": 3}',
        b'"text"',
        b"",
    ],
)
def test_what_is_no_answer_is_no_empty_list(portal: TradeGovPortal, visit_to: MakeVisit, body: bytes) -> None:
    portal.fail(Fault(answer=Answer(200, body, {"content-type": "application/json"})))
    with pytest.raises(ParseError):
        notices(visit_to(portal))


def test_nothing_found_is_an_empty_list(visit_to: MakeVisit) -> None:
    with TradeGovPortal(events=0) as portal:
        visit = visit_to(portal)
        assert (notices(visit), visit.totals) == ([], [0])


def test_no_key_is_sent_in_the_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        trade_gov.Params(endpoint="http://data.trade.gov")
