"""One item of a feed into a Notice, by the rules that all generic connectors share (connectors/generic/item.py)."""

from connectors.base.contract import Notice, Page, Record, Skipped
from connectors.generic.feed.about import Params
from connectors.generic.feed.entry import Entry
from connectors.generic.item import Item, notice_of


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one item; `page.params` are the feed's own, or those that only name its address."""
    entry: Entry = record.data
    if entry.skip:
        return Skipped(entry.skip)
    params = page.params if isinstance(page.params, Params) else Params(url=page.url)
    item = Item(
        source_id=entry.source_id,
        link=entry.link,
        title=entry.title,
        html=entry.html,
        summary=entry.summary,
        base=entry.base,
        lang=entry.lang,
        published=entry.published,
        updated=entry.updated,
        published_utc=entry.published_utc,
        categories=entry.categories,
        attachments=entry.attachments,
        own_link=entry.own_link,
    )
    return notice_of(item, params, name="feed", address=page.url, fetched_at=page.fetched_at)
