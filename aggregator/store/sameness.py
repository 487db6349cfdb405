"""The one rule by which two notices of two sources are the same thing (docs/decisions/2026-11-25-one-rule.md). Pure.

The one thing to know: a wrong merge hides an opportunity, a missed one shows it twice; so the first thing that both state and
that differs ends it, and the likeness of texts only ever adds to facts that are equal.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from rapidfuzz import fuzz

from aggregator.store.facts import UNDETERMINED, Facts, Figures
from aggregator.store.headings import UNLIKE, Compared, compare, heading, parted

__all__ = ["Facts", "contradiction", "same"]

# How much must agree, by what the titles share: telling words, and points of equal facts (deadline, organisation, money,
# code: 2 each; place, a code's division, a deadline a day apart, the text: 1). Of a title that stands within a longer one
# the amount must be equal as well: "drugs" and "antiviral drugs" are two purchases of one hospital on one day.
_FEW, _MANY = 3, 6
_EQUAL_MANY, _EQUAL_FEW, _FRAMED_MANY, _FRAMED_FEW = 4, 5, 5, 6
# Likeness of texts from which on they strengthen (1 point), and from which they stand for an organisation in news.
_LIKE, _VERY_LIKE = 0.5, 0.8
# How far apart two notices may have come out, where no deadline tells one round from the next.
_ROUND_DAYS, _NEWS_DAYS = 45, 3
_NEWS = frozenset({"news", "event", "vacancy"})
_NEWS_WORDS = 5
_RANKS = {"unlike": 0, "near": 1, "contained": 2, "framed": 3, "equal": 4}
# Titles are official in up to 24 languages; the first that two notices share tell as much as all.
_PAIRS = 6


class _Equal(NamedTuple):
    """A fact in which both agree, what it counts, and how a person would say it."""

    fact: str
    points: int
    words: str


def same(a: Facts, b: Facts, *, likeness: float) -> str | None:
    """Say in words why two notices are one thing; None where they are not, or where it is not sure.

    `likeness` is the part of the texts' signatures that agrees (0 to 1). The verdict does not hang on the order of the two.
    """
    if contradiction(a, b):
        return None
    title, translated = _titles(a, b)
    if title is None:
        return None
    equal = list(_equal(a, b))
    if a.family in _NEWS and not (a.day and b.day):
        reason = _told_twice(title, equal, a, b, likeness=likeness)
    elif not (a.day and b.day) and not _within(a, b, _ROUND_DAYS):
        return None
    else:
        reason = _alike(title, equal, likeness=likeness) or (_translated(equal) if translated else None)
    return reason


def contradiction(a: Facts, b: Facts) -> str | None:
    """Name the first thing that both state and that cannot be said of one and the same; numbers in titles apart."""
    if a.sources & b.sources:
        return "one source says nothing twice"
    if a.family != b.family:
        return "of different kinds"
    if a.day and b.day and abs((a.day - b.day).days) > 1:
        return "other deadline"
    if _organisations(a.organisation, b.organisation) is False:
        return "other organisation"
    if _disjoint(a.countries, b.countries) or (a.origin and b.origin and a.origin != b.origin):
        return "other country"
    if a.regions and b.regions and not any(_within_other(x, y) for x, y in product(a.regions, b.regions)):
        return "other region"
    if _money(a.budget, b.budget) is False or _money(a.grant, b.grant) is False:
        return "other money"
    if _disjoint({code[:2] for code in a.cpv}, {code[:2] for code in b.cpv}) or _other_codes(a, b):
        return "other code"
    return None


def _titles(a: Facts, b: Facts) -> tuple[Compared | None, bool]:
    """How their titles agree at best (None where numbers part them), and whether they share no language for sure."""
    both = [(m, x, n, y) for m, x in a.titles for n, y in b.titles]
    foreign = all(m != n and UNDETERMINED not in (m, n) for m, _, n, _ in both)
    pairs = [(x, y) for m, x, n, y in both if foreign or m == n or UNDETERMINED in (m, n)]
    best = UNLIKE
    for x, y in pairs[:_PAIRS]:
        one, other = heading(x), heading(y)
        if parted(one, other):
            return None, False
        best = max(best, compare(one, other), key=lambda c: (_RANKS[c.how], c.shared))
    return best, foreign


def _alike(title: Compared, equal: list[_Equal], *, likeness: float) -> str | None:
    points = {e.fact: e.points for e in equal}
    total = sum(points.values()) + (likeness >= _LIKE)
    anchored = "organisation" in points or "money" in points
    enough = False
    if title.how == "near":
        enough = (
            points.get("deadline") == 2 and "money" in points and (points.get("code") == 2 or "organisation" in points)
        )
    elif title.how != "unlike" and title.shared < _FEW:
        enough = anchored and all(points.get(f) == 2 for f in ("deadline", "organisation", "money", "code"))
    elif title.how == "equal":
        enough = total >= _EQUAL_MANY if title.shared >= _MANY else total >= _EQUAL_FEW and anchored
    elif title.how in ("framed", "contained"):
        enough = total >= _FRAMED_MANY if title.shared >= _MANY else total >= _FRAMED_FEW and anchored
        enough = enough and (title.how == "framed" or "money" in points)
    if not enough or not points.keys() & {"deadline", "organisation", "money"}:
        return None
    words = "same title" if title.how == "equal" and title.literally else "nearly the same title"
    if title.how in ("framed", "contained"):
        words = "same title within a longer one"
    return _said([words, *(e.words for e in equal), *(["like text"] if likeness >= _LIKE else [])])


def _translated(equal: list[_Equal]) -> str | None:
    points = {e.fact: e.points for e in equal}
    if not all(points.get(fact) == 2 for fact in ("deadline", "money", "code")):
        return None
    if not points.keys() & {"organisation", "country"}:
        return None
    return _said(["title in another language", *(e.words for e in equal)])


def _told_twice(title: Compared, equal: list[_Equal], a: Facts, b: Facts, *, likeness: float) -> str | None:
    """News, events and vacancies without a day: the same words within days, by the same body or in the same text."""
    if title.how != "equal" or title.shared < _NEWS_WORDS or not _within(a, b, _NEWS_DAYS):
        return None
    told_by_one, alike = any(e.fact == "organisation" for e in equal), likeness >= _VERY_LIKE
    # A company seeks two people under one title, in two towns.
    if not (told_by_one and alike if a.family == "vacancy" else told_by_one or alike):
        return None
    return _said(["same title", "published within days", *(e.words for e in equal)])


def _said(words: Iterable[str]) -> str:
    return ", ".join(words)


def _equal(a: Facts, b: Facts) -> Iterator[_Equal]:
    if a.day and b.day:
        if a.day == b.day:
            yield _Equal("deadline", 2, f"same deadline {a.day}")
        else:
            yield _Equal("deadline", 1, f"deadline {min(a.day, b.day)} or a day later")
    if _organisations(a.organisation, b.organisation):
        yield _Equal("organisation", 2, "same buyer" if a.family == "tender" else "same organisation")
    for what, mine, theirs in (("money", a.budget, b.budget), ("grant", a.grant, b.grant)):
        if mine and theirs and _money(mine, theirs):
            amount = next(value for value in mine[:3] if value is not None)
            yield _Equal("money", 2, f"same {what} {amount:,.0f} {mine[3] or theirs[3] or ''}".rstrip())
            break
    if code := _code(a, b):
        yield code
    if found := sorted(a.countries & b.countries) or [x for x in (a.origin,) if x and x == b.origin]:
        yield _Equal("country", 1, f"same country {found[0]}")


def _code(a: Facts, b: Facts) -> _Equal | None:
    if a.cpv and b.cpv:
        # 90000000 names a division and no trade.
        if a.cpv[0] == b.cpv[0] and a.cpv[0][2:] != "000000":
            return _Equal("code", 2, f"same code cpv:{a.cpv[0]}")
        if divisions := sorted({c[:2] for c in a.cpv} & {c[:2] for c in b.cpv}):
            return _Equal("code", 1, f"same division cpv:{divisions[0]}")
    theirs = dict(b.codes)
    for scheme, values in a.codes:
        if shared := sorted(values & theirs.get(scheme, frozenset())):
            return _Equal("code", 2 if scheme in {"topic", "aln"} else 1, f"same code {scheme}:{shared[0]}")
    return None


def _organisations(one: frozenset[str], other: frozenset[str]) -> bool | None:
    """Whether two names are one body; None where one is missing, says less than the other, or is spelt nearly alike."""
    if not one or not other:
        return None
    if one == other:
        return True
    if one < other or other < one:
        return None
    if any(word[0].isdigit() for word in one ^ other):
        return False
    spelt_alike = fuzz.ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= 90
    return None if spelt_alike else False


def _money(one: Figures | None, other: Figures | None) -> bool | None:
    """Whether two amounts are one; None where they cannot be compared, or one is the other rounded."""
    if one is None or other is None or (one[3] and other[3] and one[3] != other[3]):
        return None
    pairs = [(x, y) for x, y in zip(one[:3], other[:3], strict=True) if x is not None and y is not None]
    if not pairs:
        # The total of one is the most that the other names.
        pairs = [(x, y) for x, y in ((one[0], other[1]), (one[1], other[0])) if x is not None and y is not None]
    if not pairs:
        return None
    verdicts = [_amounts(x, y) for x, y in pairs]
    if all(verdicts):
        return True
    # Without a currency on one side a difference may be one of currencies.
    return False if False in verdicts and bool(one[3]) == bool(other[3]) else None


def _amounts(one: Decimal, other: Decimal) -> bool | None:
    low, high = sorted((abs(one), abs(other)))
    if one == other or (low and high - low <= low * Decimal("0.005")):
        return True
    for rounded, exact in ((one, other), (other, one)):
        # 1.2 million for 1,234,567: so many figures as were left agree, and they are two at least.
        digits = max(2, len(str(int(rounded)).rstrip("0")))
        if exact and abs(exact) >= 1000 and Decimal(f"{exact:.{digits - 1}e}") == rounded:
            return None
    return False


def _other_codes(a: Facts, b: Facts) -> bool:
    theirs = dict(b.codes)
    for scheme, values in a.codes:
        others = theirs.get(scheme)
        if not others:
            continue
        if scheme == "programme" and not (all(map(str.isdigit, values)) and all(map(str.isdigit, others))):
            continue  # 43251589 and CERV are one programme, said twice
        width = 2 if scheme in {"naics", "nace"} else None
        if _disjoint({v[:width] for v in values}, {v[:width] for v in others}):
            return True
    return False


def _within(a: Facts, b: Facts, days: int) -> bool:
    return a.published is not None and b.published is not None and abs((a.published - b.published).days) <= days


def _within_other(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _disjoint(one: Iterable[str], other: Iterable[str]) -> bool:
    mine, theirs = set(one), set(other)
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)
