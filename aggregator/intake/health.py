"""Judge a visit: which class it belongs to, and whether it may say that something is gone. Pure.

The classes are those of docs/formats.md. Only a complete sweep that is `ok` or `same` may withdraw anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy.exc import OperationalError

from aggregator.intake.plausible import ACCEPT
from connectors.base.contract import Expect, FetchError, Mode, ParamError, ParseError

VisitClass: TypeAlias = Literal[
    "ok", "partial", "same", "transient", "throttled", "blocked", "auth", "gone", "drift", "suspicious", "config", "bug"
]
REJECTED_SHARE = 0.2
"""Above this share of unreadable records the source has changed, not the records (F7)."""
FEW = 5
"""So many detail pages that are gone or unreadable are judged by their share; fewer are an accident."""
NOTABLE = 10
"""A listing that had this many and now has none is a fault, not a quiet week (F6)."""
COLLAPSED = 0.25
"""So is a sweep that lists less than this share of what is usual; a window may be as empty as its days were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a visit brought.

    `read` are the records and cards of the list, `told` those that were read whole, `met` the organisations among them,
    which have no deadlines; `unread` the cards whose detail
    is still to be read; `details` are detail pages, of which `gone` are no more and `bad_details` cannot be read. `pages`
    are the answers, `unchanged` those that said nothing new and were not read, `passed` the records on them. `newest` is
    the latest publication (UTC). `repeated`: a page brought only what was listed before; `doubted`: why a page was not
    believed; `suspect`: what came in the place of one. `before` is what the last complete visit of this mode listed,
    `usual` the median of the last four.
    """

    mode: Mode
    read: int = 0
    told: int = 0
    met: int = 0
    skipped: int = 0
    passed: int = 0
    rejected: int = 0
    mail: bool = False
    pages: int = 0
    unchanged: int = 0
    dated: int = 0
    newest: datetime | None = None
    wrote: int = 0
    announced: int | None = None
    stopped: str | None = None
    bad_pages: tuple[str, ...] = ()
    repeated: bool = False
    doubted: str | None = None
    suspect: str | None = None
    unread: int = 0
    details: int = 0
    bad_details: int = 0
    gone: int = 0
    failure: Exception | None = None
    before: int | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: VisitClass
    complete: bool
    why: str | None = None
    listed: bool = False
    """The list was read to its end, though details may be left."""

    @property
    def good(self) -> bool:
        return self.kind in {"ok", "same", "partial"}


def warnings(facts: Facts, expect: Expect, now: datetime) -> list[str]:
    """What an admin should know of a visit that is otherwise well: too much of it, or nothing fresh in it."""
    found = []
    if expect.at_most is not None and facts.read > expect.at_most:
        found.append(f"{facts.read} notices, and at most {expect.at_most} are expected")
    if expect.fresh_days is not None and facts.newest is not None:
        age = (now - facts.newest).days
        if age > expect.fresh_days:
            found.append(f"the newest notice is {age} days old, and {expect.fresh_days} are expected at most")
    return found


def judge(facts: Facts, expect: Expect) -> Judgement:
    """Say what a visit was worth; `why` is for the admin and is set for everything but ok and same."""
    if facts.failure is not None:
        return _failed(facts)
    if facts.stopped and not facts.pages:
        # Nothing was heard of the source: "partial" would tell readers that it has just been read.
        return Judgement("transient", complete=False, why=f"{facts.stopped}, before the source answered")
    records = facts.read + facts.skipped + facts.rejected
    if facts.doubted:
        return Judgement("drift", complete=False, why=facts.doubted)
    if facts.gone >= FEW and 2 * facts.gone > facts.details:
        why = f"{facts.gone} of {facts.details} pages that are still listed are gone"
        return Judgement("suspicious", complete=False, why=why)
    if facts.bad_details >= FEW and facts.bad_details > REJECTED_SHARE * facts.details:
        why = f"{facts.bad_details} of {facts.details} pages of notices could not be read"
        return Judgement("drift", complete=False, why=why)
    if facts.suspect and not facts.told:
        return Judgement("suspicious", complete=False, why=facts.suspect)
    if facts.bad_pages and not facts.read and not facts.told:
        return Judgement("drift", complete=False, why=facts.bad_pages[0])
    # A mail that is forged, or that nobody can read, says nothing of how the others are written: it is set aside and shown.
    if facts.rejected and facts.rejected > REJECTED_SHARE * records and not facts.mail:
        return Judgement("drift", complete=False, why=f"{facts.rejected} of {records} records could not be read")
    all_unchanged = facts.pages > 0 and facts.unchanged == facts.pages
    # A visit that was cut off is not held against what a whole one brings.
    if not all_unchanged and not facts.stopped:
        silent = not records and not facts.unchanged
        if silent and facts.before is not None and facts.before >= NOTABLE:
            return Judgement(
                "suspicious", complete=False, why=f"it listed {facts.before} last time and nothing now{ACCEPT}"
            )
        if facts.mode == "sweep" and facts.usual and facts.usual >= NOTABLE and facts.read < COLLAPSED * facts.usual:
            why = f"it lists {facts.read}, and {facts.usual:.0f} is usual{ACCEPT}"
            return Judgement("suspicious", complete=False, why=why)
        if facts.mode == "sweep" and facts.read < expect.at_least:
            why = f"{facts.read} notices, and at least {expect.at_least} are expected"
            return Judgement("drift", complete=False, why=why)
        notices = facts.told - facts.met
        if notices and facts.dated < expect.with_deadline * notices:
            why = f"only {facts.dated} of {notices} notices state a deadline"
            return Judgement("drift", complete=False, why=why)
    left = f"{facts.unread} details are still to be read" if facts.unread else ""
    if facts.stopped:
        return Judgement("partial", complete=False, why=f"{facts.stopped}; {left}" if left else facts.stopped)
    if facts.bad_pages:
        return Judgement("partial", complete=False, why=facts.bad_pages[0])
    if facts.repeated:
        return Judgement("partial", complete=False, why="a page brought only what was listed before")
    # A detail that cannot be read was listed by its card.
    came = records - facts.bad_details + facts.passed
    if facts.announced is not None and came < facts.announced and not all_unchanged:
        return Judgement("partial", complete=False, why=f"{came} records of {facts.announced} announced")
    if left:
        return Judgement("partial", complete=False, why=left, listed=True)
    if all_unchanged or (facts.wrote == 0 and (facts.read or facts.unchanged)):
        return Judgement("same", complete=True, listed=True)
    return Judgement("ok", complete=True, listed=True)


def _failed(facts: Facts) -> Judgement:
    failure = facts.failure
    if isinstance(failure, FetchError):
        # An address that is not found is a matter of configuration; 410 is the platform's own word.
        kind: VisitClass = "config" if failure.kind == "gone" and failure.status == 404 else failure.kind
        if (facts.read or facts.told) and failure.kind == "transient":
            return Judgement("partial", complete=False, why=str(failure))
        return Judgement(kind, complete=False, why=str(failure))
    if isinstance(failure, ParseError):
        # A login or a notice of maintenance in the place of a page: the platform has not changed its form.
        return Judgement("suspicious" if failure.suspicious else "drift", complete=False, why=str(failure))
    if isinstance(failure, OperationalError):
        return Judgement("transient", complete=False, why=f"the store did not answer: {failure.orig}")
    if isinstance(failure, ParamError):
        return Judgement("config", complete=False, why=str(failure))
    return Judgement("bug", complete=False, why=f"{type(failure).__name__}: {failure}")
