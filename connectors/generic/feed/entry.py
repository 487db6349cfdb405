"""One item of a feed as both formats give it, and its identity within the feed.

The one thing to know: a `source_id` must stay the same while the window moves, so it never depends on an item's place.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.base.text import http_url
from connectors.generic.item import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item before it is read: texts as the feed wrote them, `html` and `summary` as html still.

    `published` and `updated` are as written; `published_utc` is what the feed parser made of it, a second opinion.
    `skip` is the reason why the item is left out, if there is one. `own_link`: no other item leads to the same page.
    """

    guid: str = ""
    source_id: str = ""
    link: str | None = None
    title: str = ""
    html: str = ""
    summary: str = ""
    base: str = ""
    lang: str = ""
    published: str = ""
    updated: str = ""
    published_utc: datetime | None = None
    categories: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    own_link: bool = False
    skip: str = ""


def identified(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Give every entry its `source_id`: guid, else address, else a digest of title and text.

    A guid that several items share is joined with the address of each, and where that is shared too, with a digest of
    the title. The same item twice is skipped the second time.
    """
    held = list(entries)
    guids = Counter(entry.guid for entry in held)
    links = Counter(entry.link for entry in held)
    titles: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    for entry in held:
        titles[entry.guid, entry.link].add(entry.title)
    pairs = Counter((entry.guid, entry.link) for entry in held)
    seen: set[str] = set()
    for entry in held:
        if not (entry.title.strip() or entry.html.strip() or entry.summary.strip() or entry.link):
            yield replace(entry, source_id=entry.guid, skip=entry.skip or "empty item: no title, text or link")
            continue
        here = (entry.guid, entry.link)
        identity = entry.guid or entry.link or _digest(entry.title, entry.html, entry.summary)
        if entry.guid and pairs[here] < guids[entry.guid]:
            identity += f"|{entry.link or ''}"
        if (entry.guid or entry.link) and len(titles[here]) > 1:
            identity += f"|{_digest(entry.title)[:12]}"
        skip = entry.skip or ("the same item again" if identity in seen else "")
        seen.add(identity)
        yield replace(entry, source_id=identity, skip=skip, own_link=links[entry.link] == 1)


def address(raw: str, base: str) -> str | None:
    """Return the canonical address of an item; here the fragment stays, for some feeds lead to parts of one page."""
    url = http_url(raw, base)
    _, mark, fragment = raw.strip().partition("#")
    return (
        f"{url}#{fragment}"
        if url and mark and fragment.isascii() and fragment.isprintable() and " " not in fragment
        else url
    )


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
