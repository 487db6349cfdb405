"""What goes into a letter: limits, sections, order. Pure, so every case is a few lines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aggregator.digest.choose import Candidate, Chosen, choose, closing_soon, place, sources
from aggregator.store.opportunity import status
from connectors.base.contract import Deadline
from tests.aggregator.digest.sample import MOVED, NOW, tender

FAR = (Deadline(on=date(2027, 3, 1), zone="Europe/Paris"),)
NEAR = (Deadline(on=date(2026, 11, 30), zone="Europe/Paris"),)


def fits(id: int, *, deadlines: tuple[Deadline, ...] = FAR, source: str | None = None, **facts: Any) -> Candidate:
    item = tender(id, source=source or f"source-{id}", deadlines=deadlines)
    return Candidate(item=item, **{"score": 0.5, "tier": "coded", **facts})


def ids(chosen: tuple[Chosen, ...]) -> list[int]:
    return [c.item.id for c in chosen]


def test_D2_a_letter_holds_the_eight_best() -> None:
    chosen = choose([fits(n, score=n / 100) for n in range(1, 30)], now=NOW)
    assert ids(chosen) == [29, 28, 27, 26, 25, 24, 23, 22]


def test_D2_one_source_fills_three_places_and_no_more() -> None:
    loud = [fits(n, score=0.9, source="loud") for n in range(1, 6)]
    quiet = [fits(n, score=0.2) for n in range(6, 9)]
    assert ids(choose([*loud, *quiet], now=NOW)) == [1, 2, 3, 6, 7, 8]


def test_D2_at_most_two_only_resemble_the_profile_and_stand_last_under_their_own_heading() -> None:
    like = [fits(n, tier="like", score=0.99) for n in range(1, 5)]
    chosen = choose([*like, fits(9, score=0.1)], now=NOW)
    assert [(c.item.id, c.section) for c in chosen] == [(9, "new"), (1, "maybe"), (2, "maybe")]


def test_what_only_resembles_stays_a_maybe_whatever_became_of_it() -> None:
    moved = [fits(n, tier="like", state="sent", changes=(MOVED,), deadlines=NEAR) for n in range(1, 4)]
    chosen = choose([*moved, fits(8, tier="like"), fits(9, score=0.1)], now=NOW)
    assert [(c.section, bool(c.changes)) for c in chosen] == [("new", False), ("maybe", True), ("maybe", True)]
    assert place(fits(1, tier="like", state="sent", deadlines=NEAR), NOW) is None


def test_D7_what_only_resembles_is_no_reason_for_a_letter() -> None:
    assert choose([fits(1, tier="like"), fits(2, tier="like")], now=NOW) == ()
    assert choose([], now=NOW) == ()


def test_D5_sections_follow_from_deadline_and_from_what_was_told_before() -> None:
    assert place(fits(1, deadlines=NEAR), NOW) == "closing"
    assert place(fits(1), NOW) == "new"
    assert place(fits(1, state="sent", changes=(MOVED,)), NOW) == "changed"
    assert place(fits(1, state="sent", deadlines=NEAR), NOW) == "closing"
    assert place(fits(1, state="sent"), NOW) is None
    assert place(fits(1, state="offered"), NOW) is None
    assert place(fits(1, state="offered", deadlines=NEAR), NOW) == "closing"


def test_D5_a_moved_deadline_of_something_seen_stands_under_changed_even_when_it_is_near() -> None:
    assert place(fits(1, state="sent", changes=(MOVED,), deadlines=NEAR), NOW) == "changed"


def test_D6_a_reminder_comes_once_for_each_value_of_the_deadline() -> None:
    end = closing_soon(tender(1, deadlines=NEAR), NOW)
    assert end is not None
    assert place(fits(1, state="sent", deadlines=NEAR, reminded=frozenset({end})), NOW) is None
    assert place(fits(1, state="sent", deadlines=NEAR, reminded=frozenset({end - timedelta(days=1)})), NOW) == "closing"


def test_D8_closed_and_withdrawn_items_are_dropped() -> None:
    over = tender(1, deadlines=(Deadline(on=date(2026, 11, 22)),))
    withdrawn = tender(2).model_copy(update={"withdrawn_at": NOW})
    found = [Candidate(item=item, score=1, tier="coded") for item in (over, withdrawn)]
    assert ids(choose([*found, fits(3)], now=NOW)) == [3]


def test_closing_soon_means_fourteen_days_of_the_sources_calendar() -> None:
    # 23:30 in Rome on the 23rd is the 24th in Helsinki.
    now = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    for day, soon in ((8, True), (9, False)):
        item = tender(1, deadlines=(Deadline(on=date(2026, 12, day), zone="Europe/Helsinki"),))
        assert (closing_soon(item, now) is not None) is soon


def test_how_long_an_offer_is_valid_presses_nobody() -> None:
    assert place(fits(1, deadlines=(Deadline(on=date(2026, 11, 30), kind="validity"),)), NOW) == "new"


def test_what_cannot_wait_has_places_even_when_its_score_is_low() -> None:
    good = [fits(n, score=0.9) for n in range(1, 20)]
    closing = [fits(n, score=0.1, deadlines=NEAR) for n in range(30, 40)]
    changed = [fits(n, score=0.1, state="sent", changes=(MOVED,)) for n in range(50, 60)]
    sections = [c.section for c in choose([*good, *closing, *changed], now=NOW)]
    assert sections == ["closing"] * 3 + ["changed"] * 2 + ["new"] * 3


def test_closing_items_are_read_by_their_date() -> None:
    later = fits(1, score=0.9, deadlines=(Deadline(on=date(2026, 12, 3)),))
    sooner = fits(2, score=0.2, deadlines=(Deadline(on=date(2026, 11, 25)),))
    assert ids(choose([later, sooner], now=NOW)) == [2, 1]


@given(
    st.lists(
        st.builds(
            lambda id, day, source, tier, state, score, changed: Candidate(
                item=tender(id, source=source, deadlines=(Deadline(on=NOW.date() + timedelta(days=day)),)),
                score=score,
                tier=tier,
                state=state,
                changes=(MOVED,) if changed else (),
            ),
            st.integers(1, 10_000),
            st.integers(-5, 60),
            st.sampled_from("abcd"),
            st.sampled_from(["coded", "text", "like"]),
            st.sampled_from(["new", "offered", "sent"]),
            st.floats(0, 1),
            st.booleans(),
        ),
        max_size=25,
        unique_by=lambda c: c.item.id,
    )
)
def test_D2_D8_no_letter_breaks_a_limit_repeats_an_item_or_shows_a_closed_one(found: list[Candidate]) -> None:
    chosen = choose(found, now=NOW)
    assert len(chosen) <= 8
    assert len(set(ids(chosen))) == len(chosen)
    assert all(status(c.item, NOW) == "open" for c in chosen)
    assert sum(c.section == "maybe" for c in chosen) <= 2
    named = [name for c in chosen for name in sources(c.item)]
    assert all(named.count(name) <= 3 for name in named)
    assert not chosen or any(c.section != "maybe" for c in chosen)
