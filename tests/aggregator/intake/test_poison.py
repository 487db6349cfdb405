"""Records that cannot be read: each is set aside with its reason, once, and costs the others nothing."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.store.session import Store
from connectors.base.contract import Notice, Page, Record
from tests.aggregator.intake import tiny
from tests.aggregator.intake.reading import HOUR, NOW, add_tiny, everything, listed, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows

_SET_ASIDE = "SELECT source_id, place, reason FROM quarantine ORDER BY id"


def test_F23_a_poisoned_record_is_set_aside_once_and_the_others_go_on(store: Store) -> None:
    bad = row(3) | {"title": 7}
    with TinyPortal(rows=[*rows(2), bad, *rows(9, first=4)]) as portal:
        name = add_tiny(store, portal)
        first = visit(store, name)
        portal.rows.insert(0, row(13))
        second = visit(store, name, at=NOW + HOUR)
    assert (first.kind, first.new, first.rejected) == ("ok", 11, 1)
    assert (second.kind, second.new, second.rejected) == ("ok", 1, 1)
    ((_, place, reason),) = listed(store, _SET_ASIDE)
    assert place == "rows[3]"  # where it stood last
    assert "valid string" in reason


_POISON: dict[str, dict[str, Any]] = {
    "no title": {"title": "   "},
    "a day that does not exist": {"due": "2026-02-31"},
    "half a character in a record that is rejected": {"title": 7, "note": "\ud800"},
    "half a character where nothing is cleaned": {"codes": ["cpv:90\ud8001"]},
    "a NUL in what is rejected": {"title": 7, "note": "a\0b"},
    "no identity": {"id": ""},
    "no address": {"id": " \u200b "},
}


@pytest.mark.parametrize("poison", _POISON)
def test_no_poison_costs_the_visit(store: Store, poison: str) -> None:
    with TinyPortal(rows=[row(1), row(2) | _POISON[poison], *rows(8, first=3)]) as portal:
        result = visit(store, add_tiny(store, portal))
    assert (result.kind, result.new, result.rejected) == ("ok", 9, 1), result.error
    assert len(listed(store, _SET_ASIDE)) == 1


def test_what_breaks_our_own_cleaning_is_set_aside_like_what_breaks_a_reader(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deep(record: Record, page: Page) -> Notice:
        notice = read(record, page)
        assert isinstance(notice, Notice)
        nest: dict[str, Any] = {}
        for _ in range(3_000 if notice.source_id == "T2" else 1):
            nest = {"in": nest}
        return notice.model_copy(update={"extra": nest})

    read = tiny.read
    monkeypatch.setattr(tiny, "read", deep)
    with TinyPortal(rows=rows(9)) as portal, capture_logs() as logs:
        result = visit(store, add_tiny(store, portal))
    assert (result.kind, result.new, result.rejected) == ("ok", 8, 1)
    assert [(entry["event"], entry["source_id"]) for entry in logs if entry["log_level"] == "error"] == [
        ("record failed", "T2")
    ]
    assert listed(store, "SELECT source_id FROM quarantine") == [("T2",)]
    assert "T2" not in {item.notices[0].source_id for item in everything(store)}


def test_more_bad_records_than_a_fifth_are_a_change_of_the_source(store: Store) -> None:
    with TinyPortal(rows=[*rows(6), *(row(n) | {"title": 7, "n": n} for n in range(7, 10))]) as portal:
        name = add_tiny(store, portal)
        kinds = [visit(store, name, at=NOW + n * HOUR, mode="recent").kind for n in (0, 1)]
    assert kinds == ["drift", "drift"]
    assert len(listed(store, _SET_ASIDE)) == 3


def test_a_mistake_of_the_connector_itself_is_a_bug_and_told_as_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def split(page: Page) -> Any:
        raise ZeroDivisionError("in split")

    monkeypatch.setattr(tiny, "split", split)
    with TinyPortal(rows=rows(3)) as portal:
        result = visit(store, add_tiny(store, portal))
    assert (result.kind, result.error) == ("bug", "ZeroDivisionError: in split")
