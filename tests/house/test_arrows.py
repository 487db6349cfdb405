"""Imports point one way: web → aggregator → connectors → generic → base, and everything may read config."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("connectors", "aggregator", "web", "config")
FLOORS = {
    "aggregator.store": 1,
    "aggregator.taxonomy": 1,
    "aggregator.rights": 1,
    "aggregator.matching": 2,
    "aggregator.directory": 2,
    "aggregator.people": 2,
    "aggregator.intake": 3,
    "aggregator.digest": 3,
    "aggregator.schedule": 4,
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


def imports(name: str, path: Path) -> set[str]:
    """Every module that a file imports by name, inside functions too; `from a import b` counts as a and as a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are written out in full"
            assert node.module is not None
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {module for module in found if module.split(".")[0] in (*PACKAGES, "tests", "benchmarks")}


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def complaint(name: str, target: str) -> str | None:
    """Why this import points the wrong way; None when it may stand."""
    here, there = name.split(".")[0], target.split(".")[0]
    if there in {"tests", "benchmarks"}:
        return "the program does not know its tests"
    if here == "config":
        return None if there == "config" else "config imports nobody"
    if there == "web":
        return None if here == "web" else "nobody imports web"
    if here == "connectors":
        return _of_a_connector(name, target, there)
    if here == "aggregator" and there == "aggregator":
        below, above = FLOORS.get(room(target)), FLOORS.get(room(name))
        if below is not None and above is not None and below > above:
            return f"floor {above} imports floor {below}"
    return None


def _of_a_connector(name: str, target: str, there: str) -> str | None:
    if there == "config":
        return "a connector gets what it needs from its visit"
    if there != "connectors":
        return "connectors know nothing above them"
    mine, other = room(name), room(target)
    if other in {mine, "connectors", "connectors.base"}:
        return None
    if mine == "connectors.base":
        return "base imports no connector"
    if other == "connectors.generic":
        return None
    return None if mine == "connectors" else "a platform imports base and generic, never another platform"


@pytest.mark.parametrize(("name", "path"), [pytest.param(n, p, id=n) for n, p in modules()])
def test_every_import_points_down(name: str, path: Path) -> None:
    wrong = [f"{name} imports {t}: {why}" for t in sorted(imports(name, path)) if (why := complaint(name, t))]
    assert not wrong


def test_every_room_of_the_aggregator_has_a_floor() -> None:
    rooms = {room(name) for name, _ in modules() if name.startswith("aggregator.")}
    assert rooms - FLOORS.keys() == set()


def test_the_rule_itself_would_notice() -> None:
    assert complaint("connectors.ted", "connectors.een")
    assert complaint("connectors.base.text", "connectors.generic.feed")
    assert complaint("aggregator.store.put", "aggregator.intake.pipeline")
    assert complaint("aggregator.intake.pipeline", "web.app")
    assert complaint("config.settings", "connectors")
    assert complaint("web.cli", "tests.portals")
    assert complaint("web.cli", "aggregator.schedule") is None


def test_no_file_outgrows_one_room() -> None:
    long = {name: n for name, path in modules() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 260}
    assert {n: lines for n, lines in long.items() if ".versions." not in n} == {}


def test_no_drawer_has_a_name_that_says_nothing() -> None:
    assert [n for n, _ in modules() if n.rsplit(".", 1)[-1] in {"utils", "helpers", "manager", "misc", "common"}] == []
