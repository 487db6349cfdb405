"""What was read is doubted before it is written: sameness that no platform has, emptiness that was never usual."""

import json
from datetime import date
from typing import Any

import pytest

from aggregator.intake.plausible import ACCEPT, ALIKE, DATED, MANY, Plausible, is_alike, usual, varied
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


MENU = ("Leggi tutto", "Bandi", "Home", "Read more")


def titled(*titles: str) -> list[Notice]:
    return [
        one.model_copy(update={"titles": {"it": Title(text=title)}})
        for one, title in zip(notices(len(titles)), titles, strict=True)
    ]


def test_F8_titles_that_are_the_words_of_a_menu_are_doubted_though_they_are_several() -> None:
    why = Plausible(True).refusal(titled(*MENU * 5), detail=False) or ""
    assert why.startswith("20 of 20 notices have titles from a menu: 'leggi tutto'")
    assert why.endswith(ACCEPT)
    nearly = titled(*MENU * 5, "Servizi di pulizia delle scuole comunali")
    assert "20 of 21 notices have titles from a menu" in (Plausible(True).refusal(nearly, detail=False) or "")
    assert Plausible(True).refusal(titled("Bandi", "Home", *["Leggi tutto"] * 6), detail=False) is None, (
        "Bandi comes once"
    )
    assert "titles from a menu" in (Plausible(True).refusal(titled(*["Bandi", "Leggi tutto"] * 4), detail=False) or "")


@pytest.mark.parametrize(
    "titles",
    [
        ["Leggi tutto", "Bandi"] * 3 + ["Servizi di mensa"] * 2,  # a quarter are titles
        [f"Lotto {n % 3}" for n in range(20)],  # numbers are no menu
        [f"Avviso pubblico per la selezione numero {'i' * (n % 3)}" for n in range(20)],  # no menu is so long
        [f"Bando {chr(97 + n % 10)}" for n in range(20)],  # ten words are not a few
        ["Bandi", "Home", "Leggi tutto"] * 2,  # six notices are not many
    ],
)
def test_F8_short_titles_that_come_again_are_believed_where_they_may_be_titles(titles: list[str]) -> None:
    assert "menu" not in (Plausible(True).refusal(titled(*titles), detail=False) or "")


def test_F8_interfaces_have_no_menus() -> None:
    assert Plausible(False).refusal(titled(*MENU * 5), detail=False) is None


ONE_DAY = {"deadlines": (Deadline(on=date(2027, 1, 31)),)}


def test_F8_one_deadline_for_all_is_doubted_where_there_were_many() -> None:
    guard = Plausible(True, varied=0.9)
    why = guard.refusal(notices(DATED, **ONE_DAY), detail=False) or ""
    assert why == f"all {DATED} notices have one deadline, 2027-01-31, and it was never one before{ACCEPT}"
    assert not is_alike(why)
    assert guard.refusal(notices(DATED - 1, **ONE_DAY), detail=False) is None
    assert guard.refusal([*notices(DATED, **ONE_DAY), notices(3)[2]], detail=False) is None
    assert Plausible(False, varied=0.9).refusal(notices(DATED, **ONE_DAY), detail=False) is None


def test_F8_a_programme_whose_calls_share_their_deadline_is_believed() -> None:
    assert Plausible(True).refusal(notices(MANY, **ONE_DAY), detail=False) is None, "nothing is known of it yet"
    shared = Plausible(True)
    shared.refusal(notices(MANY, **ONE_DAY), detail=False)
    habit = varied([shared.filled(), shared.filled()])
    assert habit == 0.05
    assert Plausible(True, varied=habit).refusal(notices(MANY, **ONE_DAY), detail=False) is None


def test_F8_a_programme_that_publishes_its_calls_together_is_believed_among_others() -> None:
    guard = Plausible(True, varied=0.9)
    assert [guard.refusal([one], detail=True) for one in notices(MANY - 1, **ONE_DAY)] == [None] * (MANY - 1)
    assert "have one deadline" in (guard.refusal([notices(MANY, **ONE_DAY)[-1]], detail=True) or "")


def test_F8_how_many_deadlines_there_were_is_noted_where_there_were_enough_to_tell() -> None:
    few, many = Plausible(True), Plausible(True)
    few.refusal(notices(DATED - 1), detail=False)
    many.refusal(notices(28), detail=False)
    assert varied([few.filled(), few.filled(), many.filled()]) is None, "a single visit is no habit"
    assert varied([many.filled(), few.filled(), None, many.filled()]) == 1.0
    assert usual([many.filled(), many.filled()])["deadlines"] == 1.0


def test_F8_titles_and_addresses_that_a_person_calls_right_are_believed() -> None:
    said = [Plausible(True).refusal(notices(9, url="https://example.org/"), detail=False) or ""]
    said.append(Plausible(True).refusal(titled(*MENU * 5), detail=False) or "")
    assert [is_alike(why) for why in said] == [True, True]
    guard = Plausible(True, alike=True)
    assert guard.refusal(notices(9, url="https://example.org/"), detail=False) is None
    assert guard.refusal(titled(*MENU * 5), detail=False) is None
