"""Two sources that tell one thing: when the first one falls silent, the other speaks."""

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import BaseModel

from aggregator.intake import sources
from aggregator.rights import shown
from aggregator.store.session import Store
from connectors.base.contract import Notice, Rights
from tests.aggregator.intake import tiny
from tests.aggregator.intake.reading import DAY, NOW, add_tiny, everything, listed, visit
from tests.aggregator.intake.tiny import TinyPortal, row

KEY = ["url:https://tiny.example.org/x"]


@pytest.fixture
def two(store: Store) -> Iterator[tuple[TinyPortal, TinyPortal]]:
    """The first leads with T1, the second follows with T2; both have something else to list."""
    first = TinyPortal(rows=[row(1, same_as=KEY, title="A call", due="2027-01-10"), row(8), row(9)])
    second = TinyPortal(rows=[row(2, same_as=KEY, title="The same call", due="2027-01-10"), row(6), row(7)])
    with first, second:
        add_tiny(store, first, "first")
        add_tiny(store, second, "second")
        visit(store, "first", mode="sweep")
        visit(store, "second", mode="sweep")
        yield first, second


def the_call(store: Store) -> tuple[list[str], str, date | None]:
    item = next(item for item in everything(store) if len(item.notices) > 1)
    return [notice.source for notice in item.notices], item.titles["en"].text, item.deadlines[0].on


def test_the_first_to_tell_a_thing_leads(store: Store, two: tuple[TinyPortal, TinyPortal]) -> None:
    two[1].rows[0]["due"] = "2027-03-01"
    visit(store, "second", at=NOW + DAY, mode="sweep")
    assert the_call(store) == (["first", "second"], "A call", date(2027, 1, 10))


def test_what_the_leader_lists_no_more_the_other_says_with_all_that_changed_meanwhile(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    two[1].rows[0]["due"] = "2027-03-01"
    visit(store, "second", at=NOW + DAY, mode="sweep")
    del two[0].rows[0]
    visit(store, "first", at=NOW + DAY, mode="sweep")
    assert the_call(store) == (["second", "first"], "The same call", date(2027, 3, 1))
    told = listed(store, "SELECT field, source, cause FROM changes ORDER BY id")
    assert ("deadline", "second", "source") in told
    two[1].rows[0]["due"] = "2027-04-01"
    visit(store, "second", at=NOW + 2 * DAY, mode="sweep")
    assert the_call(store)[2] == date(2027, 4, 1)
    visit(store, "first", at=NOW + 2 * DAY, mode="sweep")
    assert [item.withdrawn_at for item in everything(store)] == [None] * 5


def test_a_source_that_is_switched_off_or_removed_leads_no_more(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    with store.write() as connection:
        sources.change(connection, "first", now=NOW, enabled=False)
    assert the_call(store)[:2] == (["second", "first"], "The same call")
    with store.write() as connection:
        sources.change(connection, "first", now=NOW, enabled=True)
        sources.remove(connection, "second", now=NOW)
    assert the_call(store)[:2] == (["first", "second"], "A call")


def test_nobody_else_leads_when_the_other_is_gone_too(store: Store, two: tuple[TinyPortal, TinyPortal]) -> None:
    for portal, name in zip(two, ("first", "second"), strict=True):
        del portal.rows[0]
        visit(store, name, at=NOW + DAY, mode="sweep")
    for name in ("first", "second"):
        visit(store, name, at=NOW + 2 * DAY, mode="sweep")
    (gone,) = [item for item in everything(store) if item.withdrawn_at is not None]
    assert len(gone.notices) == 2


@pytest.mark.parametrize("order", [("letterbox", "portal"), ("portal", "letterbox")], ids=" then ".join)
def test_what_a_mail_to_the_office_told_first_is_not_hidden_from_those_who_may_see_it_elsewhere(
    store: Store, monkeypatch: pytest.MonkeyPatch, order: tuple[str, str]
) -> None:
    def rights(notice: Notice, params: BaseModel) -> Rights:
        mailed = notice.source_id == "T1"
        return Rights(show="link" if mailed else "full", audience="office" if mailed else "public", basis="CC BY 4.0")

    monkeypatch.setattr(tiny, "rights", rights, raising=False)
    mail = TinyPortal(rows=[row(1, same_as=KEY, title="Fwd: for your eyes only", due="2027-01-10")])
    page = TinyPortal(rows=[row(2, same_as=KEY, title="A call", due="2027-02-10")])
    with mail, page:
        add_tiny(store, mail, "letterbox")
        add_tiny(store, page, "portal")
        for name in order:
            visit(store, name, mode="sweep")
        (item,) = everything(store)
        assert (item.rights.audience, item.rights.show, item.titles["en"].text) == ("public", "full", "A call")
        assert [notice.source for notice in shown(item, to="public", now=NOW).notices] == ["portal"]
        assert "eyes only" not in repr(listed(store, "SELECT before, after FROM changes"))
        # When the portal lists it no more, it is a lead of the office again.
        page.rows = []
        visit(store, "portal", at=NOW + DAY, mode="sweep")
    (item,) = everything(store)
    assert item.rights.audience == "office"


def test_of_those_that_list_it_still_the_one_for_most_people_speaks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rights(notice: Notice, params: BaseModel) -> Rights:
        return Rights(audience="office" if notice.source_id == "T2" else "public")

    monkeypatch.setattr(tiny, "rights", rights, raising=False)
    with TinyPortal(rows=[row(1, same_as=KEY)]) as one, TinyPortal(rows=[row(2, same_as=KEY)]) as two:
        with TinyPortal(rows=[row(3, same_as=KEY)]) as three:
            for name, portal in (("one", one), ("two", two), ("three", three)):
                add_tiny(store, portal, name)
                visit(store, name, mode="sweep")
        one.rows = []
        visit(store, "one", at=NOW + DAY, mode="sweep")
    (item,) = everything(store)
    assert ([n.source for n in item.notices], item.rights.audience) == (["three", "one", "two"], "public")


def test_a_source_that_the_office_keeps_to_itself_from_now_on_leads_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rights(notice: Notice, params: BaseModel) -> Rights:
        hidden = str(getattr(params, "url", "")).endswith("?for=office")
        return Rights(show="full", audience="office" if hidden else "public", basis="CC BY 4.0")

    monkeypatch.setattr(tiny, "rights", rights, raising=False)
    with TinyPortal(rows=[row(1, same_as=KEY, title="Ours")]) as one, TinyPortal(rows=[row(2, same_as=KEY)]) as two:
        for name, portal in (("one", one), ("two", two)):
            add_tiny(store, portal, name)
            visit(store, name, mode="sweep")
        with store.write() as connection:
            url = sources.get(connection, "one").params.model_dump()["url"]
            sources.change(connection, "one", params={"url": f"{url}?for=office"}, now=NOW)
    (item,) = everything(store)
    assert ([n.source for n in item.notices], item.rights.audience) == (["two", "one"], "public")
    assert "Ours" not in item.model_dump_json(exclude={"notices": {1: True}})
