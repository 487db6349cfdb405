"""An organisation made ready for the directory, and what the directory holds of one already: the sides `put` compares.

The one thing to know: what an organisation is recognised by is drawn here, of the cleaned words, and nowhere else.
"""

from dataclasses import dataclass, field, replace

from aggregator.directory.names import bare, host_of, name_key, site_of
from aggregator.store.tables import pack
from connectors.base.contract import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDraft:
    """An organisation, cleaned and hashed. `doc` is what is stored, made once, outside of any transaction."""

    organisation: Organisation
    hash: str
    fingerprint: str | None = None
    name_key: str | None = field(init=False)
    site: str | None = field(init=False)
    host: str | None = field(init=False)
    place: str | None = field(init=False)
    doc: bytes = field(init=False)

    def __post_init__(self) -> None:
        said = self.organisation
        site = site_of(said.website or next(iter(said.domains), None))
        drawn = {
            "name_key": name_key(said.name),
            "site": site,
            "host": host_of(site),
            "place": bare(said.place) if said.place else None,
            "doc": pack(said.model_dump_json()),
        }
        for name, value in drawn.items():
            object.__setattr__(self, name, value)

    @property
    def source_id(self) -> str:
        return self.organisation.source_id

    def marked(self, fingerprint: str | None) -> "OrganisationDraft":
        """The same, held with the fingerprint of its card from now on."""
        return replace(self, fingerprint=fingerprint)


@dataclass(frozen=True, slots=True)
class Held:
    """What the directory holds of one organisation, as far as a visit needs it."""

    hash: str
    number: int
    fingerprint: str | None = None
    missed: int = 0
    withdrawn: bool = False
    unasked: bool = False
