"""Under which rights a notice is shown: what its connector says, or decides by the parameters of the source.

The one thing to know: what comes by mail or lies in a file is not for everybody, and the office may say for whom it is;
when it changes its mind, what is held already follows at once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

import connectors
from aggregator.intake.normalise import normalise
from aggregator.rights import Reader, audiences
from aggregator.store.draft import Draft
from aggregator.store.put import known, put
from aggregator.store.tables import moment, notices, opportunities, unpack
from connectors.base.contract import Connector, Notice, ParamError, Rights, Title

_BATCH = 500
_PLAIN = Notice(source_id="plain", url="https://plain.example.org/", titles={"und": Title(text="plain")}, kind="news")
"""A notice that says nothing by which its rights could differ from those of its source."""


def rights_of(module: Connector, params: BaseModel, notice: Notice) -> Rights:
    """The rights of one notice. A connector whose sources differ has a pure function `rights(notice, params)`."""
    decides = getattr(module, "rights", None)
    rights: Rights = decides(notice, params) if decides is not None else module.ABOUT.rights
    return rights


def met_by(connection: sa.Connection, reader: Reader, sources: Iterable[Any]) -> set[str]:
    """Of these rows of `sources`, the names that a reader may meet: that the office reads a certain mailbox is its own affair.

    A source is met by whom its notices are for, and by whom something is for that it has brought already.
    """
    rows = list(sources)
    seen = {row.name for row in rows if _for(row.connector, row.params) in audiences(reader)}
    others = [row.name for row in rows if row.name not in seen]
    here = opportunities.c
    # From their notices, which are few; the opportunities are many, and each is long.
    brought = (
        sa.select(notices.c.source)
        .join(opportunities, here.id == notices.c.opportunity_id)
        .where(notices.c.source.in_(others), here.audience.in_(audiences(reader)))
        .where(here.sources.contains(sa.literal(" ") + notices.c.source + " "))
        .distinct()
    )
    return seen | set(connection.scalars(brought)) if others else seen


@lru_cache(1_000)
def _for(connector: str, params: str) -> str | None:
    try:
        module = connectors.load(connector)
    except ParamError:
        return None  # not installed any more: what it brought says for whom it is
    try:
        return rights_of(module, module.Params.model_validate_json(params), _PLAIN).audience
    except ValidationError:
        return module.ABOUT.rights.audience


def drafted(row: Any, module: Connector, params: BaseModel) -> Draft:
    """Make a stored notice (a row of `notices`) ready for the store again, under the rights of these parameters."""
    notice = Notice.model_validate_json(unpack(row.doc))
    rights = rights_of(module, params, notice)
    return normalise(notice, source=row.source, about=module.ABOUT, fetched_at=moment(row.fetched_at), rights=rights)


def share_anew(
    connection: sa.Connection, source: str, module: Connector, params: Mapping[str, BaseModel], *, now: datetime
) -> None:
    """Show what a source has brought under the rights of `params["after"]`, where they differ from `params["before"]`.

    What was ours to show to fewer people must not wait for the next visit to be hidden.
    """
    if getattr(module, "rights", None) is None:
        return
    held, drafts = known(connection, source), []
    for row in connection.execute(sa.select(notices).where(notices.c.source == source)):
        notice = Notice.model_validate_json(unpack(row.doc))
        if rights_of(module, params["before"], notice) != rights_of(module, params["after"], notice):
            drafts.append(drafted(row, module, params["after"]))
    for start in range(0, len(drafts), _BATCH):
        put(connection, drafts[start : start + _BATCH], source=source, held=held, now=now, cause="our_reading")
