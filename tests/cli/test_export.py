"""`export`: the board's own data, for programs and for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from aggregator.store import put as storing
from aggregator.store.migrations import upgrade
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import open_store
from aggregator.store.tables import changes, opportunities
from config.settings import load
from connectors.base.contract import Notice
from tests.cli.conftest import Command

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def stored(title: str, **facts: object) -> None:
    """Put one opportunity into the store of the settings."""
    url = "https://notices.example.org/1"
    told = {"kind": "tender", "titles": {"en": {"text": title}}, "url": url, "first_seen": NOW, "changed_at": NOW}
    origin = {"source": "test", "source_id": title, "url": url, "fetched_at": NOW}
    item = Opportunity.model_validate({"id": 0, **told, "notices": [origin], **facts})
    notice = Notice(source_id=title, url=url, titles=item.titles, kind="tender")
    draft = storing.Draft(notice=notice, hash=title, opportunity=item, title_text=title, text="")
    store = open_store(load().database_url)
    upgrade(store)
    with store.write() as connection:
        storing.put(connection, [draft], source="test", held=storing.known(connection, "test"), now=NOW)
    store.close()


def test_every_opportunity_is_a_json_line(worldwidewe: Command, read_store: Sequence[str]) -> None:
    done = worldwidewe("export")
    assert (done.code, done.err) == (0, "")
    items = done.json_lines()
    assert {item["notices"][0]["source"] for item in items} == set(read_store)
    for item in items:
        assert item["url"] == f"http://127.0.0.1:8000/opportunities/{item['id']}"
        assert item["status"] in {"forthcoming", "open", "closed", "withdrawn", "unknown"}
        assert {"id", "titles", "kind", "rights", "first_seen", "changed_at", "notices"} <= item.keys()
        assert not {"zone", "announced", "withdrawn_at"} & item.keys()
        assert [key for key, value in item.items() if value in (None, "", [], {})] == []


def test_open_and_closed_are_told_at_the_moment_that_was_asked_for(worldwidewe: Command) -> None:
    stored("Mowing", deadlines=[{"on": "2026-12-01", "at": "12:00", "zone": "Europe/Paris"}])
    for moment, status in (("2026-12-01T11:59+01:00", "open"), ("2026-12-01T12:01+01:00", "closed")):
        (item,) = worldwidewe("export", "--now", moment).json_lines()
        assert item["status"] == status
        assert ("next_deadline" in item) == (status == "open")
    # Without an offset it is the wall clock of the office, which is that of Paris.
    (item,) = worldwidewe("export", "--now", "2026-12-01T11:59").json_lines()
    assert item["next_deadline"] == {
        "on": "2026-12-01", "at": "12:00", "zone": "Europe/Paris", "kind": "submission", "certainty": "stated",
    }  # fmt: skip


def test_a_change_stands_with_before_and_after(worldwidewe: Command) -> None:
    stored("Mowing", deadlines=[{"on": "2026-12-01"}])
    store = open_store(load().database_url)
    with store.write() as connection:
        (id,) = connection.execute(opportunities.select().with_only_columns(opportunities.c.id)).one()
        row = {"opportunity_id": id, "source": "test", "field": "deadline", "before": "2026-12-01"}
        connection.execute(
            changes.insert().values(**row, after="2026-12-08", at="2026-11-24T07:00:00Z", cause="source")
        )
    store.close()
    (item,) = worldwidewe("export").json_lines()
    assert item["changes"] == [
        {
            "field": "deadline",
            "before": "2026-12-01",
            "after": "2026-12-08",
            "at": "2026-11-24T07:00:00Z",
            "cause": "source",
        }
    ]


def noted(*rows: dict[str, object]) -> None:
    """Write rows of history for the one opportunity of the store, an hour apart."""
    store = open_store(load().database_url)
    with store.write() as connection:
        for hour, row in enumerate(rows):
            usual = {"opportunity_id": 1, "source": "test", "field": "deadline", "cause": "source"}
            connection.execute(changes.insert().values({**usual, "at": f"2026-11-24T{7 + hour:02}:00:00Z", **row}))
    store.close()


FLAPS: tuple[dict[str, object], ...] = (
    {"before": "2026-12-01", "after": "2026-12-08", "visit_id": 4},
    {"before": "2026-12-08", "after": "2026-12-01", "visit_id": 5},
    {"field": "budget", "after": "1 EUR", "cause": "our_reading"},
    {"field": "budget", "before": "2 EUR", "after": "3 EUR", "noted_of": 9},
)


def test_F16_readers_are_told_what_the_rows_come_to_and_the_history_holds_them_all(worldwidewe: Command) -> None:
    stored("Mowing")
    noted(*FLAPS)
    (item,) = worldwidewe("export").json_lines()
    assert [(change["field"], change["after"]) for change in item["changes"]] == [("budget", "1 EUR")]
    rows = worldwidewe("export", "--history").json_lines()
    assert rows[:1] == [
        {
            "opportunity": "1",
            "field": "deadline",
            "before": "2026-12-01",
            "after": "2026-12-08",
            "at": "2026-11-24T07:00:00Z",
            "cause": "source",
            "source": "test",
            "visit": 4,
        }
    ]
    assert [row.get("visit") for row in rows] == [4, 5, None, None]
    assert ["before" in row for row in rows] == [True, True, False, True]
    assert rows[3]["noted_of"] == "9"


def test_what_flapped_back_leaves_no_key_behind(worldwidewe: Command) -> None:
    stored("Mowing")
    noted(*FLAPS[:2])
    (item,) = worldwidewe("export").json_lines()
    assert "changes" not in item


def test_the_history_is_a_spreadsheet_too_and_runs_nothing(worldwidewe: Command) -> None:
    stored("Mowing")
    noted(*FLAPS, {"field": "title", "before": "=HYPERLINK(1)", "after": "Mowing, \n=1+1"})
    rows = list(csv.DictReader(io.StringIO(worldwidewe("export", "--history", "--format", "csv").out, newline="")))
    assert list(rows[0]) == [
        "opportunity", "field", "before", "after", "at", "cause", "source", "visit", "noted_of",
    ]  # fmt: skip
    assert [row["visit"] for row in rows] == ["4", "5", "", "", ""]
    assert rows[4]["before"] == "'=HYPERLINK(1)"


def test_the_spreadsheet_has_a_row_for_each(worldwidewe: Command, read_store: Sequence[str]) -> None:
    done = worldwidewe("export", "--format", "csv", "--now", "2026-11-23T09:30+01:00")
    assert (done.code, done.err) == (0, "")
    told = list(csv.DictReader(io.StringIO(done.out)))
    assert len(told) == len(worldwidewe("export").json_lines())
    assert list(told[0]) == [
        "id", "url", "kind", "status", "title", "deadline", "countries", "sectors", "organisation", "source",
    ]  # fmt: skip
    assert all(row["title"] and row["id"] and row["source"] in read_store for row in told)


def test_a_cell_that_a_spreadsheet_would_run_is_text(worldwidewe: Command) -> None:
    for title in ("=HYPERLINK(1)", "+39 gare", "-1 day", "@SUM(A1)", " =1+1", 'Mowing, "old" fields\nand hedges'):
        stored(title, organisation={"name": "=cmd|' /C calc'!A0"})
    told = list(csv.DictReader(io.StringIO(worldwidewe("export", "--format", "csv").out, newline="")))
    assert len(told) == 6
    for row in told:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    titles = [row["title"] for row in told]
    assert "'=HYPERLINK(1)" in titles
    assert any("fields\nand hedges" in title or "fields and hedges" in title for title in titles)


def test_an_empty_store_exports_nothing_and_a_head(worldwidewe: Command) -> None:
    assert worldwidewe("export").out == ""
    assert worldwidewe("export", "--format", "csv").out.startswith("id,url,kind,")
    assert worldwidewe("export", "--history").out == ""
    assert worldwidewe("export", "--history", "--format", "csv").out.startswith("opportunity,field,before,")
