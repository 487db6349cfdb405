"""What changed since the reader saw an item, in one line a change.

The one thing to know: several changes of one field are one change, from what the reader saw to what holds now.
"""

from collections.abc import Sequence

from aggregator.digest.facts import said_date
from aggregator.digest.voice import Voice
from aggregator.store.opportunity import Change

# Changes a reader acts on; a new wording of the title or the text is none.
TOLD = ("deadline", "reopened", "opens", "status", "budget", "grant", "reserved", "eligibility")


def told(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes worth telling, one a field, oldest value to newest; what changed back is left out."""
    merged: dict[str, Change] = {}
    for change in changes:
        if change.field in TOLD:
            first = merged.get(change.field)
            merged[change.field] = (
                change
                if first is None
                else first.model_copy(update={"after": change.after, "at": change.at, "cause": change.cause})
            )
    return tuple(
        merged[field]
        for field in TOLD
        if field in merged and (field == "reopened" or merged[field].before != merged[field].after)
    )


def say(change: Change, voice: Voice) -> str:
    """Say one change; one that comes from our own misreading is called a correction."""
    line = _line(change, voice)
    if change.cause == "our_reading":
        return voice.words.gettext("Correction, we had read it wrongly: %(line)s") % {"line": line}
    return line


def _line(change: Change, voice: Voice) -> str:
    words = voice.words
    if change.field == "deadline":
        return _deadline(change, voice)
    if change.field in {"budget", "grant"} and change.before and change.after:
        return words.gettext("value changed from %(before)s to %(after)s") % {
            "before": change.before,
            "after": change.after,
        }
    return {
        "reopened": words.gettext("it had been withdrawn and is open again"),
        "opens": words.gettext("the opening day changed"),
        "status": words.gettext("announced before, and now published"),
        "budget": words.gettext("the value changed"),
        "grant": words.gettext("the value changed"),
        "reserved": words.gettext("the reservation changed"),
        "eligibility": words.gettext("the conditions for taking part changed"),
    }[change.field]


def _deadline(change: Change, voice: Voice) -> str:
    words = voice.words
    before = (change.before or "").split(", ")
    after = (change.after or "").split(", ")
    gone = [day for text in before if text not in after and (day := said_date(text))]
    come = [day for text in after if text not in before and (day := said_date(text))]
    if len(gone) == len(come) == 1 and gone != come:
        return words.gettext("deadline moved from %(before)s to %(after)s") % {
            "before": voice.short_day(gone[0]),
            "after": voice.short_day(come[0]),
        }
    if not any(said_date(text) for text in before) and len(come) == 1:
        return words.gettext("the deadline is now stated: %(day)s") % {"day": voice.short_day(come[0])}
    return words.gettext("the deadlines changed")
