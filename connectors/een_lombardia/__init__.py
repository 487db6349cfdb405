"""Open Innovation Lombardia: profiles of the Enterprise Europe Network in Italian. Facts: docs/platforms/een_lombardia.md."""

from connectors.een_lombardia.about import ABOUT, Params
from connectors.een_lombardia.reading import identify, read, split
from connectors.een_lombardia.walk import fetch

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
