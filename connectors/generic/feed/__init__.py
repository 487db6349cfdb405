"""Feeds of any site: RSS 0.9x to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

The one thing to know: a feed is a window on the newest items, so an item that is no longer in it says nothing.
"""

from connectors.generic.feed.about import ABOUT, Params
from connectors.generic.feed.document import fetch, split
from connectors.generic.feed.reading import read

__all__ = ["ABOUT", "Params", "fetch", "read", "split"]
