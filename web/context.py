"""Who is reading, in which language and when; and the two things every route needs: settings and store.

The one thing to know: dates, numbers and money are written here and nowhere else, in the reader's locale.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_currency, format_decimal
from flask import current_app, g, request
from flask_babel import gettext

from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import Instant, Money

# The English of a European board: 23 November 2026, not Nov 23.
_LOCALES = {"en": "en_GB"}
COOKIE = "lang"


def settings() -> Settings:
    return cast(Settings, current_app.config["BOARD_SETTINGS"])


def store() -> Store:
    return cast(Store, current_app.config["BOARD_STORE"])


def languages() -> tuple[str, ...]:
    """The languages of the board: those of the settings that have a catalogue; the first is the default."""
    return cast(tuple[str, ...], current_app.config["BOARD_LANGUAGES"])


def locale_of(language: str) -> str:
    return _LOCALES.get(language, language)


def wanted_language() -> str:
    """The language asked for in the address, else remembered, else the browser's, else the board's first (RFC 9110 12.5.4)."""
    offered = languages()
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in offered:
            return asked
    return request.accept_languages.best_match(offered) or offered[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The language, the zone in which the reader lives (the office's), and the instant of this request."""

    language: str
    zone: str
    now: datetime

    @property
    def locale(self) -> str:
        return locale_of(self.language)

    def day(self, moment: Instant) -> str:
        """The calendar day of an instant (in the reader's zone) or of a date: 12 January 2027."""
        return format_date(self._here(moment), "long", locale=self.locale)

    def weekday(self, day: date) -> str:
        return format_date(day, "EEEE", locale=self.locale)

    def month(self, day: date) -> str:
        """The short month, with the year where it is not this one."""
        here = self.now.astimezone(ZoneInfo(self.zone))
        return format_date(day, "MMM" if day.year == here.year else "MMM y", locale=self.locale).replace(".", "")

    def time(self, moment: datetime, zone: str) -> str:
        return format_time(moment, "short", tzinfo=ZoneInfo(zone), locale=self.locale)

    def when(self, moment: datetime) -> str:
        """The day and the time of an instant in the reader's zone."""
        here = moment.astimezone(ZoneInfo(self.zone))
        return format_datetime(here, "d MMMM y, HH:mm", tzinfo=ZoneInfo(self.zone), locale=self.locale)

    def place(self, zone: str) -> str:
        """The city that names a time zone, in the reader's language: Paris, Parigi; fixed ones are UTC, UTC+2."""
        fixed = zone.removeprefix("Etc/")
        if fixed.startswith("GMT") and fixed[3:4] in {"+", "-"}:
            # IANA turns the sign of these zones round: Etc/GMT-2 is two hours ahead (file "etcetera").
            return f"UTC{'-' if fixed[3] == '+' else '+'}{fixed[4:]}"
        if fixed.startswith(("UTC", "GMT")):
            return fixed
        return get_timezone_location(ZoneInfo(zone), locale=self.locale, return_city=True)

    def ago(self, moment: datetime) -> str:
        """How long ago it was: 2 hours ago; what is less than a minute old is just now."""
        if (self.now - moment).total_seconds() < 60:
            return str(gettext("just now"))
        return format_timedelta(moment - self.now, granularity="minute", add_direction=True, locale=self.locale)

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def money(self, value: Money) -> str:
        """An amount, or the span between two, in the reader's writing; the source's own words where it gave no number."""
        if value.total is not None:
            return self._amount(value.total, value.currency)
        bounds = {"low": value.min, "high": value.max}
        said = {name: self._amount(bound, value.currency) for name, bound in bounds.items() if bound is not None}
        if len(said) == 2:
            return said["low"] if value.min == value.max else f"{said['low']} – {said['high']}"
        if "low" in said:
            return str(gettext("from %(amount)s", amount=said["low"]))
        if "high" in said:
            return str(gettext("up to %(amount)s", amount=said["high"]))
        return value.raw

    def _amount(self, value: Decimal, currency: str | None) -> str:
        if currency is None:
            return format_decimal(value, locale=self.locale)
        if value != value.to_integral_value():
            return format_currency(value, currency, locale=self.locale)
        whole = Locale.parse(self.locale).currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(value, currency, format=whole, locale=self.locale, currency_digits=False)

    def _here(self, moment: Instant) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date() if isinstance(moment, datetime) else moment


def reader() -> Reader:
    """The reader of this request; the clock is read once, so that a page never contradicts itself."""
    if "reader" not in g:
        g.reader = Reader(language=wanted_language(), zone=settings().zone, now=datetime.now(UTC))
    return cast(Reader, g.reader)
