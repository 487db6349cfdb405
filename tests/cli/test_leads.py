"""`leads`: what the office alone may see."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.store.session import open_store
from aggregator.store.tables import opportunities
from tests.cli.conftest import Command


@pytest.fixture
def one_lead(worldwidewe: Command, read_store: object, home: Path) -> str:
    """One of the opportunities in the store becomes the office's alone."""
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    with store.write() as connection:
        first = connection.scalar(sa.select(sa.func.min(opportunities.c.id)))
        connection.execute(sa.update(opportunities).where(opportunities.c.id == first).values(audience="office"))
    return str(first)


def test_leads_are_listed_with_their_link(worldwidewe: Command, one_lead: str) -> None:
    (row,) = worldwidewe("leads", "--json").json_lines()
    assert row["id"] == one_lead
    assert row["url"].startswith("http")
    assert row["title"] in " ".join(worldwidewe("leads").out.split()) or row["source"] in worldwidewe("leads").out


def test_without_leads_it_says_so(worldwidewe: Command) -> None:
    assert worldwidewe("leads", "--days", "7").out == "nothing for the office alone in the last 7 days\n"


def test_old_leads_are_left_out(worldwidewe: Command, one_lead: str, home: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=40)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with open_store(f"sqlite:///{home / 'store.sqlite'}").write() as connection:
        connection.execute(sa.update(opportunities).values(first_seen=long_ago))
    assert worldwidewe("leads", "--json").json_lines() == []
    assert len(worldwidewe("leads", "--days", "60", "--json").json_lines()) == 1


def test_a_link_that_a_stranger_made_up_is_shown_as_it_is(worldwidewe: Command, home: Path) -> None:
    folder = home / "drop" / "mails"
    folder.mkdir(parents=True)
    text = "Subject: A call [/red] of [bold]\\\\[x]\nDate: {}\nFrom: a@calls.example.org\n\nhttps://calls.example.org/?a=[/b]\n"
    (folder / "one.eml").write_text(text.format(format_datetime(datetime.now(UTC))))
    assert (
        worldwidewe("sources", "add", "mails", "mailbox", "allow_senders=calls.example.org", "require_auth=none").code
        == 0
    )
    assert worldwidewe("pull", "mails").code == 0
    said = "".join(worldwidewe("leads").out.split())
    assert "?a=[/b]" in said
    assert "[/red]" in said
    assert "[bold]" in said
