"""Make the store of an earlier version with that version's own code: how the files beside this one came to be.

    git worktree add ../older COMMIT        # the last commit at which a migration was the newest one
    cd ../older && PYTHONPATH=. python .../tests/released/make.py .../tests/released/0003.sqlite.zst

The one thing to know: it is run once for each migration, when a later one is added, and what it made is never made again.
It asks the checkout for what it has: a connector, a command or a table that is not there yet is left out.
"""

import importlib
import importlib.util
import json
import os
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import zstandard

TODAY = date(2026, 11, 23)
NOTICES = 9
FIRST, SECOND, THIRD = (datetime(2026, 11, day, 7, tzinfo=UTC) for day in (23, 24, 26))


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.environ |= {"WORLDWIDEWE_HOME": folder, "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]'}
        opening = _there("web.commands.opening")
        with opening.opened() as here:
            _read(here, _portals(stack))
            _office(here)
            _letters(here)
        _save(Path(folder) / "store.sqlite", target)


def _there(name: str) -> Any:
    """A module of this checkout; None where it has none of that name."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _portals(stack: ExitStack) -> dict[str, Any]:
    found = {"ted": _there("tests.portals.ted").TedPortal(notices=NOTICES, today=TODAY)}
    found["feeds"] = _there("tests.portals.feeds").FeedPortal(items=6, window=6, today=TODAY)
    if (een := _there("tests.portals.een")) is not None:
        found["een"] = een.EenPortal(profiles=4, today=TODAY)
    if (grants := _there("tests.portals.grants_gov")) is not None:
        found["grants"] = grants.GrantsGovPortal(opportunities=3, today=TODAY)
    if (index := _there("tests.portals.murmurations")) is not None:
        found["index"] = index.MurmurationsPortal(organisations=4, offers=2, now=FIRST)
    return {name: stack.enter_context(portal) for name, portal in found.items()}


def move_on(ted: Any) -> None:
    """What happens on the tender platform between the first reading and the last."""
    ted.change(3)
    ted.add(2)
    ted.withdraw(1)


def _add(here: Any, name: str, connector: str, **params: Any) -> None:
    with here.store.write() as connection:
        _there("aggregator.intake.sources").add(connection, name, connector=connector, params=params, now=FIRST)


def _visit(here: Any, name: str, at: datetime, mode: str | None = None) -> None:
    read = _there("aggregator.intake.pipeline").read_source
    result = read(here.store, name, settings=here.settings, mode=mode, patient=False, now=lambda: at)
    print(result.line(), file=sys.stderr)


def _read(here: Any, portals: dict[str, Any]) -> None:
    """Read every source; then with something put off, new and withdrawn, unreadable, or behind a page that fails."""
    ted, feeds, een = portals["ted"], portals["feeds"], portals.get("een")
    search = f"{ted.url}/v3/notices/search"
    # The second one lists tenders of the first, so that two notices stand behind one opportunity.
    _add(here, "tenders", "ted", endpoint=search, not_buyer_countries=["IT"])
    _add(here, "tenders-of-services", "ted", endpoint=search, cpv=["45", "48", "72", "79", "80", "85", "90"])
    _add(here, "valley", "feed", url=f"{feeds.url}/rss.xml", lang="it")
    names = ["tenders", "tenders-of-services", "valley"]
    if een is not None:
        _add(here, "een", "een", endpoint=f"{een.url}{_there('tests.portals.een').PATH}")
        _add(here, "grants", "grants_gov", endpoint=portals["grants"].endpoint)
        names += ["een", "grants"]
    if "index" in portals:
        _add(here, "index", "murmurations", endpoint=portals["index"].endpoint)
        names.append("index")
    for name in names:
        _visit(here, name, FIRST, "sweep")
    move_on(ted)
    feeds.publish(2)
    server = _there("tests.portals.server")
    ted.fail(server.Fault(alter=_poisoned))
    _visit(here, "tenders", SECOND, "sweep")
    _visit(here, "tenders-of-services", SECOND, "sweep")
    _visit(here, "tenders", SECOND + timedelta(hours=6), "sweep")
    _visit(here, "valley", SECOND)
    if een is not None:
        een.add(2)
        page = _there("tests.portals.een").PATH + "/"
        broken = server.Answer(503, b"", {"content-type": "text/html"})
        een.fail(server.Fault(answer=broken, when=lambda call: call.path.startswith(page), times=0))
        _visit(here, "een", SECOND)


def _poisoned(answer: Any) -> Any:
    """One record without a number, which nobody can read."""
    said = json.loads(answer.body)
    said["notices"].append({key: value for key, value in said["notices"][0].items() if key != "publication-number"})
    return type(answer)(answer.status, json.dumps(said).encode(), answer.headers)


def _office(here: Any) -> None:
    """What an office enters: members, and, where this version has them, a key of a platform and requests."""
    members, files = _there("aggregator.people.members"), _there("aggregator.people.files")
    if (vault := _there("aggregator.store.secrets")) is not None:
        vault.Vault(here.store, here.settings.home).put("sam-gov", "an invented key", days=90)
    if hasattr(demo := _there("web.commands.demo"), "_requests"):
        demo._requests(here.store, Path("tests/portals/requests.yml"), here.settings, now=FIRST)
        _add(here, "members", "members")
        _visit(here, "members", FIRST)
    with here.store.write() as connection:
        members.put(connection, files.load(Path("tests/portals/members.yml"), country="IT"), now=FIRST)
        _there("aggregator.matching.engine").record_all(connection, now=FIRST)


def _letters(here: Any) -> None:
    """A week whose letters arrived, and one of which one letter was put off and others wait."""
    run, standing = _there("aggregator.digest.run").run, _there("aggregator.intake.standing")
    with here.store.read() as connection:
        states = standing.states(connection)
    print(run(here.store, here.settings, now=FIRST, sources=states), file=sys.stderr)
    with here.store.write() as connection:
        # Half of what was told becomes news again, so that the second week has letters too.
        connection.exec_driver_sql("UPDATE matches SET state = 'new', sent_at = NULL WHERE opportunity_id % 2 = 0")
    nobody = {"mailer": "smtp", "smtp_port": 9, "smtp_starttls": False}
    refused = here.settings.model_copy(update=nobody)
    print(run(here.store, refused, now=THIRD + timedelta(days=4), sources=states), file=sys.stderr)


def _save(store: Path, target: Path) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with sqlite3.connect(store, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            print(f"{name:32}{count}", file=sys.stderr)
    connection.close()
    target.write_bytes(zstandard.ZstdCompressor(level=19).compress(store.read_bytes()))
    print(target, target.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
