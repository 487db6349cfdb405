"""A mail read: trusted or set aside, and then its links as items, or itself as one. Pure.

The one thing to know: whoever has mails of a special form (connectors/linkedin_alerts) takes `mail_of` and adds a parser; what
is refused is refused here, for all of them, as a record that says why.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from connectors.base.codes import language
from connectors.base.contract import Notice, Page, ParseError, Record, Skipped
from connectors.base.text import clean_line, plain, shorten
from connectors.generic.item import Item, notice_of
from connectors.generic.mailbox import trust
from connectors.generic.mailbox.about import Letterbox, Params
from connectors.generic.mailbox.fetching import FOLDER
from connectors.generic.mailbox.gathering import linked
from connectors.generic.mailbox.mime import ATTACHED, REFUSED, Mail, Unreadable, read_mail
from connectors.generic.mailbox.redacting import redacted

_SINGLE_BODY = 20_000
_LANG = re.compile(r"<html\b[^>]*?\slang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)", re.I)


@dataclass(frozen=True, slots=True)
class Trusted:
    """A mail that may be read: whose it is, when it came, and whether that is our server's date."""

    mail: Mail
    sender: trust.Sender
    at: datetime
    our_date: bool


Refused: TypeAlias = dict[str, str]


def mail_of(page: Page, params: Letterbox, *, spf_alone: bool = True) -> Trusted:
    """Read the mail of a page, redacted or as it came. Raises ParseError for one that is refused, with the reason."""
    body = redacted(page.body)
    try:
        mail = read_mail(body)
    except Unreadable as exc:
        raise ParseError(page.url, "mail", str(exc)) from exc
    if refused := mail.first(REFUSED.lower()):
        raise ParseError(page.url, "mail", clean_line(refused, 200))
    sender = trust.sender_of(mail, params, page.url, spf_alone=spf_alone)
    if mail.date is None:
        raise ParseError(page.url, "date", "the mail has no date that can be read, and no server says when it came")
    return Trusted(mail, sender, mail.date, not mail.dated)


def refusal(page: Page, exc: ParseError) -> Record:
    """The record of a mail that is refused: what an admin needs to know it again, and nothing of its text."""
    told: dict[str, Any] = {"refused": exc.why, "where": exc.where}
    try:
        mail = read_mail(redacted(page.body))
    except Unreadable:
        return Record(place_of(page), told)
    shown = {"from": (mail.sender or "").rpartition("@")[2], "subject": clean_line(mail.first("subject"), 100)}
    shown |= {"date": mail.first("date")[:40], "message": mail.first("message-id")[:100]}
    return Record(place_of(page), told | {key: value for key, value in shown.items() if value})


def place_of(page: Page) -> str:
    """Which mail it is, for the admin: its number in the folder, or its file."""
    return page.url.rpartition(";")[2][:200]


def refused(record: Record, page: Page) -> None:
    """Raise again what `refusal` wrote down."""
    if isinstance(record.data, dict) and "refused" in record.data:
        raise ParseError(page.url, str(record.data["where"]), str(record.data["refused"]))


def passed_over(page: Page) -> Iterator[Record]:
    """A record for the folder, so that one without new mail is not taken for silent, and one for each mail of a stranger."""
    try:
        state = json.loads(page.body)
        ignored = int(state["ignored"])
    except (ValueError, KeyError, TypeError) as exc:
        raise ParseError(page.url, "folder", "is not what a visit writes down of a folder") from exc
    yield Record("folder", {"skipped": "the folder, which was read to its end"})
    for number in range(min(ignored, 10_000)):
        yield Record(f"mail {number + 1} of others", {"skipped": "a mail of a sender who is not listed"})


def split(page: Page) -> Iterator[Record]:
    """Cut a mail into what it leads to. A mail that is refused is one record, which says why."""
    if page.role == FOLDER:
        yield from passed_over(page)
        return
    params = given(page)
    try:
        came = mail_of(page, params)
        found = _single(came, params, page) if params.parser == "single_item" else _linked(came, params, page)
    except ParseError as exc:
        yield refusal(page, exc)
        return
    if not found:
        yield Record(place_of(page), {"skipped": "a mail without a link to an item"})
    yield from (Record(f"link {number + 1}", data) for number, data in enumerate(found))


