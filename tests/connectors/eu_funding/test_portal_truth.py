"""The simulator says nothing that the platform does not say: its rows against recorded ones; and facts of the recordings.

The one thing to know: the recordings are not part of this project; WORLDWIDEWE_SAMPLES names their folder. No recorded
cascade call, external-action call or announcement is known, so nothing here vouches for theirs.
"""

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import eu_funding
from connectors.base.contract import Deadline, Notice, Page, ParseError, Skipped
from connectors.eu_funding.about import LIVE, Params
from tests.connectors.eu_funding.test_portal import OPEN, ask
from tests.portals.eu_funding import EUFundingPortal

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES")
pytestmark = pytest.mark.skipif(
    not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)"
)
GRANTS = "search_2025-12-05_text-AI_filters-ignored.json"
OPEN_GRANTS = "search_2026-08_open-grants_trimmed.json"
TENDERS = "search_2026-09-12_tenders_PIN-and-CN_trimmed.json"
MIRROR = "result_stale-mirror_SEDIA_PRD_CENTRICITY_apiVersion-2.154.json"
NORMALISED = "snapshot_2026-08-22_cascade_prospect_and_grants_NORMALISED.json"
OLD = "result_2023-04-03_forthcoming_apiVersion-2.101.json"

# Known from descriptions only; and a key that came after the recordings of news (type 6) were made.
UNSEEN = {"metadata/placesOfDeliveryOrPerformance", "citation"}


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(SAMPLES or "") / "eu_funding" / name).read_text(encoding="utf-8"))
    return found


def recorded(kind: str) -> list[dict[str, Any]]:
    files = (GRANTS, OPEN_GRANTS, TENDERS)
    rows = [row for name in files for row in sample(name)["results"]] + [sample(MIRROR), sample(OLD)]
    return [row for row in rows if row["metadata"]["type"] == [kind]]


def simulated(portal: EUFundingPortal, kind: str) -> list[dict[str, Any]]:
    return [row for row in portal._index("SEDIA") if row.get("metadata", {}).get("type") == [kind]]


