"""Texts that may be kept no longer are taken out: of what members see, of the notices, of search, of their detail pages.

The one thing to know: which text is due says the notice that it came with, by the rights that its source has today; whatever
has become of that source, switched off, removed or not installed any more.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

import connectors
from aggregator.intake import kept, sharing
from aggregator.intake.tables import pages, quarantine, sources
from aggregator.rights import over
from aggregator.store.opportunities import stored, words
from aggregator.store.opportunity import Opportunity
from aggregator.store.retention import Bare, bare, drop, without_text
from aggregator.store.rows import rows_of
from aggregator.store.sequence import alone
from aggregator.store.session import Store
from aggregator.store.tables import moment, notices, opportunities, pack, stamp, unpack
from connectors.base.contract import Connector, Notice, ParamError

STRICTEST_DAYS = 14
"""For so many days the pages of a connector that is not installed any more are kept: nobody can say what they hold."""
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one source's connector says of keeping. `module` None: it is not installed, or its row is wrong."""

    source: str
    module: Connector | None
    params: BaseModel | None

    @property
    def page_days(self) -> int:
        return self.module.ABOUT.keep_days if self.module else STRICTEST_DAYS

    @property
    def text_days(self) -> int | None:
        """After how many days a text of this source may be due at the earliest; None: only when it is over, or never."""
        if self._decides:
            return 0
        ends = self.module.ABOUT.rights.drop_text_at if self.module else 0
        return ends if isinstance(ends, int) else None

    @property
    def ends_texts(self) -> bool:
        """Whether any text of this source may be due at all. Doubt asks the notices themselves."""
        return self.module is None or self._decides or self.module.ABOUT.rights.drop_text_at != "never"

    @property
    def _decides(self) -> bool:
        return getattr(self.module, "rights", None) is not None

    def ends(self, notice: Notice, otherwise: str) -> str:
        if self.module is None or self.params is None:
            return otherwise
        return str(sharing.rights_of(self.module, self.params, notice).drop_text_at)


def rules_of(connection: sa.Connection) -> dict[str, Rule]:
    """The rules of every source."""
    # Also of sources that are switched off or removed: what they brought is kept by the same rules.
    rows = connection.execute(sa.select(sources.c.name, sources.c.connector, sources.c.params))
    return {row.name: _rule(row) for row in rows}


def _rule(row: Any) -> Rule:
    try:
        module = connectors.load(row.connector)
    except ParamError:
        return Rule(source=row.name, module=None, params=None)
    try:
        return Rule(source=row.name, module=module, params=module.Params.model_validate_json(row.params))
    except ValidationError:
        return Rule(source=row.name, module=module, params=None)


def take_out(store: Store, rules: Mapping[str, Rule], *, now: datetime, dry: bool, stopping: Callable[[], bool]) -> int:
    """Take out what is due, some opportunities and a transaction at a time; returns of how many opportunities."""
    names = [name for name, rule in rules.items() if rule.ends_texts]
    by_days = {name: days for name in names if (days := rules[name].text_days) is not None}
    details = store.look(lambda c: _details(c, names))
    dropped, last = 0, 0
    while names and not stopping():
        start = last

        def batch(connection: sa.Connection, start: int = start) -> tuple[int, int | None]:
            ids = _candidates(connection, names, by_days, now=now, after=start)
            return _drop(connection, ids, rules, details, now=now, dry=dry), max(ids, default=None)

        count, highest = store.look(batch) if dry else store.whole(batch)
        dropped += count
        if highest is None:
            break
        last = highest
    return dropped


def _candidates(
    connection: sa.Connection, names: Sequence[str], by_days: Mapping[str, int], *, now: datetime, after: int
) -> list[int]:
    here = opportunities.c
    may_be_due = [here.closes_at < stamp(now), here.withdrawn_at.is_not(None), notices.c.withdrawn_at.is_not(None)]
    if by_days:
        earliest = stamp(now - timedelta(days=min(by_days.values())))
        may_be_due.append(sa.and_(notices.c.source.in_(by_days), here.first_seen <= earliest))
    query = (
        sa.select(here.id)
        .join(notices, notices.c.opportunity_id == here.id)
        .where(notices.c.source.in_(names), here.text_dropped_at.is_(None), here.id > after, sa.or_(*may_be_due))
        .distinct()
    )
    return list(connection.scalars(query.order_by(here.id).limit(_BATCH)))


def _drop(
    connection: sa.Connection,
    ids: Sequence[int],
    rules: Mapping[str, Rule],
    details: Mapping[tuple[str, str], Sequence[int]],
    *,
    now: datetime,
    dry: bool,
) -> int:
    if not ids:
        return 0
    if not dry:
        alone(connection)
    behind: dict[int, list[Any]] = {}
    for row in connection.execute(sa.select(notices).where(notices.c.opportunity_id.in_(ids))):
        behind.setdefault(row.opportunity_id, []).append(row)
    bares: list[Bare] = []
    ended: list[tuple[Any, Notice | None]] = []
    for id, row in rows_of(connection, ids).items():
        item, rows = stored(row), behind.get(id, [])
        gone = {(one.source, one.source_id) for one in rows if one.withdrawn_at is not None}
        told = bare(item, words(row.doc)[1], now=now, withdrawn=gone)
        due, left = _notices(item, rows, rules, now=now)
        ended += due
        bares.append(replace(told, due=told.due or bool(due), left=told.left or left))
    count = sum(one.due for one in bares)
    if not dry:
        drop(connection, [one for one in bares if one.due], now=now)
        _forget(connection, ended, details)
    return count


def _notices(
    item: Opportunity, rows: Sequence[Any], rules: Mapping[str, Rule], *, now: datetime
) -> tuple[list[tuple[Any, Notice | None]], bool]:
    """The notices whose text is due, each with what is left of it (None: it has none already); and whether some are due
    later."""
    due: list[tuple[Any, Notice | None]] = []
    left = False
    for row in rows:
        notice, rule = Notice.model_validate_json(unpack(row.doc)), rules.get(row.source)
        ends = rule.ends(notice, item.rights.drop_text_at) if rule else item.rights.drop_text_at
        gone = {"withdrawn_at": item.withdrawn_at or moment(row.withdrawn_at)} if row.withdrawn_at else {}
        if over(ends, item.model_copy(update=gone), now):
            without = without_text(notice)
            due.append((row, without if without != notice else None))
        else:
            left = left or ends != "never"
    return due, left


def _forget(
    connection: sa.Connection,
    ended: Sequence[tuple[Any, Notice | None]],
    details: Mapping[tuple[str, str], Sequence[int]],
) -> None:
    """Take the texts out of the notices themselves, and drop their detail pages and what of them stood aside."""
    for row, without in ended:
        mine = {"source": row.source, "source_id": row.source_id}
        if without is not None:
            doc = pack(without.model_dump_json())
            connection.execute(sa.update(notices).filter_by(**mine).values(doc=doc))
        kept.forget(connection, row.source, list(details.get((row.source, row.source_id), ())))
        connection.execute(sa.update(quarantine).filter_by(**mine).where(quarantine.c.excerpt != "").values(excerpt=""))


def _details(connection: sa.Connection, names: Collection[str]) -> dict[tuple[str, str], list[int]]:
    # Once for the whole run: the number stands behind the long body of each row.
    found: dict[tuple[str, str], list[int]] = {}
    query = sa.select(pages.c.source, pages.c.of, pages.c.id).where(pages.c.source.in_(names), pages.c.of.is_not(None))
    for row in connection.execute(query):
        found.setdefault((row.source, row.of), []).append(row.id)
    return found
