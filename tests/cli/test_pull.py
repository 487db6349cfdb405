"""`pull` reads now, `reparse` reads again what was kept."""

from collections.abc import Sequence

import pytest

from connectors.base.pace import VisitClock
from tests.cli.conftest import Command
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Fault
from tests.portals.ted import TedPortal
from tests.portals.ted_faults import forbidden

KEYS = [
    "source", "class", "complete", "seen", "new", "changed", "same", "withdrawn", "rejected", "requests", "bytes",
    "seconds",
]  # fmt: skip


def test_each_visit_is_one_json_object_with_the_keys_of_the_formats_page(
    worldwidewe: Command, two_sources: Sequence[str]
) -> None:
    done = worldwidewe("pull", *two_sources, "--json")
    assert done.code == 0
    tenders, valley = done.json_lines()
    assert [list(row) for row in (tenders, valley)] == [KEYS, KEYS]
    assert (tenders["source"], tenders["class"], tenders["complete"]) == ("tenders", "ok", True)
    assert (valley["seen"], valley["new"], valley["changed"], valley["same"]) == (20, 20, 0, 0)
    assert valley["bytes"] > 1000
    assert "Valley: 20 read, 20 new, 0 changed" in done.err


def test_the_table_names_every_count(worldwidewe: Command, two_sources: Sequence[str]) -> None:
    done = worldwidewe("pull", *two_sources)
    assert done.code == 0
    head, _, tenders, valley = [line.split() for line in done.out.splitlines() if line.strip()]
    assert head == ["source", "class", *KEYS[3:10], "kB", "seconds"]
    assert tenders[:2] == ["tenders", "ok"]
    assert valley[:6] == ["valley", "ok", "20", "20", "0", "0"]


def test_a_second_pull_finds_the_same(worldwidewe: Command, read_store: Sequence[str]) -> None:
    rows = worldwidewe("pull", *read_store, "--json").json_lines()
    assert [(row["class"], row["new"], row["changed"]) for row in rows] == [("same", 0, 0), ("same", 0, 0)]


def test_a_dry_run_counts_and_writes_nothing(worldwidewe: Command, two_sources: Sequence[str]) -> None:
    done = worldwidewe("pull", "valley", "--dry-run")
    assert done.code == 0
    assert "Dry run: nothing was written" in done.out
    assert worldwidewe("export").out == ""
    (row,) = worldwidewe("pull", "valley", "--json").json_lines()
    assert row["new"] == 20


def test_one_source_that_answers_is_enough_for_a_good_end(
    worldwidewe: Command, two_sources: Sequence[str], ted: TedPortal
) -> None:
    ted.fail(forbidden())
    done = worldwidewe("pull", *two_sources, "--json")
    assert done.code == 0
    tenders, valley = done.json_lines()
    assert tenders["class"] == "blocked"
    assert "403" in tenders["error"]
    assert list(tenders) == [*KEYS, "error"]
    assert valley["class"] == "ok"


def test_when_every_source_failed_the_exit_status_is_1(
    worldwidewe: Command, two_sources: Sequence[str], ted: TedPortal, feeds: FeedPortal
) -> None:
    ted.fail(forbidden())
    feeds.fail(Fault(answer=Answer(410), times=0))
    done = worldwidewe("pull", *two_sources)
    assert done.code == 1
    assert "TED, Tenders Electronic Daily: refused us — " in done.err
    assert "Valley: is gone — " in done.err
    assert "tenders: " in done.out.splitlines()[-2]


def test_a_source_that_cannot_be_reached_is_shown_as_such(
    worldwidewe: Command, two_sources: Sequence[str], feeds: FeedPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VisitClock, "wait", lambda clock, seconds: clock.check())  # the pauses between its four tries
    feeds.stop()
    done = worldwidewe("pull", *two_sources, "--json")
    assert done.code == 0
    assert "Valley: not reached — " in done.err
    assert [row["class"] for row in done.json_lines()] == ["ok", "transient"]


def test_without_names_everything_that_is_switched_on_is_read(worldwidewe: Command, two_sources: Sequence[str]) -> None:
    there = [row["name"] for row in worldwidewe("sources", "list", "--json").json_lines()]
    for name in there:
        worldwidewe("sources", "set", name, "--on" if name == "valley" else "--off")
    rows = worldwidewe("pull", "--json").json_lines()
    assert [row["source"] for row in rows] == ["valley"]
    worldwidewe("sources", "set", "valley", "--off")
    done = worldwidewe("pull")
    assert (done.code, done.complaint) == (1, "worldwidewe: no source is switched on; see: worldwidewe sources list")


def test_reparse_reads_the_kept_pages_and_asks_nobody(
    worldwidewe: Command, read_store: Sequence[str], feeds: FeedPortal
) -> None:
    asked = len(feeds.calls)
    worldwidewe("sources", "set", "valley", "countries=AT")
    tried = worldwidewe("reparse", "valley", "--dry-run")
    assert tried.code == 0
    assert tried.out.startswith(
        "1 kept pages, 20 notices read again\n0 would be new, 20 would be changed, 0 the same\n"
    )
    assert worldwidewe("reparse", "valley").out.splitlines()[1] == "0 new, 20 changed, 0 the same"
    assert worldwidewe("reparse", "valley").out.splitlines()[1] == "0 new, 0 changed, 20 the same"
    assert len(feeds.calls) == asked
    changed = [item for item in worldwidewe("export").json_lines() if item["notices"][0]["source"] == "valley"]
    assert {tuple(item["countries"]) for item in changed} == {("AT",)}
    assert {change["cause"] for item in changed for change in item.get("changes", [])} <= {"our_reading"}
