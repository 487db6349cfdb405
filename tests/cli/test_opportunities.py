"""`opportunities`: find one, and see which notices make it up, why they are one, and what changed, from which visit and page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from aggregator.intake import joining, kept
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from aggregator.store.tables import changes, opportunities, stamp
from config.settings import load
from tests.cli.conftest import Command
from tests.cli.test_export import stored
from tests.portals.ted import TedPortal


@pytest.fixture
def store() -> Iterator[Store]:
    """The store of the settings, for what no command does."""
    opened = open_store(load().database_url)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def moved(worldwidewe: Command, read_store: Sequence[str], ted: TedPortal) -> str:
    """The number of an opportunity that a second source tells, too, and whose deadline was put off a week."""
    endpoint = f"endpoint={ted.url}/v3/notices/search"
    assert worldwidewe("sources", "add", "mirror", "ted", endpoint, "--title", "Mirror").code == 0
    assert worldwidewe("pull", "mirror").code == 0
    ted.change(3)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        assert worldwidewe("pull", "tenders").code == 0
    rows = [row for row in worldwidewe("export", "--history").json_lines() if row["field"] == "deadline"]
    id = rows[0]["opportunity"]
    assert isinstance(id, str)
    return id


def test_show_tells_the_notices_the_reason_and_the_change_with_its_visit_and_page(
    worldwidewe: Command, moved: str, ted: TedPortal
) -> None:
    done = worldwidewe("opportunities", "show", moved)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    (row,) = [row for row in worldwidewe("export", "--history").json_lines() if row["opportunity"] == moved]
    assert lines[0].startswith(f"{moved}  ")
    assert "made up of 2 notices" in lines
    assert any(line.startswith("  TED, Tenders Electronic Daily: tenders ") and "(leads)" in line for line in lines)
    assert any(line.startswith("    joined on ") and "by the key ted:" in line for line in lines)
    assert sum(line.startswith(f"    read from {ted.url}/v3/notices/search, visit ") for line in lines) == 2
    (changed,) = [line for line in lines if "deadline: 20" in line and "→" in line]
    assert changed.endswith(f"deadline: {row['before']} → {row['after']}")
    assert lines[lines.index(changed) + 1].startswith(f"    tenders, visit {row['visit']} of ")
    assert lines[lines.index(changed) + 1].endswith(f"(ok): {ted.url}/v3/notices/search")
    # The mirror was not read since: the two say different days now.
    assert lines[lines.index("where they differ") + 1 :][:3] == [
        "  deadline",
        f"    tenders: {row['after']}",
        f"    mirror: {row['before']}",
    ]


def test_show_as_json_is_the_opportunity_with_all_that_it_comes_from(worldwidewe: Command, moved: str) -> None:
    (told,) = worldwidewe("opportunities", "show", moved, "--json").json_lines()
    (exported,) = [one for one in worldwidewe("export").json_lines() if one["id"] == moved]
    assert {key: told[key] for key in exported.keys() - {"notices", "changes"}} == {
        key: exported[key] for key in exported.keys() - {"notices", "changes"}
    }
    leader, follower = told["notices"]
    assert (leader["source"], leader["leads"], leader["stands"]) == ("tenders", True, "listed")
    assert follower["merge"]["by"] == "key"
    assert follower["merge"]["visit"]["class"] == "ok"
    (change,) = told["history"]
    assert change["page"]["visit"] == change["visit"]["id"] == leader["page"]["visit"]
    assert [one["source"] for one in told["differ"]["deadline"]] == ["tenders", "mirror"]


def test_a_page_that_is_gone_and_a_visit_without_pages_are_said(worldwidewe: Command, moved: str, store: Store) -> None:
    with store.write() as connection:
        kept.prune(connection, "tenders", now=datetime.now(UTC) + timedelta(days=200))
    said = worldwidewe("opportunities", "show", moved).out
    assert said.count("a page that is no longer kept") == 2


def test_an_old_number_leads_to_where_it_went(worldwidewe: Command, moved: str, store: Store) -> None:
    other = "1" if moved != "1" else "2"
    with store.write() as connection:
        joining.join(connection, int(moved), int(other), why="one call told twice", now=datetime.now(UTC))
    winner, loser = sorted((int(moved), int(other)))
    done = worldwidewe("opportunities", "show", str(loser))
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == f"{loser} went into {winner}"
    assert lines[1].startswith(f"{winner}  ")
    assert f"  went into it: {loser}" in lines
    assert sum(f"by the office: one call told twice; it was {loser} before" in line for line in lines) == 2
    assert worldwidewe("opportunities", "show", str(loser), "--json").json_lines()[0]["old_numbers"] == [str(loser)]


@pytest.mark.parametrize("command", [("show", "4711"), ("show", "4711", "--json")])
def test_a_number_that_never_was_is_one_line_and_the_way_out(worldwidewe: Command, command: tuple[str, ...]) -> None:
    done = worldwidewe("opportunities", *command)
    assert (done.code, done.out) == (1, "")
    assert done.complaint == (
        "worldwidewe: 4711: there is no opportunity of this number; find one with: worldwidewe opportunities search"
    )


@pytest.mark.parametrize("number", ["0", "-3", "seven", "99999999999999999999"])
def test_what_is_no_number_of_an_opportunity_is_a_mistake_of_the_line(worldwidewe: Command, number: str) -> None:
    done = worldwidewe("opportunities", "show", "--", number)
    assert (done.code, done.out) == (2, "")
    assert done.complaint.endswith("see: worldwidewe opportunities show --help")


def test_what_is_for_the_office_alone_is_shown_to_the_office(worldwidewe: Command) -> None:
    stored("A lead from the mail", rights={"show": "link", "audience": "office"})
    said = worldwidewe("opportunities", "show", "1").out
    assert "A lead from the mail" in said
    assert "  for the office only" in said
    assert "on the board" not in said
    assert "A lead from the mail" in worldwidewe("opportunities", "search", "lead").out


def test_F25_what_a_stranger_wrote_cannot_move_the_cursor_of_a_terminal(worldwidewe: Command, store: Store) -> None:
    stored("Mowing \x1b[2J\x1b]0;owned\x07 \u202etxt.exe\nand a second line")
    row = {"opportunity_id": 1, "source": "test", "at": "2026-11-24T07:00:00Z", "cause": "source"}
    with store.write() as connection:
        connection.execute(
            sa.insert(changes).values(**row, field="title", before="old \x1b[31mred", after="new\u2066 \r\n  one")
        )
    said = worldwidewe("opportunities", "show", "1").out
    assert not {"\x1b", "\x07", "\u202e", "\u2066", "\r"} & set(said)
    assert "  2026-11-24 07:00  title: old [31mred → new one" in said.splitlines()


def test_each_kind_of_change_has_its_line(worldwidewe: Command, store: Store) -> None:
    stored("Mowing", first_seen="2026-11-20T07:00:00Z")
    rows: list[tuple[str, str | None, str | None, str]] = [
        ("deadline", "2026-12-08, 2027-01-01", "2026-12-01, 2027-01-01", "source"),
        ("deadline", "2026-12-01", "2026-12-02", "our_reading"),
        ("budget", None, None, "source"),
        ("codes", "cpv:1, cpv:2", "cpv:2, cpv:3", "source"),
        ("countries", "FR", "FR, IT", "source"),
        ("text", "812 #3f9a1c22", "1204 #aa9a1c22", "source"),
        ("summary", None, "90 #3f9a1c22", "source"),
        ("withdrawn", None, "2026-11-24T07:00:00Z", "source"),
        ("reopened", "2026-11-24T07:00:00+00:00", None, "source"),
    ]
    with store.write() as connection:
        for n, (field, before, after, cause) in enumerate(rows):
            at = stamp(datetime(2026, 11, 24, 7, n, tzinfo=UTC))
            row = {"opportunity_id": 1, "source": "test", "field": field, "before": before, "after": after}
            connection.execute(sa.insert(changes).values(**row, at=at, cause=cause, noted_of=3 if n == 4 else None))
    lines = worldwidewe("opportunities", "show", "1").out.splitlines()
    said = [line.partition("  2026-11-24 07:0")[2][3:] for line in lines if line.startswith("  2026-11-24 07:0")]
    assert said == [
        "deadline: 2026-12-08 → 2026-12-01 EARLIER",
        "deadline: 2026-12-01 → 2026-12-02 (a correction: we read it better, the source did not change)",
        "budget: changed; the words are not kept, because fewer people might see them",
        "codes: without cpv:1, with cpv:3",
        "countries: with IT (noted of 3)",
        "text: 812 characters → 1204 characters",
        "summary: not stated → 90 characters",
        "withdrawn: withdrawn",
        "reopened: it had been withdrawn on 2026-11-24",
    ]
    assert "    test, in no visit: its kept pages were read again" in lines


def test_search_finds_what_is_alive_and_with_all_what_is_over(worldwidewe: Command, store: Store) -> None:
    stored("Mowing of lawns", deadlines=[{"on": "2099-12-01"}])
    stored("Mowing of meadows", deadlines=[{"on": "2020-12-01"}])
    stored("Mowing of parks")
    with store.write() as connection:
        connection.execute(
            sa.update(opportunities).where(opportunities.c.id == 3).values(withdrawn_at="2026-11-23T09:30:00Z")
        )
    alive = [one["id"] for one in worldwidewe("opportunities", "search", "mow", "--json").json_lines()]
    assert alive == ["1"]
    every = worldwidewe("opportunities", "search", "mow", "--all", "--json").json_lines()
    assert {one["id"]: one["status"] for one in every} == {"1": "open", "2": "closed", "3": "withdrawn"}
    table = worldwidewe("opportunities", "search", "mow", "--all", "--limit", "2")
    assert table.complaint == "2 of 3"
    assert worldwidewe("opportunities", "search", "mow -meadows", "--all").out.count("Mowing") == 2
    none = worldwidewe("opportunities", "search", "meadows")
    assert (none.code, none.out) == (0, "nothing is found; what is closed or withdrawn is found with --all\n")


def test_it_works_on_every_database(
    worldwidewe: Command, store_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", store_url)
    stored("Mowing of lawns", deadlines=[{"on": "2099-12-01"}])
    assert "1  Mowing of lawns" in worldwidewe("opportunities", "show", "1").out
    assert worldwidewe("opportunities", "show", str(2**31 - 1)).code == 1
    assert [one["id"] for one in worldwidewe("opportunities", "search", "mowing", "--json").json_lines()] == ["1"]
    assert worldwidewe("export", "--history").out == ""
