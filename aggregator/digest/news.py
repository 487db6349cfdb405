"""What changed since the reader saw an item, in one line a change.

The one thing to know: several changes of one field are one change, from what the reader saw to what holds now.
"""

from collections.abc import Sequence
from datetime import date, datetime

from aggregator.digest.facts import said_date
from aggregator.digest.voice import Voice
from aggregator.store.history import WORTH_TELLING, collapsed, is_hushed, moved, moved_earlier
from aggregator.store.opportunity import Change

# Changes a reader acts on; a new wording of the title or the text is none.
TOLD = WORTH_TELLING
_COMES_AND_GOES = frozenset({"withdrawn", "reopened"})


def told(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes worth telling, one a field, oldest value to newest; what changed back is left out.

    Give those since the letter that showed the item. That it was gone for more than two days is told even when it is back.
    """
    worth = [change for change in changes if change.field in TOLD]
    values = collapsed([change for change in worth if change.field not in _COMES_AND_GOES], within=None)
    listing = collapsed([change for change in worth if change.field in _COMES_AND_GOES])[-1:]
    return tuple(sorted((*values, *listing), key=lambda change: TOLD.index(change.field)))


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
        "withdrawn": words.gettext("the source has withdrawn it"),
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
    gone, come = ([text for text in (value or "").split(", ") if said_date(text)] for value in moved(change))
    earlier = moved_earlier(change)
    if len(gone) == len(come) == 1 and (line := _moved(gone[0], come[0], voice, earlier=earlier)):
        return line
    if earlier:
        return words.gettext("attention, a deadline is earlier now than before: look at all its dates")
    stated = any(said_date(text) for text in (change.before or "").split(", "))
    if not stated and len(come) == 1 and not is_hushed(change):
        return words.gettext("the deadline is now stated: %(day)s") % {"day": voice.short_day(_day(come[0]))}
    return words.gettext("the deadlines changed")


def _moved(gone: str, come: str, voice: Voice, *, earlier: bool) -> str | None:
    """One deadline that moved: to another day, or to another hour of its day; None where only the clock is another."""
    words = voice.words
    if (day := _day(come)) != _day(gone):
        days = {"before": voice.short_day(_day(gone)), "after": voice.short_day(day)}
        if earlier:
            line = words.gettext("attention, the deadline is earlier now: %(after)s, no longer %(before)s")
            return line % days
        return words.gettext("deadline moved from %(before)s to %(after)s") % days
    before, after = (text[11:16] or words.gettext("the end of the day") for text in (gone, come))
    if before == after:
        return None
    hours = {"day": voice.short_day(day), "before": before, "after": after}
    if earlier:
        line = words.gettext("attention, the deadline on %(day)s is earlier now: %(after)s, no longer %(before)s")
        return line % hours
    return words.gettext("the hour of the deadline on %(day)s changed: %(after)s, no longer %(before)s") % hours


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
