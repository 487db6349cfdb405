"""Validators (ETag, Last-Modified): what a server wants to hear back, so that it can say "nothing changed".

The one thing to know: they are kept verbatim, per address, and only under the fingerprint of the parameters and module
version that read the page; after a change of either the page is fetched once without them.
"""

import hashlib
import json

from connectors.base.contract import Memory, Page

_SENT_AS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


def key_of(url: str) -> str:
    """The key under which the validators of an address are remembered."""
    return f"validators:{hashlib.sha256(url.encode()).hexdigest()[:32]}"


def _recalled(memory: Memory, url: str, fingerprint: str) -> dict[str, str]:
    kept = memory.recall(key_of(url))
    value: dict[str, str] = json.loads(kept) if kept else {}
    return value if value.pop("fingerprint", None) == fingerprint else {}


def conditions(memory: Memory, url: str, fingerprint: str) -> dict[str, str]:
    """Return the request headers that make a request for this address conditional; empty: nothing is known."""
    kept = _recalled(memory, url, fingerprint)
    return {sent: kept[name] for name, sent in _SENT_AS.items() if name in kept}


def remember(memory: Memory, page: Page, fingerprint: str) -> None:
    """Remember what this page brought. An answer 304 may renew a part (RFC 9111, 4.3.4); `Expires: 0` takes all back."""
    if page.request is None or page.request.method != "GET" or page.status not in (200, 304):
        return
    named = {name: sent for name in _SENT_AS if (sent := page.headers.get(name, "")) and sent.isascii()}
    if page.status == 304:
        named = _recalled(memory, page.url, fingerprint) | named
    if page.headers.get("expires", "").strip() == "0":
        named = {}
    value = json.dumps({"fingerprint": fingerprint, **named}) if named else None
    # A repeated visit that brings nothing new writes nothing.
    if value != memory.recall(key_of(page.url)):
        memory.remember(key_of(page.url), value)
