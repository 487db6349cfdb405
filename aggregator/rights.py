"""What of an opportunity may be shown to whom: one pure decider that every way out passes.

The one thing to know: doubt narrows. Where no written basis is known, a reader gets 400 characters and the link,
whatever a source says it would allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from aggregator.store.opportunity import AUDIENCES, Opportunity, Provenance, ShownBy, audience_of, status
from connectors.base.contract import Rights
from connectors.base.text import plain, shorten

Reader: TypeAlias = Literal["public", "member", "office"]

UNKNOWN_BASIS = "not known"
SUMMARY = 400

_SHOW = ("link", "summary", "full")
_REACH = {"public": 0, "member": 1, "office": 2}


def audiences(to: Reader) -> tuple[str, ...]:
    """For whom something may be that this reader sees."""
    return AUDIENCES[: _REACH[to] + 1]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one reader may see. Not visible: not even that it exists; the link and the attribution are empty too.

    `conditions` (who may take part, in the source's own words) is a long text, so the rights of a body hold for it.
    `notices` are those behind it of which this reader may know.
    """

    visible: bool
    summary: str | None
    body: str | None
    attribution: str
    link: str
    conditions: str | None = None
    notices: tuple[Provenance, ...] = ()


def shown(item: Opportunity, *, to: Reader, now: datetime) -> Shown:
    """Decide what of an opportunity a reader may see now; the title and the facts go with `visible`.

    `show`: full = summary and body, summary = at most 400 characters, link = neither. `drop_text_at`: close = no text
    once it is closed or withdrawn; a number = no text that many days after we first read it. Source: docs/vocabulary.md, Rights.
    """
    rights = item.rights
    if rights.audience not in audiences(to):
        return Shown(visible=False, summary=None, body=None, attribution="", link="")
    summary: str | None = None
    body: str | None = None
    conditions: str | None = None
    show = "summary" if rights.show == "full" and _doubtful(rights.basis) else rights.show
    if show != "link" and not over(item.rights.drop_text_at, item, now):
        summary = item.summary or (plain(item.body) if item.body else None)
        if show == "full":
            body = item.body
            conditions = item.eligibility.text if item.eligibility else None
            summary = item.summary
        elif summary:
            summary = shorten(summary, SUMMARY)
    return Shown(
        visible=True,
        summary=summary,
        body=body,
        attribution=rights.attribution,
        link=item.url,
        conditions=conditions,
        notices=tuple(notice for notice in item.notices if audience_of(notice) in audiences(to)),
    )


def _doubtful(basis: str) -> bool:
    return basis.strip().lower() in {"", UNKNOWN_BASIS}


def over(ends: str, item: Opportunity, now: datetime) -> bool:
    """Whether a text of this opportunity may be shown no longer, and kept no longer, that ends so (`drop_text_at`)."""
    return any(_passed(when, item, now) for when in ends.split())


def _passed(when: str, item: Opportunity, now: datetime) -> bool:
    if when == "never":
        return False
    if when == "close":
        return status(item, now) in {"closed", "withdrawn"}
    return now >= item.first_seen + timedelta(days=int(when))


def strictest(rights: Iterable[Rights]) -> ShownBy:
    """Join the rights of several notices so that none of them is exceeded; of none: what holds when nothing is known.

    Two ends of a text that cannot be compared are both kept (`close 30`), and the first to come counts.
    """
    given = tuple(rights)
    if not given:
        return ShownBy()
    bases = {UNKNOWN_BASIS if _doubtful(one.basis) else one.basis for one in given}
    return ShownBy(
        show=min((one.show for one in given), key=_SHOW.index),
        audience=max((one.audience for one in given), key=AUDIENCES.index),
        attribution=" · ".join(dict.fromkeys(one.attribution for one in given if one.attribution)),
        drop_text_at=_soonest(one.drop_text_at for one in given),
        basis=UNKNOWN_BASIS if UNKNOWN_BASIS in bases else " · ".join(sorted(bases)),
    )


def _soonest(ends: Iterable[Literal["never", "close"] | int]) -> str:
    given = set(ends)
    days = [end for end in given if isinstance(end, int)]
    words = ["close"] if "close" in given else []
    return " ".join([*words, *([str(min(days))] if days else [])]) or "never"
