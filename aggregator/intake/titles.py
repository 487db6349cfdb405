"""Official titles in further languages: joined to the notice they belong to, and kept on while they fit.

The one thing to know: a platform may give them in answers of their own, and one day it does not answer. A title that was
official yesterday is official today as long as the title that it translates has not changed.
"""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from aggregator.store.put import Draft, Known
from aggregator.store.tables import notices, unpack
from connectors.base.contract import Notice, Title


def joined(notice: Notice, titles: Mapping[str, Title] | None) -> Notice:
    """Add official titles that another answer gave; what the notice says itself stands.

    A "translation" that says the same words was not translated yet, and would pass off one language for another.
    """
    said = {title.text.casefold() for title in notice.titles.values()}
    added = {
        lang: title
        for lang, title in (titles or {}).items()
        if lang not in notice.titles and title.text.casefold() not in said
    }
    return notice.model_copy(update={"titles": {**notice.titles, **added}}) if added else notice


def kept_on(
    connection: sa.Connection,
    drafts: Sequence[Draft],
    *,
    held: Mapping[str, Known],
    remake: Callable[[Notice], Draft],
) -> list[Draft]:
    """Give drafts that say something else than what we hold the titles that we hold and that still fit.

    `remake` normalises a notice of this page again.
    """
    changed = {key: d for d in drafts if (key := d.notice.source_id) in held and held[key].hash != d.hash}
    if not changed:
        return list(drafts)
    found: dict[str, Draft] = {}
    for key, doc in _docs(connection, drafts[0].opportunity.notices[0].source, list(changed)):
        before, now = Notice.model_validate_json(unpack(doc)), changed[key].notice
        both = before.titles.keys() & now.titles.keys()
        lost = {lang: title for lang, title in before.titles.items() if lang not in now.titles}
        if lost and both and all(before.titles[lang].text == now.titles[lang].text for lang in both):
            found[key] = remake(joined(now, lost))
    return [found.get(draft.notice.source_id, draft) for draft in drafts]


def _docs(connection: sa.Connection, source: str, keys: Sequence[str]) -> list[tuple[str, bytes]]:
    rows: list[tuple[str, bytes]] = []
    for start in range(0, len(keys), 500):  # SQLite allows so many variables, and a few more
        some = sa.select(notices.c.source_id, notices.c.doc).where(
            notices.c.source == source, notices.c.source_id.in_(keys[start : start + 500])
        )
        rows += [(row.source_id, row.doc) for row in connection.execute(some)]
    return rows
