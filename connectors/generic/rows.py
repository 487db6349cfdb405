"""Rows of a table into notices, by the columns that the source's parameters name (connectors/generic/columns.py).

The one thing to know: a cell that cannot be read is left out and named in `extra[NAME]["unread"]`, and a row's identity
never depends on its place.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from connectors.base import codes
from connectors.base.contract import Body, Deadline, Eligibility, Instant, Money, Notice, Skipped
from connectors.base.days import fold
from connectors.base.italy import nuts_of
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, plain
from connectors.generic.cells import date_of, deadlines_of, money_of, parts_of, text_of
from connectors.generic.columns import Table, key
from connectors.generic.item import Item, notice_of
from connectors.generic.unread import naming

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_HREF = re.compile(r"<a\s[^<>]{0,500}?href\s*=\s*[\"']([^\"'<>]{1,2048})[\"']", re.I)
_CPV = re.compile(r"(?<!\d)(\d{8})(?:-\d)?(?!\d)")
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]?[0-9][0-9A-Z]{0,2}")  # with a figure: LODI and LECCO are names
_LINE, _TEXT = 200, 2_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its identity; `skip` is the reason why it is left out, if there is one."""

    source_id: str
    cells: Mapping[str, Any]
    skip: str = ""


def identified(rows: Iterable[Mapping[str, Any]], table: Table) -> Iterator[Row]:
    """Give every row its identity: the cells of its id columns, else a digest of title, programme and opening date.

    Rows of one page that share a digest are told apart by deadline, address and region; the same again is skipped.
    """
    held = list(rows)
    identities = [_Cells(row, table).identity() for row in held]
    shared = Counter(identities)
    seen: set[str] = set()
    for row, identity in zip(held, identities, strict=True):
        cells = _Cells(row, table)
        own = cells.own_id()
        if not own and shared[identity] > 1:
            identity = cells.identity(closer=True)
        skip = "" if own or cells.first("title") else "a row without id and title"
        skip = skip or ("the same row again" if identity in seen else "")
        seen.add(identity)
        yield Row(identity, row, skip)


def notice_of_row(row: Row, table: Table, *, name: str, address: str, fetched_at: datetime) -> Notice | Skipped:
    """Make a notice of a row. `name` is the connector's (for `extra`); `address` is a page for people about the table,
    which stands for the row's own page where it names none."""
    if row.skip:
        return Skipped(row.skip, row.source_id)
    cells = _Cells(row.cells, table)
    state = cells.line("state")
    if key(state) in map(key, table.skip):
        return Skipped(f"state: {state}", row.source_id)
    today = fetched_at.astimezone(ZoneInfo(table.clock)).date()
    deadlines = cells.deadlines()
    if key(state) in map(key, table.closed):
        # Its own word: closed. The day on which it closed is not stated, so a later one is no end to wait for.
        deadlines = tuple(_passed(each, today) for each in deadlines or () if each.on)
    organisation = cells.line("organisation")
    item = Item(
        source_id=row.source_id,
        link=cells.link(address),
        title=cells.first("title"),
        html="\n".join(map(_as_html, cells.all("html"))),
        summary="\n".join(map(_as_html, cells.all("summary"))),
        base=address,
        lang=codes.language(cells.first("language")) or "",
        published=cells.date("published") or "",
        updated=cells.date("updated") or "",
        categories=tuple(part for text in cells.all("keywords") for part in parts_of(text)),
        own_link=table.own_pages,
        deadlines=deadlines,
        opens_at=cells.date("opens"),
        budget=cells.money("budget"),
        grant=cells.money("grant"),
        eligibility=cells.eligibility(),
        organisation=Body(name=organisation, country=table.origin_country) if organisation else None,
        codes=cells.cpv(),
        regions=cells.regions(),
        extra={
            **({"state": state} if state else {}),
            **({"programme": programme} if (programme := cells.line("programme")) else {}),
            **{name: kept for name in table.columns.extra if (kept := _harmless(cells.named(name), _TEXT))},
        },
    )
    countries = cells.countries()
    notice = notice_of(item, table, name=name, address=address, fetched_at=fetched_at)
    if isinstance(notice, Notice) and countries:
        notice = notice.model_copy(update={"countries": countries})
    return naming(notice, cells.unread, name=name)


