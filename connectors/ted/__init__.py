"""TED, where the public buyers of Europe publish their tenders. Facts and ways out: docs/platforms/ted.md."""

from connectors.ted.about import ABOUT, Params
from connectors.ted.notice import identify, read, split
from connectors.ted.search import fetch

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
