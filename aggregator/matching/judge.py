"""Judge: hard facts filter; codes, sectors and words rank; reasons are kept.

The one thing to know: everything here is pure. What can be worked out once for a profile or once for an item is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator import taxonomy
from aggregator.matching.evidence import EVIDENCE, Soft, evidence, programme_key, weigh
from aggregator.matching.facts import Hard, Item, ruled_out
from aggregator.matching.item_words import Term, term
from aggregator.matching.lexicon import fold, stem, stop_words, surfaces
from aggregator.matching.profile import Profile
from aggregator.matching.verdict import Reason, Tier, Verdict
from aggregator.people.member import Member
from aggregator.store.opportunity import Opportunity

# A shorter word of a free text is an abbreviation or an accident; a longer one is itself in most languages.
_SHORTEST, _LONG = 4, 7
# National classes refine the four digits that all of Europe shares (NACE).
_NACE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """One profile, prepared."""

    id: str
    member: Member
    profile: Profile
    hard: Hard
    soft: Soft


@dataclass(frozen=True, slots=True)
class Prepared:
    """All profiles of some members, with their words stemmed and their codes cut: prepare once, judge often."""

    wishes: tuple[Wish, ...]


def prepare(members: Sequence[Member]) -> Prepared:
    """Prepare the profiles of members."""
    return Prepared(tuple(_wish(profile, member) for member in members for profile in member.profiles))


def judge(profile: Profile, item: Opportunity, *, member: Member, now: datetime) -> Verdict:
    """Judge one item for one profile at an instant."""
    return _judge(_wish(profile, member), Item(item, now))


def verdicts(prepared: Prepared, item: Opportunity, *, now: datetime) -> Iterator[tuple[Wish, Verdict]]:
    """Judge one item for all profiles."""
    once = Item(item, now)
    for wish in prepared.wishes:
        yield wish, _judge(wish, once)


def _judge(wish: Wish, item: Item) -> Verdict:
    fault = ruled_out(wish.profile, wish.member, wish.hard, item)
    if fault:
        return Verdict(score=0.0, sent=False, tier="like", excluded_by=fault)
    reasons = evidence(wish.profile, wish.member, wish.soft, item)
    score, sent = weigh(reasons, ticked_nothing=wish.profile.open)
    return Verdict(score=score, sent=sent, tier=_tier(reasons, ticked_nothing=wish.profile.open), reasons=reasons)


def _tier(reasons: Sequence[Reason], *, ticked_nothing: bool) -> Tier:
    kinds = {reason.kind for reason in reasons} & EVIDENCE
    if ticked_nothing or kinds - {"keyword"}:
        return "coded"
    return "text" if kinds else "like"


def _wish(profile: Profile, member: Member) -> Wish:
    hard = Hard(all=_terms(profile.all), none=_terms(profile.none), countries=frozenset(profile.countries))
    text = [word for word in surfaces(profile.text) if len(word) >= _SHORTEST and fold(word) not in stop_words()]
    soft = Soft(
        sectors=frozenset(profile.sectors) | _sectors_of_trade(profile.codes),
        codes=tuple(wanted for code in profile.codes for wanted in _prefixes(code)),
        programmes={programme_key(code): code for code in (*profile.programmes, *_programme_codes(profile.codes))},
        any=_terms(profile.any),
        text_lang=member.language,
        text={stem(fold(word), member.language): word for word in reversed(text)},
        long_text={fold(word): word for word in reversed(text) if len(word) >= _LONG},
    )
    return Wish(member.profile_id(profile), member, profile, hard, soft)


def _terms(words: Sequence[str]) -> tuple[Term, ...]:
    return tuple(wanted for word in words if (wanted := term(word)))


def _sectors_of_trade(codes: Sequence[str]) -> frozenset[str]:
    """The sectors of a member's own activity: what ATECO and NACE say about it."""
    trades = (code.partition(":")[2] for code in codes if code.startswith(("ateco:", "nace:")))
    return frozenset(id for trade in trades for id in taxonomy.ateco_to_sectors(trade))


def _programme_codes(codes: Sequence[str]) -> list[str]:
    return [code for code in codes if code.startswith("programme:")]


def _prefixes(code: str) -> Iterator[tuple[str, str, str]]:
    """The prefixes with which an item's code meets a profile's: the code, its scheme in the item, the beginning."""
    scheme, _, value = code.partition(":")
    if scheme == "cpv":
        # Zeros at the end say "all below"; a division (two digits) keeps its own.
        yield code, "cpv", value[:2] + value[2:].rstrip("0")
    elif scheme in {"ateco", "nace"}:
        yield code, "nace", value.replace(".", "")[:_NACE_DIGITS]
    elif scheme != "programme":
        yield code, scheme, value
