"""Members of the International Cooperative Alliance (ICA), from a file that ICA gives: its export, or the open snapshot.

The one thing to know: the two number their members differently. A source that has read the one never reads the other, or
number 149 would be a Malaysian union today and a land society tomorrow.
"""

from connectors.ica.about import ABOUT, Params, fetch
from connectors.ica.reading import identify, read, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
