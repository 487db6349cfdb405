"""`parse`: a saved answer in, JSON lines out; what cannot be read is told apart from what was not there."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.base.contract import Notice
from connectors.ted.query import FIELDS
from tests.cli.conftest import Command
from tests.portals.feeds import FeedPortal
from tests.portals.server import Call
from tests.portals.ted import PATH, TedPortal


def search_answer(notices: int = 40) -> dict[str, Any]:
    """What the search of the simulator says to one question."""
    asked = {"query": "form-type IN (competition)", "fields": list(FIELDS), "limit": 20, "scope": "ACTIVE"}
    call = Call("POST", PATH, {}, {"user-agent": "worldwidewe/0"}, json.dumps(asked).encode())
    answer: dict[str, Any] = json.loads(TedPortal(notices=notices).answer(call).body)
    assert len(answer["notices"]) > 5
    return answer


@pytest.fixture
def saved_feed(tmp_path: Path, feeds: FeedPortal) -> Path:
    file = tmp_path / "saved.xml"
    file.write_bytes(feeds.answer(Call("GET", "/rss.xml", {}, {})).body)
    return file


def test_every_line_is_a_notice(worldwidewe: Command, saved_feed: Path) -> None:
    done = worldwidewe("parse", "feed", saved_feed, "--url", "https://valley.example.org/rss.xml")
    assert (done.code, done.err) == (0, "")
    notices = [Notice.model_validate_json(line) for line in done.out.splitlines()]
    assert len({notice.source_id for notice in notices}) == 20


def test_no_line_has_a_key_for_what_is_missing(worldwidewe: Command, saved_feed: Path) -> None:
    empty: tuple[object, ...] = (None, "", [], {})
    for row in worldwidewe("parse", "feed", saved_feed).json_lines():
        assert [key for key, value in row.items() if value in empty] == []


def test_a_parameter_of_the_connector_is_used(worldwidewe: Command, saved_feed: Path) -> None:
    rows = worldwidewe("parse", "feed", saved_feed, "--param", "countries=FR,BE", "--param", "kind=event").json_lines()
    assert {(row["kind"], *row["countries"]) for row in rows} == {("event", "FR", "BE")}


def test_a_rejected_record_goes_to_standard_error_as_json_and_the_others_are_read(
    worldwidewe: Command, tmp_path: Path
) -> None:
    answer = search_answer()
    del answer["notices"][2]["publication-number"]
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    done = worldwidewe("parse", "ted", file)
    assert done.code == 0
    (rejected,) = [json.loads(line) for line in done.err.splitlines()]
    assert rejected.keys() == {"where", "reason", "excerpt"}
    assert rejected["where"] == "notices[2]"
    assert "publication-number" in rejected["reason"]
    assert len(done.json_lines()) == len(answer["notices"]) - 1


@pytest.mark.parametrize(
    ("name", "connector", "content"),
    [
        ("page.html", "feed", "<html><body>Not what you think"),
        ("empty.xml", "feed", ""),
        ("answer.json", "ted", '{"notices": "none today"}'),
        ("answer.json", "ted", "{"),
    ],
)
def test_a_page_that_cannot_be_read_ends_with_3(
    worldwidewe: Command, tmp_path: Path, name: str, connector: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    done = worldwidewe("parse", connector, file)
    assert (done.code, done.out) == (3, "")
    assert done.complaint.startswith("worldwidewe: https://")


@pytest.mark.parametrize("as_text", [True, False])
def test_an_answer_that_lies_inside_a_file_is_unwrapped(worldwidewe: Command, tmp_path: Path, as_text: bool) -> None:
    answer = search_answer()
    wrapped = {"log": [{"a/b~c": json.dumps(answer) if as_text else answer}]}
    file = tmp_path / "recording.json"
    file.write_text(json.dumps(wrapped), encoding="utf-8")
    done = worldwidewe("parse", "ted", file, "--unwrap", "/log/0/a~1b~0c")
    assert done.code == 0
    assert len(done.json_lines()) == len(answer["notices"])


def test_what_is_wrong_with_the_question_is_one_line(worldwidewe: Command, saved_feed: Path) -> None:
    for arguments, said in (
        (("facebook", saved_feed), "there is no connector 'facebook'"),
        (("feed", saved_feed, "--unwrap", "/x"), "--unwrap: there is nothing at '/x' in this file"),
        (("feed", saved_feed, "--param", "kind=gossip"), "kind: Input should be"),
        (("feed", saved_feed, "--param", "colour=red"), "colour: feed has no such parameter"),
        (("feed", saved_feed, "--url", "valley"), "url: Value error, must be an absolute http"),
    ):
        done = worldwidewe("parse", *arguments)
        assert (done.code, done.out) == (1, "")
        assert said in done.complaint
