"""Open-data portals that run CKAN: tables of calls, as rows of its data store or as a CSV that a data set links to.

The one thing to know: the portal knows nothing of calls; which column is what stands in the parameters.
"""

from connectors.generic.ckan.about import ABOUT, Params, rights
from connectors.generic.ckan.asking import fetch
from connectors.generic.ckan.table import identify, read, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split"]
