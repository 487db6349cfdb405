"""The whole way over real sockets: the simulated portal, the client, the reader."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError, Notice, ParamError, ParseError
from connectors.generic import ckan
from tests.connectors.visit import SimpleVisit
from tests.portals.ckan import RESOURCE, CKANPortal
from tests.portals.server import Answer, Fault

TODAY = date(2026, 11, 23)


@pytest.fixture
def portal() -> Iterator[CKANPortal]:
    with CKANPortal(rows=60, today=TODAY) as running:
        yield running


def visit(client: Client, portal: CKANPortal, **params: Any) -> SimpleVisit:
    return SimpleVisit(http=client, params=ckan.Params.model_validate(portal.params | params))


def notices(made: SimpleVisit) -> list[Notice]:
    return [one for one in made.run(ckan) if isinstance(one, Notice)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_newest_file_of_the_data_set_is_read_whatever_separates_its_cells(
    loopback_client: Client, portal: CKANPortal, separator: str
) -> None:
    portal.separator = separator
    read = notices(visit(loopback_client, portal))
    assert [call.path for call in portal.calls] == ["/api/3/action/package_show", "/download/calendario.csv"]
    assert len({one.source_id for one in read}) == 60
    for notice, bando in zip(read, portal.bandi, strict=True):
        assert notice.titles["it"].text == bando.title
        assert notice.opens_at == bando.opens
        assert [each.on for each in notice.deadlines] == [bando.closes]
        assert notice.url == f"{portal.url}/bando/{bando.number}"
        assert notice.budget
        assert notice.budget.total == (bando.number % 7 + 1) * 1_000_000 + 200_000


def test_the_rows_of_the_data_store_are_read_page_by_page_and_are_the_same_notices(
    loopback_client: Client, portal: CKANPortal
) -> None:
    made = visit(loopback_client, portal, resource=RESOURCE, rows=25)
    stored = notices(made)
    assert made.totals[-1] == 60
    assert len(portal.calls) == 3
    assert stored == notices(visit(loopback_client, portal))


def test_a_file_is_read_at_its_own_address(loopback_client: Client, portal: CKANPortal) -> None:
    assert len(notices(visit(loopback_client, portal, url=f"{portal.url}/download/calendario.csv"))) == 60


def test_a_column_that_the_file_no_longer_has_is_heard_before_anything_is_read(
    loopback_client: Client, portal: CKANPortal
) -> None:
    portal.lost = "Chiusura"
    with pytest.raises(ParseError, match="no column Chiusura; it has: Stato, Intervento"):
        notices(visit(loopback_client, portal))


def test_a_login_in_place_of_the_file_is_suspicious(loopback_client: Client, portal: CKANPortal) -> None:
    login = b"<!doctype html><title>Accedi</title><form><input type=password></form>"
    portal.fail(Fault(answer=Answer(200, login), when=lambda call: call.path.endswith(".csv")))
    with pytest.raises(ParseError, match="login page") as error:
        notices(visit(loopback_client, portal))
    assert error.value.suspicious


def test_a_data_set_that_is_not_there_and_a_format_that_it_does_not_have_are_said(
    loopback_client: Client, portal: CKANPortal
) -> None:
    with pytest.raises(ParamError, match="no such data set"):
        notices(visit(loopback_client, portal, url=f"{portal.url}/dataset/altro"))
    with pytest.raises(ParamError, match="no file of XLSX; it has: CSV, PDF"):
        notices(visit(loopback_client, portal, format="XLSX"))


def test_a_resource_that_is_not_in_the_data_store_is_gone(loopback_client: Client, portal: CKANPortal) -> None:
    with pytest.raises(FetchError, match="no such resource") as error:
        notices(visit(loopback_client, portal, resource="another"))
    assert error.value.kind == "gone"


def test_an_outage_is_no_empty_table(loopback_client: Client, portal: CKANPortal) -> None:
    portal.fail(Fault(answer=Answer(502), times=0))
    with pytest.raises(FetchError) as error:
        notices(visit(loopback_client, portal))
    assert error.value.kind == "transient"


def test_a_visit_to_the_data_store_stops_at_its_limit_and_has_announced_more(
    loopback_client: Client, portal: CKANPortal
) -> None:
    made = visit(loopback_client, portal, resource=RESOURCE, rows=10, max_pages=2)
    assert len(notices(made)) == 20
    assert made.totals[-1] == 60
    assert made.log.warnings() == ["visit stopped at its limit of pages"]
