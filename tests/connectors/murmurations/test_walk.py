"""The index is asked within its limits, what is new or changed is read, and no stranger's profile ends a visit."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from connectors import murmurations
from connectors.base.contract import Gone, Notice, Organisation, Page, ParamError, Seen
from connectors.murmurations import walk
from tests.connectors.murmurations.conftest import NOW, MakeVisit, page_of
from tests.connectors.visit import SimpleVisit
from tests.portals.murmurations import OFFERS, ORGANISATIONS, MurmurationsPortal
from tests.portals.server import Answer, Call, Fault, json_answer


def lists(portal: MurmurationsPortal) -> list[Call]:
    return [call for call in portal.calls if call.path == "/v2/nodes"]


def kinds(found: list[Any]) -> Counter[str]:
    return Counter(type(each).__name__ for each in found)


def pages_of(visit: SimpleVisit) -> list[Page]:
    """What a visit fetches, with the cards of each page known before the next one is asked for."""
    found = []
    for page in murmurations.fetch(visit):
        found.append(page)
        for record in murmurations.split(page):
            reading = murmurations.read(record, page)
            if isinstance(reading, Seen):
                visit.waiting[reading.source_id] = reading
    return found


def again(visit: SimpleVisit, **settings: Any) -> SimpleVisit:
    kept: dict[str, Any] = {"stored": visit.stored, "waiting": visit.waiting, "mode": "recent", "now": NOW}
    return SimpleVisit(http=visit.http, params=visit.params, **kept | settings)


def test_a_sweep_lists_everything_and_reads_every_profile(portal: MurmurationsPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    found = visit.run(murmurations)
    assert kinds(found) == {"Seen": 72, "Organisation": 60, "Notice": 12}
    assert visit.totals[-1] == 72
    assert [call.query["schema"] for call in lists(portal)] == [ORGANISATIONS, OFFERS]
    assert all(call.query["status"] == "posted" and call.query["page_size"] == "500" for call in lists(portal))
    assert visit.waiting == {}


def test_a_second_visit_asks_for_what_changed_and_reads_only_that(
    portal: MurmurationsPortal, visit_to: MakeVisit
) -> None:
    first = visit_to(portal)
    cursor = [page.cursor_after for page in pages_of(first) if page.cursor_after]
    assert cursor == [str(max(node.updated for node in portal.nodes))]
    first = visit_to(portal)
    first.run(murmurations)
    portal.calls.clear()
    changed = portal.change(7, name="Orto Nuovo")
    found = again(first, cursor=cursor[0]).run(murmurations)
    assert [each.name for each in found if isinstance(each, Organisation)] == ["Orto Nuovo"]
    posted = [call.query for call in lists(portal) if call.query["status"] == "posted"]
    assert [asked["last_updated"] for asked in posted] == cursor * 2
    assert [call.path for call in portal.calls if "sites" in call.path] == ["/sites/7/profile.json"]
    assert changed.number == 7


def test_an_index_that_counts_in_seconds_is_asked_in_seconds(visit_to: MakeVisit) -> None:
    with MurmurationsPortal(organisations=0, offers=0, now=NOW) as portal:
        portal.seconds = True
        portal.add()
        (cursor,) = [page.cursor_after for page in pages_of(visit_to(portal)) if page.cursor_after]
        assert len(cursor) == 10
        portal.change(0, name="Changed")
        found = again(visit_to(portal), cursor=cursor).run(murmurations)
        assert kinds(found)["Organisation"] == 1


def test_what_was_taken_away_is_told_as_gone_in_every_ordinary_visit(
    portal: MurmurationsPortal, visit_to: MakeVisit
) -> None:
    first = visit_to(portal)
    first.run(murmurations)
    gone = portal.delete(3)
    for _ in range(2):
        found = again(first, cursor=str(gone.updated + 1)).run(murmurations)
        assert [each for each in found if isinstance(each, Gone)] == [Gone(gone.url, said=True)]


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({"countries": ("IT", "SI"), "schemas": (OFFERS,)}, [{"country": "IT"}, {"country": "SI"}]),
        ({"tags": ("coop", "food"), "tags_filter": "and", "tags_exact": True}, [{"tags": "coop,food"}] * 2),
    ],
)
def test_parameters_become_the_questions_of_the_index(
    portal: MurmurationsPortal, visit_to: MakeVisit, params: dict[str, Any], asked: list[dict[str, str]]
) -> None:
    visit_to(portal, **params).run(murmurations)
    assert [{name: call.query[name] for name in asked[0]} for call in lists(portal)] == asked
    if "tags" in params:
        assert (lists(portal)[0].query["tags_filter"], lists(portal)[0].query["tags_exact"]) == ("and", "true")


def test_a_long_list_is_walked_page_by_page(
    portal: MurmurationsPortal, visit_to: MakeVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "PAGE_SIZE", 30)
    visit = visit_to(portal, schemas=(ORGANISATIONS,))
    assert kinds(visit.run(murmurations))["Organisation"] == 60
    assert [call.query["page"] for call in lists(portal)] == ["1", "2"]


def test_the_most_pages_make_a_visit_incomplete_and_move_no_cursor(
    portal: MurmurationsPortal, visit_to: MakeVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "PAGE_SIZE", 30)
    visit = visit_to(portal, schemas=(ORGANISATIONS,), most_pages=1)
    assert [page.cursor_after for page in pages_of(visit) if page.role == "listing"] == [None]
    assert visit.totals[-1] == 60


def test_an_index_that_turns_in_a_circle_ends(
    portal: MurmurationsPortal, visit_to: MakeVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "PAGE_SIZE", 30)
    held: dict[str, Answer] = {}
    portal.fail(Fault(alter=lambda a: held.setdefault("first", a), when=lambda call: call.path == "/v2/nodes", times=0))
    visit = visit_to(portal, schemas=(ORGANISATIONS,))
    assert all(page.cursor_after is None for page in pages_of(visit))
    assert len(lists(portal)) == 2
    assert visit.log.warnings() == ["a page of the index came twice"]


def test_a_profile_of_both_sorts_is_announced_once(portal: MurmurationsPortal, visit_to: MakeVisit) -> None:
    both = portal.nodes[0]
    portal.add(OFFERS, url=both.url)
    visit = visit_to(portal)
    visit.run(murmurations)
    assert visit.totals[-1] == 72


def test_an_index_without_results_is_an_empty_list(portal: MurmurationsPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, countries=("MT",))
    assert visit.run(murmurations) == []
    assert visit.totals[-1] == 0


def test_more_results_than_the_index_gives_are_told_before_they_are_read(
    portal: MurmurationsPortal, visit_to: MakeVisit
) -> None:
    meta = {"number_of_results": 10_001, "total_pages": 21}
    portal.fail(Fault(answer=json_answer({"data": [], "meta": meta}), when=lambda call: call.path == "/v2/nodes"))
    with pytest.raises(ParamError, match=r"countries: the index gives 10,000 results .*; name countries or tags"):
        visit_to(portal).run(murmurations)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"title": "Max Results Exceeded", "detail": "No more than 10,000"}, "countries: the index gives 10,000"),
        (
            {"title": "Invalid Query Parameter", "source": {"parameter": "tags_exact"}, "detail": "is not valid"},
            "tags_exact: the index refuses the question: is not valid",
        ),
        ({}, "endpoint: the index refuses the question: it says not why"),
    ],
)
def test_a_refused_question_is_a_matter_of_configuration(
    portal: MurmurationsPortal, visit_to: MakeVisit, answer: dict[str, Any], said: str
) -> None:
    portal.fail(Fault(answer=json_answer({"errors": [answer]}, status=400)))
    with pytest.raises(ParamError, match=said):
        visit_to(portal).run(murmurations)


def test_a_card_asks_again_when_the_index_tells_a_change_and_after_four_weeks(
    portal: MurmurationsPortal, visit_to: MakeVisit
) -> None:
    def cards(at: Any) -> list[Any]:
        entry = {"profile_url": "https://a.example.org/p.json", "last_updated": 5, "linked_schemas": [OFFERS]}
        page = page_of({"data": [entry, entry | {"last_updated": 6}]}, role="listing", fetched_at=at)
        return [murmurations.read(record, page) for record in murmurations.split(page)]

    now, changed = cards(NOW)
    later, _ = cards(NOW + timedelta(days=28))
    assert now.fingerprint not in (changed.fingerprint, later.fingerprint)
    assert now.source_id == now.url == "https://a.example.org/p.json"


def test_a_trial_asks_for_one_page_of_the_index(portal: MurmurationsPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, visit={"trial": True})
    found = visit.run(murmurations)
    assert len(lists(portal)) == 1
    assert any(isinstance(each, Organisation | Notice) for each in found)
