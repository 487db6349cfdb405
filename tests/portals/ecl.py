"""The Europa Component Library: the facts of ecl.yml, and its Twig templates laid flat, to hold one against the other.

The one thing to know: a template laid flat holds every branch at once, with included templates in their place. It says
which element may stand in which; not that all of them ever stand there together.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BLOCK_SET = re.compile(r"\{%-?\s*set\s+(\w+)\s*-?%\}(.*?)\{%-?\s*endset\s*-?%\}", re.DOTALL)
_TEXT_SET = re.compile(r"\{%-?\s*set\s+(\w+)\s*=\s*[\"']([^\"']*)[\"']\s*-?%\}")
_INCLUDE = re.compile(r"\{%-?\s*include\s+'@ecl/([\w-]+)/([\w.-]+)'.*?%\}", re.DOTALL)
_PRINTED = re.compile(r"\{\{-?\s*(\w+)\s*-?\}\}")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@cache
def facts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "ecl.yml").read_text(encoding="utf-8"))
    return read


def selectors(*where: str) -> Iterator[tuple[str, str]]:
    """The component and selector of every fact: those of `listing`, of `detail`, and `other`."""
    for component, told in facts()["components"].items():
        for place in where:
            yield from ((component, selector) for selector in told.get(place, ()))


class Templates:
    """The unpacked npm packages somewhere below a folder: as `npm install` or as `npm pack` and `tar` lay them there."""

    def __init__(self, folder: Path) -> None:
        self.packages: dict[str, Path] = {}
        self.versions: dict[str, str] = {}
        for file in sorted(folder.rglob("package.json")):
            described = json.loads(file.read_text(encoding="utf-8"))
            scope, _, name = str(described.get("name", "")).partition("/")
            if scope == "@ecl":
                self.packages[name], self.versions[name] = file.parent, str(described["version"])

    def source(self, component: str) -> str:
        name: str = facts()["components"][component]["template"]
        return (self.packages[component] / name).read_text(encoding="utf-8")

    def flat(self, component: str) -> BeautifulSoup:
        return BeautifulSoup(self._flat(component, facts()["components"][component]["template"]), "html.parser")

    def _flat(self, package: str, name: str) -> str:
        if package not in self.packages:
            return ""
        text = _COMMENT.sub("", (self.packages[package] / name).read_text(encoding="utf-8"))
        text = _INCLUDE.sub(lambda found: self._flat(found[1], found[2]), text)
        words: dict[str, str] = {}
        for variable, value in _TEXT_SET.findall(text):
            words.setdefault(variable, value)
        blocks = {variable: inner for variable, inner in _BLOCK_SET.findall(text) if "<" in inner}
        text = _BLOCK_SET.sub("", text)
        text = _PRINTED.sub(lambda found: blocks.get(found[1], words.get(found[1], "")), text)
        return _TAG.sub("", _PRINTED.sub(lambda found: words.get(found[1], ""), text))
