"""Source by exit, before and after the end: where a text may be kept no longer, nothing of it is left anywhere.

The one thing to know: every connector brings one notice for each choice of an admin (tests/web/test_who_sees_what.py); its
text holds one word of its own, and that word is looked for on every way out and in every row of the database.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
import time_machine
import zstandard
from flask import Flask
from flask.testing import FlaskClient

from aggregator.digest.compose import plan
from aggregator.digest.letter import render
from aggregator.intake import retention
from aggregator.people.members import put as put_members
from aggregator.rights import over
from aggregator.store import search
from aggregator.store.opportunities import every
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from config.settings import Settings
from tests.aggregator.digest.stored import match, member
from tests.aggregator.intake.reading import tables
from tests.web import seed
from tests.web.test_who_sees_what import CASES, Case, full, words  # noqa: F401 - one is a fixture
from web.cli import main

CLOSED = seed.NOW + timedelta(days=10)  # every deadline has passed
LATER = seed.NOW + timedelta(days=31)  # and thirty days since it was first read
EVERY_STATUS = "&".join(f"status={s}" for s in ("open", "forthcoming", "unknown", "closed", "withdrawn"))
PUBLIC = (
    *("/", f"/opportunities?size=100&{EVERY_STATUS}", f"/opportunities?size=100&sort=newest&{EVERY_STATUS}"),
    *("/sources", "/about", "/health", "/requests", "/requests/feed.json", "/requests/murmurations.json"),
)


def secrets(text: str) -> set[str]:
    return {word for word in words(text) if word.endswith("text")}


def ended(items: dict[str, Opportunity], now: datetime) -> set[str]:
    """The words of the texts that may be kept no longer at this moment."""
    found = {case.secret for case in CASES if over(items[case.source].rights.drop_text_at, items[case.source], now)}
    assert found
    return found


@pytest.fixture
def export(
    capsys: pytest.CaptureFixture[str], store_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., str]]:
    """The export of this store, as the office prints it."""
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", store_url)

    def run(*arguments: str) -> str:
        capsys.readouterr()
        main(["export", *arguments])
        return capsys.readouterr().out

    yield run
    structlog.reset_defaults()  # a command logs to the standard error of its test, which ends with it


def exits(
    store: Store,
    settings: Settings,
    client: FlaskClient,
    items: dict[str, Opportunity],
    export: Callable[..., str],
    now: datetime,
) -> Iterator[tuple[str, str]]:
    """Every way out by name, with all that it says at this moment."""
    with time_machine.travel(now, tick=False):
        for path in PUBLIC:
            yield path, client.get(path).text
        for item in items.values():
            yield "detail", client.get(f"/opportunities/{item.id}").text
        for arguments in (("--format", "jsonl"), ("--format", "csv")):
            yield " ".join(arguments), export(*arguments, "--now", now.isoformat())
        for case in CASES:
            who = member(f"coop-{case.number}")
            with store.read() as connection:
                digest = plan(connection, who, now=now, settings=settings)
            letter = render(digest, settings=settings, language="it") if digest is not None else None
            yield "letter", letter.text + letter.html if letter is not None else ""


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def matched(store: Store, full: dict[str, Opportunity]) -> dict[str, Opportunity]:  # noqa: F811
    """Everything in the store, each of it fitting a member of its own."""
    with store.write() as connection:
        for case in CASES:
            who = member(f"coop-{case.number}")
            put_members(connection, [who], now=seed.NOW)
            match(connection, who, full[case.source])
    return full


def found(store: Store, word: str, now: datetime) -> int:
    query = search.Query(text=word, statuses=(), audience="office")
    with store.read() as connection:
        return search.count(connection, query, now=now)


def written(store: Store) -> set[str]:
    """The words that stand in any row of any table, documents unpacked. A list of single words is no text."""
    said: set[str] = set()
    for lines in tables(store, without={"vocabulary"}).values():
        for line in lines:
            for value in line:
                said |= secrets(_unpacked(value))
    return said


def _unpacked(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return zstandard.decompress(value).decode("utf-8", "replace")
    except zstandard.ZstdError:
        return value.decode("latin-1")


def test_before_the_end_every_text_that_may_be_shown_goes_out(
    store: Store,
    settings: Settings,
    visitor: FlaskClient,
    matched: dict[str, Opportunity],
    export: Callable[..., str],
) -> None:
    told: dict[str, set[str]] = {}
    for name, text in exits(store, settings, visitor, matched, export, seed.NOW):
        told[name] = told.get(name, set()) | secrets(text)
    open_to_all = {c.secret for c in CASES if matched[c.source].rights.show != "link"}
    assert told["--format jsonl"] == open_to_all
    assert told["detail"] == {c.secret for c in CASES if c.secret in open_to_all and _is(matched, c, "public")}
    assert told["letter"] == {c.secret for c in CASES if c.secret in open_to_all and not _is(matched, c, "office")}
    assert written(store) == {case.secret for case in CASES}
    assert all(found(store, case.secret, seed.NOW) == 1 for case in CASES)


def _is(items: dict[str, Opportunity], case: Case, audience: str) -> bool:
    return items[case.source].rights.audience == audience


@pytest.mark.parametrize("now", [CLOSED, LATER], ids=["closed", "later"])
def test_after_the_end_no_way_out_says_a_word_of_a_text_that_has_ended_even_before_it_is_taken_out(
    store: Store,
    settings: Settings,
    visitor: FlaskClient,
    matched: dict[str, Opportunity],
    export: Callable[..., str],
    now: datetime,
) -> None:
    gone = ended(matched, now)
    for _ in range(2):  # before the daily work, and after it
        for name, text in exits(store, settings, visitor, matched, export, now):
            assert not secrets(text) & gone, name
        retention.run(store, now=now)


@pytest.mark.parametrize("now", [CLOSED, LATER], ids=["closed", "later"])
def test_after_the_daily_work_no_search_finds_it_and_no_row_holds_it_and_all_else_is_as_it_was(
    store: Store, matched: dict[str, Opportunity], now: datetime
) -> None:
    gone = ended(matched, now)
    assert retention.run(store, now=now).texts == len(gone)
    for case in CASES:
        assert found(store, case.secret, now) == (0 if case.secret in gone else 1), case
        assert found(store, case.word, now) == 1, case
    assert written(store) == {case.secret for case in CASES} - gone
    with store.read() as connection:
        after = {item.notices[0].source: item for item in every(connection)}
    for case in CASES:
        before, item = matched[case.source], after[case.source]
        kept = before.model_copy(update={"summary": None, "body": None, "eligibility": None})
        assert item.model_copy(update={"summary": None, "body": None, "eligibility": None}) == kept, case
        assert (item.summary is None) == (item.body is None) == (case.secret in gone), case
    assert {case.connector for case in CASES if case.secret in gone} >= {"een", "een_lombardia", "members"}
    assert ("linkedin" in {case.connector for case in CASES if case.secret in gone}) == (now is LATER)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_nothing_of_an_ended_text_is_left_in_the_file_of_the_database(
    store: Store, matched: dict[str, Opportunity]
) -> None:
    gone = ended(matched, LATER)
    retention.run(store, now=LATER)
    with store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file = Path(raw.execute("PRAGMA database_list").fetchone()[2])
    # A term of the index shares its beginning with the one before it: the number alone may stand there.
    numbers = {word[2:5] for word in re.findall(r"zq\d{3}text", file.read_bytes().decode("latin-1"))}
    assert not numbers & {word[2:5] for word in gone}
    with store.read() as connection:
        terms = {row[0] for row in connection.exec_driver_sql("SELECT term FROM opportunity_terms")}
    assert not terms & gone
    assert {case.secret for case in CASES} - gone <= terms
    assert json.dumps(sorted(terms)).count("titel") == len(CASES)
