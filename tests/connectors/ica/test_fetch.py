"""Which file of the folder is the list, and what is said where it is none."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors import ica
from connectors.base.contract import Dropped, Organisation, ParamError
from tests.connectors.conftest import MakeClient
from tests.connectors.ica.test_reading import HEADER, ROW, snapshot
from tests.connectors.visit import SimpleVisit

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EXPORT = f"{HEADER}\n{ROW}\n".encode()


def visit(make_client: MakeClient, *files: Dropped, cursor: str | None = None, **params: str) -> SimpleVisit:
    given = ica.Params.model_validate(params)
    return SimpleVisit(http=make_client(), params=given, dropped=list(files), cursor=cursor)


def test_the_newest_file_is_the_list_whatever_it_is_called(make_client: MakeClient) -> None:
    old = Dropped("z.csv", EXPORT.replace(b"9001", b"1"), MONDAY)
    new = Dropped("a.csv", EXPORT, MONDAY + timedelta(days=1))
    here = visit(make_client, old, new)
    found = here.run(ica)
    assert [one.source_id for one in found if isinstance(one, Organisation)] == ["9001"]
    assert [line.facts for line in here.log.lines] == [{"file": "a.csv", "left": ["z.csv"]}]


def test_a_page_says_which_form_it_was_and_asks_nobody(make_client: MakeClient) -> None:
    (page,) = ica.fetch(visit(make_client, Dropped("members.csv", EXPORT, MONDAY)))
    assert (page.url, page.role, page.cursor_after, page.content_type) == (
        "file:members.csv",
        "directory",
        "export",
        "text/csv",
    )
    (page,) = ica.fetch(visit(make_client, Dropped("x", snapshot().encode(), MONDAY)))
    assert (page.cursor_after, page.content_type) == ("snapshot", "application/json")


def test_without_a_file_it_says_what_to_do(make_client: MakeClient) -> None:
    with pytest.raises(ParamError, match=r"docs/platforms/ica\.md"):
        list(ica.fetch(visit(make_client)))


def test_a_source_that_has_read_one_form_never_reads_the_other(make_client: MakeClient) -> None:
    with pytest.raises(ParamError, match="is the snapshot, and this source reads the export"):
        list(ica.fetch(visit(make_client, Dropped("x.json", snapshot().encode(), MONDAY), cursor="export")))
    with pytest.raises(ParamError, match="is the export, and this source reads the snapshot"):
        list(ica.fetch(visit(make_client, Dropped("x.csv", EXPORT, MONDAY), form="snapshot")))
    assert list(ica.fetch(visit(make_client, Dropped("x.csv", EXPORT, MONDAY), cursor="snapshot", form="export")))
