"""How the recorded mails and parts of mails are put before the connector."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from connectors.base.contract import Page
from connectors.linkedin_alerts import Params


def page_of(row: dict[str, str], path: Path) -> Page:
    """A whole mail as it lies there; a text or a page in the mail that it was cut from.

    The parts, and the mails that were shortened, have lost what a mail server wrote of them: the senders decide.
    """
    body = path.read_bytes()
    if path.suffix != ".eml":
        mail = EmailMessage()
        mail["From"] = "LinkedIn Job Alerts <jobalerts-noreply@linkedin.com>"
        mail["To"] = "Reader <reader@office.example.org>"
        mail["Date"] = "Mon, 23 Nov 2026 07:00:00 +0000"
        mail.set_content(body.decode(), subtype="html" if path.suffix == ".html" else "plain", cte="quoted-printable")
        body = mail.as_bytes()
    return Page(
        url=f"file:{path.name}",
        body=body,
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role="mail",
        headers={"content-type": "message/rfc822"},
        params=Params(require_auth="none"),
    )
