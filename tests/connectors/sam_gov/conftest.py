"""A running SAM.gov simulator, visits to it with the real client, and what they brought."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import sam_gov
from connectors.base.client import Client
from connectors.base.contract import Notice, Page
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.sam_gov import KEY, SamGovPortal
from tests.portals.server import Call

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[SamGovPortal]:
    with SamGovPortal(notices=60, seed=3, today=TODAY) as running:
        yield running


@pytest.fixture
def vault() -> DictSecrets:
    return DictSecrets({"sam-gov": KEY})


@pytest.fixture
def visit_to(loopback_client: Client, vault: DictSecrets) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: SamGovPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = sam_gov.Params(endpoint=portal.endpoint, **{"descriptions": False, "days": 60, **params})
        settings = {"http": loopback_client, "params": chosen, "secrets": vault, "now": NOW}
        return SimpleVisit(**{**settings, **(visit or {})})

    return make


def read_all(visit: SimpleVisit) -> tuple[list[Notice], list[Page]]:
    """Read a visit as the pipeline does; returns its notices, and its pages. The cursor moves with the pages."""
    pages: list[Page] = []

    class Kept:
        ABOUT, Params = sam_gov.ABOUT, sam_gov.Params
        split, read = staticmethod(sam_gov.split), staticmethod(sam_gov.read)

        @staticmethod
        def fetch(_: Any) -> Iterator[Page]:
            for page in sam_gov.fetch(visit):
                pages.append(page)
                yield page
                # A page is committed, its cursor with it, before the next is asked for.
                visit.cursor = page.cursor_after or visit.cursor

    found = visit.run(Kept())
    return [reading for reading in found if isinstance(reading, Notice)], pages


def searches(portal: SamGovPortal) -> list[Call]:
    return [call for call in portal.calls if call.path.endswith("/search")]


def wanted(portal: SamGovPortal, letters: str = "okpris") -> set[str]:
    """The ids that a source without filters keeps."""
    return {one.id for one in portal.all() if one.letter in letters and one.set_aside[0] in (None, "", "NONE")}
