"""R7: the restore drill, on both databases: what an office does after a bad day, and that no letter goes twice."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.digest.tables import digest_items, digests, outbox
from aggregator.intake.tables import sources
from aggregator.schedule import letters_due
from aggregator.store.secrets import Vault
from aggregator.store.session import open_store
from tests.aggregator.digest.test_mail_server import Inbox, inbox
from tests.cli.conftest import MEMBERS, Command
from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal

__all__ = ["inbox"]
WEEK = timedelta(days=7)


def wednesday(weeks: int = 0) -> str:
    """Noon of a Wednesday in the week that the machine's clock is in, or so many weeks later: no letters are due then."""
    now = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    day = now + timedelta(days=2 - now.weekday()) + weeks * WEEK
    assert not letters_due(day, "Europe/Rome")
    return day.isoformat()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, inbox: tuple[Inbox, int], store_url: str) -> Inbox:
    """An office on either database whose letters go to a mail server."""
    handler, port = inbox
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", store_url)
    monkeypatch.setenv("WORLDWIDEWE_MAILER", "smtp")
    monkeypatch.setenv("WORLDWIDEWE_SMTP_PORT", str(port))
    monkeypatch.setenv("WORLDWIDEWE_SMTP_STARTTLS", "false")
    monkeypatch.setenv("WORLDWIDEWE_MAIL_FROM", "letters@federation.example.org")
    return handler


@pytest.fixture
def office(worldwidewe: Command, post: Inbox, feeds: FeedPortal, ted: TedPortal) -> Inbox:
    """Two sources read, three members entered, no letter yet."""
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    worldwidewe("sources", "add", "tenders", "ted", f"endpoint={ted.url}/v3/notices/search", "not_buyer_countries=IT")
    assert worldwidewe("pull", "valley", "tenders").code == 0
    assert worldwidewe("members", "import", MEMBERS).code == 0
    return post


def test_R7_the_drill(worldwidewe: Command, office: Inbox, feeds: FeedPortal, tmp_path: Path) -> None:
    assert worldwidewe("digest", "run", "--now", wednesday()).code == 0
    sent = list(office.accepted)
    assert len(sent) == 3
    copy = tmp_path / "monday.copy"
    assert worldwidewe("backup", copy).code == 0
    moment = worldwidewe("export", "--now", wednesday()).out
    feeds.publish(7)
    assert worldwidewe("pull", "valley", "--json").json_lines()[0]["new"] == 7
    assert worldwidewe("export", "--now", wednesday()).out != moment

    refused = worldwidewe("restore", copy)
    assert (refused.code, refused.out) == (1, "")
    assert "--force sets it aside as " in refused.complaint
    done = worldwidewe("restore", copy, "--force")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == f"{copy}: restored, {len(moment.splitlines())} opportunities, 3 members"
    aside = Path(lines[1].removeprefix("the store that was there: "))
    assert aside.is_file()
    assert lines[2] == "mail is paused; look what would go, and go on with: worldwidewe digest resume"

    assert worldwidewe("export", "--now", wednesday()).out == moment
    paused = worldwidewe("digest", "run", "--now", wednesday())
    assert (paused.code, paused.out) == (1, "")
    assert f"(restored from {copy}): nothing was written or sent; go on with: worldwidewe digest" in paused.complaint
    assert "TODO  mail is paused since " in worldwidewe("doctor").out
    # What was read since is read again.
    assert worldwidewe("pull", "valley", "--json").json_lines()[0]["new"] == 7

    assert worldwidewe("digest", "resume", "--now", wednesday()).out.splitlines()[-1] == "mail goes on"
    after = worldwidewe("digest", "run", "--now", wednesday())
    assert (after.code, after.out.count("has this week's letter already")) == (0, 3)
    assert office.accepted == sent
    assert worldwidewe("digest", "resume").out == "mail is not paused\n"


