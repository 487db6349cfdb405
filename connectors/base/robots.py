"""robots.txt: what a site asks of robots (RFC 9309), kept for a day.

The one thing to know: a site without a robots.txt (any 4xx, or a redirect that leads nowhere) allows everything; a site
whose robots.txt cannot be had for other reasons is not read at all until it can (RFC 9309, 2.3.1).
"""

import functools
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from protego import Protego

from connectors.base.contract import FetchError, Memory
from connectors.base.guard import masked

KEPT_FOR = timedelta(hours=24)
LONGEST = 500 * 1024  # RFC 9309, 2.5: more is not read


def rules_of(origin: str, memory: Memory, *, now: datetime, read: Callable[[str], bytes]) -> str:
    """Return the text of a site's robots.txt, read at most once a day. Empty: there is none."""
    key = f"robots:{origin}"
    kept = memory.recall(key)
    if kept is not None:
        value = json.loads(kept)
        if timedelta() <= now - datetime.fromisoformat(value["at"]) < KEPT_FOR:
            return str(value["text"])
    try:
        body = read(f"{origin}/robots.txt")
    except FetchError as exc:
        # Without a status nothing was answered that we could take for a word of the site.
        if exc.kind in ("transient", "throttled") or exc.status is None:
            raise
        body = b""
    text = body[:LONGEST].decode("utf-8-sig", errors="replace").replace("\0", "")
    if text.lstrip()[:1] == "<":
        text = ""  # a web page that says in its own way that there is no such file
    memory.remember(key, json.dumps({"at": now.isoformat(), "text": text}))
    return text


def delay_for(url: str, text: str, user_agent: str) -> float:
    """Return the seconds that a site wants between two requests, 0 if it does not say.

    Raises FetchError("blocked") when it does not want us to read this address.
    """
    # The name alone: a rule for "contact" or for a host is not meant for whoever names its contact page.
    us, rules = user_agent.partition("/")[0], _rules(text)
    if not rules.can_fetch(url, us):
        raise FetchError("blocked", masked(url), "robots.txt does not allow this address")
    return rules.crawl_delay(us) or 0.0


@functools.lru_cache(maxsize=4)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
