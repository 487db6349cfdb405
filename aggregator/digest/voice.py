"""Whom the letter speaks to: language, calendar and clock; and how dates and money are said there.

The one thing to know: a deadline is said by the clock of its source first, because that clock decides.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_currency, format_decimal
from babel.support import Translations

from aggregator.digest.catalogue import catalogue
from connectors.base.contract import Money

# English letters go to Europeans: day before month, and a clock of 24 hours.
_LOCALES = {"en": "en_GB"}


@dataclass(frozen=True)
class Voice:
    """A language with the reader's zone and the moment of the letter (aware)."""

    language: str
    zone: str
    now: datetime

    @cached_property
    def words(self) -> Translations:
        return catalogue(Path(__file__).parent / "translations", self.language)

    @property
    def locale(self) -> str:
        return _LOCALES.get(self.language, self.language)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def day(self, day: date) -> str:
        """Say a day in full, with its weekday: Tuesday 12 January 2027."""
        return format_date(day, "EEEE d MMMM y", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Say a day in a line of text, with the year only where it is not the current one."""
        return format_date(day, "d MMMM" if day.year == self.today.year else "d MMMM y", locale=self.locale)

    def by(self, day: date) -> str:
        """Say until when: by 12 January."""
        text = self.short_day(day)
        if self.language == "it":
            # entro il 12, entro l'8, entro l'11
            text = f"l'{text}" if day.day in {8, 11} else f"il {text}"
        return self.words.gettext("by %(day)s") % {"day": text}

    def brief_day(self, day: date) -> str:
        """Say a day where room is scarce: 12 Jan."""
        return format_date(day, "d MMM", locale=self.locale)

    def clock(self, moment: datetime) -> str:
        return format_time(moment, "HH:mm", locale=self.locale)

    def clock_of(self, zone: str) -> str:
        """Name a time zone by its town: Paris time."""
        if "/" not in zone or zone.startswith("Etc/"):
            return zone.removeprefix("Etc/")
        town = get_timezone_location(ZoneInfo(zone), locale=self.locale, return_city=True)
        return self.words.gettext("%(town)s time") % {"town": town}

    def money(self, value: Money) -> str:
        """Say an amount as the reader writes numbers; where no number was read, as the source wrote it."""
        low, high = value.min, value.max if value.max is not None else value.total
        if low is not None and high is not None and low != high:
            return self.words.gettext("%(low)s to %(high)s") % {
                "low": self._amount(low, value.currency),
                "high": self._amount(high, value.currency),
            }
        if value.total is None and low is not None and high is None:
            return self.words.gettext("from %(amount)s") % {"amount": self._amount(low, value.currency)}
        if value.total is None and high is not None and low is None:
            return self.words.gettext("up to %(amount)s") % {"amount": self._amount(high, value.currency)}
        return value.raw if high is None else self._amount(high, value.currency)

    def _amount(self, amount: Decimal, currency: str | None) -> str:
        whole = amount == amount.to_integral_value()
        if currency is None:
            number = format_decimal(amount, "#,##0" if whole else "#,##0.00", locale=self.locale)
            return self.words.gettext("%(number)s (currency not stated)") % {"number": number}
        pattern = Locale.parse(self.locale).currency_formats["standard"].pattern
        # Round amounts are said without cents.
        return format_currency(
            amount,
            currency,
            pattern.replace("0.00", "0") if whole else pattern,
            locale=self.locale,
            currency_digits=not whole,
        )
