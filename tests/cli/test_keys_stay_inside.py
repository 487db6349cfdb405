"""A key that was set is nowhere to be seen afterwards, whatever the platform does with it: shown, logged, kept, exported.

The one thing to know: every answer here repeats the key, in its body, its headers and its redirects, as platforms do.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from zstandard import ZstdError

from aggregator.store.secrets import Vault
from aggregator.store.session import open_store
from aggregator.store.tables import unpack
from connectors.base import client
from connectors.linkedin.tokens import Connection
from tests.cli.conftest import Command
from tests.portals import linkedin, sam_gov, trade_gov
from tests.portals.server import Answer, Call, Fault, Portal

ACCESS, REFRESH = "access-canary-0123456789", "refresh-canary-0123456789"
CANARIES = (sam_gov.KEY, trade_gov.KEY, ACCESS, REFRESH, linkedin.SECRET)


def _faults(keys: Sequence[str]) -> list[Fault]:
    """The true answer and every other, each with these keys in it, for the calls that carry them."""
    said = " ".join(f"{key} https://x.example/?next={quote(f'/a?api_key={key}', safe='')}" for key in keys)

    def with_all(answer: Answer) -> Answer:
        body = json.dumps({"echo": said, **json.loads(answer.body)}).encode()
        return Answer(answer.status, body, {**answer.headers, "link": f"<https://x.example/?{said}>"})

    def failure(status: int, kind: str = "application/json") -> Answer:
        told = {"code": said, "message": said, "error": {"message": said}, "error_description": said}
        body = (
            json.dumps(told) if kind == "application/json" else f"<html><body><form>login {said}</form></body></html>"
        )
        return Answer(status, body.encode(), {"content-type": kind, "x-said": said})

    def carries(call: Call) -> bool:
        return any(key in f"{call.query} {call.headers} {call.body!r}" for key in keys)

    answers = [
        *(failure(status) for status in (200, 400, 401, 403, 404, 426, 500)),
        *(failure(status, "text/html") for status in (200, 403)),
        Answer(200, f'{{"broken": "{said}"'.encode(), {"content-type": "application/json"}),
        *(Answer(301, b"", {"location": f"/login?next={quote(f'/a?api_key={key}', safe='')}"}) for key in keys),
        *(Answer(302, b"", {"location": f"https://127.0.0.1/{key}"}) for key in keys),
    ]
    faults = [Fault(alter=with_all), *(Fault(answer=one) for one in answers), Fault(cut_after=30)]
    # A wish to be left alone is kept, so it comes last.
    return [replace(one, times=0, when=carries) for one in (*faults, Fault(answer=failure(429)))]


@pytest.fixture
def sources(worldwidewe: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Portal]]:
    """Every connector that has a key, with its simulator; the keys are in the vault."""
    monkeypatch.setattr(client, "PAUSES", ())
    with (
        sam_gov.SamGovPortal(notices=12) as sam,
        trade_gov.TradeGovPortal(events=6, leads=6) as trade,
        linkedin.LinkedInPortal(posts=6) as pages,
    ):
        pages._access.add(ACCESS)
        pages._refresh = REFRESH
        _add(worldwidewe, "one", "sam_gov", endpoint=sam.endpoint, calls_a_day="1000")
        _add(worldwidewe, "two", "trade_gov", endpoint=trade.url, interface="events")
        _add(worldwidewe, "three", "linkedin", **pages.params, version=pages.versions()[6])
        _set_keys(home)
        yield {"one": sam, "two": trade, "three": pages}


def _add(worldwidewe: Command, name: str, connector: str, **params: Any) -> None:
    done = worldwidewe("sources", "add", name, connector, *(f"{key}={value}" for key, value in params.items()))
    assert done.code == 0, done.err


def _set_keys(home: Path, *, days: int = 30) -> None:
    ends = datetime.now(UTC) + timedelta(days=days)
    made = Connection(
        client_id=linkedin.CLIENT,
        client_secret=linkedin.SECRET,
        access=ACCESS,
        access_until=ends,
        refresh=REFRESH,
        refresh_until=datetime.now(UTC) + timedelta(days=300),
    )
    vault = Vault(open_store(f"sqlite:///{home / 'store.sqlite'}"), home)
    for name, value in {"sam-gov": sam_gov.KEY, "trade-gov": trade_gov.KEY, "linkedin": made.text()}.items():
        vault.put(name, value)


def test_nothing_that_is_shown_logged_kept_reported_or_exported_holds_a_key(
    worldwidewe: Command, sources: dict[str, Portal], home: Path, tmp_path: Path
) -> None:
    said: list[str] = []

    def run(*arguments: str | Path) -> None:
        done = worldwidewe(*arguments)
        said.append(done.out + done.err)

    def suffers(name: str, keys: Sequence[str], *, days: int = 30) -> None:
        portal, before = sources[name], len(sources[name].calls)
        for fault in _faults(keys):
            _set_keys(home, days=days)
            run("keys", "forget", "sam-gov.calls")
            portal.heal()
            portal.fail(fault)
            run("pull", name)
            run("sources", "test", name, "--report")
        assert len(portal.calls) - before > 20, said[-1]

    suffers("one", [sam_gov.KEY])
    suffers("two", [trade_gov.KEY])
    suffers("three", [ACCESS])
    suffers("three", [REFRESH, linkedin.SECRET], days=-1)
    for command in (
        ("keys", "list"),
        ("sources", "list"),
        ("doctor",),
        ("export",),
        ("leads",),
        ("linkedin", "status"),
    ):
        run(*command)
    run("backup", tmp_path / "backup.sqlite")
    places: list[tuple[str, Callable[[], str]]] = [
        ("said", lambda: "\n".join(said)),
        ("kept", lambda: _texts(home / "store.sqlite")),
        ("backup", lambda: _texts(tmp_path / "backup.sqlite")),
    ]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    places += [(path.name, lambda path=path: path.read_bytes().decode("utf-8", "replace")) for path in files]  # type: ignore[misc]
    assert any("reports" in str(path) for path in files)
    for place, text in places:
        shown = text()
        found = {key for key in CANARIES if key in shown}
        assert not found, (place, [shown[max(0, shown.index(key) - 200) :][:300] for key in found])


def _texts(path: Path) -> str:
    """Every value of a store, the packed ones unpacked."""
    found = []
    engine = open_store(f"sqlite:///{path}").engine
    with engine.connect() as connection:
        for name in sa.inspect(engine).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                found += [_shown(value) for value in row]
    return "\n".join(found)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return unpack(value).decode("utf-8", "replace")
        except (ValueError, ZstdError):
            return value.decode("utf-8", "replace")
    return str(value)
