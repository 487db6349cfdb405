"""`quarantine` and `retention`: what could not be read, and what is kept no longer."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake.tables import quarantine
from aggregator.store.session import open_store
from connectors.generic import feed
from tests.cli.conftest import Command
from tests.portals.feeds import FeedPortal


@pytest.fixture
def one_aside(worldwidewe: Command, feeds: FeedPortal, monkeypatch: pytest.MonkeyPatch) -> str:
    """A feed of which one item breaks the reader; the fixture that follows mends it."""
    read = feed.read

    def stumbles(record: Any, page: Any) -> Any:
        if record.where.endswith("[2]") or record.where.endswith(" 3"):
            raise KeyError("pubDate")
        return read(record, page)

    assert worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml", "--title", "Valley").code == 0
    with monkeypatch.context() as broken:
        broken.setattr(feed, "read", stumbles)
        (pulled,) = worldwidewe("pull", "valley", "--json").json_lines()
    assert pulled["rejected"] == 1, pulled
    (row,) = worldwidewe("quarantine", "list", "--json").json_lines()
    return str(row["id"])


def test_what_could_not_be_read_is_listed_with_its_reason_its_page_and_a_picture(
    worldwidewe: Command, one_aside: str, feeds: FeedPortal
) -> None:
    (row,) = worldwidewe("quarantine", "list", "valley", "--json").json_lines()
    assert {"id", "source", "since", "last_seen", "where", "reason", "excerpt", "page"} <= row.keys()
    assert row["source"] == "valley"
    assert row["reason"].startswith("KeyError: 'pubDate' (test_quarantine.py:")
    assert row["page"] == f"{feeds.url}/rss.xml"
    said = worldwidewe("quarantine", "list").out
    assert "KeyError: 'pubDate'" in said
    assert said.splitlines()[-1].split() == ["valley", "█" * 30, "1"]


def test_one_record_is_shown_whole_with_the_way_to_its_page(
    worldwidewe: Command, one_aside: str, tmp_path: Path
) -> None:
    said = worldwidewe("quarantine", "show", one_aside).out
    (row,) = worldwidewe("quarantine", "list", "--json").json_lines()
    assert row["excerpt"] in said
    assert f"worldwidewe quarantine show {one_aside} --page > page" in said
    page = worldwidewe("quarantine", "show", one_aside, "--page").out
    assert page.startswith("<?xml")
    file = tmp_path / "page"
    file.write_text(page, encoding="utf-8")
    (way,) = (line for line in said.splitlines() if line.startswith("read it: "))
    words = [word.strip("'") for word in way.removeprefix("read it: worldwidewe ").split()]
    read = worldwidewe(*[str(file) if word == "page" else word for word in words])
    assert len(read.out.splitlines()) == 20


def test_after_a_fix_it_is_read_again_without_the_network(
    worldwidewe: Command, one_aside: str, feeds: FeedPortal
) -> None:
    asked = len(feeds.calls)
    done = worldwidewe("quarantine", "reread", "valley")
    assert (done.code, done.out) == (0, "1 of 1 can be read now: 1 new, 0 changed on the board; 0 still cannot\n")
    assert len(feeds.calls) == asked
    assert worldwidewe("quarantine", "list").out == "nothing stands aside\n"
    assert worldwidewe("quarantine", "reread").out == "nothing stands aside\n"
    assert len(worldwidewe("export").json_lines()) == 20


def test_what_still_fails_is_told_with_its_reason_and_the_exit_status(
    worldwidewe: Command, one_aside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(record: Any, page: Any) -> Any:
        raise ValueError("still no date")

    monkeypatch.setattr(feed, "read", fails)
    done = worldwidewe("quarantine", "reread", one_aside)
    assert done.code == 1
    assert done.out.startswith("0 of 1 can be read now: 0 new, 0 changed on the board; 1 still cannot\n")
    assert "ValueError: still no date" in done.out
    assert "still no date" in worldwidewe("quarantine", "show", one_aside).out


def test_what_is_dismissed_is_heard_no_more_of_until_that_is_undone(worldwidewe: Command, one_aside: str) -> None:
    assert worldwidewe("quarantine", "dismiss", one_aside).out == "1 dismissed\n"
    assert worldwidewe("quarantine", "dismiss", one_aside).out == "0 dismissed\n"
    assert worldwidewe("quarantine", "list", "valley").out == "nothing stands aside of valley\n"
    assert "(dismissed)" in " ".join(worldwidewe("quarantine", "list", "--all").out.split())
    assert json.loads(worldwidewe("quarantine", "list", "--all", "--json").out)["dismissed_at"]
    assert worldwidewe("quarantine", "dismiss", "--source", "valley", "--undo").out == "1 are listed again\n"
    assert len(worldwidewe("quarantine", "list", "--json").json_lines()) == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["show", "99"], "quarantine: nothing stands aside under 99; see: worldwidewe quarantine list --all"),
        (["reread", "99"], "quarantine: nothing stands aside under 99; see: worldwidewe quarantine list --all"),
        (["dismiss", "99"], "quarantine: nothing stands aside under 99; see: worldwidewe quarantine list --all"),
        (["list", "nowhere"], "source: there is no source 'nowhere'"),
        (["dismiss"], "say which: numbers of records, or --source; see: worldwidewe quarantine dismiss --help"),
    ],
)
def test_a_mistake_is_one_line(worldwidewe: Command, arguments: Sequence[str], complaint: str) -> None:
    done = worldwidewe("quarantine", *arguments)
    assert done.code in (1, 2)
    assert done.complaint.startswith(f"worldwidewe: {complaint}")


def test_words_of_strangers_are_shown_as_they_are(worldwidewe: Command, one_aside: str, home: Path) -> None:
    with open_store(f"sqlite:///{home / 'store.sqlite'}").write() as connection:
        words = {"reason": "ValueError: [/red] of [bold]\\[x]", "place": "item [/b]", "source_id": "[link]"}
        connection.execute(sa.update(quarantine).values(**words))
    for said in (worldwidewe("quarantine", "list").out, worldwidewe("quarantine", "show", one_aside).out):
        flat = "".join(said.split())
        assert "[/red]of[bold]\\[x]" in flat
        assert "item[/b]" in flat
        assert "[link]" in flat


def test_retention_counts_first_and_then_does_it(worldwidewe: Command, read_store: Sequence[str]) -> None:
    nothing = "the texts of 0 opportunities, 0 kept pages, 0 records that stood aside, 0 rows of visits\n"
    assert worldwidewe("retention", "--dry-run").out == f"would go: {nothing}"
    assert worldwidewe("retention").out == f"went: {nothing}"


def test_the_difference_is_shown_by_field_and_capped_and_a_dry_run_says_so(
    worldwidewe: Command, read_store: Sequence[str]
) -> None:
    worldwidewe("sources", "set", "valley", "countries=AT")
    said = worldwidewe("reparse", "valley", "--dry-run").out.splitlines()
    assert "countries: 20 would be different" in said
    assert sum(line.endswith("→ AT") for line in said) == 20
