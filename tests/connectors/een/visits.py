"""What the tests of visits count, and the next visit of the same source."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from connectors import een
from connectors.base.contract import Notice, Page, ParseError, Reading, Seen
from tests.connectors.visit import SimpleVisit
from tests.portals.een import PATH, EenPortal
from tests.portals.server import Call


def kinds(readings: Sequence[Reading]) -> Counter[str]:
    return Counter(type(reading).__name__ for reading in readings)


def read_ids(readings: Sequence[Reading]) -> list[str]:
    return [reading.source_id for reading in readings if isinstance(reading, Notice)]


def lists(portal: EenPortal) -> list[Call]:
    return [call for call in portal.calls if call.path == PATH]


def details(portal: EenPortal) -> list[Call]:
    return [call for call in portal.calls if call.path.startswith(PATH + "/")]


def again(visit: SimpleVisit, **settings: Any) -> SimpleVisit:
    """The next visit of the same source: what was read is held, what was left waits."""
    kept: dict[str, Any] = {"stored": visit.stored, "waiting": visit.waiting, "mode": "recent"}
    return SimpleVisit(http=visit.http, params=visit.params, **kept | settings)


def taken(visit: SimpleVisit, page: Page) -> list[Reading]:
    """Take one page in as the pipeline does: a page that cannot be read says nothing, and its card is done with."""
    made = page.with_params(visit.params)
    try:
        read = [een.read(record, made) for record in een.split(made)]
    except ParseError:
        read = []
    visit.waiting |= {card.source_id: card for card in read if isinstance(card, Seen)}
    visit.waiting.pop(page.of or "", None)
    return list(read)


def failed(visit: SimpleVisit) -> tuple[list[str], str]:
    """Run a visit that must fail: the roles of the pages that came, and what it failed with."""
    found: list[str] = []
    try:
        for page in een.fetch(visit):
            found.append(page.role)
            taken(visit, page)
    except ParseError as error:
        return found, str(error)
    raise AssertionError("the visit did not fail")
