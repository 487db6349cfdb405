"""`organisations`: what the office sees of the directory, and how it parts what was merged wrongly."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

SNAPSHOT = {
    "status": "success",
    "data": [
        {
            "name": "Union of Dairies",
            "uri": "https://dev.lod.coop/ica/7",
            "www": "http://www.dairies.example",
            "regorg": "https://dev.lod.coop/essglobal/2.1/standard/organisational-structure/OS180",
            "primaryActivity": "https://dev.lod.coop/essglobal/2.1/standard/activities-ica/ICA20",
            "desc": "<p>Speaks for the dairies.</p>",
            "locality": "Valdorata",
        },
        {"name": "=SUM(A1) of Fishers", "uri": "https://dev.lod.coop/ica/8", "locality": "[b]Porto"},
    ],
}
EXPORT = """Contact ID,Organisation Name,Country,Website,Structure Type,Economic activity (primary)
501,Unione Latterie soc. coop.,Italy,https://dairies.example/it,National apex,Agriculture
502,Caseificio del Ponte,Italy,,Cooperative,Agriculture
"""


@pytest.fixture
def two_lists(worldwidewe: Command, home: Path) -> None:
    """ICA's list in both forms, each in the folder of a source of its own, and both read."""
    for name, file, text in (("ica-map", "a.json", json.dumps(SNAPSHOT)), ("ica-list", "b.csv", EXPORT)):
        assert worldwidewe("sources", "add", name, "ica", "--title", f"List {name}").code == 0
        folder = home / "drop" / name
        folder.mkdir(parents=True)
        (folder / file).write_text(text, encoding="utf-8")
    done = worldwidewe("pull", "ica-map", "ica-list")
    assert done.code == 0, done.err


def found(worldwidewe: Command, *arguments: str) -> list[str]:
    return [row["name"] for row in worldwidewe("organisations", "search", *arguments, "--json").json_lines()]


@pytest.mark.usefixtures("two_lists")
def test_organisations_are_found_by_word_country_network_sector_and_source(worldwidewe: Command) -> None:
    assert found(worldwidewe, "caseificio", "--country", "IT", "--network", "ica") == ["Caseificio del Ponte"]
    assert found(worldwidewe, "latterie") == found(worldwidewe, "dairies")
    assert len(found(worldwidewe, "--sector", "agri_crops")) == 2
    assert len(found(worldwidewe)) == 3
    assert len(found(worldwidewe, "--limit", "1")) == 1
    assert found(worldwidewe, "--source", "ica-list", "--country", "FR") == []
    shown = worldwidewe("organisations", "search", "ponte")
    assert "Caseificio del Ponte" in shown.out
    assert shown.err == "1 of 1\n"
    assert "[b]Porto" in worldwidewe("organisations", "search", "fishers").out
    assert worldwidewe("organisations", "search", "nobody").out == "no organisation is found\n"


@pytest.mark.usefixtures("two_lists")
def test_an_organisation_is_shown_with_who_says_so_the_licence_and_why_it_is_one(worldwidewe: Command) -> None:
    (row,) = worldwidewe("organisations", "search", "latterie", "--json").json_lines()
    assert {told["source"] for told in row["sources"]} == {"ica-map", "ica-list"}
    shown = worldwidewe("organisations", "show", row["id"]).out
    assert "taken for the same by website dairies.example" in shown
    assert "licence: not known" in shown
    assert "works in: " in shown
    assert "Agricoltura" in shown
    assert "what it is: Confederazione nazionale" in shown


@pytest.mark.usefixtures("two_lists")
def test_a_merge_is_undone_stays_undone_and_is_taken_back(worldwidewe: Command) -> None:
    (row,) = worldwidewe("organisations", "search", "latterie", "--json").json_lines()
    numbers = sorted(told["number"] for told in row["sources"])
    done = worldwidewe("organisations", "split", row["id"])
    assert done.out == f"parted; the entries are now: {numbers[0]}, {numbers[1]}\n"
    assert worldwidewe("pull", "ica-map", "ica-list").code == 0
    assert len(found(worldwidewe)) == 4
    assert worldwidewe("organisations", "join", str(numbers[1])).code == 0
    assert len(found(worldwidewe)) == 3
    # The number of the entry that went into another one leads there.
    led = json.loads(worldwidewe("organisations", "show", str(numbers[1]), "--json").out)
    assert led["id"] == str(numbers[0])


@pytest.mark.usefixtures("two_lists")
def test_a_source_that_is_off_or_removed_is_said_to_be_beside_what_it_told(worldwidewe: Command) -> None:
    (row,) = worldwidewe("organisations", "search", "ponte", "--json").json_lines()
    assert "unread" not in row["sources"][0]
    worldwidewe("sources", "set", "ica-list", "--off")
    assert "its source is switched off" in worldwidewe("organisations", "show", row["id"]).out
    worldwidewe("sources", "remove", "ica-list")
    assert "its source was removed" in worldwidewe("organisations", "show", row["id"]).out
    (row,) = worldwidewe("organisations", "search", "ponte", "--json").json_lines()
    assert row["sources"][0]["unread"] == "removed"


@pytest.mark.usefixtures("two_lists")
def test_the_directory_is_exported_for_programs_and_for_a_spreadsheet_that_runs_nothing(worldwidewe: Command) -> None:
    rows = worldwidewe("organisations", "export").json_lines()
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), key=int)
    assert all(row["sources"] for row in rows)
    table = list(csv.DictReader(io.StringIO(worldwidewe("organisations", "export", "--format", "csv").out)))
    assert len(table) == len(rows) == 3
    assert "'=SUM(A1) of Fishers" in [row["name"] for row in table]
    assert {row["licences"] for row in table} == {"not known"}


def test_what_is_not_there_is_one_line(worldwidewe: Command) -> None:
    for words in (("show", "77"), ("split", "77"), ("join", "77")):
        done = worldwidewe("organisations", *words)
        assert done.code == 1
        assert done.complaint.startswith("worldwidewe: 77: ")
    assert worldwidewe("organisations", "search", "anything").out == "no organisation is found\n"
    assert worldwidewe("organisations", "export").out == ""
