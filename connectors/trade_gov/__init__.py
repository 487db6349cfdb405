"""The data services of the International Trade Administration. Facts and ways out: docs/platforms/trade_gov.md."""

from connectors.trade_gov.about import ABOUT, Params
from connectors.trade_gov.reading import audit, identify, read, split
from connectors.trade_gov.search import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
