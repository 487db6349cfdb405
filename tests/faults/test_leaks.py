"""A thousand visits hold no more of the machine than a hundred did (R11); sixty in every run of the tests.

The one thing to know: sound visits, changes, failures of all kinds and hung-up connections take turns, because it is the
unusual way out of a function that forgets to close something.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import add_carded, add_feed, add_tiny
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.faults.killing import ROOT
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Fault

NAMES = ("carded", "news", "tiny")
_PAUSES = "import connectors.base.pace as pace; pace.VisitClock.wait = lambda clock, seconds: clock.check()"


def held(store: Store, home: Path, *, visits: int) -> list[dict[str, Any]]:
    """What the process holds after each round of three visits."""
    url = store.engine.url.render_as_string(hide_password=False)
    told: list[dict[str, Any]] = []
    with TinyPortal(rows=rows(30), size=10) as tiny, CardPortal(8, size=4) as carded, FeedPortal(items=10) as news:
        add_carded(store, carded)
        add_feed(store, news)
        add_tiny(store, tiny)
        # The pauses between the tries of a failed request are not waited for.
        program = f"{_PAUSES}; import runpy; runpy.run_module('tests.faults.many_visits', run_name='__main__')"
        command = [sys.executable, "-c", program, url, str(home), str(visits), *NAMES]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                told.append(json.loads(line))
                stir(tiny, carded, news, round=len(told))
        assert process.returncode == 0
    return told


def stir(tiny: TinyPortal, carded: CardPortal, news: FeedPortal, *, round: int) -> None:
    """Let something else happen in every round; the stores do not grow by it."""
    for portal in (tiny, carded, news):
        portal.heal()
    tiny.rows[0] = row(1, title=f"Cleaning of school number {round % 7}")
    carded.rows["C1"] |= {"due": f"2027-02-{round % 27 + 1:02}"}
    accident = round % 8
    if accident == 1:
        tiny.fail(Fault(answer=Answer(503, b"busy"), times=0))
    elif accident == 2:
        tiny.fail(Fault(cut_after=50, times=0))
    elif accident == 3:
        tiny.fail(Fault(answer=Answer(200, b"<html>"), times=0))
        carded.fail(Fault(answer=Answer(500, b""), when=lambda call: "/one/" in call.path, times=0))
    elif accident == 4:
        news.fail(Fault(answer=Answer(200, b"no feed at all"), times=0))
    elif accident == 5:
        tiny.rows[1] = {"id": "T2", "title": 5}
    elif accident == 6:
        tiny.rows[1] = row(2)
        news.fail(Fault(answer=Answer(429, b"", {"retry-after": "1"})))
    elif accident == 7:
        carded.fail(Fault(answer=Answer(302, b"", {"location": "http://192.0.2.1/"}), times=1))


def growth(told: list[dict[str, Any]], *, warm: int) -> float:
    """By how much of itself the memory grew after so many rounds; the highest of some rounds against the highest of others."""
    some = max(5, len(told) // 10)
    before = max(one["memory"] for one in told[warm : warm + some])
    after = max(one["memory"] for one in told[-some:])
    return float(after / before - 1)


def steady(told: list[dict[str, Any]], *, warm: int) -> None:
    kinds = {kind for one in told for kind in one["kinds"]}
    assert {"ok", "transient", "drift"} <= kinds
    assert growth(told, warm=warm) < 0.10, [one["memory"] // 1_000_000 for one in told]
    for what in ("files", "threads"):
        assert len({one[what] for one in told[warm:]}) == 1, [one[what] for one in told]


def test_R11_sixty_visits_hold_no_more_than_the_first_thirty(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    upgrade(store)
    steady(held(store, tmp_path, visits=60), warm=10)
    store.close()


@pytest.mark.soak
def test_R11_a_thousand_visits_hold_no_more_than_the_first_hundred(store: Store, tmp_path: Path) -> None:
    told = held(store, tmp_path, visits=1_000)
    print(f"memory grew by {growth(told, warm=33):.1%}, {told[-1]}")
    steady(told, warm=33)