def shapes(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Every key with the type that stands there; null and a missing key are the same in a row."""
    found = {(key, kind_of(value)) for row in rows for key, value in row.items() if value is not None}
    return found | {
        (f"metadata/{key}", kind_of(value)) for row in rows for key, value in row["metadata"].items() if value
    }


def kind_of(value: Any) -> str:
    if isinstance(value, list) and value:
        return f"list of {kind_of(value[0])}"
    if isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}":
        return "json"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize("kind", ["0", "1", "6"])
def test_every_key_and_type_of_a_row_is_one_that_was_recorded(portal: EUFundingPortal, kind: str) -> None:
    theirs = shapes(recorded(kind))
    keys = {key for key, _ in theirs}
    wrong = shapes(simulated(portal, kind)) - theirs
    assert {key for key, _ in wrong if key not in keys} - UNSEEN == set()
    # A list may be empty in one row and hold texts in another.
    assert {(key, shape) for key, shape in wrong if key in keys and shape != "list"} - {
        ("highlightedFragments", "list of str")
    } == set()


def test_values_of_the_index_are_written_as_recorded(portal: EUFundingPortal) -> None:
    assert all(
        isinstance(value, list) and all(isinstance(each, str) for each in value)
        for row in simulated(portal, "1") + simulated(portal, "0")
        for value in row["metadata"].values()
    )
    ours = json.loads(simulated(portal, "1")[0]["metadata"]["budgetOverview"][0])
    theirs = json.loads(sample(GRANTS)["results"][0]["metadata"]["budgetOverview"][0])
    assert set(ours) == set(theirs)
    [mine, its] = [next(iter(each["budgetTopicActionMap"].values()))[0] for each in (ours, theirs)]
    assert {key: type(value) for key, value in mine.items()} == {key: type(value) for key, value in its.items()}


def test_the_envelope_has_the_recorded_keys(portal: EUFundingPortal) -> None:
    ours, theirs = ask(portal, {"query": OPEN}), sample(GRANTS)
    assert {key: kind_of(value) for key, value in ours.items() if key != "results"} == {
        key: kind_of(value) for key, value in theirs.items() if key != "results"
    }


def page(answer: Any, params: Params) -> Page:
    return Page(
        url=f"{LIVE}?apiKey=SEDIA",
        body=json.dumps(answer).encode(),
        fetched_at=datetime(2026, 9, 12, 12, tzinfo=UTC),
        headers={"content-type": "application/json"},
        params=params,
    )


def read(*rows: Any, **params: Any) -> list[Any]:
    whole = page({"totalResults": len(rows), "results": rows}, Params(**params))
    return [eu_funding.read(record, whole) for record in eu_funding.split(whole)]


def test_of_seven_budgets_in_one_overview_the_topics_own_is_read() -> None:
    [row] = [row for row in sample(GRANTS)["results"] if row["reference"] == "48400948TOPICSen"]
    [one] = read(row, statuses=("closed",))
    assert isinstance(one, Notice)
    assert one.budget is not None
    assert (one.budget.total, one.budget.currency) == (Decimal(15_000_000), "EUR")
    assert one.grant is not None
    assert (one.grant.min, one.grant.max) == (Decimal(4_000_000), Decimal(6_000_000))
    assert one.deadlines == (Deadline(on=date(2025, 10, 2), zone="Europe/Brussels"),)
    assert one.updated_at is not None
    assert one.updated_at.isoformat().startswith("2025-10-03T17:59:44")
    assert one.eligibility is not None
    assert "redacted" not in one.model_dump_json()


def test_the_albanian_tender_ends_at_its_own_wall_clock_and_is_the_one_of_ted() -> None:
    prior, one = read(*sample(TENDERS)["results"])
    assert prior == Skipped("prior information older than a year")
    assert isinstance(one, Notice)
    assert one.deadlines == (Deadline(on=date(2026, 10, 9), at="14:00", zone="Europe/Tirane"),)
    assert "ted:613852-2026" in one.same_as
    assert one.budget is not None
    assert (one.budget.total, one.countries) == (Decimal(1_400_000), ("AL",))
    assert one.codes == ("cpv:71316000", "sedia-zone:31085511")
    assert one.organisation is not None
    assert one.organisation.name.startswith("General Directorate for Financing")


def test_open_grants_of_2026_are_days_without_an_hour() -> None:
    found = read(*sample(OPEN_GRANTS)["results"])
    assert [n.deadlines[0].at for n in found] == [None] * 4
    assert {str(n.deadlines[0].on) for n in found} == {"2026-09-15", "2026-09-22"}
    assert [n.source_id for n in found] == ["50130830TOPICS", "50130252TOPICS", "51176725TOPICS", "51176647TOPICS"]
    assert found[0].same_as[1] == "topic:horizon-cl5-2026-09-d4-03"


def test_open_grants_that_say_nothing_of_a_part_of_a_programme_are_no_answer_to_a_question_for_it() -> None:
    assert len(read(*sample(OPEN_GRANTS)["results"])) == 4
    with pytest.raises(ParseError, match="filter programmeDivision: cannot be seen to hold"):
        read(*sample(OPEN_GRANTS)["results"], types=("grant",), divisions=("43121666",))


@pytest.mark.parametrize(("name", "params"), [(MIRROR, {}), (GRANTS, {"statuses": ("closed",)})])
def test_recorded_rows_that_ignore_the_question_are_refused(name: str, params: dict[str, Any]) -> None:
    whole = sample(name)
    with pytest.raises(ParseError, match="was ignored"):
        read(*whole.get("results", [whole]), **params)


def test_cascade_calls_close_at_the_hours_of_brussels() -> None:
    """The reason why their clock is read so: two in three end at 17:00 or 23:59, as the pages of projects say."""
    calls = [one for one in sample(NORMALISED)["grants"] if one["kind"]["id"] == "8"]
    hours = Counter(one["deadlineDate"][11:16] for one in calls)
    assert (len(calls), hours["17:00"], hours["23:59"]) == (83, 37, 16)
    addresses = [one["url"].rsplit("/", 2)[1:] for one in calls]
    assert {kind for kind, _ in addresses} == {"competitive-calls-cs"}
    assert not any(one["id"].startswith(number) for one, (_, number) in zip(calls, addresses, strict=True))


def test_the_row_of_2023_is_read_in_its_older_shape() -> None:
    [one] = read(sample(OLD))
    assert one.deadlines == (Deadline(on=date(2024, 4, 18), at="17:00", zone="Europe/Brussels"),)
    assert one.opens_at == date(2023, 12, 7)
    assert len(one.keywords) == 8
    assert not one.url.endswith(".json")
