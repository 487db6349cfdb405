"""The whole way over real sockets: simulator, client, list, details; and what a list that misbehaves makes of it."""

import pytest

from connectors import een_lombardia
from connectors.base.contract import FetchError, Gone, Notice, ParseError, Reading, Seen, Skipped
from tests.connectors.een_lombardia.conftest import TODAY, MakeVisit
from tests.connectors.visit import SimpleVisit
from tests.portals.een import EenPortal
from tests.portals.een_lombardia import PAGE_SIZE, PATH, LombardiaPortal, document, html
from tests.portals.server import Answer, Fault

CUT = ["the list was not read to its end"]


def notices(found: list[Reading]) -> list[Notice]:
    return [each for each in found if isinstance(each, Notice)]


def lists(portal: LombardiaPortal) -> list[str]:
    return [call.query.get("page", "") for call in portal.calls if call.path == PATH]


def again(visit: SimpleVisit) -> SimpleVisit:
    return SimpleVisit(http=visit.http, params=visit.params, stored=visit.stored, waiting=visit.waiting)


def test_every_proposal_is_read_once_and_says_what_the_platform_says(
    portal: LombardiaPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal)
    read = {notice.source_id: notice for notice in notices(visit.run(een_lombardia))}
    assert set(read) == {one.reference for one in portal.listed()}
    for one in portal.listed():
        notice = read[one.reference or ""]
        (deadline,) = notice.deadlines
        assert notice.titles["it"].text == one.title
        assert (deadline.on, deadline.kind) == (one.expires, "eoi" if one.type == "RDR" else "validity")
        assert notice.same_as == (f"een:{one.reference}",)
        assert notice.summary
        assert str(notice.contact and notice.contact.url).endswith(f"/e/{one.number}")
    assert visit.totals == []
    assert visit.log.lines == []


def test_pages_count_from_one_and_the_list_ends_with_the_first_that_brings_no_new_link(
    portal: LombardiaPortal, visit_to: MakeVisit
) -> None:
    visit_to(portal).run(een_lombardia)
    whole = -(-len(portal.listed()) // PAGE_SIZE)
    assert lists(portal) == ["", *(str(number) for number in range(2, whole + 2))]


def test_the_next_visit_reads_only_what_is_new_or_changed(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    first = visit_to(portal)
    first.run(een_lombardia)
    changed = portal.change(3)
    found = again(first).run(een_lombardia)
    assert sorted(notice.source_id for notice in notices(found)) == sorted(changed)
    assert all(notice.titles["it"].text.endswith("anche in piccole quantità") for notice in notices(found))


def test_a_pager_that_does_not_heed_the_number_makes_no_whole_visit(
    portal: LombardiaPortal, visit_to: MakeVisit
) -> None:
    portal.unheeded = True
    visit = visit_to(portal)
    found = visit.run(een_lombardia)
    assert len(notices(found)) == PAGE_SIZE
    assert lists(portal) == ["", "2"]
    assert (visit.totals, visit.log.warnings()) == ([PAGE_SIZE + 1], CUT)


def test_the_limit_of_pages_is_kept_and_said(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, most_pages=2)
    assert len(notices(visit.run(een_lombardia))) == 2 * PAGE_SIZE
    assert (visit.totals, visit.log.warnings()) == ([2 * PAGE_SIZE + 1], CUT)


def test_an_empty_page_behind_the_last_one_ends_the_list_too(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    last = -(-len(portal.listed()) // PAGE_SIZE)
    empty = html(document("Proposte", "<p>Nessun risultato</p>"))
    portal.fail(Fault(answer=empty, when=lambda call: call.query.get("page") == str(last + 1), times=0))
    visit = visit_to(portal)
    assert len(notices(visit.run(een_lombardia))) == len(portal.listed())
    assert visit.totals == []


def test_an_empty_page_before_the_last_one_makes_no_whole_visit(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    empty = html(document("Proposte", "<p>Nessun risultato</p>"))
    portal.fail(Fault(answer=empty, when=lambda call: call.query.get("page") == "2", times=0))
    visit = visit_to(portal)
    visit.run(een_lombardia)
    assert visit.totals == [PAGE_SIZE + 1]


def test_a_first_page_without_a_card_has_changed_and_is_kept(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    portal.fail(Fault(answer=html(document("Altro", "<p>Altro</p>"))))
    pages = een_lombardia.fetch(visit_to(portal))
    assert next(pages).body
    with pytest.raises(ParseError, match="changed markup"):
        next(pages)


def test_a_wall_or_a_login_in_its_place_is_suspicious(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    wall = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"
    portal.fail(Fault(answer=html(wall)))
    with pytest.raises(ParseError) as error:
        visit_to(portal).run(een_lombardia)
    assert error.value.suspicious


def test_a_refusal_is_told_as_one(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    portal.fail(Fault(answer=Answer(403, b"no"), times=0))
    with pytest.raises(FetchError) as error:
        visit_to(portal).run(een_lombardia)
    assert error.value.kind == "blocked"


def test_a_page_that_is_gone_says_so_and_the_others_are_read(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    one = portal.listed()[4]
    gone = html("<html><body>gone</body></html>", status=404)
    portal.fail(Fault(answer=gone, when=lambda call: f"/{one.number}/" in call.path))
    found = visit_to(portal).run(een_lombardia)
    assert [each.source_id for each in found if isinstance(each, Gone)] == [one.reference]
    assert len(notices(found)) == len(portal.listed()) - 1


def test_a_proposal_of_the_platform_s_own_is_left_out_by_name(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    portal.add_own()
    found = visit_to(portal).run(een_lombardia)
    assert [each.reason for each in found if isinstance(each, Skipped)] == [
        "a proposal of the platform's own, without a reference of the network"
    ]
    assert len(notices(found)) == len(portal.listed()) - 1


def test_it_tells_of_the_very_profiles_that_the_network_s_simulator_lists(visit_to: MakeVisit) -> None:
    network = EenPortal(profiles=60, seed=3, today=TODAY)
    with LombardiaPortal(profiles=network.listed()[::2], today=TODAY) as portal:
        found = visit_to(portal).run(een_lombardia)
    cards = {each.source_id for each in found if isinstance(each, Seen)}
    assert cards <= {one.reference for one in network.listed()}
    assert cards == {one.reference for one in portal.listed()} != set()


def test_a_trial_reads_one_page_of_the_list(portal: LombardiaPortal, visit_to: MakeVisit) -> None:
    visit_to(portal, visit={"trial": True}).run(een_lombardia)
    assert lists(portal) == [""]
