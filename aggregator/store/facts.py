"""The facts of a notice that two platforms would both state, and where two of them agree or contradict each other.

The one thing to know: what one of them does not state says nothing, neither for nor against.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from aggregator.store.heading_words import words_of
from aggregator.store.headings import own
from aggregator.store.opportunity import DECIDING, Opportunity, ends
from aggregator.store.signing import fold
from aggregator.store.tables import stamp
from connectors.base.contract import Deadline, Instant, Money

FAMILIES = {
    "tender": "tender",
    "grant_call": "grant",
    "cascade_funding": "grant",
    "incentive": "grant",
    "business_offer": "offer",
    "technology_offer": "offer",
    "business_request": "request",
    "technology_request": "request",
    "rd_partner_search": "search",
    "partner_search": "search",
}
"""Kinds that platforms tell apart differently; the others stand for themselves."""

UNDETERMINED = "und"
Figures: TypeAlias = tuple[Decimal | None, Decimal | None, Decimal | None, str | None]

_NOBODY: frozenset[str] = frozenset()
# Of a name they tell nothing: what kind of body it is in law, and what links its words.
_LEGAL_FORMS = words_of(
    "srl spa sa s p r l scarl scrl coop soc societa cooperativa sociale ltd limited plc llc inc gmbh mbh ag kg eg ev bv nv"
    " sarl sas asbl vzw sl slu ab oy as a aps sp z o onlus ets the of di de del della dei des der du la le il lo and e y et"
    " und i d dell l"
)


class Facts(NamedTuple):
    """What of a notice is held against another. Days are those of the notice's own zone; `ends` is an instant, as stored.

    A tuple, because one is made for every notice, and it costs a quarter of a frozen class.
    """

    sources: frozenset[str]
    source: str
    source_id: str
    family: str
    titles: tuple[tuple[str, str], ...]
    day: date | None
    ends: str | None
    published: date | None
    organisation: frozenset[str]
    budget: Figures | None
    grant: Figures | None
    cpv: tuple[str, ...]
    codes: tuple[tuple[str, frozenset[str]], ...]
    countries: frozenset[str]
    origin: str | None
    regions: frozenset[str]

    @staticmethod
    def of(item: Opportunity) -> "Facts":
        """Gather the facts of an opportunity, or of a draft of one; its own notice is the first."""
        first, name, programme = item.notices[0], item.organisation, item.programme
        day, end = _last(item)
        cpv, codes = _coded(item.codes, programme.code if programme else None)
        countries, regions = _places(item.countries, item.regions)
        # By place and not by name, as above: it is made for every notice.
        return Facts(
            frozenset([notice.source for notice in item.notices]),
            first.source,
            first.source_id,
            FAMILIES.get(item.kind, item.kind),
            _titles(item),
            day,
            end,
            _day(item.published_at),
            _organisation(name.name) if name else _NOBODY,
            _figures(item.budget),
            _figures(item.grant),
            cpv,
            codes,
            countries,
            item.origin_country,
            regions,
        )

    @property
    def title(self) -> str:
        """The official title in the language of the text."""
        return self.titles[0][1]

    @property
    def amount(self) -> Decimal | None:
        """The amount that is stated: of the whole, else for one applicant; the total, else the most, else the least."""
        total, most, least, _ = self.budget or self.grant or (None, None, None, None)
        return total or most or least

    @property
    def code(self) -> str | None:
        """The main code: what is bought, else what of the others comes first."""
        return self.cpv[0] if self.cpv else next((min(values) for _, values in self.codes), None)


# Codes that a platform gives to tell one call or trade from another; sectors and stages are too wide.
_COMPARED = frozenset({"programme", "topic", "een-tech", "een-market", "naics", "aln", "nace"})


def _titles(item: Opportunity) -> tuple[tuple[str, str], ...]:
    """The official titles by language, the one in the language of the text first.

    One text that stands under several languages is not a translation: it is in the language of the text, or in one unknown.
    """
    if len(item.titles) == 1:
        ((lang, title),) = item.titles.items()
        return ((lang, own(title.text)),)
    languages: dict[str, list[str]] = {}
    for lang, title in item.titles.items():
        if title.origin != "machine":
            languages.setdefault(own(title.text), []).append(lang)
    if not languages:
        languages = {own(title.text): [lang] for lang, title in item.titles.items()}
    told = [
        (langs[0] if len(langs) == 1 else item.lang if item.lang in langs else UNDETERMINED, text)
        for text, langs in languages.items()
    ]
    return tuple(sorted(((lang or UNDETERMINED, text) for lang, text in told), key=lambda pair: pair[0] != item.lang))


@lru_cache(maxsize=1 << 12)
def _coded(
    given: tuple[str, ...], programme: str | None
) -> tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...]]:
    """The codes of what is bought; and by scheme the others that tell one call or trade from another."""
    found: dict[str, set[str]] = {}
    for code in given:
        scheme, _, value = code.partition(":")
        if scheme in _COMPARED:
            found.setdefault(scheme, set()).add(value.casefold())
    if programme:
        found.setdefault("programme", set()).add(programme.casefold())
    cpv = tuple(code[4:12] for code in given if code.startswith("cpv:"))
    return cpv, tuple((scheme, frozenset(values)) for scheme, values in found.items())


@lru_cache(maxsize=1 << 12)
def _places(countries: tuple[str, ...], regions: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    nuts = frozenset(region[5:] for region in regions if region.startswith("nuts:"))
    return frozenset(countries) - {"*"}, nuts


def _day(moment: Instant | None) -> date | None:
    # In the zone in which it was written: it is only held against others within days.
    return moment.date() if isinstance(moment, datetime) else moment


def _last(item: Opportunity) -> tuple[date | None, str | None]:
    """The day, and the instant as stored, of the last deadline that decides."""
    dated = [(_end(d.on, d.at, d.zone or item.zone), d.on) for d in item.deadlines if d.kind in DECIDING and d.on]
    if not dated:
        return None, None
    end, day = max(dated)
    return day, end


@lru_cache(maxsize=1 << 12)
def _end(on: date, at: str | None, zone: str) -> str:
    """When a deadline ends, as stored. Notices share their days and hours, and reckoning with zones is slow."""
    end = ends(Deadline(on=on, at=at), zone)
    assert end is not None
    return stamp(end)


@lru_cache(maxsize=1 << 12)
def _organisation(name: str) -> frozenset[str]:
    return frozenset(fold(name).split()) - _LEGAL_FORMS


def _figures(money: Money | None) -> Figures | None:
    if money is None or (money.total is None and money.max is None and money.min is None):
        return None
    return (money.total, money.max, money.min, money.currency)
