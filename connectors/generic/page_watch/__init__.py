"""One page, watched: passages that were not there before become a notice, for a person to look at.

The one thing to know: the first look only takes note; what is reported is what has been added since, and it goes to the
office alone until an admin ticks `share`.
"""

from connectors.generic.page_watch.about import ABOUT, Params
from connectors.generic.page_watch.reading import read, rights, split
from connectors.generic.page_watch.watch import fetch

__all__ = ["ABOUT", "Params", "fetch", "read", "rights", "split"]
