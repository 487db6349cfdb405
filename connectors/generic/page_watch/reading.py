"""A change into one notice. The page itself gives none: it is only looked at again, so that what is wrong with it is said.

The one thing to know: nobody has judged what such a notice says, so it is marked for review and is for the office, unless
an admin has ticked `share`.
"""

import html
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connectors.base.codes import language
from connectors.base.contract import Notice, Page, ParamError, Record, Rights, Skipped, Title
from connectors.base.documents import object_of
from connectors.generic.item import Item, notice_of
from connectors.generic.page_watch.about import ABOUT, Params
from connectors.generic.page_watch.snapshot import snapshot
from connectors.generic.page_watch.watch import CHANGE
from connectors.generic.selecting import matched

_SAYS = {
    "it": "Pagina cambiata",
    "en": "Page changed",
    "fr": "Page modifiée",
    "de": "Seite geändert",
    "es": "Página modificada",
    "nl": "Pagina gewijzigd",
}


def split(page: Page) -> Iterator[Record]:
    """Take what was added as one record; of a page itself only see that it can be read. Raises ParseError."""
    params = params_of(page)
    if page.role != CHANGE:
        if not page.unchanged:
            snapshot(page, params)
        return
    told = object_of(page)
    if told.get("added"):
        yield Record("change", told)


def read(record: Record, page: Page, *, name: str = ABOUT.name) -> Notice | Skipped:
    """Read one change. `name` is that of the connector, for what a notice keeps of its own."""
    params, told = params_of(page), record.data
    lines: list[str] = told["added"]
    if params.trigger_pattern and not any(_fits(line, page, params) for line in lines):
        return Skipped("a change without the words that are waited for")
    lang = params.lang or language(told["lang"])
    title = f"{_SAYS.get(lang or '', _SAYS['it'])}: {told['title']}"
    more = [f"… (+{told['added_in_all'] - len(lines)})"] if told["added_in_all"] > len(lines) else []
    own: dict[str, Any] = {"needs_review": True, "added": told["added_in_all"], "removed": told["removed"]}
    item = Item(
        source_id=f"{told['url'].partition('#')[0]}#{told['digest']}",
        link=told["url"],
        title=title,
        html="".join(f"<p>{html.escape(line, quote=False)}</p>" for line in (*lines, *more)),
        lang=lang or "",
        kind=params.kind or "news",
        own_link=False,  # all changes of a page stand at one address, and are not one thing
        extra=own,
    )
    notice = notice_of(item, params, name=name, address=page.url, fetched_at=page.fetched_at)
    if isinstance(notice, Skipped):
        return notice
    titles = {lang: Title(text=said.text, origin="office") for lang, said in notice.titles.items()}
    return notice.model_copy(update={"titles": titles})


def rights(notice: Notice, params: Params) -> Rights:
    """The office alone, until an admin says that what changes on this page is for members."""
    return replace(ABOUT.rights, audience="members") if params.share else ABOUT.rights


def params_of(page: Page) -> Params:
    """The parameters of the watch; without any, those that only name the page."""
    if page.params is None:
        return Params(url=page.url)
    if not isinstance(page.params, Params):
        raise ParamError("url", "a page can only be watched with the parameters of its source")
    return page.params


def _fits(line: str, page: Page, params: Params) -> bool:
    assert params.trigger_pattern is not None
    return matched(params.trigger_pattern, line, url=page.url, where="trigger_pattern") is not None
