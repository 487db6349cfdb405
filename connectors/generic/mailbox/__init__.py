"""Alert mails and newsletters, from a folder of a mailbox or from .eml files: docs/platforms/mailbox.md.

The one thing to know: a mail is redacted before anything else happens to it, no link in it is ever followed, and what it
brings is never public.
"""

from connectors.generic.mailbox.about import ABOUT, Params, rights
from connectors.generic.mailbox.fetching import fetch
from connectors.generic.mailbox.reading import identify, read, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split"]
