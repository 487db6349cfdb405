"""WordPress sites through their REST interface: posts, types of their own ("bandi"), events of The Events Calendar.

The one thing to know: the site's own dates carry no zone; those called gmt are UTC without saying so.
"""

from connectors.generic.wordpress.about import ABOUT, Params
from connectors.generic.wordpress.listing import fetch, split
from connectors.generic.wordpress.reading import identify, read

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
