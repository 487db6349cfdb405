"""EU Funding & Tenders Portal: calls and tenders of the European Commission. Facts: docs/platforms/eu_funding.md."""

from connectors.eu_funding.about import ABOUT, Params
from connectors.eu_funding.fields import audit
from connectors.eu_funding.notice import identify, read, split
from connectors.eu_funding.search import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
