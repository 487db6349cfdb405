"""What becomes of written letters: claimed, delivered into a maildir, recorded; after a crash too."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.digest import outbox
from aggregator.digest.mailer import Maildir, Mailer, Outcome, Outgoing, StopBatch
from aggregator.digest.run import run
from aggregator.digest.tables import outbox as rows
from aggregator.store.session import Store
from tests.aggregator.digest.sample import NOW, settings, tender
from tests.aggregator.digest.stored import BODY, enrol, fill, keep, mail_states, match, member


def eml(folder: Path) -> list[Path]:
    return sorted((folder / "maildir" / "new").glob("*.eml"))


class Scripted:
    """A mailer that runs a function for each message."""

    def __init__(self, do: Callable[[Outgoing], Outcome], *, repeatable: bool = False) -> None:
        self._do = do
        self.repeatable = repeatable
        self.closed = False

    def deliver(self, outgoing: Outgoing) -> Outcome:
        return self._do(outgoing)

    def close(self) -> None:
        self.closed = True


def test_the_week_ends_as_files_in_a_maildir_and_a_second_run_adds_none(store: Store, tmp_path: Path) -> None:
    one, two, nobody = member("one"), member("two", language="en"), member("nobody", recipients=[])
    empty = member("empty")
    enrol(store, one, two, nobody, empty)
    items = keep(store, [tender(0, source="a"), tender(0, source="b")])
    with store.write() as connection:
        for who in (one, two, nobody):
            for item in items:
                match(connection, who, item)
    ran = run(store, settings(tmp_path), now=NOW)
    assert {c.member_id: c.result for c in ran.members} == {
        "one": "written",
        "two": "written",
        "nobody": "no_recipient",
        "empty": "empty",
    }
    assert ran.sent == Counter(accepted=2)
    before = [(path.name, path.read_bytes()) for path in eml(tmp_path)]
    mails = [message_from_bytes(data, policy=policy.default) for _, data in before]
    assert sorted((m["To"], m["Subject"][:7]) for m in mails) == [
        ("one@example.org", "2 nuove"),
        ("two@example.org", "2 new ·"),
    ]
    again = run(store, settings(tmp_path), now=NOW + timedelta(days=2))
    assert {c.result for c in again.members} == {"already", "no_recipient", "empty"}
    assert again.sent == Counter()
    assert [(path.name, path.read_bytes()) for path in eml(tmp_path)] == before


def test_a_member_whose_letter_cannot_be_made_does_not_cost_the_others_theirs(store: Store, tmp_path: Path) -> None:
    bad, good = member("bad"), member("good")
    enrol(store, bad, good)
    (item,) = keep(store, [tender(0)])
    with store.write() as connection:
        match(connection, bad, item)
        match(connection, good, item)
        connection.execute(sa.text("UPDATE matches SET reasons = 'broken' WHERE member_id = 'bad'"))
    ran = run(store, settings(tmp_path), now=NOW)
    assert {c.member_id: c.result for c in ran.members} == {"bad": "error", "good": "written"}
    assert ran.sent == Counter(accepted=1)


def test_X3_delivering_the_same_letter_twice_leaves_one_file(tmp_path: Path) -> None:
    mailer = Maildir(tmp_path / "maildir")
    for _ in range(2):
        assert mailer.deliver(Outgoing("<abc@example.org>", "a@example.org", BODY)).state == "accepted"
    assert [path.name for path in eml(tmp_path)] == ["abc.eml"]
    # A mail reader has shown it: it lies in cur, with flags.
    eml(tmp_path)[0].rename(tmp_path / "maildir" / "cur" / "abc.eml:2,S")
    assert mailer.deliver(Outgoing("<abc@example.org>", "a@example.org", BODY)).state == "accepted"
    assert eml(tmp_path) == []


def test_a_message_id_cannot_leave_the_maildir(tmp_path: Path) -> None:
    Maildir(tmp_path / "maildir").deliver(Outgoing("<../../evil/x@example.org>", "a@example.org", BODY))
    assert [path.relative_to(tmp_path).parts for path in tmp_path.rglob("*x*.eml")] == [
        ("maildir", "new", ".._.._evil_x.eml")
    ]


def test_X4_sending_is_committed_before_the_mailer_is_called(store: Store) -> None:
    fill(store, "a@example.org", "b@example.org")
    seen: list[list[str]] = []

    def look(_: Outgoing) -> Outcome:
        seen.append(mail_states(store))
        return Outcome("accepted", "250 ok")

    assert outbox.send(store, Scripted(look), now=NOW) == Counter(accepted=2)
    assert seen == [["sending", "pending"], ["accepted", "sending"]]


def test_X5_after_a_crash_a_server_row_is_unknown_and_is_not_sent_again(store: Store) -> None:
    fill(store, "a@example.org")
    with store.write() as connection:
        connection.execute(sa.update(rows).values(state="sending"))
    calls: list[Outgoing] = []

    def never(outgoing: Outgoing) -> Outcome:
        calls.append(outgoing)
        return Outcome("accepted", "")

    # A sender that may still be alive is left alone.
    assert outbox.send(store, Scripted(never), now=NOW + timedelta(minutes=1)) == Counter()
    assert outbox.send(store, Scripted(never), now=NOW + timedelta(minutes=16)) == Counter(unknown=1)
    assert outbox.send(store, Scripted(never), now=NOW + timedelta(days=1)) == Counter()
    assert calls == []


def test_X5_after_a_crash_a_maildir_row_is_simply_delivered(store: Store, tmp_path: Path) -> None:
    fill(store, "a@example.org")
    with store.write() as connection:
        connection.execute(sa.update(rows).values(state="sending"))
    assert outbox.send(store, Maildir(tmp_path / "maildir"), now=NOW) == Counter(accepted=1)
    assert eml(tmp_path)[0].read_bytes() == BODY


def test_a_mailer_that_breaks_leaves_an_unknown_and_goes_on(store: Store) -> None:
    fill(store, "a@example.org", "b@example.org")

    def breaks(outgoing: Outgoing) -> Outcome:
        if outgoing.recipient.startswith("a"):
            raise RuntimeError("a bug")
        return Outcome("accepted", "250 ok")

    mailer = Scripted(breaks)
    assert outbox.send(store, mailer, now=NOW) == Counter(unknown=1, accepted=1)
    assert mailer.closed


def test_X7_two_days_of_temporary_refusals_are_a_failure(store: Store) -> None:
    fill(store, "a@example.org")
    now, became = NOW, []
    for wait in (*outbox.WAITS, timedelta(0)):
        became.append(dict(outbox.send(store, Scripted(lambda _: Outcome("deferred", "451 later")), now=now)))
        now += wait
    assert became == [{"deferred": 1}] * len(outbox.WAITS) + [{"failed": 1}]
    assert timedelta(hours=36) < now - NOW <= timedelta(hours=48)


def test_a_maildir_that_cannot_be_written_stops_the_batch(tmp_path: Path) -> None:
    mailer: Mailer = Maildir(tmp_path / "maildir")
    (tmp_path / "maildir" / "tmp").rmdir()
    with pytest.raises(StopBatch):
        mailer.deliver(Outgoing("<1@example.org>", "a@example.org", BODY))
