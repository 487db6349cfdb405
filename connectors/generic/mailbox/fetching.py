"""Mails into pages, from a server or from files, one page a mail; where the next visit begins moves with each page.

The one thing to know: a page holds the mail redacted (redacting.py), and it comes last even where the mail is refused, so
that no mail is lost and none stands in the way of those behind it.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from connectors.base.contract import FetchError, Page, Visit
from connectors.base.pace import VisitOver
from connectors.base.text import clean_line
from connectors.generic.mailbox.imap import LARGEST, Folder, opened
from connectors.generic.mailbox.mime import plain_address, sender_of
from connectors.generic.mailbox.redacting import redacted
from connectors.generic.mailbox.trust import listed

MAIL, FOLDER = "mail", "folder"
_BEFORE_CHANGE = timedelta(days=3)
_SECONDS, _TRIED = 10 * 60.0, 3


def fetch(visit: Visit) -> Iterator[Page]:
    """Read the mails that are new to this source, oldest first. Without a server: the .eml files of its folder."""
    yield from _from_server(visit) if visit.params.host else _from_files(visit)


def _from_files(visit: Visit) -> Iterator[Page]:
    for file in visit.files():
        if not file.name.lower().endswith((".eml", ".txt")):
            visit.log.warning("no mail: only .eml files are read", file=file.name)
            continue
        refused = _too_large(len(file.body)) if len(file.body) > LARGEST else ""
        body = b"" if refused else file.body
        yield _page(visit, f"file:{quote(file.name)}", redacted(body, refused=refused), None)


def _from_server(visit: Visit) -> Iterator[Page]:
    params = visit.params
    ends = time.monotonic() + _SECONDS
    with opened(visit, _secret(visit)) as folder:
        place = f"imap://{params.host}/{quote(params.folder, safe='/')};UIDVALIDITY={folder.uidvalidity}"
        state = _state(visit, folder)
        uids, taken, ignored, over = _new(visit, folder, state), 0, 0, ""
        if uids:
            state["ignored"] = 0
        for head in folder.heads(uids):
            if time.monotonic() > ends:
                over = "the time of this visit is spent"
                break
            mine = sender_of(_from(head.sender))
            if len(mine) != 1 or not listed(plain_address(mine[0]) or "", params.allow_senders):
                ignored += 1
                state |= {"last_uid": head.uid, "ignored": ignored}
                continue
            if taken >= (_TRIED if visit.trial else params.max_mails):
                over = f"{len(uids) - taken - ignored} mails wait for the next visit"
                break
            taken += 1
            refused, body = "", b""
            if head.size > LARGEST:
                refused = _too_large(head.size)
            else:
                body = folder.body(head.uid) or b""
                if not body:
                    continue  # deleted since it was listed
                if len(body) > LARGEST:
                    refused, body = _too_large(len(body)), b""
            state["last_uid"] = head.uid
            kept = redacted(body or _header(head.sender), received=head.received, refused=refused)
            yield _page(visit, f"{place}/;UID={head.uid}", kept, json.dumps(state | {"ignored": 0}))
        # What the folder is read to, also where nothing in it was for us; unchanged, it says that nothing is new.
        said = json.dumps(state)
        yield Page(
            url=place,
            body=said.encode(),
            fetched_at=visit.now,
            role=FOLDER,
            headers={"content-type": "application/json"},
            cursor_after=said,
        )
        if over and not visit.trial:
            # Not whole: were the mails numbered anew now, those that wait would be looked for by the last whole visit.
            raise VisitOver(over)


def _page(visit: Visit, url: str, body: bytes, cursor: str | None) -> Page:
    headers = {"content-type": "message/rfc822"}
    return Page(url=url, body=body, fetched_at=visit.now, role=MAIL, headers=headers, cursor_after=cursor)


def _state(visit: Visit, folder: Folder) -> dict[str, Any]:
    """Where the last visit ended; begun anew for another server or folder, and where the numbers were given out anew."""
    fresh = {"host": visit.params.host, "user": _nobody(visit.params.user), "folder": folder.name}
    fresh |= {"uidvalidity": folder.uidvalidity}
    try:
        old = json.loads(visit.cursor or "{}")
    except ValueError:
        old = {}
    if not isinstance(old, dict) or any(old.get(key) != fresh[key] for key in ("host", "user", "folder")):
        return fresh | {"last_uid": 0, "ignored": 0, "since": "first"}
    if old.get("uidvalidity") != folder.uidvalidity or not isinstance(old.get("last_uid"), int):
        visit.log.warning("the server has numbered its mails anew; the last days are read again", folder=folder.name)
        return fresh | {"last_uid": 0, "ignored": 0, "since": "change"}
    return fresh | {"last_uid": old["last_uid"], "ignored": int(old.get("ignored", 0))}


def _nobody(user: str) -> str:
    # The cursor is kept and shown; whose mailbox it is concerns nobody.
    return hashlib.blake2b(user.encode(), digest_size=6).hexdigest()


def _new(visit: Visit, folder: Folder, state: dict[str, Any]) -> list[int]:
    since = state.pop("since", None)
    if since is None and state["last_uid"]:
        uids = folder.after(state["last_uid"])
    else:
        first = visit.now - timedelta(days=visit.params.since_days)
        again = (visit.since or first) - _BEFORE_CHANGE if since == "change" else first
        uids = folder.since(again.date())
    if visit.trial:
        uids = uids[-100:]
    return uids


def _secret(visit: Visit) -> str:
    """The password, or an access token for an hour. A refresh token that is renewed is kept before it is used (F24)."""
    params = visit.params
    if params.auth == "password" or params.token_url is None:
        return visit.secrets.require(params.key)
    with visit.secrets.lock(params.key):
        fields = {"grant_type": "refresh_token", "refresh_token": visit.secrets.require(params.key)}
        optional = {"client_id": params.client_id, "scope": params.scope}
        optional["client_secret"] = visit.secrets.get(f"{params.key}-client") or ""
        fields |= {name: value for name, value in optional.items() if value}
        answer = visit.http.post_form(params.token_url, fields, accept=(400, 401, 403))
        said = _token(answer)
        if answer.status != 200 or not isinstance(said.get("access_token"), str):
            why = str(said.get("error") or f"status {answer.status}")
            for secret in (fields["refresh_token"], fields.get("client_secret")):
                why = why.replace(secret, "***") if secret else why
            why = clean_line(why, 100)
            raise FetchError("auth", params.token_url, f"no access token: {why}; the mailbox has to be connected again")
        if isinstance(said.get("refresh_token"), str):
            visit.secrets.put(params.key, said["refresh_token"])
    return str(said["access_token"])


def _token(answer: Page) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _from(header: bytes) -> str:
    text = header.decode("utf-8", "replace").replace("\r\n", "\n")
    folded = text.replace("\n ", " ").replace("\n\t", " ")
    found = [line.partition(":")[2] for line in folded.split("\n") if line.lower().startswith("from:")]
    # Several headers of this name are one problem more than one address.
    return ",".join(found)


def _header(sender: bytes) -> bytes:
    return sender.strip() + b"\r\n\r\n"


def _too_large(size: int) -> str:
    return f"is larger than {LARGEST // 1_000_000} MB ({size} bytes), and is not fetched"
