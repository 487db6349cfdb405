"""A mail read as the pipeline reads a page of it."""

from datetime import UTC, datetime
from typing import Any

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Page
from connectors.generic import mailbox
from connectors.generic.mailbox import Params
from tests.connectors.mailbox.mails import SERVER

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
USUAL: dict[str, Any] = {"allow_senders": ("calls.example.org",), "trusted_authserv_ids": (SERVER,)}


def page(body: bytes, **params: Any) -> Page:
    return Page(
        url="file:mail.eml",
        body=body,
        fetched_at=NOW,
        role="mail",
        headers={"content-type": "message/rfc822"},
        params=Params(**USUAL | params),
    )


def read(body: bytes, **params: Any) -> list[Any]:
    return list(readings(mailbox, page(body, **params)))


def notices(body: bytes, **params: Any) -> list[Notice]:
    """The notices of a mail that is read whole."""
    found = read(body, **params)
    assert [bad.reason for bad in found if isinstance(bad, Rejected)] == []
    return [one for one in found if isinstance(one, Notice)]


def reason(body: bytes, **params: Any) -> str:
    """Why a mail is refused."""
    (found,) = read(body, **params)
    assert isinstance(found, Rejected), found
    return found.reason
