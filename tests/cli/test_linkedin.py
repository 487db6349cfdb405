"""`linkedin connect` and `linkedin status`, against the simulator: no token is ever printed."""

import io
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from aggregator.store.secrets import Vault
from aggregator.store.session import open_store
from connectors.linkedin.tokens import Connection, opened
from tests.cli.conftest import Command
from tests.cli.ran import Ran
from tests.portals.linkedin import CLIENT, SECRET, LinkedInPortal

Connect = Callable[..., Ran]


@pytest.fixture
def portal() -> Iterator[LinkedInPortal]:
    with LinkedInPortal(posts=30) as running:
        yield running


@pytest.fixture
def source(worldwidewe: Command, portal: LinkedInPortal) -> str:
    params = {name: said for name, said in portal.params.items() if name != "page_id"}
    given = [f"{name}={said}" for name, said in params.items()]
    assert worldwidewe("sources", "add", "page", "linkedin", *given, f"version={portal.versions()[6]}").code == 0
    return "page"


@pytest.fixture
def connect(worldwidewe: Command, source: str, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Run the command as a person does: open the address it prints, paste the one that comes back."""

    def run(*arguments: str, paste: Callable[[str], str] = consented, secret: str = SECRET) -> Ran:
        shown: list[str] = []
        echo = click.echo

        def seen(message: object = "", **more: Any) -> None:
            shown.append(str(message))
            echo(message, **more)

        def asked(text: str, **more: object) -> str:
            if "Paste" in text:
                return paste(next(line for line in shown if line.startswith("http")))
            return CLIENT if "Client ID" in text else secret

        monkeypatch.setattr(click, "echo", seen)
        monkeypatch.setattr(click, "prompt", asked)
        return worldwidewe("linkedin", "connect", "--source", source, *arguments)

    return run


def consented(url: str) -> str:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(url, timeout=10)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.headers["location"])
    raise AssertionError("the consent did not send the browser back")


def held(home: Path) -> Connection:
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    try:
        return opened(Vault(store, home).require("linkedin"), "linkedin")
    finally:
        store.close()


def keep(home: Path, made: Connection) -> None:
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    Vault(store, home).put("linkedin", made.text())
    store.close()


def test_a_person_connects_and_reads_the_page(worldwidewe: Command, connect: Connect, home: Path, source: str) -> None:
    done = connect()
    assert (done.code, done.err) == (0, "")
    assert "connected: kept in the vault as linkedin; the token ends on" in done.out
    assert "page 70112233; read it with: worldwidewe sources set page page_id=70112233 --on" in done.out
    assert "page urn:li:organizationBrand:70778899;" in done.out
    made = held(home)
    assert (made.client_id, made.client_secret, made.refresh is not None) == (CLIENT, SECRET, True)
    for secret in (made.access, str(made.refresh), SECRET, "AbC123xyz"):
        assert not re.search(rf"\b{re.escape(secret)}\b", done.out + done.err)
    assert worldwidewe("sources", "set", source, "page_id=70112233").code == 0
    pulled = worldwidewe("pull", source, "--json")
    assert (pulled.json_lines()[0]["class"], pulled.json_lines()[0]["new"]) == ("ok", 30)


def test_connecting_again_asks_for_the_app_no_more(connect: Connect, home: Path) -> None:
    connect()
    first = held(home).access
    assert connect(secret="not asked for").code == 0
    assert held(home).access != first


def test_an_address_with_another_state_is_refused_and_keeps_what_was(connect: Connect, home: Path) -> None:
    connect()
    before = held(home)
    done = connect(paste=lambda url: re.sub("state=[^&]+", "state=theirs", consented(url)))
    assert done.code == 1
    assert done.complaint.startswith("worldwidewe: address: does not carry the state of this attempt")
    assert held(home) == before


def test_the_state_is_another_each_time(connect: Connect) -> None:
    states = {re.findall(r"state=([\w-]{32,})", connect().out)[0] for _ in range(2)}
    assert len(states) == 2


def test_a_wrong_secret_is_told_without_being_repeated(connect: Connect) -> None:
    done = connect(secret="hush-wrong")
    assert done.code == 1
    assert "the login refuses (invalid_client" in done.complaint
    assert "hush-wrong" not in done.out + done.err


def test_pages_that_cannot_be_listed_cost_no_token(connect: Connect, portal: LinkedInPortal, home: Path) -> None:
    portal.calls_left = 0
    done = connect()
    assert done.code == 0
    assert "the pages could not be listed" in done.err
    assert held(home).access


def test_who_administers_nothing_is_told_so(connect: Connect, portal: LinkedInPortal) -> None:
    portal.role = False
    assert "this person administers no page" in connect().err


def test_the_secret_of_the_app_may_be_piped_in(
    worldwidewe: Command, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a terminal the answers come from standard input, and the wrong address ends it.
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CLIENT}\n{SECRET}\nhttp://localhost/linkedin\n"))
    done = worldwidewe("linkedin", "connect", "--source", source)
    assert done.code == 1
    assert "address: does not carry the state" in done.err


def test_status_says_until_when(worldwidewe: Command, connect: Connect, source: str, home: Path) -> None:
    connect()
    done = worldwidewe("linkedin", "status", "--source", source)
    assert (done.code, done.err) == (0, "")
    assert "and is renewed by itself until" in done.out
    assert "of the interface: expected to end about" in done.out
    now = datetime.now(UTC)
    made = held(home)
    soon = Connection(
        client_id=made.client_id,
        client_secret=made.client_secret,
        access=made.access,
        access_until=now + timedelta(3.5),
    )
    keep(home, soon)
    done = worldwidewe("linkedin", "status", "--source", source)
    assert done.code == 1
    assert "ends in 3 days" in done.out


def test_a_version_that_ends_soon_is_a_matter_for_somebody(
    worldwidewe: Command, connect: Connect, portal: LinkedInPortal, source: str
) -> None:
    connect()
    assert worldwidewe("sources", "set", source, f"version={portal.versions()[0]}").code == 0
    assert worldwidewe("linkedin", "status", "--source", source).code == 1


def test_without_a_connection_status_says_how_to_make_one(worldwidewe: Command) -> None:
    done = worldwidewe("linkedin", "status")
    assert done.code == 1
    assert "is not in the vault" in done.complaint


def test_a_source_of_another_platform_is_no_connection(worldwidewe: Command, two_sources: object) -> None:
    done = worldwidewe("linkedin", "status", "--source", "valley")
    assert (done.code, done.complaint) == (1, "worldwidewe: --source: 'valley' does not read LinkedIn")
