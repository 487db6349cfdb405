"""What sources need before they can be read: keys, by the names that their parameters give, and what else their page says.

The one thing to know: a parameter holds the name of a key, the vault holds the key; two sources may share one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.store.secrets import Kept
from connectors.base.contract import Key, ParamError

SOON = timedelta(days=10)
"""So long before a key ends its keeper is told."""


@dataclass(frozen=True, slots=True)
class Need:
    """One key that one source asks for; `kept` is None while nobody has set it. An empty name: the source asks for none."""

    source: str
    enabled: bool
    key: Key
    name: str
    kept: Kept | None

    @property
    def missing(self) -> bool:
        return self.kept is None and not self.key.optional

    def ends_soon(self, now: datetime) -> bool:
        return self.kept is not None and self.kept.expires_at is not None and self.kept.expires_at - now < SOON


def of_source(source: sources.Source, kept: Iterable[Kept]) -> list[Need]:
    """The keys of one source, in the order in which its connector declares them."""
    there = {one.name: one for one in kept}
    named = ((key, str(getattr(source.params, key.param, "") or "")) for key in source.about.keys)
    return [Need(source.name, source.enabled, key, name, there.get(name)) for key, name in named if name]


def of_all(connection: sa.Connection, kept: Sequence[Kept]) -> list[Need]:
    """The keys of every source whose row can be read."""
    found: list[Need] = []
    for name in sources.names(connection):
        try:
            found += of_source(sources.get(connection, name), kept)
        except ParamError:
            continue  # its row is wrong, which its own visit says
    return found
