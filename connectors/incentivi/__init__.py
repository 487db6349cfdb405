"""incentivi.gov.it, the catalogue of the incentives for companies in Italy. Facts and ways out: docs/platforms/incentivi.md."""

from connectors.incentivi.about import ABOUT, Params
from connectors.incentivi.fields import audit
from connectors.incentivi.notice import identify, read
from connectors.incentivi.search import fetch, split

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