@dataclass(slots=True)
class _Cells:
    """The cells of one row by field; what could not be read is in `unread`."""

    row: Mapping[str, Any]
    table: Table
    unread: list[str] = field(default_factory=list)
    _by_name: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        # As written first: a table may have both "Name" and "name".
        self._by_name = dict(self.row)
        for name, value in self.row.items():
            self._by_name.setdefault(key(name), value)

    def named(self, name: str) -> str:
        return text_of(self._by_name.get(name, self._by_name.get(key(name))))

    def all(self, of: str) -> list[str]:
        return [text for name in getattr(self.table.columns, of) or (of,) if (text := self.named(name))]

    def first(self, of: str) -> str:
        return next(iter(self.all(of)), "")

    def line(self, of: str) -> str:
        return _harmless(self.first(of), _LINE)

    def own_id(self) -> str:
        return clean_line("|".join(self.all("id")), _LINE)

    def identity(self, *, closer: bool = False) -> str:
        """Say which row this is: dates as days and texts folded, so that another way to write them changes nothing."""
        if own := self.own_id():
            return own
        said = [self.first("title"), self.first("programme"), self._day("opens")]
        if closer:
            said += [self._day("deadline"), self.link("") or "", self.first("region")]
        text = "\n".join(fold(clean_line(part)) for part in said)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def link(self, address: str) -> str | None:
        written = self.first("url")
        inside = _HREF.search(written)
        return http_url(inside[1] if inside else written, address or None) if written else None

    def date(self, of: str) -> Instant | None:
        return self._read(of, self._date)

    def money(self, of: str) -> Money | None:
        table = self.table
        return self._read(
            of, lambda text: money_of(text, decimal=table.decimal, currency=table.currency, lang=table.lang)
        )

    def deadlines(self) -> tuple[Deadline, ...] | None:
        """Return what the deadline cell says; None where it is empty, so that the texts of the row are asked."""
        table, cell = self.table, self.first("deadline")
        if not cell:
            return None
        found: list[Deadline] = []
        for part in parts_of(cell):
            try:
                found += deadlines_of(
                    part,
                    kind=table.deadline_kind,
                    month_first=table.dates == "mdy",
                    zone=table.clock,
                    lang=table.lang,
                )
            except ValueError:
                self._left_out("deadline", part)
        return tuple(dict.fromkeys(found))

    def eligibility(self) -> Eligibility | None:
        said = "; ".join(text for cell in self.all("eligibility") if (text := _harmless(plain(cell), _TEXT)))
        return Eligibility(text=said) if said else None

    def cpv(self) -> tuple[str, ...]:
        return self._codes("cpv", lambda part: tuple(f"cpv:{cpv}" for cpv in _CPV.findall(part)))

    def regions(self) -> tuple[str, ...]:
        return self._codes("region", lambda part: nuts_of(part) or ((f"nuts:{part}",) if _NUTS.fullmatch(part) else ()))

    def countries(self) -> tuple[str, ...]:
        return self._codes("country", lambda part: tuple(code for code in (codes.country(part),) if code))

    def _codes(self, of: str, read: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for part in (part for cell in self.all(of) for part in parts_of(cell)):
            if not (known := read(part)):
                self._left_out(of, part)
            found.update(dict.fromkeys(known))
        return tuple(found)

    def _read(self, of: str, read: Callable[[str], _T | None]) -> _T | None:
        if not (written := self.first(of)):
            return None
        try:
            return read(written)
        except ValueError:
            self._left_out(of, written)
            return None

    def _date(self, text: str) -> Instant:
        read = date_of(text, month_first=self.table.dates == "mdy", zone=self.table.clock)
        if read is None:
            raise ValueError("no date")
        return read

    def _day(self, of: str) -> str:
        written = self.first(of)
        read = date_of(written, month_first=self.table.dates == "mdy", zone=self.table.clock)
        return read.isoformat() if read else written

    def _left_out(self, of: str, written: str) -> None:
        self.unread.append(f"{of}: {_harmless(written, 80)}")


def _passed(deadline: Deadline, today: date) -> Deadline:
    later = deadline.on is not None and deadline.on > today
    return deadline.model_copy(update={"kind": "stage"}) if later else deadline


def _harmless(text: str, limit: int) -> str:
    return without_people(clean_line(text, limit))


def _as_html(text: str) -> str:
    return text if _TAG.search(text) else escape(text, quote=False).replace("\n", "<br>")
