"""LinkedIn: the posts of pages that the federation administers. Facts, agreements and ways out: docs/platforms/linkedin.md."""

from connectors.linkedin.about import ABOUT, Params
from connectors.linkedin.reading import audit, identify, read, split
from connectors.linkedin.tokens import expiring
from connectors.linkedin.walk import fetch

__all__ = ["ABOUT", "Params", "audit", "expiring", "fetch", "identify", "read", "split"]
