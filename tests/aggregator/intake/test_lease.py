"""One reader per source: the lease, who takes it over, and the late writer who is refused."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import lease, sources, taking
from aggregator.intake.pipeline import client_for, read_source
from aggregator.intake.result import Result
from aggregator.intake.tables import visits
from aggregator.intake.work import begin
from aggregator.store.session import Store
from connectors.base.contract import Page
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import NOW, add_carded, add_tiny, everything, listed, one, settings, visit
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.faults.killing import reader
from tests.portals.server import Fault, Portal

_TAKES_IT_AND_DIES = """
import os, sys
from datetime import datetime
import sqlalchemy as sa
from aggregator.intake import lease
from aggregator.intake.tables import visits
from aggregator.store.session import open_store
store, now = open_store(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
with store.write() as connection:
    lease.take(connection, "tiny", now=now)
    connection.execute(sa.insert(visits).values(source="tiny", mode="sweep", started_at="2026-11-23T06:59:59Z"))
os._exit(9)
"""


def take(store: Store, *, now: datetime = NOW) -> lease.Lease:
    with store.write() as connection:
        return lease.take(connection, "tiny", now=now)


def test_R2_a_source_that_is_being_read_is_not_read_a_second_time(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        held = take(store)
        busy = visit(store, name, at=NOW + timedelta(minutes=4))
        assert (busy.kind, busy.requests, portal.calls) == ("transient", 0, [])
        assert "another process" in (busy.error or "")
        with store.write() as connection:
            lease.release(connection, held)
        assert visit(store, name, at=NOW + timedelta(minutes=4)).new == 3


def test_R2_of_two_that_begin_at_once_one_reads(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        portal.fail(Fault(delay=0.5))
        results: list[Result] = []
        readers = [threading.Thread(target=lambda: results.append(visit(store, name))) for _ in range(2)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert len(portal.calls) == 1
    assert sorted(r.kind for r in results) == ["ok", "transient"]
    assert one(store, "SELECT count(*) FROM visits") == 1


def test_R2_a_late_write_is_refused_and_leaves_no_trace(store: Store) -> None:
    taken_over: list[lease.Lease] = []

    def steal() -> bool:
        # Called by the visit between two pages: meanwhile its lease has run out and somebody else reads.
        if len(portal.calls) == 2 and not taken_over:
            taken_over.append(take(store, now=NOW + timedelta(hours=1)))
        return False

    with TinyPortal(rows=rows(9), size=3) as portal:
        name = add_tiny(store, portal)
        late = visit(store, name, stopping=steal)
    assert (late.kind, "taken over" in (late.error or "")) == ("transient", True)
    committed = one(store, "SELECT count(*) FROM notices")
    assert committed in (3, 6)
    assert len(everything(store)) == committed == one(store, "SELECT sum(1) FROM notices")
    # The new owner's lease and fence stand, and the old one's visit is told as interrupted, not as it would have it.
    assert listed(store, "SELECT fence, lease_owner IS NULL FROM sources") == [(2, 0 if store.sqlite else False)]
    assert listed(store, "SELECT class, error FROM visits") == [
        ("transient", "interrupted: the process ended before the visit did")
    ]


def test_a_renewal_under_an_old_fence_is_refused(store: Store) -> None:
    with TinyPortal(rows=[]) as portal:
        add_tiny(store, portal)
    old = take(store)
    new = take(store, now=NOW + lease.LASTS + timedelta(seconds=1))
    assert new.fence == old.fence + 1
    with pytest.raises(lease.Lost, match="tiny"), store.write() as connection:
        lease.renew(connection, old, now=NOW)
    with store.write() as connection:
        lease.release(connection, old)  # says nothing and frees nothing
        lease.renew(connection, new, now=NOW)


def test_R1_the_lease_of_a_process_that_died_is_taken_over_at_once_and_its_visit_closed(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        url = store.engine.url.render_as_string(hide_password=False)
        died = subprocess.run([sys.executable, "-c", _TAKES_IT_AND_DIES, url, NOW.isoformat()], check=False)
        assert died.returncode == 9
        assert one(store, "SELECT count(*) FROM visits WHERE ended_at IS NULL") == 1
        result = visit(store, name, at=NOW + timedelta(seconds=1))
    assert (result.kind, result.new) == ("ok", 3)
    assert listed(store, "SELECT class, error FROM visits ORDER BY id") == [
        ("transient", "interrupted: the process ended before the visit did"),
        ("ok", None),
    ]


def test_the_lease_of_another_machine_is_left_until_it_runs_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        monkeypatch.setattr(lease, "this_process", lambda: "elsewhere:1:1")
        take(store)
        monkeypatch.undo()
        with pytest.raises(lease.Busy):
            take(store, now=NOW + lease.LASTS - timedelta(seconds=1))
        assert take(store, now=NOW + lease.LASTS).fence == 2
        assert name == "tiny"


def test_a_child_does_not_go_by_the_name_of_its_parent() -> None:
    ours = lease.this_process()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, lease.this_process().encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        theirs = told.read()
    os.waitpid(child, 0)
    assert theirs.split(":")[1] == str(child)
    assert lease._dead(theirs)
    assert not lease._dead(ours)
    assert lease._dead(":".join([*ours.split(":")[:2], "1"]))  # the number was given to a later process


def taking_over(store: Store, name: str, portal: Portal, *, calls: int) -> Callable[[object], None]:
    """After the page that took so many calls somebody else takes the lease, as if ours had run out."""
    taken: list[lease.Lease] = []

    def steal(_: object) -> None:
        if len(portal.calls) == calls and not taken:
            with store.write() as connection:
                taken.append(lease.take(connection, name, now=NOW + timedelta(hours=1)))

    return steal


def read(store: Store, name: str, progress: Callable[[object], None], **given: Any) -> Result:
    return read_source(store, name, settings=settings(), progress=progress, now=lambda: NOW, **given)


def test_R2_the_end_of_a_stale_visit_is_refused(store: Store) -> None:
    with TinyPortal(rows=rows(6), size=3) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = rows(5)
        before = listed(store, "SELECT next_visit, failures FROM sources")
        late = read(store, name, taking_over(store, name, portal, calls=4), mode="sweep")
    assert (late.kind, "taken over" in (late.error or "")) == ("transient", True)
    # What it would have noted at its end: that T6 is missing, and when the next visit is due.
    assert listed(store, "SELECT source_id FROM notices WHERE missed > 0") == []
    assert listed(store, "SELECT next_visit, failures FROM sources") == before
    assert one(store, "SELECT fence FROM sources") == 3
    assert one(store, "SELECT lease_owner FROM sources") is not None
    assert "interrupted" in one(store, "SELECT error FROM visits ORDER BY id DESC LIMIT 1")


def test_R2_a_stale_visit_neither_adds_to_the_backlog_nor_takes_from_it(store: Store) -> None:
    with CardPortal(12, size=4) as portal:
        name = add_carded(store, portal)
        # After the second page of the list, and again in the middle of the details.
        for calls, left in ((3, 8), (7, 9)):
            portal.calls.clear()
            late = read(store, name, taking_over(store, name, portal, calls=calls))
            assert late.kind == "transient"
            assert "taken over" in (late.error or "")
            assert one(store, "SELECT count(*) FROM backlog") == left
            with store.write() as connection:
                connection.execute(sa.text("UPDATE sources SET lease_owner = NULL, lease_until = NULL"))
        assert visit(store, name).kind == "ok"
    assert one(store, "SELECT count(*) FROM backlog") == 0
    assert one(store, "SELECT count(*) FROM notices") == 12


def test_R2_a_stale_visit_moves_no_cursor(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        with store.write() as connection:
            work = begin(connection, sources.get(connection, name), mode=None, now=NOW)
        take(store, now=NOW + timedelta(hours=1))
        client = client_for(store, work.source, settings=settings(), dry=False)
        page = Page(url=f"{portal.url}/list", body=b'{"rows":[]}', fetched_at=NOW, role="listing", cursor_after="9")
        with pytest.raises(lease.Lost):
            taking.take(store, work, page, client=client, dry=False, now=NOW)
        client.close()
    assert one(store, "SELECT cursor FROM sources") is None
    assert one(store, "SELECT count(*) FROM pages") == 0


def test_R2_of_two_processes_that_race_one_reads(store: Store, tmp_path: Path) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    with TinyPortal(rows=rows(4), size=2) as portal, reader(tmp_path) as first, reader(tmp_path) as second:
        add_tiny(store, portal)
        for week in (1, 2, 3):
            portal.calls.clear()
            portal.fail(Fault(delay=0.6))
            with ThreadPoolExecutor(2) as pool:
                both = [pool.submit(one_of.read, url, week) for one_of in (first, second)]
            told = sorted((kind for done in both for kind in done.result()["kinds"]), reverse=True)
            # Who comes late finds it taken, or done.
            assert told in (["transient", "ok"], ["ok"], ["transient", "same"], ["same"]), told
            assert len(portal.calls) == 2
    assert one(store, "SELECT count(*) FROM visits") == 3
    assert one(store, "SELECT fence FROM sources") == 3


def test_R2_a_lease_that_this_process_could_not_give_back_is_taken_again_at_once(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        left = take(store)
        lease.let_go(store.engine, left)  # the visit is over; its last transaction never came through
        with store.write() as connection:
            row = {"source": name, "mode": "sweep", "started_at": "2026-11-23T06:59:59Z"}
            connection.execute(sa.insert(visits).values(row))
        assert visit(store, name, at=NOW + timedelta(minutes=1)).kind == "ok"
    assert listed(store, "SELECT error FROM visits ORDER BY id") == [
        ("interrupted: the store could not be written when the visit ended",),
        (None,),
    ]


def test_R10_the_lease_of_a_clock_that_was_ahead_holds_nobody_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        with monkeypatch.context() as there:
            there.setattr(lease, "this_process", lambda: "elsewhere:1:1")
            take(store, now=NOW + timedelta(minutes=15))
        with pytest.raises(lease.Busy):  # the clocks of two machines differ a little
            take(store)
        with store.write() as connection:
            connection.execute(sa.text("UPDATE sources SET lease_until = '2031-01-01T00:00:00Z'"))
        assert visit(store, name).kind == "ok"
