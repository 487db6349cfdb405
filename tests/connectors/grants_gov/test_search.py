"""A visit to a running simulator: the list to its end, and the details that are due."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.contract import Notice, Seen
from tests.connectors.grants_gov.conftest import TODAY, MakeVisit, asked_details, ids, listed, searches, told
from tests.connectors.visit import SimpleVisit
from tests.portals import grants_gov_faults as faults
from tests.portals.grants_gov import GrantsGovPortal
from tests.portals.server import Answer, Fault


def test_a_visit_lists_everything_and_reads_every_detail(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    readings = visit.run(grants_gov)
    assert told(readings, Seen) == ids(portal)
    assert sorted(told(readings, Notice)) == sorted(ids(portal))
    assert visit.totals[-1] == len(ids(portal))
    assert visit.log.warnings() == []


def test_the_next_visit_asks_only_for_what_is_new_or_changed(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    visit.run(grants_gov)
    portal.calls.clear()
    fresh = {*portal.change(3), *portal.publish(1), *portal.add(2)}
    again = visit.run(grants_gov)
    assert set(asked_details(portal)) == set(told(again, Notice)) == fresh
    assert len(fresh) == 6


def test_what_a_hit_does_not_show_is_read_again_after_some_days(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    readings = visit.run(grants_gov)
    (quiet,) = portal.change(1, quietly=True)
    assert quiet not in told(visit.run(grants_gov), Notice)
    # The fingerprint of a card changes on a day of its own within a fortnight (connectors/base/cards.py).
    page = next(iter(grants_gov.fetch(visit)))
    before = {reading.source_id: reading for reading in readings if isinstance(reading, Seen)}
    later = replace(page, fetched_at=page.fetched_at + timedelta(days=14))
    shown = [grants_gov.read(record, later) for record in grants_gov.split(later)]
    assert all(isinstance(seen, Seen) and seen != before[seen.source_id] for seen in shown)


def test_a_forecast_that_is_posted_keeps_its_identity(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    visit.run(grants_gov)
    (id,) = portal.publish(1)
    (after,) = [reading for reading in visit.run(grants_gov) if isinstance(reading, Notice) and reading.source_id == id]
    assert "stage:planning" not in after.codes
    assert after.deadlines[0].kind == "submission"


def test_the_request_carries_every_filter_under_the_names_of_the_platform(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(
        portal,
        keyword="food",
        eligibilities=("99", "25"),
        agencies=("USDA", "DOS-ITA"),
        categories=("AG", "FN"),
        instruments=("G", "CA"),
        aln="10.175",
        statuses=("posted",),
    )
    list(listed(visit))
    assert searches(portal)[0] == {
        "keyword": "food",
        "oppNum": "",
        "aln": "10.175",
        "cfda": "10.175",
        "eligibilities": "99|25",
        "agencies": "USDA|DOS-ITA",
        "oppStatuses": "posted",
        "fundingCategories": "AG|FN",
        "fundingInstruments": "G|CA",
        "sortBy": "openDate|desc",
        "rows": 10,
        "startRecordNum": 0,
    }
    assert visit.log.warnings() == []


@pytest.mark.parametrize(
    "params", [{"categories": ("HL",)}, {"agencies": ("DOS",)}, {"aln": "10.771"}, {"keyword": "cheese"}], ids=str
)
def test_a_filter_lets_through_what_it_names_and_nothing_else(
    portal: GrantsGovPortal, visit_to: MakeVisit, params: dict[str, Any]
) -> None:
    found = list(listed(visit_to(portal, **params)))
    assert 0 < len(found) < len(ids(portal))
    assert len(set(found)) == len(found)


def test_a_platform_that_searches_for_something_else_is_noticed(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    def forget(answer: Answer) -> Answer:
        return Answer(
            answer.status, answer.body.replace(b'"eligibilities":"99"', b'"eligibilities":""'), answer.headers
        )

    portal.fail(Fault(alter=forget))
    visit = visit_to(portal, eligibilities=("99",))
    list(listed(visit))
    (line,) = [line for line in visit.log.lines if line.level == "warning"]
    assert line.facts == {"filters": ["eligibilities"]}


def test_documented_names_are_read_like_the_live_ones(visit_to: MakeVisit) -> None:
    def read(*, docs_names: bool) -> list[Any]:
        with GrantsGovPortal(opportunities=25, seed=7, docs_names=docs_names, today=TODAY) as portal:
            visit = visit_to(portal, aln="")
            found = visit.run(grants_gov)
            assert visit.log.warnings() == []
            return [reading for reading in found if isinstance(reading, Notice)]

    assert read(docs_names=True) == read(docs_names=False)
    assert read(docs_names=True) != []


def test_hits_that_move_between_pages_come_once_more_and_are_counted_once(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    portal.drifting = True
    visit = visit_to(portal)
    before = len(ids(portal))
    found = list(listed(visit))
    assert len(found) > len(set(found))
    assert visit.totals[-1] > before
    # What was posted while the list was turned stands on its first page, which had been read.
    assert len(set(found)) == before


def test_a_platform_that_gives_fewer_hits_than_asked_is_read_without_a_gap(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    portal.fail(faults.other_rows(7))
    assert list(listed(visit_to(portal))) == ids(portal)


def test_a_page_that_comes_again_ends_the_list_as_incomplete(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    portal.stuck = True
    visit = visit_to(portal)
    assert list(listed(visit)) == ids(portal)[:10]
    assert len(searches(portal)) == 2
    assert visit.totals[-1] == len(ids(portal))
    assert len(visit.log.warnings()) == 1


@pytest.mark.parametrize(("said", "announced"), [(5_000, 5_000), (3, None), (0, None)])
def test_a_count_that_is_not_true_neither_hides_hits_nor_makes_a_list_complete(
    portal: GrantsGovPortal, visit_to: MakeVisit, said: int, announced: int | None
) -> None:
    portal.fail(faults.false_count(said))
    visit = visit_to(portal)
    assert list(listed(visit)) == ids(portal)
    assert visit.totals[-1] == (announced or len(ids(portal)))


def test_a_list_that_ends_where_the_count_says_costs_no_further_request(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    list(listed(visit_to(portal, rows=len(ids(portal)))))
    assert len(searches(portal)) == 1


def test_nothing_found_is_an_answer(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, keyword="zeppelin")
    assert visit.run(grants_gov) == []
    assert visit.totals == [0]
    assert len(searches(portal)) == 1


def test_a_visit_stops_at_its_limit_and_says_so(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, max_hits=15)
    assert len(list(listed(visit))) == 20
    assert visit.totals[-1] == len(ids(portal))
    assert visit.log.warnings() == ["visit stopped at its limit of hits"]


def test_an_address_with_a_slash_at_its_end_is_the_same(portal: GrantsGovPortal, visit_to: MakeVisit) -> None:
    assert list(listed(visit_to(portal, rows=100))) == ids(portal)
    visit = SimpleVisit(http=visit_to(portal).http, params=grants_gov.Params(endpoint=f"{portal.endpoint}/", rows=100))
    assert list(listed(visit)) == ids(portal)


@pytest.mark.parametrize(
    "wrong",
    [{"eligibilities": ("9",)}, {"statuses": ()}, {"statuses": ("open",)}, {"aln": "10771"}, {"rows": 0}, {"more": 1},
     {"agencies": ("DOS|USDA",)}, {"categories": ("AG|FN",)}, {"endpoint": "ftp://api.grants.gov"}],
    ids=str,
)  # fmt: skip
def test_a_parameter_that_the_platform_would_misunderstand_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        grants_gov.Params(**wrong)


def test_words_that_come_back_encoded_and_codes_in_another_order_are_what_was_asked(
    portal: GrantsGovPortal, visit_to: MakeVisit
) -> None:
    def encode(answer: Answer) -> Answer:
        body = answer.body.replace(b'"keyword":"food hubs"', b'"keyword":"food%20hubs"').replace(b'"13|25"', b'"25|13"')
        assert body != answer.body
        return Answer(answer.status, body, answer.headers)

    portal.fail(Fault(alter=encode))
    visit = visit_to(portal, keyword="food hubs", eligibilities=("13", "25"))
    list(listed(visit))
    assert visit.log.warnings() == []
