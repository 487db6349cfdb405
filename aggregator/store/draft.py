"""A notice made ready for the store, and what the store holds of one already: the two sides that `put` compares."""

from dataclasses import dataclass, field

from aggregator.store.opportunities import document
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import pack
from connectors.base.contract import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice made ready for the store: cleaned, hashed, and said as members would see it.

    `opportunity.id` is 0: the store gives the number. `title_text` (a title a line) and `text`
    are for full-text search. `notice_doc` and `doc` are what is stored, made once, outside of any transaction.
    """

    notice: Notice
    hash: str
    opportunity: Opportunity
    title_text: str
    text: str
    fingerprint: str | None = None
    warnings: tuple[str, ...] = ()
    notice_doc: bytes = field(init=False)
    doc: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notice_doc", pack(self.notice.model_dump_json()))
        object.__setattr__(self, "doc", document(self.opportunity, title=self.title_text, text=self.text))


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of one notice, as far as a visit needs it."""

    hash: str
    opportunity_id: int
    fingerprint: str | None = None
    missed: int = 0
    withdrawn: bool = False
    unasked: bool = False
