"""A mailbox on a real mail server, read by the real pipeline into a real store."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.intake import drop, pipeline, taking
from aggregator.store.session import Store
from tests.connectors.mailbox.mails import CALLS, READER, TOKEN, mail
from tests.connectors.mailbox.visits import NOW, add, column, cursor, kept_text, notices, visit
from tests.portals.imap import Box, Dovecot

DAY = timedelta(days=1)
IDS = "SELECT source_id FROM notices ORDER BY source_id"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_every_mail_is_read_once_and_only_what_is_new_is_fetched(store: Store, home: Path, box: Box) -> None:
    box.add(mail(1), mail(2))
    add(store, home, box)
    first = visit(store, home)
    assert (first.kind, first.new) == ("ok", 2)
    assert column(store, IDS) == [f"{CALLS}/1", f"{CALLS}/2"]
    box.add(mail(3))
    second = visit(store, home, at=NOW + DAY)
    assert (second.kind, second.new, second.same) == ("ok", 1, 0)


def test_a_folder_without_new_mail_is_the_same_and_never_suspicious(store: Store, home: Path, box: Box) -> None:
    box.add(*(mail(number) for number in range(12)))
    add(store, home, box)
    assert visit(store, home).new == 12
    # The last mail is named by n:* even where n is beyond it, and must not come again.
    kinds = [visit(store, home, at=NOW + day * DAY).kind for day in (1, 2)]
    assert kinds == ["same", "same"]


def test_no_flag_of_any_mail_is_touched(store: Store, home: Path, box: Box) -> None:
    box.add(mail(1), mail(2, sender="x@stranger.example"))
    before = [line.replace("\\Recent", "").strip() for line in box.flags()]
    add(store, home, box)
    visit(store, home)
    assert [line.replace("\\Recent", "").strip() for line in box.flags()] == before


def test_numbers_given_out_anew_are_noticed_and_the_last_days_read_again(
    store: Store, home: Path, box: Box, server: Dovecot
) -> None:
    box.create("Alerts")
    box.add(mail(1), mail(2), folder="Alerts")
    add(store, home, box, folder="Alerts")
    visit(store, home)
    old = json.loads(cursor(store) or "")
    box.delete("Alerts")
    box.create("Alerts")
    # Behind by number, and yet new; the old one is out of the three days and is left alone.
    box.add(mail(8), folder="Alerts", received=NOW - 10 * DAY)
    box.add(mail(9), folder="Alerts", received=NOW - DAY)
    done = visit(store, home, at=NOW + DAY)
    new = json.loads(cursor(store) or "")
    assert new["uidvalidity"] != old["uidvalidity"]
    assert (done.kind, column(store, IDS)) == ("ok", [f"{CALLS}/1", f"{CALLS}/2", f"{CALLS}/9"])


def test_a_crash_between_two_mails_leaves_the_cursor_at_the_last_one_committed(
    store: Store, home: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.add(*(mail(number) for number in range(1, 6)))
    add(store, home, box)
    real, seen = taking.take, list[str]()

    class Killed(BaseException):
        pass

    def dying(store: Store, work: object, page: object, **rest: object) -> None:
        seen.append("page")
        if len(seen) == 3:
            raise Killed
        real(store, work, page, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "take", dying)
    with pytest.raises(Killed):
        visit(store, home)
    assert json.loads(cursor(store) or "")["last_uid"] == 2
    assert column(store, IDS) == [f"{CALLS}/1", f"{CALLS}/2"]
    monkeypatch.undo()
    # The lease of the dead visit has run out by then.
    assert visit(store, home, at=NOW + DAY).new == 3
    assert len(column(store, IDS)) == 5


def test_mails_of_strangers_are_not_fetched_and_the_place_moves_on_all_the_same(
    store: Store, home: Path, box: Box
) -> None:
    box.add(mail(1, sender="Somebody <x@stranger.example>"), mail(2, sender="calls.example.org <y@stranger.example>"))
    add(store, home, box)
    done = visit(store, home)
    assert (done.kind, done.new) == ("ok", 0)
    assert json.loads(cursor(store) or "")["last_uid"] == 2
    assert [url for url in column(store, "SELECT url FROM pages") if ";UID=" in url] == []


def test_odd_mails_are_set_aside_and_the_good_ones_around_them_read(store: Store, home: Path, box: Box) -> None:
    forged = mail(2, auth=("mx.coop-esempio.example; dkim=fail header.d=calls.example.org",))
    nested = mail(3, body="x", more=[f"X-Pad: boundary={number}" for number in range(80)])
    huge = mail(4, body="x" * 6_000_000)
    good = [mail(number) for number in range(5, 20)]
    box.add(mail(1), forged, nested, huge, *good)
    add(store, home, box)
    done = visit(store, home)
    assert (done.kind, done.new, done.rejected) == ("ok", 16, 3)
    reasons = column(store, "SELECT reason FROM quarantine ORDER BY reason")
    assert reasons[0] == "authentication: nothing vouches for calls.example.org"
    assert "holds more parts inside each other" in reasons[1]
    assert "is larger than 5 MB" in reasons[2]
    # They are done with: the next visit does not ask for them again.
    assert visit(store, home, at=NOW + DAY).kind == "same"


def test_a_mail_without_a_date_is_dated_by_the_server_with_a_warning(store: Store, home: Path, box: Box) -> None:
    box.add(mail(1, date=None), mail(2, date="31 Febtember 26"), received=NOW - DAY)
    add(store, home, box)
    assert visit(store, home).new == 2
    said = notices(store)
    assert {one["published_at"][:10] for one in said} == {"2026-11-22"}
    assert [one["extra"]["mailbox"]["unread"] for one in said] == [
        ["date: none; the day it came is taken"],
        ["date: 31 Febtember 26; the day it came is taken"],
    ]


def test_three_hundred_mails_come_in_two_visits(store: Store, home: Path, box: Box) -> None:
    box.add(*(mail(number) for number in range(300)))
    add(store, home, box)
    first, second = visit(store, home), visit(store, home, at=NOW + DAY)
    assert (first.kind, first.new, first.error) == ("partial", 200, "100 mails wait for the next visit")
    assert (second.kind, second.new) == ("ok", 100)
    assert visit(store, home, at=NOW + 2 * DAY).kind == "same"


def test_mails_that_wait_are_not_lost_when_the_server_numbers_anew_twice(
    store: Store, home: Path, box: Box, server: Dovecot
) -> None:
    old = [(mail(number), NOW - (20 - number) * DAY) for number in range(9)]

    def anew() -> None:
        box.delete("Alerts")
        box.create("Alerts")
        for body, received in old:
            box.add(body, folder="Alerts", received=received)

    box.create("Alerts")
    anew()
    add(store, home, box, folder="Alerts", max_mails=3)
    for day in range(5):
        visit(store, home, at=NOW + day * DAY)
        if day < 2:
            anew()
    assert len(column(store, IDS)) == len(old)


def test_the_first_visit_reads_as_many_days_back_as_the_source_says(store: Store, home: Path, box: Box) -> None:
    box.add(mail(1), received=NOW - 60 * DAY)
    box.add(mail(2), received=NOW - 10 * DAY)
    add(store, home, box)
    assert visit(store, home).new == 1
    assert column(store, IDS) == [f"{CALLS}/2"]


def test_the_same_calls_in_every_mail_are_one_each_and_no_circle(store: Store, home: Path, box: Box) -> None:
    body = "".join(f"Call {number}\n{CALLS}/{number}?utm_id={{}}\n\n" for number in range(3))
    box.add(*(mail(day, body=body.replace("{}", str(day))) for day in range(6)), mail(9))
    add(store, home, box)
    done = visit(store, home)
    assert (done.kind, done.new) == ("ok", 4)


def test_what_is_kept_holds_neither_the_reader_nor_a_token(store: Store, home: Path, box: Box) -> None:
    forged = mail(2, auth=())
    box.add(mail(1, subject="Maria Bianchi: calls for you"), forged)
    add(store, home, box)
    visit(store, home)
    kept = kept_text(store)
    assert "Call 1 for cooperatives" in kept
    for secret in (READER, "maria", "bianchi", TOKEN, "utm_source"):
        assert secret.lower() not in kept.lower()


def test_a_mail_that_lies_in_the_folder_of_the_source_is_read_by_the_same_code(store: Store, home: Path) -> None:
    folder = drop.folder(home, "alerts")
    folder.mkdir(parents=True)
    (folder / "one.eml").write_bytes(mail(1))
    (folder / "two.eml").write_bytes(mail(2, date=None))
    (folder / "notes.pdf").write_bytes(b"%PDF")
    for number in range(10, 20):
        (folder / f"{number}.eml").write_bytes(mail(number))
    add(store, home, None)
    done = visit(store, home)
    assert (done.kind, done.new, done.rejected) == ("ok", 11, 1)
    assert column(store, "SELECT reason FROM quarantine")[0].startswith("date: the mail has no date")
    assert READER not in kept_text(store)
    again = visit(store, home, at=NOW + DAY)
    assert (again.kind, again.rejected) == ("same", 0)


def test_what_comes_by_mail_is_the_offices_until_it_says_otherwise(
    store: Store, home: Path, box: Box, change: Callable[..., None]
) -> None:
    box.add(mail(1))
    add(store, home, box)
    visit(store, home)
    assert column(store, "SELECT audience FROM opportunities") == ["office"]
    change(store, audience="members")
    assert column(store, "SELECT audience FROM opportunities") == ["members"]


@pytest.fixture
def change() -> Callable[..., None]:
    from aggregator.intake import sources

    def changed(store: Store, **params: str) -> None:
        with store.write() as connection:
            sources.change(connection, "alerts", now=NOW, params=params)

    return changed
