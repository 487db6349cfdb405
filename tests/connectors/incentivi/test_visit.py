"""The whole way over real sockets: simulator, client, pages, records; and a catalogue that is unwell."""

import pytest

from connectors import incentivi
from connectors.base.contract import FetchError, Notice, ParseError, Reading
from tests.connectors.conftest import MakeClient
from tests.connectors.incentivi.conftest import MakeVisit
from tests.connectors.visit import SimpleVisit
from tests.portals.incentivi import IncentiviPortal, error
from tests.portals.server import Answer, Fault


def numbers(found: list[Reading]) -> list[str]:
    return [each.source_id for each in found if isinstance(each, Notice)]


def starts(portal: IncentiviPortal) -> list[str]:
    return [call.query["start"] for call in portal.calls]


def test_the_whole_catalogue_is_read_and_counted(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    assert numbers(visit.run(incentivi)) == [doc["zs_nid"] for doc in portal.docs]
    assert starts(portal) == ["0", "20", "40"]
    assert visit.totals[-1] == 45
    assert visit.log.lines == []


def test_every_record_says_what_the_catalogue_says(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    read = {each.source_id: each for each in visit_to(portal).run(incentivi) if isinstance(each, Notice)}
    for doc in portal.docs:
        notice = read[doc["zs_nid"]]
        assert notice.titles["it"].text == doc["zs_title"]
        assert notice.url == f"https://www.incentivi.gov.it{doc['zs_url']}"
        assert str(notice.budget and notice.budget.total) == doc["zs_field_budget_allocation"]
        (deadline,) = notice.deadlines
        closes = doc["zs_field_close_date"][:10]
        assert (deadline.certainty, str(deadline.on)) == (
            ("until_funds", "None") if closes == "2028-12-31" else ("stated", closes)
        )
        assert (notice.regions == ()) == (len(doc["zm_field_regions_value"]) == 20)


def test_a_catalogue_that_is_rebuilt_meanwhile_announces_more_than_came(
    portal: IncentiviPortal, visit_to: MakeVisit
) -> None:
    portal.drifting = True
    visit = visit_to(portal)
    found = numbers(visit.run(incentivi))
    assert len(found) < visit.totals[-1]  # the visit is partial, and withdraws nothing


def test_a_catalogue_that_turns_no_pages_ends(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    portal.stuck = True
    visit = visit_to(portal)
    assert len(numbers(visit.run(incentivi))) == 20
    assert visit.totals[-1] == 45
    assert visit.log.warnings() == ["a page of incentives came again, the catalogue ends here"]


def test_an_empty_page_before_the_end_ends_it_and_announces_more(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    empty = Answer(200, b'{"response":{"numFound":45,"start":20,"docs":[]}}', {"content-type": "application/json"})
    portal.fail(Fault(answer=empty, when=lambda call: call.query.get("start") == "20"))
    visit = visit_to(portal)
    assert len(numbers(visit.run(incentivi))) == 20
    assert visit.totals[-1] == 45


def test_the_limit_of_records_is_kept_and_said(visit_to: MakeVisit) -> None:
    with IncentiviPortal(incentives=140) as portal:
        visit = visit_to(portal, max_records=100)
        assert len(numbers(visit.run(incentivi))) == 100
    assert visit.totals[-1] == 140
    assert visit.log.warnings() == ["visit stopped at its limit of incentives"]


def test_a_trial_reads_one_page(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    visit_to(portal, visit={"trial": True}).run(incentivi)
    assert starts(portal) == ["0"]


def test_maintenance_in_place_of_the_catalogue_is_no_empty_one(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    page = b"<!DOCTYPE html><html><head><title>Sito in manutenzione</title></head><body>Torniamo presto</body></html>"
    portal.fail(Fault(answer=Answer(200, page, {"content-type": "text/html"})))
    with pytest.raises(ParseError, match="came in its place") as caught:
        visit_to(portal).run(incentivi)
    assert caught.value.suspicious


def test_an_error_with_status_200_is_told_in_its_words_and_kept(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    said = error("undefined field zs_nid")
    portal.fail(Fault(answer=Answer(200, said.body, said.headers)))
    pages = incentivi.fetch(visit_to(portal))
    assert next(pages).body == said.body
    with pytest.raises(ParseError, match="undefined field zs_nid"):
        next(pages)


def test_a_server_that_fails_once_is_asked_again(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    portal.fail(Fault(answer=Answer(503, b"")), Fault(cut_after=100))
    assert len(numbers(visit_to(portal).run(incentivi))) == 45


def test_a_catalogue_that_cannot_be_reached_is_transient(make_client: MakeClient) -> None:
    with IncentiviPortal(incentives=1) as gone:
        params = incentivi.Params(endpoint=gone.endpoint)
    with pytest.raises(FetchError) as caught:
        SimpleVisit(http=make_client(pauses=()), params=params).run(incentivi)
    assert caught.value.kind == "transient"


def test_what_is_new_changed_and_gone_shows(portal: IncentiviPortal, visit_to: MakeVisit) -> None:
    (gone,), (new,) = portal.withdraw(), portal.add()
    changed = portal.change(zs_title="Un altro titolo")
    found = {each.source_id: each for each in visit_to(portal).run(incentivi) if isinstance(each, Notice)}
    assert gone not in found
    assert new == changed
    assert found[new].titles["it"].text == "Un altro titolo"
