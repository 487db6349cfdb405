"""Lists on web pages, read by CSS selectors: calls, news and events of sites that offer no feed.

The one thing to know: the default of every selector is to do without it, so a site whose markup nobody has seen can be
read by the form of its addresses alone.
"""

from connectors.generic.html_list.about import ABOUT, Params
from connectors.generic.html_list.reading import identify, read, split, sweep_days
from connectors.generic.html_list.walk import fetch

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split", "sweep_days"]
