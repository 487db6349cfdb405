"""A listing that collapses: suspicious, nothing withdrawn, until the office may say that it is right."""

from datetime import timedelta

import pytest

from aggregator.intake import sources
from aggregator.intake.acceptance import accept, refusal
from aggregator.intake.plausible import ACCEPT
from aggregator.store.session import Store
from connectors.base.contract import ParamError
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_carded, add_tiny, everything, one, visit
from tests.aggregator.intake.tiny import TinyPortal, rows


def said(*visits: tuple[str, float]) -> str | None:
    """Visits as (class, hours ago), newest first; "wall" is a suspicious one for another reason than a collapse."""
    return refusal(
        [
            (
                "suspicious" if kind == "wall" else kind,
                f"it lists 3, and 40 is usual{ACCEPT}" if kind == "suspicious" else "a login page came",
                NOW - timedelta(hours=hours),
            )
            for kind, hours in visits
        ]
    )


def test_F6_three_suspicious_visits_over_a_day_may_be_accepted() -> None:
    assert said(("suspicious", 0), ("suspicious", 12), ("suspicious", 24), ("ok", 36)) is None
    assert said(("suspicious", 0), ("transient", 1), ("suspicious", 12), ("throttled", 13), ("suspicious", 24)) is None


@pytest.mark.parametrize(
    ("visits", "why"),
    [
        ([("ok", 0), ("suspicious", 24)], "that a person can accept"),
        ([("wall", 0), ("wall", 12), ("wall", 30)], "that a person can accept"),
        ([], "that a person can accept"),
        ([("suspicious", 0), ("suspicious", 30)], "2 doubted visits over 30 hours"),
        ([("suspicious", 0), ("suspicious", 1), ("suspicious", 23)], "3 doubted visits over 23 hours"),
        ([("suspicious", 0), ("suspicious", 25), ("ok", 26), ("suspicious", 50)], "2 doubted visits over 25 hours"),
    ],
)
def test_F6_before_that_it_is_said_what_is_lacking(visits: list[tuple[str, float]], why: str) -> None:
    assert why in (said(*visits) or "")


@pytest.mark.parametrize("left", [0, 4])
def test_F6_a_collapsed_listing_withdraws_nothing_until_a_person_accepts_it(store: Store, left: int) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        add_tiny(store, portal)
        assert visit(store, "tiny", mode="sweep").kind == "ok"
        portal.rows = rows(left)
        for days in (1, 2, 3):
            done = visit(store, "tiny", at=NOW + days * DAY, mode="sweep")
            assert (done.kind, done.withdrawn) == ("suspicious", 0)
            assert "worldwidewe sources accept" in (done.error or "")
            if days < 3:
                with store.write() as connection, pytest.raises(ParamError, match="doubted visits over"):
                    accept(connection, "tiny", now=NOW + days * DAY + HOUR)
        with store.write() as connection:
            accept(connection, "tiny", now=NOW + 3 * DAY + HOUR)
        assert one(store, "SELECT count(*) FROM opportunities WHERE withdrawn_at IS NOT NULL") == 0
        kinds = [visit(store, "tiny", at=NOW + days * DAY, mode="sweep") for days in (4, 5)]
        assert [done.withdrawn for done in kinds] == [0, 20 - left]


def test_F6_after_a_change_of_parameters_earlier_visits_are_no_measure(store: Store) -> None:
    with TinyPortal(rows=rows(40)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = rows(3)
        with store.write() as connection:
            sources.change(connection, "tiny", now=NOW + HOUR, params={"url": f"{portal.url}/other"})
        assert visit(store, "tiny", at=NOW + DAY, mode="sweep").kind == "same"


def test_F8_titles_from_a_menu_overwrite_nothing_until_a_person_says_that_they_are_titles(store: Store) -> None:
    with CardPortal(25) as portal:
        add_carded(store, portal)
        visit(store, "carded")
        before = {item.title("en")[0] for item in everything(store)}
        for n, card in enumerate(portal.rows.values()):
            card["title"] = ("Read more", "Calls", "Home")[n % 3]
        done = visit(store, "carded", at=NOW + HOUR)
        assert (done.kind, done.changed) == ("drift", 11), "twelve pages are needed to tell three words from chance"
        assert "notices have titles from a menu" in (done.error or "")
        for hours in (13, 26):
            again = visit(store, "carded", at=NOW + hours * HOUR)
            assert (again.kind, again.changed) == ("drift", 0), "what is known to be wrong does not trickle in"
        assert len({item.title("en")[0] for item in everything(store)} & before) == 14
        with store.write() as connection:
            accept(connection, "carded", now=NOW + 27 * HOUR)
        assert visit(store, "carded", at=NOW + 28 * HOUR).good
        assert {item.title("en")[0] for item in everything(store)} == {"Read more", "Calls", "Home"}
        with store.write() as connection:
            sources.change(connection, "carded", now=NOW + 29 * HOUR, params={"announces": True})
        for n, card in enumerate(portal.rows.values()):
            card["title"] = ("Read more", "Tenders", "Home")[n % 3]
        assert visit(store, "carded", at=NOW + 30 * HOUR).kind == "drift", "other parameters, other pages"


def test_F8_a_page_that_is_sound_again_is_believed_after_a_doubted_visit(store: Store) -> None:
    with CardPortal(25) as portal:
        add_carded(store, portal)
        visit(store, "carded")
        for card in portal.rows.values():
            card["title"] = "Read more"
        assert visit(store, "carded", at=NOW + HOUR).kind == "drift"
        for n, card in enumerate(portal.rows.values()):
            card["title"] = f"Care home number {n}, second notice"
        for hours in (2, 3):
            last = visit(store, "carded", at=NOW + hours * HOUR)
        assert last.good, last
        assert not [item for item in everything(store) if item.title("en")[0] == "Read more"]
