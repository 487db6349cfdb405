"""Which notice's field wins, where several stand behind one opportunity: one declared table, and how it is applied. Pure.

The one thing to know: the notice that leads (aggregator/intake/leading.py says which) is never contradicted; the others
fill what it leaves open, or add to what is a list of things.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from aggregator.store.opportunity import Opportunity, Said
from connectors.base.contract import Deadline, Eligibility

Way: TypeAlias = Literal["leads", "fills", "joins", "languages", "text"]

TABLE: Mapping[str, Way] = {
    # The notice that leads says it, and nobody else.
    **dict.fromkeys(("kind", "url", "published_at", "updated_at", "zone", "announced", "links", "contact"), "leads"),
    # The notice that leads says it; where it says nothing, the first of the others that does.
    **dict.fromkeys(("deadlines", "opens_at", "countries", "origin_country", "regions", "budget", "grant"), "fills"),
    **dict.fromkeys(("organisation", "programme", "eligibility", "reserved", "offer_languages"), "fills"),
    # All that any of them says, each once, the leader's first.
    **dict.fromkeys(("sectors", "codes", "keywords", "documents"), "joins"),
    # By language: a title is lent in a language that the leader has none in (aggregator/store/lent.py).
    "titles": "languages",
    # Together with the rights under which they are shown: where the leader has no text to show, the first that has one.
    **dict.fromkeys(("summary", "body", "lang"), "text"),
}
"""Field of an opportunity → which notice says it. docs/merging.md prints this table, and a test compares the two."""

OWN = frozenset({"id", "notices", "rights", "first_seen", "changed_at", "withdrawn_at"})
"""What is the opportunity's own, and of no notice."""


def facts(own: Said, others: Sequence[Said]) -> dict[str, Any]:
    """The fields that are filled and joined, from what the leader says itself and the others may lend, in their order."""
    found: dict[str, Any] = {}
    for name, way in TABLE.items():
        if way == "fills":
            mine = getattr(own, name)
            found[name] = mine if states(name, mine) else next(_stated(name, others), mine)
        elif way == "joins":
            found[name] = _joined(name, (own, *others))
    return found


def text(own: Said, others: Sequence[Said]) -> Said:
    """Whose summary and body are shown: the leader's, unless it has none to show and another has."""
    if _has_text(own):
        return own
    return next((one for one in others if _has_text(one)), own)


def states(name: str, value: Any) -> bool:
    """Whether a value says something: a deadline that is "not stated" and conditions that are "not stated" do not."""
    if name == "deadlines":
        return any(d.on is not None or d.certainty in {"continuous", "until_funds"} for d in value)
    if isinstance(value, Eligibility):
        return value.verdict != "not_stated" or bool(value.text or value.codes)
    return bool(value)


def _has_text(one: Said) -> bool:
    return one.show != "link" and bool(one.summary or one.body)


def _stated(name: str, others: Sequence[Said]) -> Any:
    for one in others:
        value = _lendable(name, one)
        if states(name, value):
            yield value


def _lendable(name: str, one: Said) -> Any:
    value = getattr(one, name)
    if name == "deadlines":
        # A deadline is meant in the zone of its platform, which is not the leader's.
        return tuple(_in_zone(deadline, one.zone) for deadline in value)
    if isinstance(value, Eligibility) and one.show != "full":
        # Long words of a source that allows a summary at most: the verdict and the codes are facts.
        return value.model_copy(update={"text": None})
    return value


def _in_zone(deadline: Deadline, zone: str) -> Deadline:
    return deadline if deadline.zone or deadline.on is None else deadline.model_copy(update={"zone": zone})


def _joined(name: str, all_of: Sequence[Said]) -> tuple[Any, ...]:
    values = [value for one in all_of for value in getattr(one, name)]
    if name == "sectors":
        return tuple(
            {sector.id: sector for sector in reversed(values)}[id] for id in dict.fromkeys(s.id for s in values)
        )
    if name == "documents":
        return tuple({link.url: link for link in reversed(values)}[url] for url in dict.fromkeys(v.url for v in values))
    return tuple(dict.fromkeys(values))


def of(item: Opportunity, *, words: str) -> Said:
    """What an opportunity with one notice behind it says: all of it that may be lent."""
    carried = Said.model_fields.keys() & Opportunity.model_fields.keys()
    rights = item.rights
    return Said(
        **{name: getattr(item, name) for name in carried},
        words=words,
        audience=rights.audience,
        attribution=rights.attribution,
        show=rights.show,
        drop_text_at=rights.drop_text_at,
        basis=rights.basis,
    )
