"""Under which rights a notice is shown: what its connector says, or decides by the parameters of the source.

The one thing to know: what comes by mail or lies in a file is not for everybody, and the office may say for whom it is;
when it changes its mind, what is held already follows at once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from aggregator.intake.normalise import normalise
from aggregator.store.draft import Draft
from aggregator.store.put import known, put
from aggregator.store.tables import moment, notices, unpack
from connectors.base.contract import Connector, Notice, Rights

_BATCH = 500


def rights_of(module: Connector, params: BaseModel, notice: Notice) -> Rights:
    """The rights of one notice. A connector whose sources differ has a pure function `rights(notice, params)`."""
    decides = getattr(module, "rights", None)
    rights: Rights = decides(notice, params) if decides is not None else module.ABOUT.rights
    return rights


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
