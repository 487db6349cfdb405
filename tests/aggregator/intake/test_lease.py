"""One reader per source: the lease, who takes it over, and the late writer who is refused."""

import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pytest

from aggregator.intake import lease
from aggregator.intake.result import Result
from aggregator.store.session import Store
from tests.aggregator.intake.reading import NOW, add_tiny, everything, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.portals.server import Fault

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
