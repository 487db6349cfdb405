"""What is kept no longer: texts by the rights of their source, pages and rows by time; and what brings a text back."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from aggregator.intake import kept, retention, sources
from aggregator.intake.reparse import reparse
from aggregator.intake.retention import Retained
from aggregator.intake.tables import pages, quarantine, visits
from aggregator.schedule import tick
from aggregator.store.opportunity import Opportunity
from aggregator.store.retention import drop
from aggregator.store.session import Store
from aggregator.store.tables import notices, opportunities, stamp, unpack
from connectors.base.contract import Notice, Rights
from tests.aggregator.intake import carded, tiny
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import (
    DAY,
    HOUR,
    NOW,
    add_carded,
    add_tiny,
    everything,
    one,
    settings,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.aggregator.store.sample import found_by

CLOSED = datetime.fromisoformat("2027-02-02T00:00:00+00:00")  # a second after the first deadlines end
SWEEP = {"mode": "sweep"}


@pytest.fixture(autouse=True)
def rights_that_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What both connectors bring may be shown in full, and no longer than it is open."""
    for module in (carded, tiny):
        ends = Rights(show="full", basis="CC BY 4.0", drop_text_at="close")
        monkeypatch.setattr(module, "ABOUT", _with(module.ABOUT, rights=ends))


def _with(about: Any, **given: Any) -> Any:
    from dataclasses import replace

    return replace(about, **given)


@pytest.fixture
def portal() -> Iterator[CardPortal]:
    with CardPortal(12) as portal:
        for n, key in enumerate(portal.rows):
            portal.texts[key] = f"Longword{n} in the text of {key}."
        portal.rows["C0"]["due"], portal.rows["C5"]["due"] = "2027-02-20", "2027-02-01"
        yield portal


@pytest.fixture
def name(store: Store, portal: CardPortal) -> str:
    name = add_carded(store, portal)
    assert visit(store, name).new == 12
    return name


def item(store: Store, key: str) -> Opportunity:
    (found,) = (item for item in everything(store) if item.notices[0].source_id == key)
    return found


def said(store: Store) -> bytes:
    """Everything that is written in any table, documents and kept pages unpacked."""
    told: list[bytes] = []
    for table, lines in tables(store, without={"vocabulary"}).items():
        for line in lines:
            for value in line:
                told.append(_unpacked(value) if isinstance(value, bytes) else str(value).encode())
        told.append(table.encode())
    return b"\n".join(told)


