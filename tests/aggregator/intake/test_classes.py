"""Each class of a visit, and what may follow from it: who may write, who may withdraw, what readers and the office hear.

Every row is a real visit of a source that was read well before and has missed one notice once: one more whole sweep that misses
it withdraws it.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from aggregator.digest import compose
from aggregator.intake import alerts, standing
from aggregator.intake.health import VisitClass
from aggregator.store.session import Store
from tests.aggregator.intake import letters
from tests.aggregator.intake.reading import DAY, NOW, WEEK, add_tiny, everything, settings, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer, Fault
from web.app import create_app

HTML = {"content-type": "text/html"}
JSON = {"content-type": "application/json"}


def always(answer: Answer) -> Callable[[TinyPortal], None]:
    return lambda portal: portal.fail(Fault(answer=answer, times=0))


def nothing_else(portal: TinyPortal) -> None:
    """The list as it is: one notice is missing, one is new."""


def nothing_new(portal: TinyPortal) -> None:
    portal.rows.pop()


def one_more_announced(portal: TinyPortal) -> None:
    def alter(answer: Answer) -> Answer:
        return Answer(200, answer.body.replace(b'"total":21', b'"total":22'), answer.headers)

    portal.fail(Fault(alter=alter, times=0))


# class → how it comes about; whether it withdraws, writes, is told to readers; when the office hears of it
TABLE: dict[str, tuple[Callable[[TinyPortal], None], bool, bool, bool, str]] = {
    "ok": (nothing_else, True, True, False, "never"),
    "same": (nothing_new, True, False, False, "never"),
    "partial": (one_more_announced, False, True, False, "never"),
    "transient": (always(Answer(500, b"", {})), False, False, True, "third"),
    "throttled": (always(Answer(429, b"", {"retry-after": "60"})), False, False, True, "third"),
    "blocked": (always(Answer(403, b"", {})), False, False, True, "first"),
    "auth": (always(Answer(401, b"", {})), False, False, True, "first"),
    "gone": (always(Answer(410, b"", {})), False, False, True, "first"),
    "config": (always(Answer(404, b"", {})), False, False, True, "first"),
    "drift": (always(Answer(200, b"<html><p>A new page</p></html>", HTML)), False, False, True, "first"),
    "suspicious": (always(Answer(200, b'{"total":0,"rows":[]}', JSON)), False, False, True, "first"),
    "bug": (always(Answer(200, b'{"total":', JSON)), False, False, True, "first"),
}


def test_every_class_has_a_row() -> None:
    assert TABLE.keys() == set(get_args(VisitClass))


@pytest.mark.parametrize("kind", TABLE)
def test_F17_what_follows_from_a_visit_is_decided_by_its_class(store: Store, tmp_path: Path, kind: str) -> None:
    comes_about, withdraws, writes, told, alerted = TABLE[kind]
    letters.enrol(store)
    with TinyPortal(rows=rows(21)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = rows(20)
        assert visit(store, "tiny", at=NOW + DAY, mode="sweep").complete
        portal.rows = [*rows(20), row(50)]
        comes_about(portal)
        heard = []
        for n in range(3):
            done = visit(store, "tiny", at=NOW + WEEK + n * timedelta(hours=2), mode="sweep", patient=False)
            with store.read() as connection:
                heard.append(bool(alerts.listed(connection)))
            if n == 0:
                # The rest is about the first of them; further ones only show when the office hears.
                assert done.kind == kind, done
                assert done.complete == (kind in {"ok", "same"})
                _holds(store, tmp_path, withdraws=withdraws, writes=writes, told=told)
    assert heard == {"never": [False] * 3, "first": [True] * 3, "third": [False, False, True]}[alerted]


def _holds(store: Store, home: Path, *, withdraws: bool, writes: bool, told: bool) -> None:
    items = {item.notices[0].source_id: item for item in everything(store)}
    assert (items["T21"].withdrawn_at is not None) == withdraws
    assert ("T50" in items) == writes
    assert len(items) == 21 + writes, "whatever the class, nothing is deleted"
    deployment = settings(home=home)
    page = create_app(deployment, store).test_client().get("/sources?lang=en").text
    assert ("not reached" in page or "not read:" in page) == told
    with store.read() as connection:
        states = standing.states(connection, to="member")
        assert (states[0].last_good == NOW + DAY) == told, "a visit that brought nothing does not count as a reading"
        letter = compose.preview(connection, letters.MEMBER, now=NOW + WEEK, settings=deployment, sources=states)
    assert letter is not None
    assert ("Tiny: " in letter.letter.text) == told, "the letter says since when it was not updated"
