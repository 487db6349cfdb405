"""A small installation that is read three weeks in a row, and may be killed in any of them.

The one thing to know: each week begins from a copy of the store of an undisturbed reading, so a kill costs only the week
in which it falls; that week is then read again, and must end as the undisturbed one did.
"""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from aggregator.people.members import put as put_members
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.digest.stored import member
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import NOW, WEEK, add_carded, add_feed, add_ted, add_tiny
from tests.aggregator.intake.tiny import TinyPortal, row
from tests.faults.contents import contents, differences
from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal

ROOT = Path(__file__).parents[2]
WEEKS = 3
SOUND = {"ok", "same", "partial"}
_PROFILE = {"name": "All", "kinds": ["tender", "grant_call"], "any": ["cleaning", "care", "pulizia", "servizi"]}


@dataclass(slots=True)
class Platforms:
    """Four platforms; what they say in which week."""

    tiny: TinyPortal
    mirror: TinyPortal
    carded: CardPortal
    news: FeedPortal
    ted: TedPortal

    def in_week(self, week: int) -> None:
        """What came, changed, moved, went and came back, and records that nobody can read."""
        key = {"same_as": ["pod:RIT20261103001"]}
        rows = [row(1, codes=["cpv:90910000"]), row(2, **key), *(row(n) for n in range(3, 9)), {"id": "T99", "due": 7}]
        if week > 1:
            rows[0] = row(1, title="Cleaning of the swimming pool", codes=["cpv:90910000"])
            rows[3] = row(4, due="2027-04-01")
            rows = [one for one in rows if one["id"] not in {"T6", "T7"}] + [row(20), row(21)]
        if week > 2:
            rows = [*rows, row(7), row(22)]
        self.tiny.rows = rows
        self.mirror.rows = [row(50, **key), row(51), *([row(52, **key)] if week > 1 else [])]
        self.carded.italian = {"C1": "Casa di cura numero 1"}
        self.carded.texts = {"C2": f"The text of week {week}."}
        self.carded.rows["C2"] |= {"due": f"2027-03-0{week}"}
        self.carded.gone = {"C5"} if week > 1 else set()
        self.carded.rows["C5"] |= {"due": f"2027-05-0{week}"}  # its card changes, and later its page is gone
        self.carded.broken = {"C4"} if week == 2 else set()
        self.carded.rows["C4"] |= {"due": f"2027-06-0{week}"}

    def sources(self, store: Store) -> None:
        add_carded(store, self.carded)
        add_tiny(store, self.mirror, "mirror")
        add_feed(store, self.news)
        add_ted(store, self.ted, page_size=4)
        add_tiny(store, self.tiny)


@contextmanager
def platforms() -> Iterator[Platforms]:
    with (
        TinyPortal(rows=[], size=3) as tiny,
        TinyPortal(rows=[], size=3) as mirror,
        CardPortal(6, size=3) as carded,
        FeedPortal(items=4) as news,
        TedPortal(notices=12, today=NOW.date()) as ted,
    ):
        yield Platforms(tiny, mirror, carded, news, ted)


class Copies:
    """One store that can be put back to what it was: a file of SQLite, or the tables of PostgreSQL and copies of them."""

    def __init__(self, url: str, folder: Path) -> None:
        self._file = folder / "store.sqlite"
        self._sqlite = url.startswith("sqlite")
        self.url = f"sqlite:///{self._file}" if self._sqlite else url
        self._tables: list[str] = []
        if not self._sqlite:
            with self._connected() as connection:
                # It is the reader that dies and not the server: no commit need wait for the disk.
                database = sa.make_url(url).database
                connection.exec_driver_sql(f'ALTER DATABASE "{database}" SET synchronous_commit = off')

    def keep(self, name: str) -> None:
        """Keep what the store is now under a name; nobody has it open."""
        if self._sqlite:
            shutil.copyfile(self._file, self._file.with_name(name))
            return
        with self._connected() as connection:
            there = sa.MetaData()
            there.reflect(connection)
            self._tables = [f'"{table.name}"' for table in there.sorted_tables]
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            for table in self._tables:
                connection.exec_driver_sql(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")

    def put_back(self, name: str) -> None:
        """Make the store again what it was; nobody has it open."""
        if self._sqlite:
            for left in self._file.parent.glob(f"{self._file.name}*"):
                left.unlink()
            shutil.copyfile(self._file.with_name(name), self._file)
            return
        with self._connected() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(self._tables)}")
            for table in self._tables:
                connection.exec_driver_sql(f"INSERT INTO public.{table} SELECT * FROM {name}.{table}")

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            yield connection


@dataclass(slots=True)
class Reader:
    """The process that reads, and dies when it is told (tests/faults/killed.py)."""

    process: "subprocess.Popen[str]"
    home: Path

    def read(self, store: str, week: int, **kill: Any) -> dict[str, Any]:
        at = (NOW + (week - 1) * WEEK).isoformat()
        order = {"store": store, "now": at, "home": str(self.home), **kill}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said


@contextmanager
def reader(home: Path) -> Iterator[Reader]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Reader(process, home)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@dataclass(slots=True)
class Undisturbed:
    """What the store said after each week, and at how many moments of it one can die."""

    after: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)


def killed_at_random(url: str, folder: Path, *, kills: int, seed: int) -> list[str]:
    """Kill so many readings at moments thrown by dice; returns what differed, a text for each kill that left a trace.

    Two of three die at a moment of the database, every third by the clock, and some of them twice.
    """
    dice, left = random.Random(seed), []
    with ExitStack() as stack:
        there = stack.enter_context(platforms())
        process = stack.enter_context(reader(folder / "home"))
        copies = Copies(url, folder)
        quiet = _undisturbed(copies, there, process)
        for number in range(kills):
            week = dice.randint(1, WEEKS)
            there.in_week(week)
            copies.put_back(f"week{week - 1}")
            for again in range(2 if dice.random() < 0.25 else 1):
                where: dict[str, Any] = {"at": dice.randint(1, quiet.moments[week])}
                if number % 3 == 2:
                    where = {"after": dice.uniform(0.02, 0.4)}
                died = process.read(copies.url, week, **where)
                told = f"seed {seed}, kill {number}{' again' if again else ''}, week {week}, {where}"
                # By the clock it may have been done before; and what is done again may have less to say.
                if died["code"] != -9 and "at" in where and not again:
                    left.append(f"{told}: it did not die ({died})")
            ended = process.read(copies.url, week)
            if ended["code"] != 0 or not set(ended["kinds"]) <= SOUND:
                left.append(f"{told}: the next reading ended as {ended}")
            if found := differences(quiet.after[week], _said(copies.url)):
                left.append(f"{told}:\n{found}")
    return left


def _undisturbed(copies: Copies, there: Platforms, process: Reader) -> Undisturbed:
    quiet = Undisturbed()
    store = open_store(copies.url)
    upgrade(store)
    there.sources(store)
    with store.write() as connection:
        put_members(connection, [member("coop", profiles=[_PROFILE])], now=NOW - timedelta(days=9))
    store.close()
    copies.keep("week0")
    for week in range(1, WEEKS + 1):
        there.in_week(week)
        done = process.read(copies.url, week)
        assert done["code"] == 0, done
        assert set(done["kinds"]) <= SOUND, done
        quiet.moments[week], quiet.after[week] = done["moments"], _said(copies.url)
        copies.keep(f"week{week}")
    return quiet


def _said(url: str) -> dict[str, list[str]]:
    store = open_store(url)
    try:
        return contents(store)
    finally:
        store.close()
