"""robots.txt: what a site asks of robots, kept for a day.

The one thing to know: a site without a robots.txt (any 4xx) allows everything; a site whose robots.txt cannot be had
for other reasons is not read at all until it can (RFC 9309, 2.3.1).
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

from connectors.base.contract import FetchError, Memory
from connectors.base.guard import masked

KEPT_FOR = timedelta(hours=24)
LONGEST = 500 * 1024  # RFC 9309, 2.5


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
        if exc.kind in ("transient", "throttled"):
            raise
        body = b""
    text = body[:LONGEST].decode("utf-8-sig", errors="replace")
    memory.remember(key, json.dumps({"at": now.isoformat(), "text": text}))
    return text


def delay_for(url: str, text: str, user_agent: str) -> float:
    """Return the seconds that a site wants between two requests, 0 if it does not say.

    Raises FetchError("blocked") when it does not want us to read this address.
    """
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    if not rules.can_fetch(user_agent, url):
        raise FetchError("blocked", masked(url), "robots.txt does not allow this address")
    return float(rules.crawl_delay(user_agent) or 0)
