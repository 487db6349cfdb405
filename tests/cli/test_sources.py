"""`sources`: what an admin lists, adds, changes, removes and tries."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import connectors
from aggregator.intake.tables import sources as rows_of_sources
from aggregator.store.session import open_store
from tests.cli.conftest import Command
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Fault
from tests.portals.ted import TedPortal


def test_a_new_installation_lists_the_starter_sources_and_none_is_confirmed(worldwidewe: Command) -> None:
    done = worldwidewe("sources", "list")
    assert done.code == 0
    assert "confirmed live" in done.out
    assert "ted-reserved" in done.out
    rows = worldwidewe("sources", "list", "--json").json_lines()
    # A mailbox, a page or a table is somebody's own affair; every platform has a source that is ready.
    assert set(connectors.names()) - {row["connector"] for row in rows} == set()
    assert {row["confirmed_live"] for row in rows} == {"never"}
    assert all("last_good" not in row for row in rows)
    # A bundle is on while any of what it switches is.
    assert [row["name"] for row in rows if row["enabled"] and not row["recorded"]] == ["business-usa"]
    assert {row["name"] for row in rows if row["connector"] == "ted" and not row["enabled"]} == {
        "ted-construction",
        "ted-machinery-maintenance",
    }


def test_a_source_that_was_read_says_when(worldwidewe: Command, feeds: FeedPortal) -> None:
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    worldwidewe("pull", "valley")
    (row,) = [row for row in worldwidewe("sources", "list", "--json").json_lines() if row["name"] == "valley"]
    assert row["last_class"] == "ok"
    assert row["notices"] == 20
    assert row["last_good"] <= row["next_visit"]


def test_show_explains_every_parameter_and_the_rights(worldwidewe: Command) -> None:
    done = worldwidewe("sources", "show", "ted-cleaning-facility")
    assert done.code == 0
    assert "cpv = 906, 909, 983, 507, 79993" in done.out
    assert "buyer_countries = (none)" in done.out
    assert "How many days of publications an ordinary visit asks for" in done.out
    assert "show full to public; basis: Commission Decision 2011/833/EU" in done.out
    assert "confirmed live never" in done.out
    assert "last read      never" in done.out


def test_a_feed_is_added_changed_and_removed_without_code(worldwidewe: Command, feeds: FeedPortal) -> None:
    address = f"url={feeds.url}/atom.xml"
    added = worldwidewe(
        "sources", "add", "calls", "feed", address, "countries=IE,FR", "--title", "Calls", "--every", "90"
    )
    assert (added.code, added.out) == (0, "added calls; try it with: worldwidewe sources test calls\n")
    assert worldwidewe("sources", "set", "calls", 'countries=["DE"]', "zone=Europe/Dublin", "--off").code == 0
    shown = worldwidewe("sources", "show", "calls").out
    assert shown.startswith("calls: Calls\n")
    assert "countries = DE" in shown
    assert "zone = Europe/Dublin" in shown
    assert f"url = {feeds.url}/atom.xml" in shown
    assert "switched       off, every 90 minutes" in shown
    assert worldwidewe("sources", "set", "calls", "zone=", "--on").code == 0
    assert "zone = (none)" in worldwidewe("sources", "show", "calls").out
    assert worldwidewe("sources", "remove", "calls").code == 0
    assert worldwidewe("sources", "show", "calls").code == 1


def test_what_a_removed_source_brought_stays_and_add_brings_it_back(worldwidewe: Command, feeds: FeedPortal) -> None:
    address = f"url={feeds.url}/rss.xml"
    worldwidewe("sources", "add", "valley", "feed", address)
    worldwidewe("pull", "valley")
    worldwidewe("sources", "remove", "valley")
    assert len(worldwidewe("export").json_lines()) == 20
    assert worldwidewe("sources", "add", "valley", "feed", address).code == 0
    (line,) = worldwidewe("pull", "valley", "--json").json_lines()
    assert (line["new"], line["class"]) == (0, "same")


def test_a_trial_shows_first_records_and_changes_nothing(worldwidewe: Command, ted: TedPortal) -> None:
    worldwidewe("sources", "add", "tenders", "ted", f"endpoint={ted.url}/v3/notices/search")
    done = worldwidewe("sources", "test", "tenders")
    assert done.code == 0
    assert "yes  the source answered: status 200, application/json" in done.out
    assert "yes  every record can be read" in done.out
    assert " · tender · " in done.out
    assert worldwidewe("export").out == ""
    (row,) = [row for row in worldwidewe("sources", "list", "--json").json_lines() if row["name"] == "tenders"]
    assert "last_visit" not in row
    assert row["confirmed_live"] == "never"


def test_a_report_lists_what_held_and_holds_no_text_of_a_notice(
    worldwidewe: Command, ted: TedPortal, home: Path, tmp_path: Path
) -> None:
    worldwidewe("sources", "add", "tenders", "ted", f"endpoint={ted.url}/v3/notices/search", "cpv=85,80,79,77,90")
    assert worldwidewe("sources", "test", "tenders", "--report").code == 0
    (path,) = (home / "reports").glob("tenders-*.md")
    report = path.read_text(encoding="utf-8")
    assert "- [x] the source answered: status 200" in report
    assert "- [x] every record can be read" in report
    assert "    titles.it.text: str" in report
    worldwidewe("pull", "tenders")
    items = worldwidewe("export").json_lines()
    assert len(items) > 5
    for item in items:
        told = [title["text"] for title in item["titles"].values()]
        told += [item["notices"][0]["source_id"], item["organisation"]["name"], item.get("summary", "no summary")]
        assert [text for text in told if text in report] == []
    done = worldwidewe("sources", "test", "tenders", "--report", "--out", tmp_path / "elsewhere")
    assert f"report: {tmp_path / 'elsewhere'}" in done.out
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(403, b"no", {"content-type": "text/plain"}), "403"),
        (Answer(200, b"<html><p>Hello", {"content-type": "text/html"}), "not a feed"),
    ],
)
def test_a_trial_of_a_source_that_fails_says_why_and_ends_with_1(
    worldwidewe: Command, feeds: FeedPortal, home: Path, answer: Answer, why: str
) -> None:
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    feeds.fail(Fault(answer=answer, times=0, when=lambda call: call.path == "/rss.xml"))
    done = worldwidewe("sources", "test", "valley", "--report")
    assert done.code == 1
    assert why in done.complaint
    assert "NO   " in done.out
    (report,) = (home / "reports").iterdir()
    assert "It failed: " in report.read_text(encoding="utf-8")


def test_starter_sources_that_an_older_installation_lacks_are_named_and_added_switched_off(
    worldwidewe: Command, home: Path
) -> None:
    assert worldwidewe("sources", "presets").err == "nothing is missing\n"
    worldwidewe("sources", "remove", "ted-reserved")
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    with store.write() as connection:
        connection.execute(sa.delete(rows_of_sources).where(rows_of_sources.c.name == "een"))
    named = worldwidewe("sources", "presets")
    assert [line.partition(":")[0] for line in named.out.splitlines()] == ["een"]
    assert worldwidewe("sources", "presets", "--add").code == 0
    listed = {row["name"]: row for row in worldwidewe("sources", "list", "--json").json_lines()}
    assert listed["een"]["enabled"] is False
    assert "ted-reserved" not in listed
