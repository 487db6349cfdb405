"""What the office hears: once when something is wrong, once when it is well again, and of what passes only when it lasts."""

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from structlog.testing import capture_logs

from aggregator.digest.mailer import Outcome, Outgoing, StopBatch
from aggregator.intake import alerts, sources, telling
from aggregator.intake.alerts import lasts
from aggregator.intake.tables import sources as rows_of_sources
from aggregator.store.session import Store
from config.settings import Settings
from tests.aggregator.intake.reading import DAY, HOUR, NOW, WEEK, add_tiny, listed, one, settings, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer, Fault

MINUTE = timedelta(minutes=1)
OFFICE = "office@example.org"


class Box:
    """A mailer that answers what it is told to, and keeps what it was given."""

    repeatable = True

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers, self.sent = list(answers), list[Outgoing]()

    def deliver(self, outgoing: Outgoing) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Outcome("accepted", "250 ok")
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(outgoing)
        return answer

    def close(self) -> None:
        """Nothing stays open."""


def office(home: Path) -> Settings:
    return settings(home=home, office_email=OFFICE)


def read(outgoing: Outgoing) -> EmailMessage:
    return message_from_bytes(outgoing.body, policy=policy.default)


def mails(home: Path) -> list[EmailMessage]:
    found = sorted((home / "maildir" / "new").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def kinds(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(alert.kind for alert in alerts.listed(connection))


def raised(store: Store, about: str = "tiny", kind: str = "drift", why: str = "x", hours: float = 0) -> None:
    with store.write() as connection:
        alerts.raise_(connection, about, kind, why, now=NOW + hours * HOUR)


def test_a_list_that_stays_empty_is_told_once_and_once_more_when_it_is_full_again(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny")
        assert telling.deliver(store, office(tmp_path), now=NOW) == 0
        portal.rows = []
        told = []
        for n in range(1, 6):
            visit(store, "tiny", at=NOW + n * HOUR, mode="sweep")
            told += [telling.deliver(store, office(tmp_path), now=NOW + n * HOUR + k * MINUTE) for k in (1, 2)]
        assert told == [1, *[0] * 9]
        portal.rows = rows(20)
        visit(store, "tiny", at=NOW + 6 * HOUR, mode="sweep")
        well = [telling.deliver(store, office(tmp_path), now=NOW + 6 * HOUR + k * MINUTE) for k in (1, 2)]
    assert well == [1, 0]
    first, second = mails(tmp_path)
    assert (first["to"], first["subject"]) == (OFFICE, "tiny: suspicious")
    assert "it listed 20 last time and nothing now" in first.get_content()
    assert "worldwidewe sources show tiny" in first.get_content()
    assert second["subject"] == "tiny: well again (suspicious)"
    assert kinds(store) == []


def test_the_log_says_each_alert_once_with_a_mailbox_and_without(store: Store, tmp_path: Path) -> None:
    raised(store)
    raised(store, about="other", kind="blocked")
    with capture_logs() as logs:
        assert telling.deliver(store, settings(home=tmp_path), now=NOW) == 2
        assert telling.deliver(store, settings(home=tmp_path), now=NOW + HOUR) == 0
    said = [(e["log_level"], e["about"], e["kind"]) for e in logs if e["event"] == "something is wrong"]
    assert said == [("warning", "tiny", "drift"), ("warning", "other", "blocked")]
    assert not (tmp_path / "maildir").exists()


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (Outcome("deferred", "451 later"), telling.AGAIN),
        (StopBatch("no connection"), telling.AGAIN),
        (OSError("disk"), telling.AGAIN),
        (Outcome("unknown", "lost"), telling.AGAIN),
        (Outcome("failed", "550 no such user"), telling.REFUSED),
    ],
)
def test_an_alert_counts_as_told_only_when_the_mail_was_accepted(
    store: Store, tmp_path: Path, answer: Outcome | Exception, again: timedelta
) -> None:
    raised(store)
    box, deployment = Box(answer), office(tmp_path)
    with capture_logs() as logs:
        assert telling.deliver(store, deployment, now=NOW, mailer=box) == 0
        assert telling.deliver(store, deployment, now=NOW + again - MINUTE, mailer=box) == 0
        assert one(store, "SELECT count(*) FROM alerts WHERE told_at IS NOT NULL") == 0
        assert telling.deliver(store, deployment, now=NOW + again, mailer=box) == 1
    assert len([e for e in logs if e["event"] == "something is wrong"]) == 1
    assert len([e for e in logs if e["event"] == "the office could not be told by mail"]) == 1
    assert len({outgoing.message_id for outgoing in box.sent}) == 1, "a mailbox sees that both are one"
    assert one(store, "SELECT count(*) FROM alerts WHERE told_at IS NOT NULL") == 1
    assert one(store, "SELECT count(*) FROM memory") == 0


def test_what_is_found_while_a_mail_waits_is_in_the_log_at_once_and_in_the_next_mail(
    store: Store, tmp_path: Path
) -> None:
    raised(store)
    box, deployment = Box(Outcome("deferred", "451 later")), office(tmp_path)
    telling.deliver(store, deployment, now=NOW, mailer=box)
    raised(store, about="other", kind="blocked")
    with capture_logs() as logs:
        assert telling.deliver(store, deployment, now=NOW + MINUTE, mailer=box) == 0
        assert telling.deliver(store, deployment, now=NOW + 2 * MINUTE, mailer=box) == 0
        assert telling.deliver(store, deployment, now=NOW + telling.AGAIN, mailer=box) == 2
    assert [e["about"] for e in logs if e["event"] == "something is wrong"] == ["other"]
    assert read(box.sent[-1])["subject"] == "World Wide We: 2 to look at"


def test_what_was_over_before_anybody_was_told_is_not_told(store: Store, tmp_path: Path) -> None:
    raised(store)
    with store.write() as connection:
        alerts.heal(connection, "tiny", now=NOW + HOUR, kinds=alerts.OF_A_VISIT)
    assert telling.deliver(store, office(tmp_path), now=NOW + HOUR) == 0


def test_strangers_words_become_no_header_and_no_second_line_of_an_alert(store: Store, tmp_path: Path) -> None:
    raised(store, why="x\r\nBcc: all@example.org\r\n\r\n<b>\u202e=?utf-8?q?=0D=0ABcc:_b@example.org?=")
    raised(store, about="a\r\nBcc: c@example.org", kind="drift")
    box = Box()
    telling.deliver(store, office(tmp_path), now=NOW, mailer=box)
    mail = read(box.sent[0])
    ours = ("from", "to", "subject", "date", "message-id", "auto-submitted")
    assert {name.lower() for name in mail} - set(ours) == {"content-type", "content-transfer-encoding", "mime-version"}
    assert len(mail.keys()) == len(ours) + 3
    assert mail["to"] == OFFICE
    lines = mail.get_content().splitlines()
    assert not [line for line in lines if line.startswith(("Bcc", "<b>"))]


@pytest.mark.parametrize("address", ["office", "a@b\nBcc: c@d", "a b@example.org", "a@b,c@d", "a@example.org\n"])
def test_a_mailbox_of_the_office_is_one_mailbox(address: str) -> None:
    with pytest.raises(ValidationError, match="office_email"):
        settings(office_email=address)


def test_two_processes_tell_it_once(store: Store, tmp_path: Path) -> None:
    raised(store)
    with store.write() as connection:
        claimed, _ = telling._claim(connection, now=NOW)
    assert len(claimed) == 1
    box = Box()
    assert telling.deliver(store, office(tmp_path), now=NOW + MINUTE, mailer=box) == 0
    assert box.sent == []
    # The one that had claimed it died: a quarter of an hour later it is told by whoever comes.
    assert telling.deliver(store, office(tmp_path), now=NOW + telling.AGAIN, mailer=box) == 1


@pytest.mark.parametrize(
    ("hours_ago", "said"),
    [([], False), ([0], False), ([0, 1], False), ([0, 0.1, 0.2], True), ([0, 23.9], False), ([0, 24], True)],
)
def test_what_passes_is_told_after_three_in_a_row_or_a_day(hours_ago: Sequence[float], said: bool) -> None:
    assert lasts([NOW - timedelta(hours=hours) for hours in hours_ago], NOW) is said


def test_a_source_that_is_not_reached_is_told_at_the_third_time_and_well_when_it_answers(store: Store) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny")
        portal.fail(Fault(answer=Answer(500, b"", {}), times=0))
        found = []
        for n in range(1, 5):
            assert visit(store, "tiny", at=NOW + n * HOUR, patient=False).kind == "transient"
            found.append(kinds(store))
        assert found == [[], [], ["transient"], ["transient"]]
        portal.heal()
        visit(store, "tiny", at=NOW + 5 * HOUR)
        assert kinds(store) == []
        portal.fail(Fault(answer=Answer(500, b"", {}), times=0))
        visit(store, "tiny", at=NOW + 6 * HOUR, patient=False)
        assert kinds(store) == [], "a good visit begins the count anew"


def test_being_asked_to_wait_for_more_than_a_day_is_told(store: Store) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        portal.fail(Fault(answer=Answer(429, b"", {"retry-after": "86400"}), times=0))
        assert visit(store, "tiny", patient=False).kind == "throttled"
        assert kinds(store) == []
        visit(store, "tiny", at=NOW + DAY + HOUR, patient=False)
    assert kinds(store) == ["throttled"]


def test_what_ended_because_we_stopped_it_is_no_fault_of_the_source(store: Store) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        for n in range(5):
            visit(store, "tiny", at=NOW + n * DAY, stopping=lambda: True)
        portal.fail(Fault(answer=Answer(500, b"", {}), times=0))
        visit(store, "tiny", at=NOW + 5 * DAY, patient=False)
    assert kinds(store) == []


def test_one_that_changes_its_trouble_is_told_each_kind_once(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny")
        wall, form = Answer(403, b"", {}), Answer(200, b"<html></html>", {"content-type": "text/html"})
        told = []
        for n, answer in enumerate((wall, form, wall, form, wall), start=1):
            portal.heal()
            portal.fail(Fault(answer=answer, times=0))
            visit(store, "tiny", at=NOW + n * HOUR)
            told.append(telling.deliver(store, settings(home=tmp_path), now=NOW + n * HOUR))
        assert told == [1, 1, 0, 0, 0]
        portal.heal()
        visit(store, "tiny", at=NOW + 6 * HOUR, mode="sweep")
    assert telling.deliver(store, settings(home=tmp_path), now=NOW + 6 * HOUR) == 2
    assert kinds(store) == []


def test_a_visit_that_ends_early_shows_that_a_wall_is_gone_but_not_that_a_list_is_whole_again(store: Store) -> None:
    for kind in ("blocked", "suspicious"):
        raised(store, kind=kind)
    with store.write() as connection:
        alerts.after_visit(connection, "tiny", "partial", "time limit", complete=False, now=NOW + HOUR)
    assert kinds(store) == ["suspicious"]
    with store.write() as connection:
        alerts.after_visit(connection, "tiny", "same", None, complete=True, now=NOW + HOUR)
    assert kinds(store) == []


def test_a_changed_reason_of_an_open_alert_is_kept_and_not_told_again(store: Store, tmp_path: Path) -> None:
    raised(store, why="one")
    telling.deliver(store, settings(home=tmp_path), now=NOW)
    raised(store, why="two", hours=5)
    assert listed(store, "SELECT why, opened_at FROM alerts") == [("two", "2026-11-23T07:00:00Z")]
    assert telling.deliver(store, settings(home=tmp_path), now=NOW + 5 * HOUR) == 0


def test_a_source_that_is_switched_off_is_nobodys_trouble_any_more(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        raised(store)
        telling.deliver(store, settings(home=tmp_path), now=NOW)
        with store.write() as connection:
            sources.change(connection, "tiny", now=NOW + HOUR, enabled=False)
    assert telling.deliver(store, settings(home=tmp_path), now=NOW + HOUR) == 0
    assert kinds(store) == []


def test_a_flood_whose_day_is_over_is_told_as_over(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
    with store.write() as connection:
        connection.execute(
            sa.update(rows_of_sources).values(held_since="2026-11-23T07:00:00Z", held_until="2026-11-24T07:00:00Z")
        )
    raised(store, kind="flood", why="90 new notices")
    assert [telling.deliver(store, settings(home=tmp_path), now=NOW + n * HOUR) for n in (0, 23, 24, 25)] == [
        1,
        0,
        1,
        0,
    ]
    assert one(store, "SELECT held_since FROM sources") is None


def test_F23_the_same_poison_is_no_news_however_often_it_is_met(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=[row(1, title=7), *rows(12, first=2)]) as portal:
        add_tiny(store, portal)
        with capture_logs() as logs:
            for n in range(4):
                portal.rows.append(row(50 + n))
                visit(store, "tiny", at=NOW + n * WEEK, mode="sweep")
                telling.deliver(store, settings(home=tmp_path), now=NOW + n * WEEK)
    assert one(store, "SELECT count(*) FROM quarantine") == 1
    assert [e for e in logs if e["event"] == "something is wrong"] == []
    assert one(store, "SELECT count(*) FROM alerts") == 0


def test_a_dry_run_alerts_nobody(store: Store) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        add_tiny(store, portal)
        portal.fail(Fault(answer=Answer(403, b"", {}), times=0))
        assert visit(store, "tiny", dry=True).kind == "blocked"
    assert one(store, "SELECT count(*) FROM alerts") == 0
