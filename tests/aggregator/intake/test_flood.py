"""A flood: shown on the board at once, and told in no letter before the office has looked, or a day has passed."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from aggregator.intake import alerts, flood, sources
from aggregator.intake.acceptance import accept
from aggregator.intake.tables import visits
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import ParamError
from tests.aggregator.intake import letters
from tests.aggregator.intake.reading import DAY, HOUR, NOW, WEEK, add_tiny, everything, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer, Fault

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("new", "usual", "said"),
    [
        (31, [6, 6, 6, 6], True),
        (30, [6, 6, 6, 6], False),  # five times is not more than five times
        (30, [1], True),
        (29, [1], False),
        (500, [], False),  # the first visit, or the first under other parameters
        (100, [500, 3, 2, 4], True),
        (100, [500, 400, 2, 4], False),
        (0, [1], False),
    ],
)
def test_F19_more_than_five_times_the_usual_is_a_flood(new: int, usual: list[int], said: bool) -> None:
    assert flood.too_many(new, usual) is said


def calm(store: Store, portal: TinyPortal) -> int:
    """A source with three ordinary visits behind it: 40 notices, then 4, then 4. Returns how many it lists."""
    letters.enrol(store)
    add_tiny(store, portal)
    for n, count in enumerate((40, 44, 48)):
        portal.rows = rows(count)
        assert visit(store, "tiny", at=NOW + n * HOUR).kind == "ok"
        assert flooding(store) == []
    return 48


def pour(store: Store, portal: TinyPortal, count: int = 60) -> None:
    portal.rows = [*rows(48), *(row(n, title=f"Cleaning of flat {n}") for n in range(100, 100 + count))]
    done = visit(store, "tiny", at=NOW + 3 * HOUR)
    assert (done.kind, done.new) == ("ok", count)


def flooding(store: Store) -> list[str]:
    with store.read() as connection:
        return [one.kind for one in alerts.listed(connection)]


def test_F19_a_flood_is_on_the_board_and_in_no_letter_for_a_day(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=[]) as portal:
        calm(store, portal)
        with capture_logs() as logs:
            pour(store, portal)
    assert [e["why"][:32] for e in logs if e["event"] == "unusual visit"] == ["60 new notices, and 4 are usual:"]
    assert flooding(store) == ["flood"]
    assert len(everything(store)) == 108
    shown, more = letters.told(store, NOW + 4 * HOUR)
    assert (len(shown) + more, [title for title in shown if "flat" in title]) == (48, [])
    assert letters.write(store, NOW + 4 * HOUR, tmp_path)
    states = dict(listed(store, "SELECT state, count(*) FROM matches GROUP BY state"))
    assert (states["new"], states["sent"] + states["offered"]) == (60, 48), "what waits was not passed over"
    # A day after the visit the letter of that moment tells them, as new.
    assert letters.told(store, NOW + 27 * HOUR - MINUTE)[0] == []
    shown, more = letters.told(store, NOW + 27 * HOUR + MINUTE)
    assert all("flat" in title for title in shown)
    assert len(shown) > 0
    assert len(shown) + more == 60 + states["offered"]


def test_F19_the_office_lets_a_flood_go_at_once_and_may_not_let_go_what_is_none(store: Store) -> None:
    with TinyPortal(rows=[]) as portal:
        calm(store, portal)
        with store.write() as connection, pytest.raises(ParamError, match="not doubted"):
            accept(connection, "tiny", now=NOW + 3 * HOUR)
        pour(store, portal)
    before = letters.told(store, NOW + 4 * HOUR)
    with store.write() as connection:
        done = accept(connection, "tiny", now=NOW + 4 * HOUR)
    assert (done.released, done.anew) == (True, False), "what is usual for the source stays its measure"
    after = letters.told(store, NOW + 4 * HOUR)
    assert len(after[0]) + after[1] == len(before[0]) + before[1] + 60
    assert flooding(store) == []
    assert one(store, "SELECT accepted_at FROM sources WHERE name = 'tiny'") == "2026-11-23T07:00:00Z"


def test_F19_what_another_source_lists_as_well_does_not_wait(store: Store) -> None:
    with (
        TinyPortal(rows=[]) as portal,
        TinyPortal(rows=[row(1, title="Cleaning, the shared one", same_as=["x:1"])]) as other,
    ):
        calm(store, portal)
        add_tiny(store, other, "other")
        visit(store, "other", at=NOW + 2 * HOUR)
        portal.rows = [*rows(48), *(row(n, title=f"Cleaning of flat {n}") for n in range(100, 150))]
        portal.rows.append(row(999, title="Cleaning, the shared one", same_as=["x:1"]))
        visit(store, "tiny", at=NOW + 3 * HOUR)
    with store.read() as connection:
        waiting = flood.waiting(connection, NOW + 4 * HOUR)
        assert waiting is not None
        waits = set(connection.scalars(waiting))
    shared = one(store, "SELECT opportunity_id FROM notices WHERE source = 'other'")
    assert (len(waits), shared in waits) == (50, False)


def test_F19_a_visit_that_was_killed_does_not_let_half_a_flood_through(store: Store) -> None:
    with TinyPortal(rows=[], size=60) as portal:
        calm(store, portal)
        flats = [row(n, title=f"Cleaning of flat {n}") for n in range(100, 135)]
        portal.rows = [*flats[:25], *rows(48)]
        portal.fail(Fault(answer=Answer(500, b"", {}), times=0, when=lambda call: call.query.get("page") == "2"))
        assert visit(store, "tiny", at=NOW + 3 * HOUR, patient=False).new == 25
        with store.write() as connection:
            # As a killed process leaves it: its first page is in the store, and its visit never ended.
            connection.execute(
                sa.update(visits)
                .where(visits.c.started_at == stamp(NOW + 3 * HOUR))
                .values({"class": "transient", "error": "interrupted: the process ended", "new": 0})
            )
        portal.heal()
        portal.rows = [*flats, *rows(48)]
        assert visit(store, "tiny", at=NOW + 4 * HOUR).new == 10
    assert flooding(store) == ["flood"]
    shown, more = letters.told(store, NOW + 4 * HOUR)
    assert len(shown) + more == 48


def test_F19_other_parameters_make_another_measure_and_end_a_hold(store: Store) -> None:
    with TinyPortal(rows=[]) as portal:
        calm(store, portal)
        pour(store, portal)
        with store.write() as connection:
            assert flood.held(connection, "tiny") is not None
            sources.change(connection, "tiny", now=NOW + 4 * HOUR, params={"url": f"{portal.url}/other"})
            assert flood.held(connection, "tiny") is None
            assert flood.waiting(connection, NOW + 5 * HOUR) is None
        portal.rows = rows(90, first=500)
        assert visit(store, "tiny", at=NOW + 5 * HOUR, mode="recent").new == 90
        with store.read() as connection:
            assert flood.held(connection, "tiny") is None


def test_F19_a_hold_from_a_clock_that_was_ahead_does_not_last_for_ever(store: Store) -> None:
    with TinyPortal(rows=[]) as portal:
        calm(store, portal)
    with store.write() as connection:
        flood.hold(connection, "tiny", since=NOW + 10 * WEEK, until=NOW + 10 * WEEK + DAY)
        alerts.raise_(connection, "tiny", "flood", "x", now=NOW)
        alerts.settle(connection, now=NOW + DAY)
        assert flood.held(connection, "tiny") is None
