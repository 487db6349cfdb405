"""Files that a person lays in the folder of a source: CSV, JSON and workbooks of opportunities, posts or organisations.

The one thing to know: the folder is the truth. What stands in no file any more is withdrawn, unless the source says that
its files only bring what is new.
"""

from connectors.generic.file_drop.about import ABOUT, Params, rights, sweep_days
from connectors.generic.file_drop.folder import fetch
from connectors.generic.file_drop.reading import identify, read, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split", "sweep_days"]
