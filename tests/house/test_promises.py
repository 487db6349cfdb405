"""docs/promises.md and the tests name the same promises: nothing is promised untested, nothing tested unsaid."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"test_([A-Z]{1,2}\d+)_")


def promised() -> set[str]:
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- \*\*([A-Z]{1,2}\d+)\*\*", text, re.MULTILINE))


def under_test() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := NUMBER.match(node.name)):
                found.setdefault(match[1], []).append(f"{path.name}:{node.name}")
    return found


def test_every_promise_has_a_test_under_its_number() -> None:
    assert sorted(promised() - under_test().keys()) == []


def test_every_numbered_test_is_a_promise_in_our_own_words() -> None:
    assert sorted(under_test().keys() - promised()) == []
