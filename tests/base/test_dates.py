"""One stated instant: dates.py and days.py."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.dates import format_datetime as in_words
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.dates import instant
from connectors.base.days import days_in

FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2099-12-30")


def at(hours_east: float, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone(timedelta(hours=hours_east)))  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("lun, 03 feb 2025 10:00:00 +0100", at(1, 2025, 2, 3, 10)),
        ("mar., 3 févr. 2026 08:00:00 GMT", at(0, 2026, 2, 3, 8)),
        ("Di, 12 Mär 2024 09:30:00 +0100", at(1, 2024, 3, 12, 9, 30)),
        ("vie, 5 abr 2024 12:00:00 +0200", at(2, 2024, 4, 5, 12)),
        ("Fri, 3 Apr 2015 21:09:55 EDT", at(-4, 2015, 4, 3, 21, 9, 55)),
        ("Wed Oct 28 15:04:05 EDT 2015", at(-4, 2015, 10, 28, 15, 4, 5)),
        ("Thu, 05 Sep 02 00:00:01 GMT", at(0, 2002, 9, 5, 0, 0, 1)),
        ("2005-11-09T00:23:47Z", at(0, 2005, 11, 9, 0, 23, 47)),
        ("2020-01-04T01:00:00+0100", at(1, 2020, 1, 4, 1)),
        ("May 3, 2026 5:00 pm CEST", at(2, 2026, 5, 3, 17)),
        ('<span property="dc:date" content="2015-10-28T00:00:00-04:00">October 28</span>', at(-4, 2015, 10, 28)),
        ("<time datetime='2026-03-01T10:00:00Z'>ieri</time>", at(0, 2026, 3, 1, 10)),
    ],
)
def test_an_instant_is_read_in_many_spellings(raw: str, read: datetime) -> None:
    assert instant(raw) == read


@pytest.mark.parametrize(
    "raw",
    [
        "2026-12-31",
        "31 dicembre 2026",
        "31/12/2026",
        "le 31 décembre 2026",
        "31. Dezember 2026",
        "31 de diciembre de 2026",
    ],
)
def test_a_day_without_an_hour_stays_a_day(raw: str) -> None:
    assert instant(raw) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "ieri",
        "31 Feb 2026",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "29/02/2027",
        "2026-13-01",
        "2026",
        "12 May 2026 and 3 June 2026",
    ],
)
def test_F15_what_cannot_be_read_is_none_and_never_now(raw: str) -> None:
    assert instant(raw) is None


@pytest.mark.parametrize(
    "raw", ["1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "2100-01-01", "0001-01-01T00:00:00Z"]
)
def test_a_date_that_stands_for_missing_is_none(raw: str) -> None:
    assert instant(raw) is None


def test_F15_day_and_month_stand_in_the_order_of_the_language() -> None:
    assert instant("05/06/2027", lang="it") == date(2027, 6, 5)
    assert instant("05/06/2027", lang="en") == date(2027, 6, 5)
    assert instant("05/06/2027", lang="en-US") == date(2027, 5, 6)
    assert instant("12/31/2026", lang="it") is None


def test_an_instant_without_offset_lies_in_the_zone_of_the_source() -> None:
    assert instant("2026-07-01T10:00:00", zone="Europe/Rome") == at(2, 2026, 7, 1, 10)
    assert instant("1 luglio 2026 10:00", zone="Europe/Rome") == at(2, 2026, 7, 1, 10)


def test_F14_an_hour_that_comes_twice_is_taken_as_the_first() -> None:
    read = instant("25 ottobre 2026 02:30", zone="Europe/Rome")
    assert isinstance(read, datetime)
    assert read.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("locale", ["it", "en", "fr", "de", "es", "nl", "pt"])
@given(day=st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_in_words_of_seven_languages(locale: str, day: date) -> None:
    for width in ("long", "medium"):
        assert instant(format_date(day, width, locale=locale), lang=locale if locale != "en" else "en-US") == day


@given(st.datetimes(FIRST, LAST), st.integers(-12, 14))
def test_every_rfc_822_instant_is_read_back(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(hours=offset)))
    assert instant(format_datetime(moment)) == moment
    assert instant(moment.isoformat()) == moment


@given(st.datetimes(FIRST, LAST))
def test_italian_month_names_in_a_feed_are_read_back(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    raw = in_words(moment, "EEE, dd MMM y HH:mm:ss +0000", tzinfo=ZoneInfo("UTC"), locale="it")
    assert instant(raw) == moment


@given(
    st.text(max_size=60)
    | st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-z]{1,5}[-/. ][0-9]{1,4}[T ]?[0-9:]{0,8}", fullmatch=True)
)
def test_no_text_can_make_the_reader_fail(raw: str) -> None:
    read = instant(raw, zone="Europe/Rome")
    assert read is None or 1980 <= read.year < 2100


def test_a_day_without_a_year_needs_a_reference_and_lies_near_it() -> None:
    assert days_in("entro il 15 gennaio") == []
    assert [d.on for d in days_in("entro il 15 gennaio", reference=date(2026, 11, 2))] == [date(2027, 1, 15)]
    assert days_in("entro il 1 novembre", reference=date(2026, 11, 2)) == []


def test_the_first_day_of_a_range_takes_the_year_of_the_second() -> None:
    assert [d.on for d in days_in("dal 20 dicembre al 10 gennaio 2027")] == [date(2026, 12, 20), date(2027, 1, 10)]


def test_a_verb_or_a_version_is_no_day() -> None:
    assert days_in("teams of may 10 people; v. 10.12.26.1; 1/2/3/4; 192.168.10.12", reference=date(2026, 1, 1)) == []
