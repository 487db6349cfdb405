"""A notice made ready for the store, and what the store holds of one already: the two sides that `put` compares."""

from dataclasses import dataclass, field

from aggregator.store.keys import keys_of
from aggregator.store.opportunities import document
from aggregator.store.opportunity import Opportunity
from aggregator.store.rows import row
from aggregator.store.tables import pack
from connectors.base.contract import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice made ready for the store: cleaned, hashed, and said as members would see it.

    `opportunity.id` is 0: the store gives the number. `title_text` (a title a line) and `text` are for full-text search.
    `keys` are its strong keys (aggregator/store/keys.py). `notice_doc`, `doc` and `row` are what is stored, made
    once, outside of any transaction.
    """

    notice: Notice
    hash: str
    opportunity: Opportunity
    title_text: str
    text: str
    fingerprint: str | None = None
    warnings: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(init=False)
    notice_doc: bytes = field(init=False)
    doc: bytes = field(init=False)
    row: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", keys_of(self.notice.same_as))
        object.__setattr__(self, "notice_doc", pack(self.notice.model_dump_json()))
        object.__setattr__(self, "doc", document(self.opportunity, title=self.title_text, text=self.text))
        object.__setattr__(self, "row", row(self.opportunity, self.doc))


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of one notice, as far as a visit needs it."""

    hash: str
    opportunity_id: int
    fingerprint: str | None = None
    missed: int = 0
    withdrawn: bool = False
    unasked: bool = False
