"""The folder of a source over a real store: what lies there is read, what is taken away goes, an empty one withdraws nothing."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.rights import shown
from aggregator.store.opportunities import get
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import ParamError
from tests.connectors.file_drop.pages import PAGE, workbook

HEAD = "id;title;url;deadline\n"


class Folder:
    """A source that reads files, and the hand that lays them there."""

    def __init__(self, store: Store, home: Path, **params: Any) -> None:
        self.store, self.home, self.place = store, home, home / "drop" / "office-files"
        with store.write() as connection:
            given = {"page": PAGE} | params
            sources.add(connection, "office-files", connector="file_drop", params=given, now=datetime.now(UTC))

    def lay(self, name: str, body: str | bytes, *, age: int = 0) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        (self.place / name).write_bytes(body.encode() if isinstance(body, str) else body)
        at = (datetime.now(UTC) - timedelta(hours=age)).timestamp()
        os.utime(self.place / name, (at, at))

    def visit(self) -> Result:
        return read_source(self.store, "office-files", settings=Settings(home=self.home))


def rows(*ids: int, title: str = "Bando") -> str:
    return HEAD + "".join(f"{id};{title} {id};{PAGE}/{id};31/12/2099\n" for id in ids)


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Folder:
    return Folder(store, tmp_path / "home")


def test_files_of_every_kind_in_one_folder_are_read_together(folder: Folder) -> None:
    folder.lay("a.csv", rows(1, 2))
    folder.lay("b.xlsx", workbook((("id", "title", "url"), (3, "Bando 3", f"{PAGE}/3"))))
    folder.lay("c.json", '[{"id": 4, "title": "Bando 4", "url": "https://a.example/4"}]')
    done = folder.visit()
    assert (done.kind, done.new) == ("ok", 4)
    assert (folder.visit().kind, folder.visit().changed) == ("same", 0)


def test_a_changed_file_is_read_again(folder: Folder) -> None:
    folder.lay("a.csv", rows(1, 2))
    folder.visit()
    folder.lay("a.csv", rows(1, 2, title="Avviso"))
    assert folder.visit().changed == 2


def test_F17_what_stands_in_no_file_any_more_is_withdrawn_after_two_visits(folder: Folder) -> None:
    folder.lay("a.csv", rows(1, 2))
    folder.lay("b.csv", rows(3))
    folder.visit()
    (folder.place / "b.csv").unlink()
    assert [folder.visit().withdrawn for _ in range(3)] == [0, 1, 0]


def test_F17_files_that_only_bring_what_is_new_withdraw_nothing(store: Store, tmp_path: Path) -> None:
    folder = Folder(store, tmp_path / "home", complete=False)
    folder.lay("week.csv", rows(1, 2))
    assert folder.visit().new == 2
    folder.lay("week.csv", rows(3))
    assert [(one.new, one.withdrawn) for one in (folder.visit(), folder.visit(), folder.visit())] == [
        (1, 0),
        (0, 0),
        (0, 0),
    ]


def test_F6_an_empty_folder_is_a_mistake_and_says_where_a_file_belongs(folder: Folder) -> None:
    folder.lay("a.csv", rows(1))
    folder.visit()
    (folder.place / "a.csv").unlink()
    done = [folder.visit() for _ in range(3)]
    assert [(one.kind, one.withdrawn) for one in done] == [("config", 0)] * 3
    assert "drop/office-files" in str(done[0].error)
    assert "worldwidewe sources drop office-files FILE" in str(done[0].error)


def test_F23_a_bad_file_beside_good_ones_makes_the_visit_partial_and_withdraws_nothing(folder: Folder) -> None:
    folder.lay("a.csv", rows(1))
    folder.lay("b.csv", rows(2))
    folder.visit()
    folder.lay("b.csv", b"%PDF-1.7")
    done = [folder.visit() for _ in range(3)]
    assert [(one.kind, one.complete, one.withdrawn) for one in done] == [("partial", False, 0)] * 3
    assert "is a PDF" in str(done[0].error)


def test_of_two_files_that_tell_of_the_same_the_newer_one_is_believed(folder: Folder) -> None:
    folder.lay("a-old.csv", rows(1, title="Vecchio"), age=5)
    folder.lay("z-new.csv", rows(1, title="Nuovo"))
    assert folder.visit().new == 1
    with folder.store.read() as connection:
        item = get(connection, 1)
    assert item is not None
    assert item.title("it", "en")[0] == "Nuovo 1"


def test_a_folder_that_is_too_large_is_refused_before_it_takes_the_memory(folder: Folder) -> None:
    for number in range(6):
        folder.lay(f"{number}.csv", HEAD.encode() + b" " * 18_000_000)
    done = folder.visit()
    assert (done.kind, "take old ones away" in str(done.error)) == ("config", True)


def test_F9_the_files_of_earlier_weeks_beside_the_newest_are_no_list_that_goes_round(folder: Folder) -> None:
    for week in range(6):
        folder.lay(f"week-{week}.csv", rows(1, 2, 3), age=10 - week)
    folder.lay("newest.csv", rows(1, 2, 3, 4))
    done = [folder.visit() for _ in range(2)]
    assert [(one.kind, one.complete, one.new) for one in done] == [("ok", True, 4), ("same", True, 0)]


def test_a_file_of_many_rows_is_committed_by_the_thousand(folder: Folder) -> None:
    folder.lay("long.csv", rows(*range(2_100)))
    done = folder.visit()
    assert (done.kind, done.new) == ("ok", 2_100)
    assert folder.visit().kind == "same"


def test_who_may_see_it_is_said_by_the_office_and_everybody_only_with_a_basis(folder: Folder) -> None:
    folder.lay("a.csv", rows(1))
    folder.visit()

    def seen() -> dict[str, bool]:
        with folder.store.read() as connection:
            item = get(connection, 1)
        assert item is not None
        return {to: shown(item, to=to, now=item.first_seen).visible for to in ("public", "member", "office")}

    def allow(**params: str) -> None:
        with folder.store.write() as connection:
            sources.change(connection, "office-files", params=params, now=datetime.now(UTC))

    assert seen() == {"public": False, "member": True, "office": True}
    with pytest.raises(ParamError, match="public needs a basis"):
        allow(audience="public")
    allow(audience="public", basis="written permission of 2026-11-20")
    assert seen()["public"]
    allow(audience="office")
    assert seen() == {"public": False, "member": False, "office": True}


def test_of_a_persons_connections_nothing_of_the_persons_is_kept(store: Store, tmp_path: Path) -> None:
    folder = Folder(store, tmp_path / "home", shape="linkedin_connections")
    head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    folder.lay(
        "Connections.csv",
        f"{head}Ermelinda,Zanfrognini,https://l.example/x,e@z.example,Coop Uno,Presidente,05 Mar 2024\n",
    )
    assert folder.visit().kind in {"ok", "same"}
    from aggregator.intake import kept

    with store.read() as connection:
        pages = [page.body.decode() for page in kept.every(connection, "office-files")]
    assert [("Coop Uno" in text, "Ermelinda" in text or "z.example" in text) for text in pages] == [(True, False)]