def _unpacked(value: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.decompress(value)
    except zstandard.ZstdError:
        return value


def test_a_text_goes_once_its_opportunity_is_closed_and_the_title_the_facts_and_the_link_stay(
    store: Store, name: str
) -> None:
    before, seq = item(store, "C5"), one(store, "SELECT max(seq) FROM opportunities")
    assert retention.run(store, now=CLOSED - timedelta(seconds=1)) == Retained()
    assert b"Longword5" in said(store)
    done = retention.run(store, now=CLOSED)
    after = item(store, "C5")
    assert done.texts == 1
    assert (before.summary, after.summary) == ("Longword5 in the text of C5.", None)
    assert after == before.model_copy(update={"summary": None})
    assert b"Longword5" not in said(store)
    assert b"Longword6" in said(store)
    assert found_by(store, "longword5") == []
    assert found_by(store, "longword6") != []
    assert after.id in found_by(store, "care")
    assert one(store, "SELECT max(seq) FROM opportunities") > seq
    assert one(store, "SELECT count(*) FROM opportunities WHERE text_dropped_at IS NOT NULL") == 1
    assert one(store, "SELECT count(*) FROM changes") == 0


def test_it_is_done_once(store: Store, name: str) -> None:
    retention.run(store, now=CLOSED)
    before = tables(store, without={"memory"})
    assert retention.run(store, now=CLOSED + HOUR) == Retained()
    assert tables(store, without={"memory"}) == before


def test_a_dry_run_counts_and_writes_nothing(store: Store, name: str) -> None:
    before = tables(store)
    at = NOW + 100 * DAY
    would = retention.run(store, now=at, dry=True)
    assert tables(store) == before
    did = retention.run(store, now=at)
    assert would.texts == did.texts == 12
    # The detail pages go with their texts; a dry run counts them with the pages whose ninety days are over.
    assert (would.pages, did.pages) == (15, 3)
    assert one(store, "SELECT count(*) FROM pages") == 0


def test_the_detail_page_the_quarantine_and_the_history_lose_the_text_as_well(store: Store, name: str) -> None:
    with store.write() as connection:
        values = {"source": name, "visit_id": 1, "source_id": "C5", "place": "page", "reason": "x", "record": "r"}
        connection.execute(sa.insert(quarantine).values(**values, excerpt="Longword5 again", first_seen=stamp(NOW)))
        id = connection.scalar(sa.select(notices.c.opportunity_id).where(notices.c.source_id == "C5"))
        connection.exec_driver_sql(
            "INSERT INTO changes (opportunity_id, source, field, before, after, at, cause) VALUES"
            f' ({id}, \'{name}\', \'eligibility\', NULL, \'{{"text": "Longword5", "verdict": "open"}}\','
            " '2026-11-24T07:00:00Z', 'source')"
        )
    details = "SELECT count(*) FROM pages WHERE role = 'detail'"
    assert one(store, details) == 12
    retention.run(store, now=CLOSED)
    assert one(store, details) == 11
    assert one(store, "SELECT excerpt FROM quarantine") == ""
    assert one(store, "SELECT after FROM changes") == '{"verdict": "open"}'
    assert b"Longword5" not in said(store)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_nothing_of_a_dropped_text_is_left_in_the_file_of_the_database(store: Store, name: str) -> None:
    retention.run(store, now=CLOSED)
    with store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file = raw.execute("PRAGMA database_list").fetchone()[2]
    with Path(file).open("rb") as whole:
        written = whole.read()
    assert b"ongword5" not in written  # as a term of the index shares its beginning with others
    assert b"SQLite" in written
    assert found_by(store, "longword4") != []


def test_a_deadline_that_moves_later_brings_the_text_back_by_the_next_visit(
    store: Store, name: str, portal: CardPortal
) -> None:
    retention.run(store, now=CLOSED)
    portal.rows["C5"]["due"] = "2027-06-01"
    assert visit(store, name, at=CLOSED + HOUR).changed == 1
    assert item(store, "C5").summary == "Longword5 in the text of C5."
    assert found_by(store, "longword5") == [item(store, "C5").id]
    assert one(store, "SELECT count(*) FROM opportunities WHERE text_dropped_at IS NOT NULL") == 0
    assert retention.run(store, now=CLOSED + 2 * HOUR).texts == 0


def test_what_was_withdrawn_and_is_listed_again_has_its_text_again_though_its_words_are_the_same(
    store: Store, name: str, portal: CardPortal
) -> None:
    portal.tags = True
    gone = portal.rows.pop("C5")
    for n in (1, 2):
        visit(store, name, at=NOW + n * HOUR, mode="sweep")
    assert item(store, "C5").withdrawn_at is not None
    assert retention.run(store, now=NOW + 3 * HOUR).texts == 1
    assert item(store, "C5").summary is None
    portal.rows["C5"] = gone
    assert visit(store, name, at=NOW + 4 * HOUR, mode="sweep").good
    back = item(store, "C5")
    assert (back.withdrawn_at, back.summary) == (None, "Longword5 in the text of C5.")


def test_the_validators_of_a_detail_page_go_with_it_so_that_it_can_be_asked_for_again(
    store: Store, name: str, portal: CardPortal
) -> None:
    portal.tags = True
    portal.rows["C5"]["title"] = "Care home, with a tag"
    visit(store, name, at=NOW + HOUR)
    known = one(store, "SELECT count(*) FROM memory WHERE key LIKE 'validators:%%'")
    assert known >= 1
    retention.run(store, now=CLOSED)
    assert one(store, "SELECT count(*) FROM memory WHERE key LIKE 'validators:%%'") == known - 1
    portal.rows["C5"]["due"] = "2027-06-01"
    result = visit(store, name, at=CLOSED + HOUR)
    assert (result.kind, result.changed) == ("ok", 1)
    assert item(store, "C5").summary == "Longword5 in the text of C5."


def test_reparse_brings_no_text_back_of_what_is_over(store: Store, name: str) -> None:
    with store.read() as connection:
        (page,) = [page for page in kept.every(connection, name, role="detail") if page.of == "C5"]
    retention.run(store, now=CLOSED)
    before = said(store)
    with store.write() as connection:  # as if a copy of it had been kept under another address
        kept.keep(connection, _with(page, of=None), source=name, visit_id=1)
    done = reparse(store, name, now=CLOSED + HOUR, dry=False)
    assert (done.notices, done.new, done.changed) == (12, 0, 0)
    assert item(store, "C5").summary is None
    assert found_by(store, "longword5") == []
    with store.write() as connection:
        connection.execute(sa.delete(pages).where(pages.c.of.is_(None), pages.c.role == "detail"))
    assert said(store).count(b"Longword") == before.count(b"Longword")


def test_a_notice_that_reparse_finds_for_the_first_time_when_it_is_over_comes_without_its_text(
    store: Store, portal: CardPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = carded.read

    def stumbles(record: Any, page: Any) -> Any:
        if isinstance(record.data, dict) and record.data.get("text", "").startswith("Longword5 "):
            raise KeyError("text")
        return read(record, page)

    name = add_carded(store, portal)
    with monkeypatch.context() as broken:
        broken.setattr(carded, "read", stumbles)
        assert visit(store, name).new == 11
    assert reparse(store, name, now=CLOSED, dry=False).new == 1
    assert item(store, "C5").summary is None
    assert found_by(store, "longword5") == []


def test_days_count_from_the_first_reading_and_a_text_that_comes_again_goes_again(
    store: Store, portal: CardPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = Rights(show="full", basis="CC BY 4.0", drop_text_at=30)
    monkeypatch.setattr(carded, "ABOUT", _with(carded.ABOUT, rights=ends))
    name = add_carded(store, portal)
    visit(store, name)
    assert retention.run(store, now=NOW + 30 * DAY - HOUR).texts == 0
    assert retention.run(store, now=NOW + 30 * DAY).texts == 12
    portal.texts["C5"], portal.rows["C5"]["title"] = "Longword99, said anew.", "Another title"
    visit(store, name, at=NOW + 31 * DAY)
    assert b"Longword99" in said(store)
    assert retention.run(store, now=NOW + 31 * DAY).texts == 1
    assert b"Longword99" not in said(store)
    assert found_by(store, "longword99") == []


def test_what_never_ends_is_left_alone(store: Store, portal: CardPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carded, "ABOUT", _with(carded.ABOUT, rights=Rights(show="full", basis="CC BY 4.0")))
    name = add_carded(store, portal)
    visit(store, name)
    assert retention.run(store, now=CLOSED + 400 * DAY).texts == 0
    assert item(store, "C5").summary == "Longword5 in the text of C5."


@pytest.mark.parametrize("leads", ["ends", "stays"])
def test_of_two_notices_behind_one_opportunity_each_text_goes_by_its_own_rights(
    store: Store, leads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiny, "read", _with_a_text(tiny.read))
    monkeypatch.setattr(tiny, "rights", lambda notice, params: _RIGHTS[notice.extra["tiny"]["rights"]], raising=False)
    shared = {"same_as": ["een:BRFR20260101001"]}
    first, second = ("ends", "stays") if leads == "ends" else ("stays", "ends")
    with (
        TinyPortal(rows=[row(1, text=f"Textof{first}", rights=first, **shared)]) as one_portal,
        TinyPortal(rows=[row(1, text=f"Textof{second}", rights=second, **shared)]) as other_portal,
    ):
        visit(store, add_tiny(store, one_portal, "first"))
        visit(store, add_tiny(store, other_portal, "second"), at=NOW + HOUR)
    (both,) = everything(store)
    assert both.summary == f"Textof{first}"
    assert retention.run(store, now=CLOSED).texts == 1
    with store.write() as connection:
        connection.execute(sa.delete(pages))  # what a listing page holds ends with the page
    (left,) = everything(store)
    assert b"Textofends" not in said(store)
    assert b"Textofstays" in said(store)
    assert left.summary == "Textofstays"
    assert left.rights.drop_text_at == "never"
    assert (found_by(store, "textofends"), found_by(store, "textofstays")) == ([], [left.id])
    assert retention.run(store, now=CLOSED + DAY).texts == 0


_RIGHTS = {
    "ends": Rights(show="full", basis="CC BY 4.0", drop_text_at="close"),
    "stays": Rights(show="full", basis="CC BY 4.0"),
}


def _with_a_text(read: Any) -> Any:
    def reads(record: Any, page: Any) -> Any:
        notice = read(record, page)
        assert isinstance(notice, Notice)
        return notice.model_copy(
            update={"summary": record.data["text"], "extra": {"tiny": {"rights": record.data["rights"]}}}
        )

    return reads


def test_what_is_long_beside_the_text_goes_too_and_short_words_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = tiny.read

    def says_more(record: Any, page: Any) -> Any:
        notice = read(record, page)
        assert isinstance(notice, Notice)
        extra = {"tiny": {"stage": "idea", "more": ["short", "Longer " * 60], "story": "Longer " * 60}}
        given = {"extra": extra, "contact": {"url": "https://a.example.org/", "text": "Write in time"}}
        given |= {"eligibility": {"text": "Only those who", "verdict": "restricted"}, "body": "<p>Body words</p>"}
        return Notice.model_validate({**notice.model_dump(), **given})

    monkeypatch.setattr(tiny, "read", says_more)
    with TinyPortal(rows=rows(1)) as portal:
        visit(store, add_tiny(store, portal))
    retention.run(store, now=CLOSED)
    (left,) = everything(store)
    with store.read() as connection:
        doc = connection.scalar(sa.select(notices.c.doc))
    assert doc is not None
    notice = Notice.model_validate_json(unpack(doc))
    assert notice.extra == {"tiny": {"stage": "idea", "more": ["short"]}}
    for told in (left, notice):
        assert (told.body, told.summary) == (None, None)
        assert told.contact is not None
        assert told.eligibility is not None
        assert (told.contact.url, told.contact.text) == ("https://a.example.org/", None)
        assert (told.eligibility.verdict, told.eligibility.text) == ("restricted", None)


@pytest.mark.parametrize("state", ["off", "removed", "not installed"])
def test_kept_pages_and_texts_go_also_where_a_source_is_read_no_more(
    store: Store, name: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as connection:
        if state == "off":
            sources.change(connection, name, enabled=False, now=NOW)
        elif state == "removed":
            sources.remove(connection, name, now=NOW)
        else:
            connection.exec_driver_sql("UPDATE sources SET connector = 'gone'")
    left = {"off": 89, "removed": 89, "not installed": 13}[state]
    retention.run(store, now=NOW + left * DAY)
    assert one(store, "SELECT count(*) FROM pages WHERE role = 'listing'") == 2
    retention.run(store, now=NOW + (left + 2) * DAY)
    assert one(store, "SELECT count(*) FROM pages") == 0
    retention.run(store, now=NOW + 120 * DAY)
    assert one(store, "SELECT count(*) FROM opportunities WHERE text_dropped_at IS NULL") == 0
    assert b"Longword" not in said(store)


def test_records_that_nobody_has_met_for_ninety_days_go(store: Store, name: str) -> None:
    with store.write() as connection:
        for n, last in enumerate((NOW, NOW + 50 * DAY, None)):
            values = {"source": name, "visit_id": 1, "place": "page", "reason": "x", "excerpt": "y", "record": str(n)}
            at = stamp(last) if last else None
            connection.execute(sa.insert(quarantine).values(**values, first_seen=stamp(NOW), last_seen=at))
    assert retention.run(store, now=NOW + 90 * DAY).records == 0
    assert retention.run(store, now=NOW + 90 * DAY + HOUR).records == 2
    assert one(store, "SELECT record FROM quarantine") == "1"


def test_rows_of_visits_go_after_two_years_but_for_the_newest_fifty(store: Store, name: str) -> None:
    old = NOW - 800 * DAY
    with store.write() as connection:
        connection.execute(
            sa.insert(visits),
            [{"source": name, "mode": "recent", "started_at": stamp(old + n * HOUR)} for n in range(60)],
        )
    newest = one(store, "SELECT max(id) FROM visits")
    assert retention.run(store, now=NOW).visits == 10  # the eleventh still has its pages
    assert one(store, "SELECT count(*) FROM visits") == 51
    assert one(store, "SELECT max(id) FROM visits") == newest


def test_it_is_done_once_a_day_by_itself_and_told_in_one_line(store: Store, name: str) -> None:
    with capture_logs() as logs:
        assert retention.daily(store, now=CLOSED) == Retained(texts=1)
        assert retention.daily(store, now=CLOSED + 23 * HOUR) is None
        assert retention.daily(store, now=CLOSED + 24 * HOUR) is not None
    assert next(entry["texts"] for entry in logs if entry["event"] == "retention") == 1
    assert retention.daily(store, now=CLOSED + 5 * DAY, stopping=lambda: True) == Retained()
    assert retention.daily(store, now=CLOSED + 5 * DAY) is not None  # what was stopped is not done


def test_the_scheduler_does_it_with_whatever_else_a_tick_brings(store: Store, name: str, tmp_path: Path) -> None:
    with store.write() as connection:
        sources.change(connection, name, enabled=False, now=NOW)
    tick(store, settings(home=tmp_path), stopping=threading.Event(), now=lambda: CLOSED)
    assert one(store, "SELECT count(*) FROM opportunities WHERE text_dropped_at IS NOT NULL") == 1
    assert one(store, "SELECT value FROM memory WHERE key = 'retention'") == stamp(CLOSED)


def test_it_works_in_short_transactions_through_however_many_there_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.intake.texts._BATCH", 7)
    with TinyPortal(rows=rows(40)) as portal:
        visit(store, add_tiny(store, portal))
    written: list[int] = []

    def counted(connection: sa.Connection, bares: Any, **given: Any) -> None:
        written.append(len(bares))
        drop(connection, bares, **given)

    monkeypatch.setattr("aggregator.intake.texts.drop", counted)
    assert retention.run(store, now=CLOSED).texts == 40
    assert written == [7, 7, 7, 7, 7, 5]
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(opportunities.c.text_dropped_at.is_(None))) == 0
