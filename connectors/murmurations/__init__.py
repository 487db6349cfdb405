"""Murmurations: an open index of profiles, which lie on their owners' sites. Facts: docs/platforms/murmurations.md."""

from connectors.murmurations.about import ABOUT, Params
from connectors.murmurations.reading import audit, identify, read, split
from connectors.murmurations.walk import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
