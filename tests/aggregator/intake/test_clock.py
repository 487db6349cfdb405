"""Our clock against those of the servers that we read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from aggregator.intake import alerts, clock
from aggregator.store.session import Store
from connectors.base.contract import Page
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_tiny, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows

MINUTE = timedelta(minutes=1)


def ahead(*minutes: float) -> dict[str, timedelta]:
    return {f"host{n}.example.org": timedelta(minutes=m) for n, m in enumerate(minutes)}


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([], None),
        ([60, 60], None),
        ([0, 0, 0], None),
        ([5, 5, 5], None),
        ([6, 6, 6], "6 minutes behind, say 3 hosts"),
        ([-6, -7, -8], "7 minutes ahead, say 3 hosts"),
        ([0, 0, 0, 600, 600], None),  # the hosts' own fault
        ([0, 600, 600, 600], "600 minutes behind, say 4 hosts"),
    ],
)
def test_F14_our_clock_is_wrong_when_most_of_several_hosts_say_so(minutes: list[float], said: str | None) -> None:
    found = clock.wrong(ahead(*minutes))
    assert (found is None) == (said is None)
    assert (said or "") in (found or "")


def answer(url: str = "https://a.example.org/", at: datetime = NOW, **headers: str) -> Page:
    return Page(url=url, body=b"", fetched_at=NOW, headers={"date": format_datetime(at, usegmt=True), **headers})


def test_F14_an_answer_says_what_time_it_is_there() -> None:
    assert clock.heard(answer(at=NOW + 7 * MINUTE)) == ("a.example.org", 7 * MINUTE)
    assert clock.heard(answer(at=NOW - HOUR, age="3600")) == ("a.example.org", timedelta(0)), "out of a cache"
    assert clock.heard(answer(at=NOW - HOUR, age="-5 \u0663")) == ("a.example.org", -HOUR)


@pytest.mark.parametrize(
    "page",
    [
        answer(url="http://127.0.0.1:8801/"),
        answer(url="http://localhost/"),
        answer(url="imap://mail.example.org/INBOX;UID=7"),
        answer(url="file:calls.csv"),
        Page(url="https://a.example.org/", body=b"", fetched_at=NOW),
        Page(url="https://a.example.org/", body=b"", fetched_at=NOW, headers={"date": "yesterday"}),
    ],
)
def test_F14_a_simulator_a_mail_and_a_server_without_a_clock_say_nothing(page: Page) -> None:
    assert clock.heard(page) is None


def test_F14_a_host_is_written_down_when_it_says_something_new_and_forgotten_in_time(store: Store) -> None:
    with store.write() as connection:
        assert clock.note(connection, ahead(0, 1), now=NOW)
        assert not clock.note(connection, ahead(0.5, 1.9), now=NOW + DAY), "a visit with nothing new writes nothing"
        assert clock.note(connection, ahead(0, 3), now=NOW + DAY)
        assert clock.note(connection, ahead(0), now=NOW + 8 * DAY)
        assert clock.told(connection, now=NOW + 8 * DAY) == ahead(0, 3)
        assert clock.told(connection, now=NOW + 23 * DAY) == ahead(0)
    assert one(store, "SELECT count(*) FROM memory WHERE source = ''") == 2


def test_F14_visits_of_three_hosts_find_that_our_clock_is_wrong_and_that_it_is_right_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulators' answers bear the real time; that of the visits is made up, and so is that these are other hosts."""
    hosts: Iterator[str] = iter(())

    def elsewhere(page: Page) -> tuple[str, timedelta] | None:
        said = heard(Page(url=f"https://{next(hosts)}/", body=b"", fetched_at=page.fetched_at, headers=page.headers))
        assert said is not None, "the simulator has told the time"
        return said

    heard = clock.heard
    monkeypatch.setattr(clock, "heard", elsewhere)
    found = []
    with TinyPortal(rows=rows(3)) as portal:
        add_tiny(store, portal)
        real = datetime.now(NOW.tzinfo)
        for n, host in enumerate(("a.example", "b.example", "c.example", "a.example", "b.example")):
            hosts = iter([host])
            portal.rows = [*rows(3), row(10 + n)]
            right = n >= 3
            visit(store, "tiny", at=real + n * MINUTE if right else real - 2 * HOUR, mode="recent")
            with store.read() as connection:
                found.append([(alert.about, alert.kind) for alert in alerts.listed(connection)])
    assert found == [[], [], [("", "clock")], [("", "clock")], []]
    ((why,),) = listed(store, "SELECT why FROM alerts")
    assert why.startswith("our clock is 120 minutes behind, say 3 hosts")
