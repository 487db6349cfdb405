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


def test_F8_different_notices_are_believed() -> None:
    assert Plausible(True).refusal(notices(MANY), detail=False) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"titles": {"en": Title(text="Open calls")}}, "one title: 'open calls'"),
        ({"url": "https://example.org/"}, "one address: 'https://example.org/'"),
    ],
)
def test_F8_what_no_platform_has_in_common_is_doubted_from_a_number_on(given: dict[str, Any], said: str) -> None:
    assert said in (Plausible(True).refusal(notices(ALIKE, **given), detail=False) or "")
    assert Plausible(True).refusal(notices(ALIKE - 1, **given), detail=False) is None
    assert Plausible(False).refusal(notices(ALIKE, **given), detail=False) is None, "no selector, no wrong one"


def test_F8_a_single_sound_notice_among_many_alike_makes_them_no_better() -> None:
    mixed = [*notices(19, titles={"en": Title(text="Menu")}), notices(20)[-1]]
    assert "19 of 20 notices have one title: 'menu'" in (Plausible(True).refusal(mixed, detail=False) or "")
    half = [*notices(5, titles={"en": Title(text="Menu")}), *notices(20)[10:15]]
    assert Plausible(True).refusal(half, detail=False) is None


def test_F8_details_are_judged_together_with_those_before_them() -> None:
    guard = Plausible(True)
    said = [guard.refusal([one], detail=True) for one in notices(8, titles={"en": Title(text="Menu")})]
    assert [why is None for why in said] == [True] * (ALIKE - 1) + [False] * 4


def test_F7_a_field_that_always_came_and_comes_no_more_is_a_change_of_the_source() -> None:
    guard = Plausible(True, {"summary": 0.9, "deadlines": 0.5})
    why = guard.refusal(notices(MANY, summary=None), detail=False)
    assert (why or "").startswith(f"none of {MANY} notices states summary, which 90% did before")
    assert (why or "").endswith("worldwidewe sources accept")
    assert guard.refusal(notices(MANY, deadlines=()), detail=False) is None, "half of them never stated one"
    assert guard.refusal(notices(MANY - 1, summary=None), detail=False) is None


def test_F7_where_no_selector_can_be_wrong_an_empty_field_is_told_and_written_all_the_same() -> None:
    guard = Plausible(False, {"summary": 0.9, "deadlines": 0.5})
    assert guard.refusal(notices(MANY, summary=None, deadlines=()), detail=False) is None
    assert guard.emptied() == [f"none of {MANY} notices states summary, which 90% did before"]
    sound = Plausible(False, {"summary": 0.9})
    sound.refusal(notices(MANY), detail=False)
    assert sound.emptied() == []


def test_F7_the_share_of_each_field_is_noted_and_two_visits_make_a_habit() -> None:
    guard = Plausible(True)
    guard.refusal(notices(8), detail=False)
    guard.refusal(
        [one.model_copy(update={"source_id": f"X{one.source_id}"}) for one in notices(2, summary=None)], detail=False
    )
    assert json.loads(guard.filled() or "")["summary"] == 0.8
    assert Plausible(True).filled() is None
    assert usual([guard.filled()]) == {}
    assert usual([guard.filled(), guard.filled(), None])["summary"] == 0.8
