"""LinkedIn, as far as it may be read: the alert mails that it sends to a mailbox of the office.

The one thing to know: every link in such a mail signs its reader in, so none is kept as it came (docs/platforms/linkedin_alerts.md).
"""

from connectors.linkedin_alerts.alerts import ABOUT, Params, fetch, identify, read, rights, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split"]
