"""ANAC, Pubblicità a Valore Legale: the tenders of every Italian buyer. Facts and ways out: docs/platforms/anac_pvl.md."""

from connectors.anac_pvl.about import ABOUT, Params
from connectors.anac_pvl.notice import identify, read
from connectors.anac_pvl.search import fetch, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
