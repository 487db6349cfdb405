"""What becomes, in the next letters, of something that a letter has told."""

from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from aggregator.digest import news
from aggregator.digest.candidates import untold
from aggregator.digest.choose import Chosen
from aggregator.digest.voice import Voice
from aggregator.matching.tables import matches
from aggregator.store.opportunity import Change, Opportunity
from aggregator.store.session import Store
from connectors.base.contract import Deadline, Title
from tests.aggregator.digest.sample import NOW, tender
from tests.aggregator.digest.stored import enrol, keep, match, member
from tests.aggregator.digest.test_compose import WEEK, plan, tenders, write


def test_what_was_told_and_fits_no_longer_comes_back_neither_as_closing_nor_as_changed(
    store: Store, tmp_path: Path
) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    with store.write() as connection:
        connection.execute(sa.update(matches).values(state="dropped"))
    moved = tender(0, source="source-0", deadlines=(Deadline(on=date(2026, 12, 5), zone="Europe/Paris"),))
    keep(store, [moved], now=NOW + timedelta(days=2))
    assert plan(store, who, tmp_path, NOW + WEEK) is None
    # For another profile of the same member it is not new either: he was told, and hears what changed since.
    with store.write() as connection:
        match(connection, who, item, profile=1)
        assert untold(connection, who.id, now=NOW + WEEK) == set()
    digest = plan(store, who, tmp_path, NOW + WEEK)
    assert digest is not None
    assert [c.section for c in digest.items] == ["changed"]


def test_a_deadline_that_keeps_its_hour_and_changes_its_clock_is_told(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)

    def at(zone: str, now: datetime) -> Opportunity:
        noon = (Deadline(on=date(2027, 3, 1), at="12:00", zone=zone),)
        return keep(store, [tender(0, deadlines=noon)], now=now)[0]

    item = at("Europe/Paris", NOW)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    at("Europe/Rome", NOW + timedelta(days=1))
    assert plan(store, who, tmp_path, NOW + WEEK) is None
    at("Europe/Lisbon", NOW + timedelta(days=2))
    digest = plan(store, who, tmp_path, NOW + WEEK)
    assert digest is not None
    assert [(c.before, c.after) for c in digest.items[0].changes] == [
        ("2027-03-01T12:00+01:00", "2027-03-01T12:00+00:00")
    ]


EN, IT = (Voice(language, "Europe/Rome", NOW) for language in ("en", "it"))


def chosen_after(store: Store, tmp_path: Path, *moves: tuple[timedelta, Opportunity]) -> Chosen | None:
    """A letter tells an item, the item changes at these times after it, and the next letter is planned."""
    who = member()
    enrol(store, who)
    (item,) = keep(store, [tender(0)])
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    for after, moved in moves:
        keep(store, [moved], now=NOW + after)
    digest = plan(store, who, tmp_path, NOW + WEEK)
    return digest.items[0] if digest else None


def on(day: date, at: str | None = "12:00") -> Opportunity:
    return tender(0, deadlines=(Deadline(on=day, at=at, zone="Europe/Paris"),))


def test_F16_a_deadline_that_flaps_between_two_letters_is_no_news(store: Store, tmp_path: Path) -> None:
    there, back = on(date(2027, 1, 19)), on(date(2027, 1, 12))
    moves = ((timedelta(hours=n), there if n % 2 else back) for n in range(1, 9))
    assert chosen_after(store, tmp_path, *moves) is None


def test_F16_a_deadline_that_moved_twice_is_told_from_what_was_told_to_what_holds(store: Store, tmp_path: Path) -> None:
    moves = ((timedelta(hours=9), on(date(2027, 1, 19))), (timedelta(days=5), on(date(2027, 1, 26))))
    found = chosen_after(store, tmp_path, *moves)
    assert found is not None
    assert [news.say(change, EN) for change in found.changes] == [
        "deadline moved from 12 January 2027 to 26 January 2027"
    ]


def test_F16_a_deadline_that_is_earlier_now_is_told_as_a_warning(store: Store, tmp_path: Path) -> None:
    found = chosen_after(store, tmp_path, (timedelta(days=1), on(date(2027, 1, 8))))
    assert found is not None
    (change,) = found.changes
    said = [news.say(change, voice) for voice in (EN, IT)]
    assert said == [
        "attention, the deadline is earlier now: 8 January 2027, no longer 12 January 2027",
        "attenzione, la scadenza è stata anticipata: ora 8 gennaio 2027, non più 12 gennaio 2027",
    ]


def test_F16_an_hour_that_is_earlier_now_is_told_with_both_hours(store: Store, tmp_path: Path) -> None:
    found = chosen_after(store, tmp_path, (timedelta(days=1), on(date(2027, 1, 12), "09:30")))
    assert found is not None
    assert [news.say(change, EN) for change in found.changes] == [
        "attention, the deadline on 12 January 2027 is earlier now: 09:30, no longer 12:00"
    ]
    later = found.changes[0].model_copy(update={"before": "2027-01-12T12:00", "after": "2027-01-12"})
    assert news.say(later, EN) == (
        "the hour of the deadline on 12 January 2027 changed: the end of the day, no longer 12:00"
    )


def test_F16_a_change_whose_words_were_taken_out_is_told_without_them() -> None:
    hidden = Change(field="deadline", at=NOW)
    move = Change(field="deadline", before="2027-01-12", after="2027-01-10", at=NOW + timedelta(days=4))
    for changes in ([hidden], [hidden, move]):
        assert [news.say(change, EN) for change in news.told(changes)] == ["the deadlines changed"]


def test_a_new_wording_of_everything_makes_no_letter(store: Store, tmp_path: Path) -> None:
    reworded = tender(
        0, summary="Soap, sand and water.", body="<p>More of it.</p>", titles={"fr": Title(text="Lavage")}
    )
    assert chosen_after(store, tmp_path, (timedelta(days=1), reworded)) is None


def test_F16_gone_for_long_and_back_is_told_and_gone_for_a_day_is_not() -> None:
    def listing(field: str, days: float) -> Change:
        before, after = ("2026-11-23T07:00:00Z", None) if field == "reopened" else (None, "2026-11-23T07:00:00Z")
        return Change.model_validate(
            {"field": field, "before": before, "after": after, "at": NOW + timedelta(days=days)}
        )

    assert news.told([listing("withdrawn", 0), listing("reopened", 1)]) == ()
    assert [change.field for change in news.told([listing("withdrawn", 0), listing("reopened", 5)])] == ["reopened"]
    (gone,) = news.told([listing("withdrawn", 0)])
    assert news.say(gone, EN) == "the source has withdrawn it"
