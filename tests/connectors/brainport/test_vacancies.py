"""The vacancies of Brainport, from a list of our own in the form that another program's code tells."""

import json
from typing import Any

import pytest

from connectors import brainport
from connectors.base.client import Client
from connectors.base.contract import Notice, ParseError
from connectors.brainport.vacancies import list_address
from tests.connectors.brainport.conftest import only, page, visit
from tests.portals.server import Answer
from tests.portals.site_pages import PagesPortal

JOBS = "/en/jobs"
SUM = "0123456789abcdef0123456789abcdef"
LIST = (
    f"{JOBS}?tx_brainportjobs_joblist%5Baction%5D=list&amp;tx_brainportjobs_joblist%5Bcontroller%5D=JobAjax"
    f"&amp;type=1594717109&amp;cHash={SUM}"
)


def job(number: int, **more: Any) -> dict[str, Any]:
    said = {"title": f"Welder {number}", "company": "Example Metals", "location_name": "Eersel", "language": "en"}
    return {
        **said,
        "date": "2026-11-02 00:00:00",
        "uri": f"https://jobs.example.org/{number}",
        "description": "",
        **more,
    }


class Board(PagesPortal):
    """A page with the address of a list, and the list, fifteen vacancies a part."""

    def __init__(self, jobs: int, *, page: str | None = None, endless: bool = False) -> None:
        super().__init__({JOBS: page or f'<div data-url="{LIST}"></div>'})
        self.jobs, self.endless = jobs, endless

    def answer(self, call: Any) -> Answer:
        if "cHash" not in call.query:
            return super().answer(call)
        if call.query["cHash"] != SUM:
            return Answer(404)
        page = 1 if self.endless else int(call.query["tx_brainportjobs_jobslist[page]"])
        found = [job(number) for number in range(self.jobs)][15 * (page - 1) : 15 * page]
        return Answer(200, json.dumps({"jobs": found}).encode(), {"content-type": "application/json"})


def test_vacancies_are_read_to_the_first_part_without_any(loopback_client: Client) -> None:
    with Board(32) as board:
        made = visit(loopback_client, "vacancies", board.url + JOBS)
        found = made.run(brainport)
        asked = [call.query for call in board.calls if "cHash" in call.query]
    assert len([reading for reading in found if isinstance(reading, Notice)]) == 32
    assert made.totals == []
    assert [query["tx_brainportjobs_jobslist[page]"] for query in asked] == ["1", "2", "3", "4"]
    assert all(query["tx_brainportjobs_joblist[controller]"] == "JobAjax" for query in asked)
    assert asked[0]["tx_brainportjobs_jobslist[location_filter][]"] == "5"


def test_F10_a_list_that_never_ends_is_stopped_and_is_no_whole_one(loopback_client: Client) -> None:
    with Board(15, endless=True) as board:
        made = visit(loopback_client, "vacancies", board.url + JOBS)
        made.run(brainport)
        assert len(board.calls) == 3
    assert made.totals == [16]


def test_a_page_without_the_sum_is_refused(loopback_client: Client) -> None:
    with (
        Board(3, page="<p>Vacancies</p>") as board,
        pytest.raises(ParseError, match="cHash: the page holds no address"),
    ):
        visit(loopback_client, "vacancies", board.url + JOBS).run(brainport)


@pytest.mark.parametrize(
    "written",
    [
        f'<div data-url="{LIST}">',
        f'<script>var u = "{LIST.replace("&amp;", chr(92) + "u0026").replace("/", chr(92) + "/")}";</script>',
        f'<a href="{LIST.replace("%5B", "[").replace("%5D", "]")}">x</a>',
    ],
)
def test_the_address_of_the_list_is_found_however_it_is_written(written: str) -> None:
    address = list_address(page(f"<html><body>{written}</body></html>", "vacancies"))
    assert f"cHash={SUM}" in address
    assert "JobAjax" in address


def test_a_vacancy_keeps_its_board_and_its_company_and_no_person() -> None:
    said = {"date": {"date": "2026-07-02 00:00:00.000000", "timezone": "Europe/Amsterdam"}, "language": "nl"}
    text = "<p>Contactpersoon: Ada Prova, ada.prova@example.org, tel. 040 123 45 67. Je last roestvrij staal.</p>"
    body = json.dumps({"jobs": [job(1, **said, description=text)], "_note": "x"})
    notice = only(page(body, "vacancies", role="listing"))
    assert (notice.source_id, notice.kind, str(notice.published_at)) == (
        "https://jobs.example.org/1",
        "vacancy",
        "2026-07-02",
    )
    assert notice.organisation is not None
    assert notice.organisation.name == "Example Metals"
    assert not any(word in notice.model_dump_json() for word in ("Prova", "ada.", "123 45"))


@pytest.mark.parametrize("broken", [{"uri": "javascript:x()"}, {"title": ""}, {"uri": None}])
def test_a_vacancy_without_title_or_address_is_set_aside(broken: dict[str, Any]) -> None:
    given = page(json.dumps({"jobs": [job(1, **broken)]}), "vacancies", role="listing")
    (record,) = brainport.split(given)
    with pytest.raises(ParseError, match="no title or no address"):
        brainport.read(record, given)
