"""What the engine says about one profile and one item: a verdict with its reasons, as data.

The one thing to know: a reason names a value of the profile, a value of the item and the field it stands in, so that
anyone can find it again; its wording in a language is made later (aggregator/matching/words.py).
"""

from typing import Literal, TypeAlias

from connectors.base.contract import Shape

ReasonKind: TypeAlias = Literal["code", "sector", "programme", "keyword", "country", "kind", "deadline", "reservation"]
Tier: TypeAlias = Literal["coded", "text", "like"]


class Reason(Shape):
    """One piece of evidence.

    `profile`: what the member said: a code, a sector's id, a word, a country (`*`: everywhere), least days.
    `item`: what it met in the item: a code, the word as written there, a country, a day, `res-ws:LOT-0001`.
    `field`: where in the item; `lang`: the language of that text. `weight` is 0..1, what this reason alone is worth.
    """

    kind: ReasonKind
    profile: str
    item: str
    field: str
    weight: float
    lang: str | None = None


class Verdict(Shape):
    """`score` is 0..1 and comparable between profiles; `excluded_by` names the hard fact that rules the item out."""

    score: float
    sent: bool
    tier: Tier
    reasons: tuple[Reason, ...] = ()
    excluded_by: str | None = None