def given(page: Page) -> Params:
    if not isinstance(page.params, Params):
        raise ParseError(page.url, "params", "a mail cannot be judged without the parameters of its source")
    return page.params


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one link of a mail, or the mail itself where it is one item. What is refused raises ParseError."""
    refused(record, page)
    data: dict[str, Any] = record.data
    if "skipped" in data:
        return Skipped(data["skipped"])
    params = given(page)
    item = Item(
        source_id=data["url"],
        link=data["url"],
        title=data["title"],
        html=data["html"],
        published=datetime.fromisoformat(data["at"]),
        own_link=data["own"],
        extra=data["extra"],
    )
    return notice_of(item, params, name="mailbox", address=data["url"], fetched_at=page.fetched_at)


def identify(record: Record) -> str | None:
    """Whose record it is, where it is one of a link."""
    url = record.data.get("url")
    return url if isinstance(url, str) else None


def provenance(came: Trusted) -> dict[str, Any]:
    """Where a notice comes from: the mail, the domain that sent it, who vouched for it; our date where it had none."""
    told: dict[str, Any] = {"from": came.sender.domain, "proof": came.sender.proof}
    if message := came.mail.first("message-id").strip("<> ")[:200]:
        told["message"] = message
    if came.our_date:
        told["unread"] = [f"date: {clean_line(came.mail.first('date'), 80) or 'none'}; the day it came is taken"]
    return told


def _linked(came: Trusted, params: Params, page: Page) -> list[dict[str, Any]]:
    subject = clean_line(came.mail.first("subject"), 300)
    extra = provenance(came) | _attached(came, params)
    return [
        {
            "url": one.url,
            "title": one.title or subject,
            "html": _escaped(one.text),
            "at": came.at.isoformat(),
            "own": True,
            "extra": extra,
        }
        for one in linked(came.mail, params.item_url_pattern, url=page.url)
    ]


def _single(came: Trusted, params: Params, page: Page) -> list[dict[str, Any]]:
    """The mail itself: its subject, its text, and the first of its links that is an item; else the sender's front page."""
    mail = came.mail
    first = next(iter(linked(mail, params.item_url_pattern, url=page.url)), None)
    if first is None and params.item_url_pattern:
        return []
    text = mail.pages[0] if mail.pages else _escaped("\n".join(mail.texts)).replace("\n", "<br>")
    title = clean_line(mail.first("subject"), 300) or (first.title if first else "") or shorten(plain(text), 100)
    if not title:
        return []
    url = first.url if first else f"https://{came.sender.domain}/"
    extra = provenance(came) | _attached(came, params)
    own = first is not None and urlsplit(first.url).path not in ("", "/")
    data = {
        "url": url,
        "title": title,
        "html": text[:_SINGLE_BODY],
        "at": came.at.isoformat(),
        "own": own,
        "extra": extra,
    }
    return [data]


def _attached(came: Trusted, params: Params) -> dict[str, Any]:
    """How much hangs on the mail is always said; what it is called, where the source says so."""
    files = came.mail.all(ATTACHED.lower())[:50]
    if not files:
        return {}
    return {"attachments": files} if params.attachments == "name" else {"attachments_left_out": len(files)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_personal(page: Page, *, local: tuple[str, ...], classes: tuple[str, ...]) -> bool:
    """Whether a mail is a letter to a person, by the name of its sender's mailbox or by the class that it states."""
    try:
        mail = read_mail(redacted(page.body))
    except Unreadable:
        return False
    name = (mail.sender or "").partition("@")[0]
    return name in local or mail.first("x-linkedin-class").strip().lower() in classes


def language_of(html: str) -> str | None:
    """The language that a page states, as ISO 639-1."""
    stated = _LANG.search(html[:2_000])
    return language(stated[1]) if stated else None
