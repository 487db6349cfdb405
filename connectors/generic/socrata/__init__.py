"""Open-data portals that run Socrata: rows of a data set through its interface, SoQL in the question.

The one thing to know: the order of the rows must be total, or a row slips between two pages; `:id` behind it makes it so.
"""

from connectors.generic.socrata.about import ABOUT, Params, rights
from connectors.generic.socrata.asking import fetch
from connectors.generic.socrata.reading import identify, read, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split"]
