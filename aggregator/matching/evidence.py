"""The positive side: what of an item resembles a profile, as reasons that can be found again.

The one thing to know: each reason's weight is the trust we have in it alone; the score is the chance that at least one
of them is right (1 minus the product of the doubts). At 0.4 an item is sent, so that a code, a coded sector, a
programme, one own word, a sector's word in the title or two of its words anywhere suffice; one word of the free text
does not, two with one of them in the title do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from aggregator.matching.facts import ANYWHERE, Item
from aggregator.matching.item_words import Hit, ItemWords, Term, find
from aggregator.matching.profile import Profile
from aggregator.matching.verdict import Reason
from aggregator.people.member import Member
from config.tables import programme_names

SENT_FROM = 0.4
OF_CODE, OF_PROGRAMME, OF_OPEN_PROFILE = 0.9, 0.7, 0.5
# The code that put an item into its sector: procurement codes say what is bought, keywords of a network roughly what.
OF_SECTOR = {"cpv": 0.75, "nace": 0.7, "ateco": 0.7, "naics": 0.7}
OF_COARSE_SECTOR = 0.55
# In the title, and anywhere else.
OF_OWN_WORD, OF_SECTOR_WORD, OF_TEXT_WORD = (0.6, 0.45), (0.55, 0.3), (0.3, 0.15)
# A sector's words in an item whose code says another sector: a cleaning firm's toilet paper is no cleaning.
OF_WORD_AGAINST_CODE = 0.2
OF_COUNTRY, OF_RESERVATION = 0.04, 0.15
MOST_WORDS = 3
EVIDENCE = frozenset({"code", "sector", "programme", "keyword"})


@dataclass(frozen=True, slots=True)
class Soft:
    """The positive side of a profile, prepared once. `text`: stem to word; `long_text`: folded to word, any language."""

    sectors: frozenset[str]
    codes: tuple[tuple[str, str, str], ...]
    programmes: dict[str, str]
    any: tuple[Term, ...]
    text_lang: str
    text: dict[str, str]
    long_text: dict[str, str]


def evidence(profile: Profile, member: Member, soft: Soft, item: Item) -> tuple[Reason, ...]:
    """Give the reasons for an item that no hard fact rules out, the weightiest first."""
    found = [
        *_codes(soft, item.opportunity.codes),
        *_sectors(soft, item),
        *_programmes(soft, item),
        *_words(soft, item),
        *_country(profile, member, item),
        *_ticked(profile, item),
        *_reservations(member, item),
    ]
    return tuple(sorted(found, key=lambda reason: -reason.weight))


def weigh(reasons: Sequence[Reason], *, ticked_nothing: bool) -> tuple[float, bool]:
    """Make one score of the reasons, and decide whether it suffices; country and reservation alone never do."""
    by_kind: dict[str, list[float]] = {}
    for reason in reasons:
        by_kind.setdefault(reason.kind, []).append(reason.weight)
    # Several codes or sectors are one fact told several times; several words are several facts.
    weights = {kind: found if kind == "keyword" else [max(found)] for kind, found in by_kind.items()}
    proof = _any_right(w for kind, found in weights.items() if kind in EVIDENCE for w in found)
    proof = max(proof, OF_OPEN_PROFILE if ticked_nothing else 0.0)
    bonus = _any_right(w for kind, found in weights.items() if kind not in EVIDENCE for w in found)
    return round(1 - (1 - proof) * (1 - bonus), 4), proof >= SENT_FROM


def _any_right(weights: Iterable[float]) -> float:
    return 1 - prod(1 - weight for weight in weights)


def _codes(soft: Soft, codes: Sequence[str]) -> Iterator[Reason]:
    if not soft.codes:
        return
    for code in codes:
        scheme, _, value = code.partition(":")
        number = value.replace(".", "")
        for wanted, scheme_wanted, prefix in soft.codes:
            if scheme == scheme_wanted and number.startswith(prefix):
                yield Reason(kind="code", profile=wanted, item=code, field="codes", weight=OF_CODE)
                break


def _sectors(soft: Soft, item: Item) -> Iterator[Reason]:
    for sector in item.opportunity.sectors:
        if sector.id in soft.sectors:
            weight = OF_SECTOR.get(sector.because.partition(":")[0], OF_COARSE_SECTOR)
            yield Reason(kind="sector", profile=sector.id, item=sector.because, field="sectors", weight=weight)


def _programmes(soft: Soft, item: Item) -> Iterator[Reason]:
    if not soft.programmes:
        return
    programme = item.opportunity.programme
    said = [("programme", text) for text in (programme.code, programme.name) if text] if programme else []
    said += [("codes", code) for code in item.opportunity.codes if code.startswith("programme:")]
    seen = set()
    for field, text in said:
        ours = programme_key(text)
        if ours in soft.programmes and ours not in seen:
            seen.add(ours)
            yield Reason(kind="programme", profile=soft.programmes[ours], item=text, field=field, weight=OF_PROGRAMME)


def _words(soft: Soft, item: Item) -> Iterator[Reason]:
    words = item.words
    own = ((wanted, find(wanted, words)) for wanted in soft.any)
    yield from _best(((wanted.raw, hit) for wanted, hit in own if hit), OF_OWN_WORD)
    yield from _sector_words(soft, item)
    yield from _best(_text_hits(soft, words), OF_TEXT_WORD)


def _best(hits: Iterable[tuple[str, Hit]], weights: tuple[float, float]) -> Iterator[Reason]:
    ordered = sorted(hits, key=lambda pair: pair[1].field != "titles")[:MOST_WORDS]
    for raw, hit in ordered:
        weight = weights[0] if hit.field == "titles" else weights[1]
        yield Reason(kind="keyword", profile=raw, item=hit.word, field=hit.field, weight=weight, lang=hit.lang)


def _sector_words(soft: Soft, item: Item) -> Iterator[Reason]:
    hits = item.sector_hits
    coded = {sector.id for sector in item.opportunity.sectors if sector.because.partition(":")[0] in OF_SECTOR}
    against = bool(coded) and not coded & soft.sectors
    weights = (OF_WORD_AGAINST_CODE, 0.0) if against else OF_SECTOR_WORD
    by_sector = [list(_best(((id, hit) for hit in hits[id]), weights)) for id in sorted(soft.sectors & hits.keys())]
    proofs = [(_any_right(reason.weight for reason in reasons), reasons) for reasons in by_sector]
    weak = [pair for pair in proofs if pair[0] < SENT_FROM]
    # A stray word of each of ten ticked sectors is no likeness: of the weak ones the best stays.
    for proof, reasons in proofs:
        if proof >= SENT_FROM or (proof > 0 and reasons is max(weak, key=lambda pair: pair[0])[1]):
            yield from (reason for reason in reasons if reason.weight > 0)


def _text_hits(soft: Soft, words: ItemWords) -> Iterator[tuple[str, Hit]]:
    found: dict[str, Hit] = {}
    in_own_language = words.stems.get(soft.text_lang, {})
    for stemmed in soft.text.keys() & in_own_language.keys():
        found.setdefault(soft.text[stemmed], in_own_language[stemmed])
    for folded in soft.long_text.keys() & words.exact.keys():
        found.setdefault(soft.long_text[folded], words.exact[folded])
    yield from sorted(found.items())


def _country(profile: Profile, member: Member, item: Item) -> Iterator[Reason]:
    what = item.opportunity
    wanted = {*profile.countries, *({member.country} if profile.home else ())} if profile.countries else item.places
    fields = [("countries", place) for place in what.countries]
    fields += [("origin_country", what.origin_country)] if what.origin_country else []
    for field, place in fields:
        if place in wanted and place not in ANYWHERE:
            asked = place if profile.countries else "*"
            yield Reason(
                kind="country", profile=asked, item=place, field=field, weight=OF_COUNTRY if profile.countries else 0.0
            )
            return


def _ticked(profile: Profile, item: Item) -> Iterator[Reason]:
    what = item.opportunity
    if what.kind in profile.kinds or profile.open:
        weight = OF_OPEN_PROFILE if profile.open else 0.0
        asked = what.kind if what.kind in profile.kinds else "*"
        yield Reason(kind="kind", profile=asked, item=what.kind, field="kind", weight=weight)
    least = profile.least_days.get(what.kind)
    if least and item.last_day:
        yield Reason(kind="deadline", profile=str(least), item=item.last_day.isoformat(), field="deadlines", weight=0.0)


def _reservations(member: Member, item: Item) -> Iterator[Reason]:
    if not member.legal.social:
        return
    for reservation in item.opportunity.reserved:
        lots = ":" + ",".join(reservation.lots) if reservation.lots else ""
        yield Reason(
            kind="reservation",
            profile=str(member.legal.form),
            item=reservation.type + lots,
            field="reserved",
            weight=OF_RESERVATION,
        )


def programme_key(said: str) -> str:
    """Bring the ways to write a programme to one: `programme:43251589`, `CERV-2027-EQUAL` and `cerv` are CERV."""
    whole = said.removeprefix("programme:").strip().upper()
    names = programme_names()
    return names.get(whole) or names.get(whole.split("-")[0]) or whole
