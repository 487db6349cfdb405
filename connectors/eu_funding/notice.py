"""A page becomes rows, and a row a notice, a title in another language, or something that is left out by name.

The one thing to know: the key is the row's `reference` without its language; the identifier is shared by a topic, its
translations, its news, and the cascade calls of the project that it once funded.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from connectors.base.contract import TITLES, Notice, Page, ParseError, Record, Skipped, Title, Translation
from connectors.base.text import plain
from connectors.eu_funding import announcement, call, tender, when, words
from connectors.eu_funding.answers import answer_of
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.programmes import ANNOUNCEMENT, UPDATE
from connectors.eu_funding.question import params_of

_PRIOR, _CALL = "-PIN", "-CN"
_PRIVATE = frozenset({"contacts", "firstName", "lastName"})
_OLD = timedelta(days=365)


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its rows. Raises ParseError, also when one row contradicts what was asked."""
    hits = answer_of(page).hits  # all are checked before the first one is handed on
    called = {hit.identifier for hit in hits if (hit.identifier or "").endswith(_CALL)}
    listed: set[Any] = set()
    for place, hit in enumerate(hits):
        left_out = None
        reference = hit.row.get("reference")
        if reference and reference in listed:
            left_out = "listed twice"
        elif (prior := hit.identifier or "").endswith(_PRIOR) and prior.removesuffix(_PRIOR) + _CALL in called:
            left_out = "prior information, and the contract notice is there"
        listed.add(reference)
        row = _without_private(hit.row)
        yield Record(f"results[{place}]", {"row": row} | ({"left_out": left_out} if left_out else {}))


def _without_private(row: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what names persons before anybody looks at a row, the list of bad records included."""
    kept = {key: value for key, value in row.items() if key not in _PRIVATE}
    inner = kept.get("metadata")
    if isinstance(inner, dict):
        kept["metadata"] = {key: value for key, value in inner.items() if key not in _PRIVATE}
    return kept


def read(record: Record, page: Page) -> Notice | Translation | Skipped:
    """Read one row. Raises ParseError for what is not one."""
    if "left_out" in record.data:
        return Skipped(record.data["left_out"])
    hit = Hit(record.data["row"])
    try:
        return _title(hit) if page.role == TITLES else _notice(hit, page)
    except ParseError:
        raise
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error


def identify(record: Record) -> str | None:
    """Name a row that could not be read, so that its notice is not taken for missing."""
    row = record.data.get("row") if isinstance(record.data, dict) else None
    try:
        return Hit(row).source_id if isinstance(row, dict) else None
    except ValueError:
        return None


def _title(hit: Hit) -> Translation | Skipped:
    try:
        source_id, text, language = hit.source_id, words.title(hit), hit.language
    except ValueError:
        # No bad record: a title that belongs to nothing costs no notice.
        return Skipped("a title without reference")
    if not text or not language:
        return Skipped("no title")
    return Translation(source_id, {language: Title(text=text)})


def _notice(hit: Hit, page: Page) -> Notice | Skipped:
    params = params_of(page)
    beginnings = tuple(beginning.casefold() for beginning in params.identifiers)
    if hit.type == UPDATE:
        return Skipped("news of a topic")
    if hit.type == ANNOUNCEMENT:
        return announcement.notice(hit)
    if beginnings and not (hit.identifier or "").casefold().startswith(beginnings):
        return Skipped("another identifier")
    match hit.type:
        case "0":
            if _is_old(hit, page):
                return Skipped("prior information older than a year")
            found = tender.notice(hit, page)
        case "1" | "2" | "8":
            if _is_forgotten(hit, page):
                return Skipped("open for over a year without a deadline")
            read_call = call.notice(hit, page)
            if read_call is None:
                return Skipped("closed before its day")
            found = read_call
        case None:
            raise ValueError("type is missing")
        case other:
            return Skipped(f"type {other} is no opportunity")
    said = (next(iter(found.titles.values())).text, found.summary, plain(found.body or ""), *found.keywords)
    if params.words and not words.holds_any(params.words, *said):
        return Skipped("none of the words")
    return found


def _is_old(hit: Hit, page: Page) -> bool:
    """Prior information stays "forthcoming" for years; the clock is the moment at which the page was fetched."""
    if not tender.only_announces(hit):
        return False
    day = tender.published_on(hit)
    return day is not None and day < (page.fetched_at - _OLD).date()


def _is_forgotten(hit: Hit, page: Page) -> bool:
    """Calls of the external action from 2019 to 2022 are "open" for ever, without any day (docs/platforms/eu_funding.md)."""
    opened = when.first(hit, "startDate")
    undated = hit.type == "2" and not hit.values("deadlineDate")
    return undated and opened is not None and when.day_of(opened) < (page.fetched_at - _OLD).date()
