"""The names of things that the store knows by a short word: statuses, deadline kinds, classes of a visit, fields.

The one thing to know: codes of the outer world (countries, sectors, CPV) are named by aggregator.taxonomy, not here.
"""

from collections.abc import Collection

from flask_babel import gettext, ngettext

from aggregator.intake.standing import SourceState
from aggregator.store.opportunity import Change, Status
from connectors.base.contract import Deadline, Reservation
from web.context import Reader


def status_word(status: Status) -> str:
    words: dict[str, str] = {
        "open": gettext("Open"),
        "forthcoming": gettext("Forthcoming"),
        "unknown": gettext("Closing date not stated"),
        "closed": gettext("Closed"),
        "withdrawn": gettext("Withdrawn"),
    }
    return words[status]


def sort_word(sort: str) -> str:
    words: dict[str, str] = {
        "deadline": gettext("Deadline soonest"),
        "newest": gettext("Newest on the board"),
        "published": gettext("Newest published"),
        "relevance": gettext("Best match for the words"),
    }
    return words[sort]


def reserved_word(choice: str) -> str:
    words: dict[str, str] = {
        "any": gettext("Any reserved contract"),
        "res-ws": gettext("Sheltered workshops and economic operators (Art. 20)"),
        "res-pub-ser": gettext("Public service mission (Art. 77)"),
    }
    return words[choice]


def within_word(days: int) -> str:
    return str(ngettext("within %(num)d day", "within %(num)d days", days))


def since_word(days: int) -> str:
    return str(ngettext("in the last day", "in the last %(num)d days", days))


def deadline_word(deadline: Deadline) -> str:
    """What the deadline is for; the source's own label follows where there is one."""
    words: dict[str, str] = {
        "submission": gettext("Submission"),
        "stage": gettext("Stage"),
        "eoi": gettext("Expression of interest"),
        "registration": gettext("Registration"),
        "validity": gettext("Valid until"),
        "event": gettext("Event"),
    }
    return words[deadline.kind]


def undated_word(certainties: Collection[str]) -> str:
    """Why there is no date: "continuous", "until funds run out" and "not stated" are three different things."""
    if "continuous" in certainties:
        return str(gettext("continuous"))
    if "until_funds" in certainties:
        return str(gettext("until funds run out"))
    return str(gettext("date not stated"))


def zone_word(place: str) -> str:
    """Whose clock it is: "Paris time"; UTC is the time of no city."""
    return place if place.startswith(("UTC", "GMT")) else str(gettext("%(city)s time", city=place))


def left_word(days: int) -> str:
    if days == 0:
        return str(gettext("today"))
    if days == 1:
        return str(gettext("tomorrow"))
    return str(ngettext("%(num)d day left", "%(num)d days left", days))


def reservation_word(reservation: Reservation) -> str:
    """What is reserved and which article the reader has to check; never that somebody qualifies."""
    if reservation.type == "res-ws":
        return str(gettext("Reserved for sheltered workshops: check Art. 20 of Directive 2014/24/EU"))
    return str(
        gettext("Reserved for organisations with a public service mission: check Art. 77 of Directive 2014/24/EU")
    )


def lots_word(lots: tuple[str, ...]) -> str:
    if not lots:
        return str(gettext("the whole notice"))
    # TED numbers its lots LOT-0001.
    named = ", ".join(lot.removeprefix("LOT-").lstrip("0") or lot for lot in lots)
    return str(ngettext("lot %(lots)s", "lots %(lots)s", len(lots), lots=named))


def verdict_word(verdict: str) -> str:
    words: dict[str, str] = {
        "open": gettext("Open to all"),
        "restricted": gettext("Restricted: read the conditions at the source"),
        "us_only": gettext("Only for organisations in the United States"),
        "not_stated": gettext("not stated"),
    }
    return words[verdict]


def field_word(change: Change) -> str:
    words: dict[str, str] = {
        "deadline": gettext("Deadline"),
        "status": gettext("Status"),
        "kind": gettext("Kind"),
        "title": gettext("Title"),
        "budget": gettext("Value"),
        "grant": gettext("Grant per applicant"),
        "eligibility": gettext("Who may take part"),
        "reserved": gettext("Reservation"),
        "opens": gettext("Opens"),
        "reopened": gettext("Back after it had been withdrawn"),
        "withdrawn": gettext("Withdrawn"),
        "organisation": gettext("Published by"),
        "programme": gettext("Programme"),
        "countries": gettext("Where"),
        "regions": gettext("Regions"),
        "codes": gettext("Codes"),
        "offer_languages": gettext("Language of the offer"),
        "documents": gettext("Documents"),
        "url": gettext("Address at the source"),
        "summary": gettext("Summary"),
        "text": gettext("Text"),
    }
    return words.get(change.field, change.field)


def trouble(visit_class: str) -> str | None:
    """In plain words why the last visit brought nothing; None when it went well (classes of docs/formats.md)."""
    words: dict[str, str] = {
        "transient": gettext("not reached: it did not answer"),
        "throttled": gettext("not reached: it asks to be read less often"),
        "blocked": gettext("not reached: it does not admit programs"),
        "auth": gettext("not reached: it did not accept our key"),
        "gone": gettext("not reached: the page no longer exists"),
        "drift": gettext("not read: its pages have changed"),
        "suspicious": gettext("not read: its answer looked wrong, so the earlier data stay"),
        "config": gettext("not read: a setting is missing or wrong"),
        "bug": gettext("not read: a fault on our side"),
    }
    return words.get(visit_class)


def state_word(state: SourceState, reader: Reader) -> str:
    """One line on a source: "last read 2 hours ago", "not reached: …, last tried …", "never read yet", "paused"."""
    if not state.enabled:
        return str(gettext("paused"))
    if state.last_visit is None:
        return str(gettext("never read yet"))
    why = trouble(state.last_class or "")
    if why is None:
        return str(gettext("last read %(ago)s", ago=reader.ago(state.last_good or state.last_visit)))
    tried = str(gettext("%(why)s; last tried %(ago)s", why=why, ago=reader.ago(state.last_visit)))
    if state.last_good is None:
        return tried
    return str(gettext("%(tried)s, last read %(ago)s", tried=tried, ago=reader.ago(state.last_good)))
