"""Notices of realistic size for benchmarks: Zipf words, 1.3 KB of text, codes, deadlines, money. The same seed, the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from connectors.base.contract import Body, Deadline, Money, Notice, Title

WORDS = 60_000
DAY = date(2026, 11, 23)
_LANGUAGES = ("it", "en", "fr", "de", "es")
_COUNTRIES = ("FR", "DE", "ES", "NL", "BE", "PL", "PT", "RO", "SE", "AT")
_CPV = ("90910000", "85310000", "55520000", "80000000", "77310000", "72000000", "45000000", "15500000", "92000000")


def vocabulary(seed: int) -> list[str]:
    """Pronounceable words, some with accents, short ones first, as in languages."""
    random = np.random.default_rng(seed)
    heads = ["", "b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr"]
    hearts = ["a", "e", "i", "o", "u", "ie", "au", "é", "à", "ü", "ò"]
    tails = ["", "", "n", "r", "s", "l", "t"]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        syllables = 1 + int(len(words) > 80) + int(len(words) > 3000) * int(random.integers(0, 3))
        words[
            "".join(
                heads[random.integers(len(heads))]
                + hearts[random.integers(len(hearts))]
                + tails[random.integers(len(tails))]
                for _ in range(syllables)
            )
        ] = None
        if len(words) > 2000 and syllables == 1:
            continue
    return list(words)


def notices(count: int, *, seed: int = 7) -> Iterator[Notice]:
    """Make `count` notices: a title of ten words, a text of 80 to 250."""
    random = np.random.default_rng(seed)
    words = np.array(vocabulary(seed), dtype=object)
    weights = np.cumsum(1 / (np.arange(WORDS) + 2.7))
    weights /= weights[-1]
    for index in range(count):
        length = min(80 + int(random.exponential(70)), 250)
        drawn = words[np.searchsorted(weights, random.random(10 + length))]
        language = _LANGUAGES[index % len(_LANGUAGES)]
        amount = Decimal(int(np.exp(random.normal(11, 1.5))))
        yield Notice(
            source_id=f"{index:07d}-2026",
            url=f"https://notices.example.org/{index}",
            titles={language: Title(text=" ".join(drawn[:10]))},
            kind="tender",
            body=f"<p>{' '.join(drawn[10:])}</p>",
            lang=language,
            published_at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=index % 30_000),
            deadlines=(
                Deadline(on=DAY + timedelta(days=int(random.integers(1, 90))), at="12:00", zone="Europe/Paris"),
            ),
            countries=(_COUNTRIES[index % len(_COUNTRIES)],),
            origin_country=_COUNTRIES[index % len(_COUNTRIES)],
            codes=(f"cpv:{_CPV[index % len(_CPV)]}",),
            budget=Money(total=amount, currency="EUR", raw=str(amount)),
            organisation=Body(name=f"Authority {index % 997}"),
            same_as=(f"ted:{index:07d}-2026",),
        )