def test_R7_letters_that_went_out_after_the_backup_do_not_go_again(
    worldwidewe: Command, office: Inbox, store_url: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    assert worldwidewe("backup", copy).code == 0
    assert worldwidewe("digest", "run", "--now", wednesday()).code == 0
    sent = list(office.accepted)
    assert len(sent) == 3
    done = worldwidewe("restore", copy, "--force")
    assert "taken over from it: 3 messages that went out since the backup" in done.out
    assert worldwidewe("digest", "resume", "--yes", "--now", wednesday()).code == 0
    again = worldwidewe("digest", "run", "--now", wednesday())
    assert again.out.count("has this week's letter already") == 3
    assert office.accepted == sent
    # Nor is what they showed told as news a week later.
    worldwidewe("digest", "run", "--now", wednesday(1))
    store = open_store(store_url)
    with store.read() as connection:
        news = sa.select(digests.c.member_id, digest_items.c.opportunity_id).join(digest_items)
        told = list(connection.execute(news.where(digest_items.c.section.in_(("new", "maybe")))))
    store.close()
    assert len(told) == len(set(told)) > 3


def test_R7_letters_of_a_week_that_is_over_are_closed_and_the_others_are_asked_for(
    worldwidewe: Command,
    office: Inbox,
    inbox: tuple[Inbox, int],
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _waiting_in_a_restored_store(worldwidewe, store_url, tmp_path, monkeypatch, inbox[1])
    asked = worldwidewe("digest", "resume", "--now", wednesday())
    assert asked.code == 1
    assert asked.complaint == "worldwidewe: digest resume: say --yes to let them go, or --skip to close them unsent"
    closed, _, go = asked.out.partition("would go:\n")
    over, this = week(wednesday(-1)), week(wednesday())
    assert closed.count(f"  {over}  ") == 3
    assert go.count(f"  {this}  ") == 3
    assert over not in go
    assert office.accepted == []


def week(moment: str) -> str:
    year, number, _ = datetime.fromisoformat(moment).isocalendar()
    return f"{year}-W{number:02d}"


def _lose(store_url: str) -> None:
    """The disk of the store is gone: nothing says which letters went."""
    store = open_store(store_url)
    if store.sqlite:
        Path(str(store.engine.url.database)).unlink()
    else:
        with store.write() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    store.close()


def _waiting_in_a_restored_store(
    worldwidewe: Command, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_SMTP_PORT", "9")
    worldwidewe("digest", "run", "--now", wednesday(-1))
    store = open_store(store_url)
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM digest_items")
        connection.exec_driver_sql("UPDATE matches SET state = 'new', sent_at = NULL")
    store.close()
    worldwidewe("digest", "run", "--now", wednesday())
    assert worldwidewe("backup", tmp_path / "copy").code == 0
    _lose(store_url)
    assert worldwidewe("restore", tmp_path / "copy").code == 0
    monkeypatch.setenv("WORLDWIDEWE_SMTP_PORT", str(port))


def test_R7_with_yes_the_letters_of_this_week_go_and_no_others(
    worldwidewe: Command,
    office: Inbox,
    inbox: tuple[Inbox, int],
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _waiting_in_a_restored_store(worldwidewe, store_url, tmp_path, monkeypatch, inbox[1])
    assert worldwidewe("digest", "resume", "--yes", "--now", wednesday()).code == 0
    worldwidewe("digest", "run", "--now", (datetime.fromisoformat(wednesday()) + timedelta(hours=2)).isoformat())
    assert len(office.accepted) == 3
    store = open_store(store_url)
    with store.read() as connection:
        states = sorted(connection.scalars(sa.select(outbox.c.state)))
        replies = set(connection.scalars(sa.select(outbox.c.reply).where(outbox.c.state == "skipped")))
    store.close()
    assert states == ["accepted"] * 3 + ["skipped"] * 3
    assert {reply[:49] for reply in replies} == {"not sent: its week was over when the store was re"}


def test_R7_with_skip_nothing_goes_and_no_letter_of_this_week_is_written(
    worldwidewe: Command,
    office: Inbox,
    inbox: tuple[Inbox, int],
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _waiting_in_a_restored_store(worldwidewe, store_url, tmp_path, monkeypatch, inbox[1])
    assert worldwidewe("digest", "resume", "--skip", "--now", wednesday()).code == 0
    later = (datetime.fromisoformat(wednesday()) + timedelta(hours=2)).isoformat()
    assert worldwidewe("digest", "run", "--now", later).out.count("this week was skipped after a restore") == 3
    assert office.accepted == []
    # The next week is one like any other.
    assert "skipped" not in worldwidewe("digest", "run", "--now", wednesday(1)).out


def test_R7_a_person_at_the_terminal_is_asked(
    worldwidewe: Command,
    office: Inbox,
    inbox: tuple[Inbox, int],
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    _waiting_in_a_restored_store(worldwidewe, store_url, tmp_path, monkeypatch, inbox[1])
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert worldwidewe("digest", "resume", "--now", wednesday()).code == 130
    assert worldwidewe("digest", "run", "--now", wednesday()).complaint.startswith("worldwidewe: mail: paused ")
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert "mail goes on" in worldwidewe("digest", "resume", "--now", wednesday()).out


def test_R7_what_the_key_of_this_home_does_not_open_is_named(
    worldwidewe: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worldwidewe("sources", "list")
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    Vault(store, home).put("sam-gov", "an invented key")
    store.close()
    copy = tmp_path / "copy"
    worldwidewe("backup", copy)
    assert "sam-gov" not in worldwidewe("restore", copy, "--force").out

    other = tmp_path / "other"
    monkeypatch.setenv("WORLDWIDEWE_HOME", str(other))
    done = worldwidewe("restore", copy)
    assert f"{other / 'key'} is missing: lay it there before you start, or set these again: sam-gov" in done.out
    assert not (other / "key").exists()
    (other / "key").write_text("ab" * 32)
    done = worldwidewe("restore", copy, "--force")
    assert f"was sealed with another key than {other / 'key'}; set it again: worldwidewe keys set sam-gov" in done.out


def test_R7_a_restore_says_what_is_wrong_with_the_file_in_one_line(worldwidewe: Command, tmp_path: Path) -> None:
    for name, content, said in (
        ("none", None, "there is no such file"),
        ("text", b"hello", "is no copy of a store"),
        ("archive", b"PGDMP and more", "is an archive of PostgreSQL, and the store is not; see WORLDWIDEWE_DATABASE"),
    ):
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        done = worldwidewe("restore", file)
        assert (done.code, done.out) == (1, "")
        assert done.complaint == f"worldwidewe: {file}: {said}"


def test_R7_leases_of_the_backup_are_free_after_the_restore(
    worldwidewe: Command, read_store: Sequence[str], home: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{home / 'store.sqlite'}"
    store = open_store(url)
    with store.write() as connection:
        connection.execute(sa.update(sources).values(lease_owner="elsewhere:1:1", lease_until="2100-01-01T00:00:00Z"))
    store.close()
    worldwidewe("backup", tmp_path / "copy")
    assert worldwidewe("restore", tmp_path / "copy", "--force").code == 0
    store = open_store(url)
    with store.read() as connection:
        assert set(connection.execute(sa.select(sources.c.lease_owner, sources.c.lease_until))) == {(None, None)}
    store.close()
    assert [row["class"] for row in worldwidewe("pull", *read_store, "--json").json_lines()] == ["same", "same"]
