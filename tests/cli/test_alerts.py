"""`alerts`, and what `sources` says of a source that waits for the office."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.intake import alerts
from aggregator.intake.tables import sources
from aggregator.store.session import open_store
from aggregator.store.tables import stamp
from tests.cli.conftest import Command
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Fault


@pytest.fixture
def walled(worldwidewe: Command, feeds: FeedPortal) -> str:
    """A source that was read once and then met a wall."""
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    worldwidewe("pull", "valley")
    feeds.fail(Fault(answer=Answer(403, b"no", {"content-type": "text/plain"}), times=0))
    worldwidewe("pull", "valley")
    worldwidewe("pull", "valley")
    return "valley"


def test_a_source_that_is_not_well_is_listed_until_it_is(worldwidewe: Command, walled: str, feeds: FeedPortal) -> None:
    assert "403" in " ".join(worldwidewe("alerts").out.split())
    (row,) = worldwidewe("alerts", "--json").json_lines()
    assert (row["about"], row["kind"]) == ("valley", "blocked")
    assert row.keys() == {"about", "kind", "why", "opened_at"}
    assert "alert          blocked since" in worldwidewe("sources", "show", walled).out
    feeds.heal()
    worldwidewe("pull", walled)
    assert worldwidewe("alerts").out == "nothing is wrong\n"
    (row,) = worldwidewe("alerts", "--all", "--json").json_lines()
    assert row["healed_at"] >= row["opened_at"]
    assert "blocked" in worldwidewe("alerts", "--all").out


def test_without_alerts_it_says_so(worldwidewe: Command) -> None:
    assert worldwidewe("alerts").out == "nothing is wrong\n"
    assert worldwidewe("alerts", "--all").out == "nothing has ever been wrong\n"
    assert worldwidewe("alerts", "--json").out == ""


def test_the_newest_stands_first_and_what_strangers_wrote_is_shown_as_it_is(worldwidewe: Command, home: Path) -> None:
    worldwidewe("alerts")
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{home / 'store.sqlite'}").write() as connection:
        alerts.raise_(connection, "old", "drift", "one title: '[red]x[/red]'", now=now - timedelta(days=3))
        alerts.raise_(connection, "", "clock", "our clock is 7 minutes behind", now=now)
    assert [row.get("about", "") for row in worldwidewe("alerts", "--json").json_lines()] == ["", "old"]
    said = worldwidewe("alerts").out
    assert "[red]x[/red]" in said
    assert said.index("this installation") < said.index("old")


def test_what_waits_is_shown_and_let_go(worldwidewe: Command, feeds: FeedPortal, home: Path) -> None:
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    worldwidewe("pull", "valley")
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{home / 'store.sqlite'}").write() as connection:
        waits = {"held_since": stamp(now + timedelta(seconds=5)), "held_until": stamp(now + timedelta(hours=5))}
        connection.execute(sa.update(sources).where(sources.c.name == "valley").values(waits))
    shown = worldwidewe("sources", "show", "valley").out
    assert "is in no letter before" in shown
    assert "worldwidewe sources accept valley" in shown
    assert "your word on what waits" in str(worldwidewe("sources", "list", "--json").json_lines())
    done = worldwidewe("sources", "accept", "valley")
    assert (done.code, done.out) == (0, "what valley has brought waits no longer: the next letters may tell it\n")
    assert "in no letter" not in worldwidewe("sources", "show", "valley").out
    again = worldwidewe("sources", "accept", "valley")
    assert again.code == 1
    assert "not doubted for something that a person can accept" in again.complaint


def test_a_mailbox_of_the_office_that_is_none_is_a_mistake_in_one_line(
    worldwidewe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_OFFICE_EMAIL", "the office")
    done = worldwidewe("alerts")
    assert done.code == 1
    assert "office_email" in done.complaint.lower()
