"""docs/adding-a-source.md can be followed: its example is taken out of the page, laid where it belongs, and used.

The one thing to know: the registry is pointed at a copy of connectors/ (links, and the one new file), so that the new
connector is found exactly as a committed one would be.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

import connectors
from tests.connectors import test_contract, test_golden
from tests.portals.server import Answer, Call, Portal, json_answer
from web.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
NAME = "harbour"
GOLDEN = f"tests/golden/{NAME}/two_requests.json"


def blocks() -> dict[str, str]:
    """Every code block that names its file, by that name."""
    return dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout that holds the new files, with the registry looking at it."""
    root = tmp_path / "checkout"
    (root / "connectors").mkdir(parents=True)
    for there in (ROOT / "connectors").iterdir():
        if there.name != "__pycache__":
            (root / "connectors" / there.name).symlink_to(there)
    for name, text in blocks().items():
        if not name.endswith(".expected.jsonl"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(connectors, "_HERE", root / "connectors")
    monkeypatch.setattr(connectors, "__path__", [str(root / "connectors")])
    _forget()
    yield root
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    connectors.names.cache_clear()
    connectors._modules.cache_clear()
    sys.modules.pop(f"connectors.{NAME}", None)
    vars(connectors).pop(NAME, None)


def test_the_page_brings_every_file_that_it_speaks_of() -> None:
    assert list(blocks()) == [
        f"connectors/{NAME}.py",
        GOLDEN,
        f"{GOLDEN}.meta.json",
        f"{GOLDEN}.expected.jsonl",
        f"docs/platforms/{NAME}.md",
    ]


def test_the_new_connector_is_found_beside_the_others(checkout: Path) -> None:
    assert {NAME, "feed", "ted"} <= set(connectors.names())


@pytest.mark.parametrize(
    "owed",
    [
        test_contract.test_a_connector_describes_itself,
        test_contract.test_every_parameter_tells_an_admin_what_it_is,
        test_contract.test_the_parameters_make_a_form,
        test_contract.test_a_page_tells_maintainers_and_admins_about_the_platform,
        test_contract.test_what_is_optional_is_a_function,
    ],
)
def test_it_keeps_the_contract(checkout: Path, monkeypatch: pytest.MonkeyPatch, owed: Callable[[str], None]) -> None:
    monkeypatch.setattr(test_contract, "DOCS", checkout / "docs" / "platforms")
    owed(NAME)


def test_its_golden_page_fails_first_is_read_and_then_holds(checkout: Path) -> None:
    page = checkout / GOLDEN
    with pytest.raises(pytest.fail.Exception, match="was written: read it"):
        test_golden.test_a_golden_page_is_read_as_before(page)
    test_golden.test_a_golden_page_is_read_as_before(page)
    written = (checkout / f"{GOLDEN}.expected.jsonl").read_text(encoding="utf-8")
    promised = blocks()[f"{GOLDEN}.expected.jsonl"]
    assert [json.loads(line) for line in written.splitlines()] == [json.loads(line) for line in promised.splitlines()]


def types(checkout: Path, cache: Path) -> str:
    """What mypy says when the module is held against the Protocol."""
    (checkout / "held.py").write_text(
        f"import connectors.{NAME}\nfrom connectors.base.contract import Connector\n\n"
        f"held: Connector = connectors.{NAME}\n"
    )
    mypy = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--strict"]
    done = subprocess.run(
        [*mypy, "--cache-dir", str(cache), "held.py"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_its_types_hold_against_the_protocol(checkout: Path, tmp_path: Path) -> None:
    assert types(checkout, tmp_path / "cache") == "Success: no issues found in 1 source file\n"
    module = checkout / "connectors" / f"{NAME}.py"
    module.write_text(module.read_text(encoding="utf-8").replace("-> Notice | Skipped:", "-> Notice | None:"))
    wrong = types(checkout, tmp_path / "cache")
    assert "Incompatible types in assignment" in wrong
    assert "Incompatible return value type" in wrong


def test_its_style_is_that_of_the_house(checkout: Path) -> None:
    for check in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *check, "--no-cache", "--config", str(ROOT / "pyproject.toml")]
        done = subprocess.run(
            [*ruff, f"connectors/{NAME}.py"], cwd=checkout, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


class HarbourPortal(Portal):
    """The invented platform: the golden page as its first page, and a second one with a request that has no number."""

    def __init__(self) -> None:
        super().__init__()
        first = json.loads(blocks()[GOLDEN])
        more = first["requests"][0] | {"ref": "HX-20420", "headline": "Olive oil in bulk"}
        nameless = {key: value for key, value in more.items() if key != "ref"}
        second = {"total": 5, "next": None, "requests": [more, nameless]}
        self._pages: list[dict[str, Any]] = [first | {"total": 5, "next": 2}, second]

    def answer(self, call: Call) -> Answer:
        if call.path != "/v1/requests":
            return json_answer({"error": "not found"}, status=404)
        return json_answer(self._pages[int(call.query["page"]) - 1])


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(list(arguments))
    return capsys.readouterr().out


def test_its_source_is_added_tried_and_read_into_a_real_store(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_LOOPBACK_HOSTS", '["127.0.0.1"]')
    with HarbourPortal() as portal:
        _said(capsys, "sources", "add", "harbour-all", NAME, f"endpoint={portal.url}/v1/requests")
        tried = _said(capsys, "sources", "test", "harbour-all", "--report")
        assert "yes  every record can be read: 3 records, 0 rejected, 1 left out" in tried
        line = json.loads(_said(capsys, "pull", "harbour-all", "--json"))
        assert (line["seen"], line["new"], line["rejected"], line["requests"]) == (3, 3, 1, 2)
        assert (line["class"], line["complete"]) == ("ok", True)
        again = json.loads(_said(capsys, "pull", "harbour-all", "--json"))
        assert (again["class"], again["new"], again["changed"]) == ("same", 0, 0)
    items = [json.loads(row) for row in _said(capsys, "export", "--now", "2026-12-01T00:00Z").splitlines()]
    cheese = next(item for item in items if item["notices"][0]["source_id"] == "HX-20418")
    assert cheese["status"] == "open"
    assert "livestock_dairy" in {sector["id"] for sector in cheese["sectors"]}
    assert cheese["rights"]["attribution"] == "Harbour Exchange"
    assert not any("Devries" in json.dumps(item) for item in items)
    structlog.reset_defaults()
