"""The whole way over real sockets: the simulated portal, the client, the reader; and the simulator held against the record."""

import json
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError, Notice, ParamError, ParseError, Skipped
from connectors.generic import socrata
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.server import Answer, Fault
from tests.portals.socrata import SocrataPortal

TODAY = date(2026, 11, 23)
SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")


@pytest.fixture
def portal() -> Iterator[SocrataPortal]:
    with SocrataPortal(tenders=60, today=TODAY) as running:
        yield running


def visit(client: Client, portal: SocrataPortal, *, given: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
    chosen = socrata.Params.model_validate(portal.params | {"rows": 25} | params)
    return SimpleVisit(http=client, params=chosen, **(given or {}))


def notices(made: SimpleVisit) -> list[Notice]:
    return [one for one in made.run(socrata) if isinstance(one, Notice)]


def test_every_tender_is_read_over_all_pages_and_its_further_lots_are_the_same(
    loopback_client: Client, portal: SocrataPortal
) -> None:
    made = visit(loopback_client, portal)
    found = made.run(socrata)
    read = {one.source_id: one for one in found if isinstance(one, Notice)}
    assert set(read) == {str(one.number) for one in portal.tenders}
    assert len(found) == 80
    told_twice = 80 - made.totals[-1]  # tenders whose two lots lie on both sides of a page's edge
    assert told_twice == sum(
        one.source_id in {x.source_id for x in found[:at]} for at, one in enumerate(found) if isinstance(one, Notice)
    )
    assert {one.reason for one in found if isinstance(one, Skipped)} == {"the same row again"}
    assert made.log.lines == []
    for one in portal.tenders:
        notice = read[str(one.number)]
        assert [(each.on, each.at, each.zone) for each in notice.deadlines] == [(one.closes, None, "Europe/Rome")]
        assert notice.codes == (f"cpv:{one.cpv}",)
        assert notice.budget
        assert notice.budget.total == Decimal(one.amount)
        assert notice.url == f"{portal.url}/d/ab12-cd34"


def test_the_order_that_is_asked_for_is_total(loopback_client: Client, portal: SocrataPortal) -> None:
    notices(visit(loopback_client, portal))
    assert [call.query["$order"] for call in portal.calls[1:]] == ["codice DESC, lotto, :id"] * 4
    portal.calls.clear()
    notices(visit(loopback_client, portal, order=""))
    assert portal.calls[1].query["$order"] == ":id"


def test_rows_that_closed_long_ago_are_not_asked_for(loopback_client: Client, portal: SocrataPortal) -> None:
    made = visit(loopback_client, portal, days=10, where="ente IS NOT NULL")
    read = notices(made)
    since = "(`scadenza` >= '2026-11-13T00:00:00' OR `pubblicato` >= '2026-11-13T00:00:00')"
    assert portal.calls[0].query["$where"] == f"(ente IS NOT NULL) AND {since}"
    assert len({one.source_id for one in read}) == 60  # all of them close after that day
    portal.calls.clear()
    notices(visit(loopback_client, portal, days=0))
    assert all("$where" not in call.query for call in portal.calls)


def test_F9_a_portal_that_gives_the_same_page_for_ever_ends_and_the_visit_is_incomplete(
    loopback_client: Client, portal: SocrataPortal
) -> None:
    portal.lying = True
    made = visit(loopback_client, portal)
    assert len(made.run(socrata)) == 25
    assert made.totals == [80]
    assert made.log.warnings() == ["a page of rows came again, the list ends here"]


def test_a_visit_stops_at_its_limit_and_has_announced_more(loopback_client: Client, portal: SocrataPortal) -> None:
    made = visit(loopback_client, portal, max_pages=2)
    assert len(made.run(socrata)) == 50
    assert made.totals[-1] > 60
    assert made.log.warnings() == ["visit stopped at its limit of pages"]


def test_the_token_goes_in_its_header_and_a_wrong_one_is_a_matter_of_keys(
    loopback_client: Client, portal: SocrataPortal
) -> None:
    portal.token = "right"
    vault = {"secrets": DictSecrets({"socrata": "right"})}
    assert notices(visit(loopback_client, portal, app_token="socrata", given=vault))
    assert all("right" not in str(call.query) for call in portal.calls)
    with pytest.raises(FetchError, match="application token") as error:
        notices(visit(loopback_client, portal, app_token="unset"))
    assert error.value.kind == "auth"


def test_a_question_that_the_portal_does_not_understand_is_a_matter_of_parameters(
    loopback_client: Client, portal: SocrataPortal
) -> None:
    with pytest.raises(ParamError, match="Could not parse SoQL"):
        notices(visit(loopback_client, portal, where="BROKEN"))


def test_a_data_set_that_is_gone_says_so(loopback_client: Client, portal: SocrataPortal) -> None:
    with pytest.raises(FetchError, match="no such data set") as error:
        notices(visit(loopback_client, portal, dataset="zz99-zz99"))
    assert error.value.kind == "gone"


def test_F5_a_wall_in_place_of_the_rows_is_suspicious(loopback_client: Client, portal: SocrataPortal) -> None:
    wall = Answer(200, b"<html><title>Just a moment...</title></html>", {"content-type": "text/html"})
    portal.fail(Fault(answer=wall, when=lambda call: "$limit" in call.query))
    with pytest.raises(ParseError, match="wall against robots") as error:
        notices(visit(loopback_client, portal))
    assert error.value.suspicious


def test_an_outage_in_the_middle_is_no_end_of_the_list(loopback_client: Client, portal: SocrataPortal) -> None:
    portal.fail(Fault(answer=Answer(500), when=lambda call: call.query.get("$offset") == "25", times=0))
    with pytest.raises(FetchError) as error:
        notices(visit(loopback_client, portal))
    assert error.value.kind == "transient"


@pytest.mark.skipif(not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)")
def test_the_simulator_writes_its_cells_as_the_recorded_rows_do(portal: SocrataPortal) -> None:
    recorded = json.loads((Path(SAMPLES) / "italy/lombardia_socrata_k6cb-4hbm_2026-06-04.json").read_bytes())[
        "records"
    ][0]
    row = portal.rows[0]
    assert all(isinstance(value, str) for value in (*recorded.values(), *row.values()))
    assert len(row["scadenza"]) == len(recorded["data_presentazioni_offerte"])
    assert row["scadenza"][10:] == recorded["data_presentazioni_offerte"][10:]
    assert row["provincia"].isupper() == recorded["provincia"].isupper()
