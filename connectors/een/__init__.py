"""Enterprise Europe Network, partnering opportunities: companies that seek partners. Facts: docs/platforms/een.md."""

from connectors.een.about import ABOUT, Params
from connectors.een.reading import audit, identify, read, split
from connectors.een.walk import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
