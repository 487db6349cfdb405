"""What was read is doubted before it is written: sameness that no platform has, emptiness that was never usual."""

import json
from datetime import date
from typing import Any

import pytest

from aggregator.intake.plausible import ALIKE, MANY, Plausible, usual
from connectors.base.contract import Deadline, Notice, Title


def notices(count: int, **given: Any) -> list[Notice]:
    """So many different notices; `given` is true of all of them."""
    found = []
    for n in range(count):
        own: dict[str, Any] = {
            "source_id": f"N{n}",
            "url": f"https://example.org/{n}",
            "titles": {"en": Title(text=f"Call number {n}")},
            "kind": "tender",
            "summary": f"Text {n}",
            "deadlines": (Deadline(on=date(2027, 1, 1 + n % 28)),),
        }
        found.append(Notice(**own | given))
    return found


ALL = ("title", "url", "deadlines")


def test_F8_different_notices_are_believed() -> None:
    assert Plausible(ALL).refusal(notices(MANY), detail=False) is None


@pytest.mark.parametrize(
    ("field", "given", "count", "said"),
    [
        ("title", {"titles": {"en": Title(text="Open calls")}}, ALIKE, "one title: 'open calls'"),
        ("url", {"url": "https://example.org/"}, ALIKE, "one address: https://example.org/"),
        ("deadlines", {"deadlines": (Deadline(on=date(2027, 1, 1)),)}, MANY, "one deadline: 2027-01-01"),
    ],
)
def test_F8_what_no_platform_has_in_common_is_doubted_from_a_number_on(
    field: str, given: dict[str, Any], count: int, said: str
) -> None:
    assert said in (Plausible(ALL).refusal(notices(count, **given), detail=False) or "")
    assert Plausible(ALL).refusal(notices(count - 1, **given), detail=False) is None
    others = tuple(name for name in ALL if name != field)
    assert Plausible(others).refusal(notices(count, **given), detail=False) is None, "where the connector allows it"


def test_F8_notices_that_state_no_deadline_have_none_in_common() -> None:
    assert Plausible(ALL).refusal(notices(MANY, deadlines=()), detail=False) is None


def test_F8_details_are_judged_together_with_those_before_them() -> None:
    guard = Plausible(ALL)
    said = [guard.refusal([one], detail=True) for one in notices(8, titles={"en": Title(text="Menu")})]
    assert [why is None for why in said] == [True] * (ALIKE - 1) + [False] * 4


def test_F7_a_field_that_always_came_and_comes_no_more_is_a_change_of_the_source() -> None:
    guard = Plausible(ALL, {"summary": 0.9, "deadlines": 0.5})
    assert guard.refusal(notices(MANY, summary=None), detail=False) == (
        f"none of {MANY} notices states summary, which 90% did before"
    )
    assert guard.refusal(notices(MANY, deadlines=()), detail=False) is None, "half of them never stated one"
    assert guard.refusal(notices(MANY - 1, summary=None), detail=False) is None


def test_F7_the_share_of_each_field_is_noted_and_two_visits_make_a_habit() -> None:
    guard = Plausible(ALL)
    guard.refusal(notices(8), detail=False)
    guard.refusal(
        [one.model_copy(update={"source_id": f"X{one.source_id}"}) for one in notices(2, summary=None)], detail=False
    )
    assert json.loads(guard.filled() or "")["summary"] == 0.8
    assert Plausible(ALL).filled() is None
    assert usual([guard.filled()]) == {}
    assert usual([guard.filled(), guard.filled(), None])["summary"] == 0.8
