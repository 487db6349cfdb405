"""The whole way over real sockets: the simulated site, the client, the reader; and the simulator held against the record."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError, Notice, ParseError
from connectors.generic import plone
from tests.connectors.visit import SimpleVisit
from tests.portals.plone import PlonePortal
from tests.portals.server import Answer, Fault

TODAY = date(2026, 11, 23)
SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")


@pytest.fixture
def portal() -> Iterator[PlonePortal]:
    with PlonePortal(calls=60, today=TODAY) as running:
        yield running


def visit(client: Client, portal: PlonePortal, *, given: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
    chosen = {"url": portal.url, "lang": "it", "origin_country": "IT", "page_size": 25}
    return SimpleVisit(http=client, params=plone.Params(**chosen | params), **(given or {}))


def test_every_call_of_the_site_is_read_once_over_all_pages(loopback_client: Client, portal: PlonePortal) -> None:
    made = visit(loopback_client, portal)
    notices = {one.source_id: one for one in made.run(plone) if isinstance(one, Notice)}
    assert set(notices) == {f"{one.number:032x}" for one in portal.bandi}
    assert made.totals[-1] == 60
    assert len(portal.calls) == 3
    assert made.log.lines == []
    for one in portal.bandi:
        notice = notices[f"{one.number:032x}"]
        assert [(each.on, each.at, each.zone) for each in notice.deadlines] == [(one.closes, "13:00", "Europe/Rome")]
        assert notice.eligibility
        assert notice.eligibility.text == "; ".join(one.addressees)


def test_the_opening_without_a_zone_is_nine_o_clock_in_rome(loopback_client: Client, portal: PlonePortal) -> None:
    opened = [one.opens_at for one in visit(loopback_client, portal).run(plone) if isinstance(one, Notice)]
    assert {each.hour for each in opened if isinstance(each, datetime)} == {9}
    assert all(isinstance(each, datetime) and each.utcoffset() for each in opened)


def test_a_recent_visit_asks_for_what_was_modified_since_the_last_one(
    loopback_client: Client, portal: PlonePortal
) -> None:
    since = datetime(2026, 11, 20, 8, tzinfo=UTC)
    made = visit(loopback_client, portal, given={"mode": "recent", "since": since})
    read = {one.source_id for one in made.run(plone) if isinstance(one, Notice)}
    due = {f"{one.number:032x}" for one in portal.bandi if one.changed >= since - timedelta(days=2)}
    assert read == due
    assert 0 < len(read) < 60
    assert made.totals == [len(due)]


def test_F9_a_pager_that_names_the_same_page_for_ever_ends_and_the_visit_is_incomplete(
    loopback_client: Client, portal: PlonePortal
) -> None:
    portal.lying = True
    made = visit(loopback_client, portal)
    read = [one for one in made.run(plone) if isinstance(one, Notice)]
    assert len(portal.calls) <= 3
    assert len({one.source_id for one in read}) < made.totals[-1]
    assert made.log.warnings()


def test_a_next_page_on_another_path_is_not_followed(loopback_client: Client, portal: PlonePortal) -> None:
    portal.straying = True
    made = visit(loopback_client, portal)
    made.run(plone)
    assert {call.path for call in portal.calls} == {"/++api++/@search"}
    assert made.log.warnings() == ["the list names a next page that is none of it"]


def test_a_visit_stops_at_its_limit_and_has_announced_more(loopback_client: Client, portal: PlonePortal) -> None:
    made = visit(loopback_client, portal, max_pages=1)
    assert len(made.run(plone)) == 25
    assert made.totals == [60]
    assert made.log.warnings() == ["visit stopped at its limit of pages"]


def test_a_classic_site_is_asked_without_the_traverser(loopback_client: Client, portal: PlonePortal) -> None:
    portal.volto = False
    with pytest.raises(FetchError, match="classic site") as error:
        visit(loopback_client, portal).run(plone)
    assert error.value.kind == "gone"
    assert len(visit(loopback_client, portal, api="").run(plone)) == 60


def test_F5_a_web_page_in_place_of_the_list_is_suspicious_and_names_the_way_out(
    loopback_client: Client, portal: PlonePortal
) -> None:
    portal.fail(Fault(answer=Answer(200, b"<html><title>Portale</title><p>Benvenuti</p></html>")))
    with pytest.raises(ParseError, match=r"web page.*connector feed.*html_list") as error:
        visit(loopback_client, portal).run(plone)
    assert error.value.suspicious


@pytest.mark.parametrize(("status", "kind"), [(401, "auth"), (403, "blocked")])
def test_a_site_that_lets_nobody_search_says_so(
    loopback_client: Client, portal: PlonePortal, status: int, kind: str
) -> None:
    portal.fail(Fault(answer=Answer(status, b'{"type":"Unauthorized"}', {"content-type": "application/json"}), times=0))
    with pytest.raises(FetchError, match="html_list") as error:
        visit(loopback_client, portal).run(plone)
    assert error.value.kind == kind


def test_an_outage_in_the_middle_is_no_end_of_the_list(loopback_client: Client, portal: PlonePortal) -> None:
    portal.fail(Fault(answer=Answer(503), when=lambda call: "b_start" in call.query, times=0))
    with pytest.raises(FetchError) as error:
        visit(loopback_client, portal).run(plone)
    assert error.value.kind == "transient"


@pytest.mark.skipif(not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)")
def test_the_simulator_has_the_fields_that_were_recorded(portal: PlonePortal, loopback_client: Client) -> None:
    recorded = json.loads((Path(SAMPLES) / "italy/emilia_romagna_plone_search_2026-06-12.json").read_bytes())["items"]
    (page, *_) = plone.fetch(visit(loopback_client, portal))
    (made, *_) = json.loads(page.body)["items"]
    assert set(recorded[0]) <= set(made)
    for name, value in recorded[1].items():
        assert type(made[name]) is type(value), name
