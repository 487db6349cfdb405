"""One item of @search into a Notice, by the rules that all generic connectors share (connectors/generic/item.py).

The one thing to know: a moment without an offset is UTC too. In the recorded list two calls open at the very minute at which
they were published, the one written without an offset and the other with +00:00; and deadlines at 22:55+00:00 in winter
and at 21:55+00:00 in summer are both 23:55 on the clock of Rome.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base.contract import (
    Body,
    Deadline,
    DeadlineKind,
    Eligibility,
    Instant,
    Kind,
    Notice,
    Page,
    ParseError,
    Record,
    Skipped,
)
from connectors.base.dates import instant
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url
from connectors.generic.cells import deadline_at
from connectors.generic.columns import key
from connectors.generic.item import Item, notice_of
from connectors.generic.plone.about import Params
from connectors.generic.unread import naming

_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"\bgar[ae]\b|appalt|fornitur|affidament", "tender"),
    (r"concors|selezion|assunzion|incarich", "vacancy"),
    (r"agevolazion|finanziament|contribut|manifestazion|accreditament", "grant_call"),
)
_INTEREST = re.compile(r"manifestazion[ei] d(?:i |['’])interesse", re.I)
_LONGEST = 3_000


def identify(record: Record) -> str | None:
    """Name an item that could not be read, so that it is not taken for missing."""
    if not isinstance(record.data, Mapping):
        return None
    return _text(record.data.get("UID")) or _text(record.data.get("@id")) or None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one item. Raises ParseError for what is not one."""
    params = page.params if isinstance(page.params, Params) else Params(url=page.url)
    data = record.data
    source_id = identify(record)
    if source_id is None:
        raise ParseError(page.url, record.where, "has neither UID nor @id")
    if (state := _text(data.get("review_state"))) and state != "published":
        return Skipped(f"review_state: {state}", source_id)
    unread: list[str] = []
    code, label = _state(data.get("bando_state"))
    kind = params.kind or _kind(_text(data.get("tipologia_bando")), data.get("@type", params.portal_type))
    addressees = _words(data.get("destinatari"))
    subjects = _words(data.get("materie")) or _words(data.get("subjects"))
    bodies = _words(data.get("ente_bando"))
    item = Item(
        source_id=source_id,
        link=http_url(_text(data.get("@id")), page.url),
        title=_text(data.get("title")),
        html=_html(data),
        summary=escape(_text(data.get("description")), quote=False),
        base=page.url,
        lang=_text(_token(data.get("language"))),
        kind=kind,
        published=_moment(data, "effective", params, unread) or "",
        updated=_moment(data, "modified", params, unread) or "",
        categories=subjects,
        deadlines=_deadlines(data, code, kind, params, page.fetched_at, unread),
        opens_at=_moment(data, "apertura_bando", params, unread),
        eligibility=Eligibility(text="; ".join(addressees), codes=tuple(f"destinatari:{one}" for one in addressees))
        if addressees
        else None,
        organisation=Body(name=bodies[0], country=params.origin_country) if bodies else None,
        extra={
            name: said
            for name, said in (
                ("state", code),
                ("state_label", label),
                ("type", _text(data.get("tipologia_bando"))),
                ("procedure_ends", _text(data.get("chiusura_procedimento_bando"))),
            )
            if said
        },
    )
    notice = notice_of(item, params, name="plone", address=page.url, fetched_at=page.fetched_at)
    return naming(notice, unread, name="plone")


def _deadlines(
    data: Mapping[str, Any], state: str, kind: Kind | None, params: Params, at: datetime, unread: list[str]
) -> tuple[Deadline, ...] | None:
    closed = key(state) in map(key, params.closed)
    of: DeadlineKind = "eoi" if _INTEREST.search(_text(data.get("tipologia_bando"))) else "submission"
    if kind == "event":
        moment, of = _moment(data, "end", params, unread) or _moment(data, "start", params, unread), "event"
    else:
        moment = _moment(data, "scadenza_bando", params, unread)
    if moment is None:
        # Closed without a day of its own: what the text names is no end to wait for.
        return () if closed or data.get("scadenza_bando") else None
    deadline = deadline_at(moment, kind=of, zone=params.clock)
    later = deadline.on is not None and deadline.on > at.astimezone(ZoneInfo(params.clock)).date()
    return (deadline.model_copy(update={"kind": "stage"}) if closed and later else deadline,)


def _moment(data: Mapping[str, Any], name: str, params: Params, unread: list[str]) -> Instant | None:
    written = _text(data.get(name))
    if not written:
        return None
    read = instant(written, zone="UTC")
    if read is None:
        unread.append(f"{name}: {clean_line(written, 80)}")
    return read.astimezone(ZoneInfo(params.clock)) if isinstance(read, datetime) else read


def _kind(told: str, portal_type: Any) -> Kind | None:
    if portal_type == "Event":
        return "event"
    return next((kind for words, kind in _KINDS if re.search(words, told, re.I)), None)


def _state(told: Any) -> tuple[str, str]:
    """The code and the label of `bando_state`, which is a pair; some sites give the code alone."""
    parts = [_text(part) for part in told] if isinstance(told, list) else [_text(_token(told))]
    return (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")


def _html(data: Mapping[str, Any]) -> str:
    """The text of an item: a field of rich text on classic sites, blocks in the order of their layout on Volto sites."""
    text = data.get("text")
    rich = _long(text.get("data")) if isinstance(text, Mapping) else ""
    if rich.strip():
        return rich
    blocks, layout = data.get("blocks"), data.get("blocks_layout")
    if not isinstance(blocks, Mapping) or not isinstance(layout, Mapping) or not isinstance(layout.get("items"), list):
        return ""
    told = (blocks.get(name) for name in layout["items"] if isinstance(name, str))
    plain = (_long(block.get("plaintext")) for block in told if isinstance(block, Mapping))
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in plain if part.strip())


def _words(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    words = (without_people(clean_line(_text(_token(one)), 100)) for one in values)
    return tuple(dict.fromkeys(word for word in words if word))


def _token(value: Any) -> Any:
    """A term of a vocabulary comes as its title, or as an object with token and title."""
    return (value.get("title") or value.get("token")) if isinstance(value, Mapping) else value


def _text(value: Any) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _long(value: Any) -> str:
    return value if isinstance(value, str) else ""
