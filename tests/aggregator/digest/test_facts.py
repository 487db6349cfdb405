"""Facts in the reader's language: deadlines by two clocks, money, and what is not stated."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aggregator.digest import facts, news
from aggregator.digest.facts import Words
from aggregator.digest.voice import Voice
from aggregator.store.opportunity import Change
from connectors.base.contract import Deadline, Money, Reservation, Title
from connectors.ted.lots import LOTS_NOT_STATED
from tests.aggregator.digest.sample import MOVED, NOW, tender

IT = Voice("it", "Europe/Rome", NOW)
EN = Voice("en", "Europe/Rome", NOW)
NBSP = "\N{NO-BREAK SPACE}"


def on(day: int, month: int = 1, **given: object) -> tuple[Deadline, ...]:
    return (Deadline.model_validate({"on": date(2027, month, day), **given}),)


def test_D4_an_official_title_in_the_readers_language_is_the_first_line() -> None:
    item = tender(1, titles={"fr": Title(text="Nettoyage"), "it": Title(text="Francia – Pulizia")})
    first = facts.headline(item, IT, reads=("it",))
    assert first == Words("Francia – Pulizia")
    assert facts.original(item, first) == Words("Nettoyage", "fr")


def test_D4_a_title_in_another_language_the_member_reads_needs_no_help() -> None:
    item = tender(1, titles={"en": Title(text="Cleaning")}, lang="en")
    assert facts.headline(item, IT, reads=("it", "en")) == Words("Cleaning", "en")


def test_D4_without_an_official_title_the_first_line_is_made_of_facts() -> None:
    first = facts.headline(tender(1, deadlines=on(12)), IT, reads=("it",))
    assert first.text == "Gara d'appalto · Francia · Servizi di pulizia · entro il 12 gennaio 2027"
    assert not first.official


def test_a_machine_made_title_is_never_the_first_line() -> None:
    item = tender(1, titles={"it": Title(text="Pulizia del liceo", origin="machine"), "fr": Title(text="Nettoyage")})
    first = facts.headline(item, IT, reads=("it",))
    assert not first.official
    assert facts.original(item, first) == Words("Nettoyage", "fr")


@pytest.mark.parametrize(("day", "said"), [(8, "l'8"), (11, "l'11"), (12, "il 12"), (1, "il 1")])
def test_D10_italian_days_take_their_article(day: int, said: str) -> None:
    assert IT.by(date(2026, 12, day)) == f"entro {said} dicembre"


def test_D4_a_deadline_is_said_by_the_sources_clock_and_by_the_readers_where_that_differs() -> None:
    due = facts.due(tender(1, deadlines=on(12, at="15:00", zone="Europe/Lisbon")), IT)
    assert due is not None
    assert due.when == "martedì 12 gennaio 2027, ore 15:00 (ora di Lisbona)"
    assert due.here == "ore 16:00, ora di Roma"
    assert due.left == "mancano 50 giorni"


def test_D4_the_readers_day_is_said_when_it_is_another_one() -> None:
    due = facts.due(tender(1, deadlines=on(12, at="19:00", zone="America/New_York")), EN)
    assert due is not None
    assert due.when == "Tuesday 12 January 2027, 19:00 (New York time)"
    assert due.here == "13 January 2027, 01:00 Rome time"


def test_D4_the_same_clock_is_not_said_twice() -> None:
    due = facts.due(tender(1, deadlines=on(12, at="12:00", zone="Europe/Paris")), EN)
    assert due is not None
    assert due.here is None


@pytest.mark.parametrize(
    ("day", "left", "urgent"),
    [(23, "today", True), (24, "tomorrow", True), (30, "7 days left", True), (31, None, None)],
)
def test_D4_days_left_are_counted_in_calendar_days(day: int, left: str | None, urgent: bool | None) -> None:
    deadlines = (Deadline(on=date(2026, 11, day), zone="Europe/Paris"),) if day < 31 else on(1, 12)
    due = facts.due(tender(1, deadlines=deadlines), EN)
    assert due is not None
    assert due.left == (left or "373 days left")
    assert due.urgent is (urgent or False)


def test_the_next_stage_is_the_one_said() -> None:
    stages = (Deadline(on=date(2026, 12, 1), kind="stage"), Deadline(on=date(2027, 3, 1)))
    due = facts.due(tender(1, deadlines=stages), EN)
    assert due is not None
    assert (due.label, due.left) == ("Next stage", "8 days left")


@pytest.mark.parametrize(
    ("deadlines", "said"),
    [
        ((), "not stated"),
        ((Deadline(certainty="not_stated"),), "not stated"),
        ((Deadline(certainty="continuous"),), "none: open continuously"),
        ((Deadline(certainty="until_funds"),), "none: open until the funds run out"),
    ],
)
def test_D4_a_missing_deadline_says_which_way_it_is_missing(deadlines: tuple[Deadline, ...], said: str) -> None:
    due = facts.due(tender(1, deadlines=deadlines), EN)
    assert due is not None
    assert due.when == said


def test_news_has_no_deadline_line() -> None:
    assert facts.due(tender(1, kind="news", deadlines=()), EN) is None


@pytest.mark.parametrize(
    ("given", "english", "italian"),
    [
        ({"total": "120000", "currency": "EUR"}, "€120,000", f"120.000{NBSP}€"),
        ({"total": "1234.50", "currency": "EUR"}, "€1,234.50", f"1.234,50{NBSP}€"),
        ({"max": "2500", "currency": "PLN"}, "up to PLN2,500", f"fino a 2.500{NBSP}PLN"),
        ({"min": "10", "currency": "EUR"}, "from €10", f"da 10{NBSP}€"),
        ({"min": "10", "max": "20", "currency": "EUR"}, "€10 to €20", f"da 10{NBSP}€ a 20{NBSP}€"),
        ({"total": "5000"}, "5,000 (currency not stated)", "5.000 (valuta non indicata)"),
        ({}, "as the source wrote", "as the source wrote"),
    ],
)
def test_D4_money_is_written_as_the_reader_writes_it(given: dict[str, str], english: str, italian: str) -> None:
    value = Money.model_validate({"raw": "as the source wrote", **given})
    assert EN.money(value) == english
    assert IT.money(value) == italian


def test_D4_what_a_tender_does_not_state_is_said_to_be_not_stated() -> None:
    said = dict(facts.rows(tender(1), IT))
    assert said == {"Valore": "nessuna indicazione", "Lingua dell'offerta": "nessuna indicazione"}
    assert facts.places(tender(1, countries=()), IT) == "paese non indicato"


def test_a_reservation_says_which_article_to_check_and_for_which_lots() -> None:
    reserved = (
        Reservation(type="res-ws", lots=("2", "3")),
        Reservation(type="res-pub-ser"),
        Reservation(type="res-ws", lots=(LOTS_NOT_STATED,)),
    )
    said = [value for name, value in facts.rows(tender(1, reserved=reserved), EN) if name == "Reserved"]
    assert said[0].endswith("check Art. 20 of Directive 2014/24/EU (only lots 2, 3)")
    assert said[1].endswith("check Art. 77 of Directive 2014/24/EU")
    assert said[2].endswith("check Art. 20 of Directive 2014/24/EU (some lots only)")
    assert facts.rows(tender(1, reserved=reserved), IT)[-1][1].endswith("(solo alcuni lotti)")


def test_a_zone_without_a_town_is_named_by_itself() -> None:
    assert IT.clock_of("UTC") == "UTC"


def change(field: str, before: str | None, after: str | None, hour: int = 1, cause: str = "source") -> Change:
    at = datetime(2026, 11, 20, hour, tzinfo=UTC)
    return Change.model_validate({"field": field, "before": before, "after": after, "at": at, "cause": cause})


def test_D5_a_moved_deadline_says_the_old_and_the_new_day() -> None:
    assert news.say(MOVED, EN) == "deadline moved from 10 January 2027 to 24 January 2027"


def test_D5_two_moves_are_one_and_a_move_back_is_none() -> None:
    first, second = change("deadline", "2027-01-10", "2027-01-20"), change("deadline", "2027-01-20", "2027-01-24", 2)
    (told,) = news.told([first, second])
    assert (told.before, told.after) == ("2027-01-10", "2027-01-24")
    assert news.told([first, change("deadline", "2027-01-20", "2027-01-10", 2)]) == ()


def test_a_new_wording_is_no_news() -> None:
    assert news.told([change("title", "a", "b"), change("kind", "tender", "news")]) == ()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (change("deadline", None, "2027-01-24"), "the deadline is now stated: 24 January 2027"),
        (change("deadline", "2027-01-10", "2027-01-11, 2027-02-01"), "the deadlines changed"),
        (change("deadline", "2027-01-10", None), "the deadlines changed"),
        (change("deadline", "2027-01-10T12:00+01:00", "2027-01-10T12:00+00:00"), "the deadlines changed"),
        (
            change("deadline", "2027-01-10T12:00+00:00", "2027-01-10T12:00+01:00"),
            "attention, a deadline is earlier now than before: look at all its dates",
        ),
        (change("reopened", "2026-11-01T00:00:00+00:00", None), "it had been withdrawn and is open again"),
        (change("budget", "1 EUR", "2 EUR"), "value changed from 1 EUR to 2 EUR"),
        (
            change("deadline", "2027-01-10", "2027-01-11", cause="our_reading"),
            "Correction, we had read it wrongly: deadline moved from 10 January 2027 to 11 January 2027",
        ),
    ],
)
def test_D5_every_change_has_a_sentence(told: Change, said: str) -> None:
    assert news.say(told, EN) == said


def test_every_field_that_is_told_has_words() -> None:
    assert all(news.say(change(field, None, None), IT) for field in news.TOLD)


def test_amounts_keep_every_cent() -> None:
    assert EN.money(Money(total=Decimal("0.10"), currency="EUR", raw="x")) == "€0.10"
