"""The hard facts: what rules an item out for a profile before any likeness is asked for.

The one thing to know: only what is stated rules out. A budget in another currency, a language of the offer that no
source gives, a country that nobody names: none of them excludes anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from aggregator.matching.item_words import Hit, ItemWords, Term, find, read
from aggregator.matching.profile import Profile, Range
from aggregator.matching.sector_words import sector_hits
from aggregator.people.member import Member
from aggregator.store.opportunity import Opportunity, Status, day_of, days_left, ends, instants, status
from connectors.base.contract import Money

ANYWHERE = frozenset({"*", "EU"})
# Kinds whose budget is that of a whole call; what one applicant may get is in `grant`.
_CALLS = frozenset({"grant_call", "cascade_funding", "incentive"})
_TO_ACT = frozenset({"submission", "eoi", "registration"})
# Of the legal forms these alone can hardly be an operator of Art. 20: a cooperative, an association or a foundation may
# work for integration whatever its form, and then a person decides, not we.
_NO_WORKSHOP = frozenset({"company", "public_body"})
_WORKSHOP_SHARE = 30


@dataclass(frozen=True)
class Item:
    """An opportunity at one moment, with everything that does not depend on who asks, worked out once."""

    opportunity: Opportunity
    now: datetime

    @cached_property
    def words(self) -> ItemWords:
        return read(self.opportunity)

    @cached_property
    def sector_hits(self) -> dict[str, list[Hit]]:
        return sector_hits(self.words)

    @cached_property
    def status(self) -> Status:
        return status(self.opportunity, self.now)

    @cached_property
    def places(self) -> frozenset[str]:
        """Where the work or the partner is, and where the buyer or the company sits."""
        origin = self.opportunity.origin_country
        return frozenset(self.opportunity.countries) | (frozenset({origin}) if origin else frozenset())

    @cached_property
    def days(self) -> int | None:
        """Whole days until the last date on which somebody can act, -1 when it has passed; None where none is stated."""
        if self.last is None:
            return None
        return days_left(self.last, self.now, self.opportunity.zone) if self.last >= self.now else -1

    @cached_property
    def last(self) -> datetime | None:
        item = self.opportunity
        to_act = [end for d in item.deadlines if d.kind in _TO_ACT and (end := ends(d, item.zone))]
        return max(to_act or instants(item.deadlines, item.zone), default=None)

    @cached_property
    def last_day(self) -> date | None:
        return day_of(self.last, self.opportunity.zone) if self.last else None


@dataclass(frozen=True, slots=True)
class Hard:
    """The hard side of a profile, prepared once."""

    all: tuple[Term, ...]
    none: tuple[Term, ...]
    countries: frozenset[str]


def ruled_out(profile: Profile, member: Member, hard: Hard, item: Item) -> str | None:
    """Name the first hard fact that rules the item out, the cheapest first; None where none does."""
    return next(_faults(profile, member, hard, item), None)


def _faults(profile: Profile, member: Member, hard: Hard, item: Item) -> Iterator[str]:
    what = item.opportunity
    if item.status in {"withdrawn", "closed"}:
        yield item.status
    if profile.kinds and what.kind not in profile.kinds:
        yield "kind"
    if place := _wrong_place(profile, member, hard, item):
        yield place
    if item.days is not None and item.days < profile.least_days.get(what.kind, 0):
        yield "too_late"
    if profile.reserved_only and not what.reserved:
        yield "reserved_only"
    if profile.bid_languages and what.offer_languages and not set(profile.bid_languages) & set(what.offer_languages):
        yield "bid_languages"
    if _not_for(profile, member, what):
        yield "eligibility"
    if (
        profile.budget
        and (money := what.grant if what.kind in _CALLS else what.budget)
        and outside(money, profile.budget)
    ):
        yield "budget"
    for wanted in hard.none:
        if find(wanted, item.words):
            yield f"none:{wanted.raw}"
    for wanted in hard.all:
        if not find(wanted, item.words):
            yield f"all:{wanted.raw}"


def _wrong_place(profile: Profile, member: Member, hard: Hard, item: Item) -> str | None:
    if not item.places or item.places & ANYWHERE:
        return None
    if item.places == {member.country}:
        # Whoever lists its own country among the others has asked for it.
        return None if profile.home or member.country in hard.countries else "home"
    wanted = hard.countries | {member.country} if profile.home else hard.countries
    return None if not hard.countries or item.places & wanted else "country"


def _not_for(profile: Profile, member: Member, what: Opportunity) -> bool:
    us_only = what.eligibility is not None and what.eligibility.verdict == "us_only"
    if us_only and member.country != "US" and not profile.us_only:
        return True
    wholly = {reservation.type for reservation in what.reserved if not reservation.lots}
    share = member.legal.disadvantaged_share
    return wholly == {"res-ws"} and member.legal.form in _NO_WORKSHOP and (share is None or share < _WORKSHOP_SHARE)


def outside(money: Money, wanted: Range) -> bool:
    """Say whether an amount lies outside the bounds; never where the currencies differ or the amount is not known.

    An end that is not stated is open, and nought is how sources write that they state none.
    """
    if money.currency != wanted.currency:
        return False
    low = money.total or money.min or Decimal(0)
    high = money.total or money.max
    return bool(high and high < (wanted.min or Decimal(0))) or (wanted.max is not None and low > wanted.max)
