"""Pages of a list into records, and records into notices: a card by itself, or what the item's own page says.

The one thing to know: where an item's own page is read, its card only proves that it is listed (`Seen`). What the site
itself calls closed is `Gone`: it is withdrawn when two visits hear so, and never enters where it was not known.
"""

from collections.abc import Iterator

from connectors.base.cards import fingerprint
from connectors.base.contract import Deadline, Gone, Notice, Page, ParamError, Record, Seen, Skipped
from connectors.base.dates import instant
from connectors.generic.html_list.about import ABOUT, SWEEP_DAYS, Params
from connectors.generic.html_list.addresses import canonical, identity, is_ours
from connectors.generic.html_list.dating import deadlines_of
from connectors.generic.html_list.detail import Detail, read_detail
from connectors.generic.html_list.listing import Card, read_listing
from connectors.generic.item import Attachment, Item, notice_of
from connectors.generic.prose import order_of

DETAIL = "detail"


def sweep_days(params: Params) -> int | None:
    """How often everything is to be listed: only a list that shows all that is open can miss something."""
    return SWEEP_DAYS if params.complete else None


def split(page: Page) -> Iterator[Record]:
    """Cut a page of the list into its cards, or take an item's own page as it is. Raises ParseError for neither."""
    params = params_of(page)
    if page.role == DETAIL:
        yield Record("page", read_detail(page, params))
        return
    seen: set[str] = set()
    listing = read_listing(page, params)
    for place, card in enumerate(listing.cards):
        if not card.source_id or card.source_id not in seen:
            yield Record(f"item {place + 1}", (card, listing.lang))
        seen.add(card.source_id)


def identify(record: Record) -> str | None:
    """Name a card that could not be read, so that its notice is not taken for missing."""
    return record.data[0].source_id if isinstance(record.data, tuple) else None


def read(record: Record, page: Page, *, name: str = ABOUT.name) -> Notice | Seen | Gone | Skipped:
    """Read one card, or one item's own page. `name` is that of the connector, for what a notice keeps of its own."""
    params = params_of(page)
    if isinstance(record.data, Detail):
        return _detail(record.data, page, params, name)
    card, lang = record.data
    if not card.url:
        return Skipped("an item without a link")
    if card.closed:
        return Gone(card.source_id)
    says = _notice(card, page, params, lang, name)
    if not params.follow_details or not is_ours(card.url, params) or isinstance(says, Skipped):
        return says
    return seen(card, page, says)


def seen(card: Card, page: Page, says: Notice | None = None) -> Seen:
    """What a card promises; its page is read again when what the card says changes, and every fortnight."""
    said = (card.title, card.html, card.published, card.deadline, card.state, *card.categories)
    return Seen(card.source_id, fingerprint(card.source_id, *said, at=page.fetched_at), card.url, says)


def params_of(page: Page) -> Params:
    """The parameters of the list. Raises ParamError without any: nothing says what an item is."""
    if not isinstance(page.params, Params):
        raise ParamError("list_urls", "a list on web pages can only be read with the parameters of its source")
    return page.params


def _notice(card: Card, page: Page, params: Params, lang: str, name: str) -> Notice | Skipped:
    # The day beside an event is the day on which it is held.
    held, published = (card.published, "") if params.kind == "event" else ("", card.published)
    item = Item(
        source_id=card.source_id,
        link=card.url,
        title=card.title,
        html=card.html,
        base=page.url,
        lang=lang,
        published=published,
        categories=card.categories,
        deadlines=_deadlines(card.deadline, card.published, params) or _held(held, params),
        extra=_unread(card.deadline, card.published, params),
    )
    return notice_of(item, params, name=name, address=page.url, fetched_at=page.fetched_at)


def _detail(told: Detail, page: Page, params: Params, name: str) -> Notice | Gone | Skipped:
    url = canonical(page.request.url if page.request else page.url, page.url) or page.url
    source_id = page.of or identity(url, params, page_url=page.url)
    if told.gone or told.closed:
        return Gone(source_id)
    item = Item(
        source_id=source_id,
        link=url,
        title=told.title,
        html=told.html,
        summary=told.summary if not told.html else "",
        base=told.base,
        lang=told.lang,
        published=told.published,
        attachments=tuple(Attachment(url=address, title=title) for address, title in told.documents),
        kind=params.kind or told.kind,
        deadlines=_deadlines(told.deadline, told.published, params) or _held(told.held, params),
        extra=_unread(told.deadline, told.published, params),
    )
    return notice_of(item, params, name=name, address=page.url, fetched_at=page.fetched_at)


def _held(raw: str, params: Params) -> tuple[Deadline, ...] | None:
    """The days on which an event is held, the last of them where there are several."""
    found = deadlines_of(raw, params, lang=params.lang, kind="event", since=None)
    return tuple(day.model_copy(update={"kind": "event"}) for day in found) if found else None


def _deadlines(raw: str, published: str, params: Params) -> tuple[Deadline, ...] | None:
    since = instant(published, zone=params.clock, lang=order_of(params.lang, params)) if published else None
    return deadlines_of(raw, params, lang=params.lang, kind=params.kind, since=since)


def _unread(raw: str, published: str, params: Params) -> dict[str, str] | None:
    # "Unread" and not "no deadline": a field that stands there and cannot be read is a person's to look at.
    return {"deadline_as_written": raw[:200]} if raw and _deadlines(raw, published, params) is None else None
