"""Members in YAML, as docs/members.md shows.

The one thing to know: words are read as YAML 1.2 reads them, where `on`, `no` and `NO` are text: Norway is no falsehood,
and the day on which a person was informed is not called True.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml

from aggregator.people.problems import JSON

_FIRST_LINE = re.compile(rb"\s*(?:(?:#[^\n]*|---[^\n]*)\s*)*(?:-(?:\s|$)|\{|[A-Za-z_]+:(?:\s|$))")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the booleans of YAML 1.2, and a key that is written twice is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(problem=f"{twice!r} is written twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def looks_so(data: bytes) -> bool:
    """Say whether a file is YAML, by its first line: a key with a colon, a dash or a brace."""
    return bool(_FIRST_LINE.match(data.removeprefix(b"\xef\xbb\xbf")))


def rows(data: bytes, problems: list[str]) -> list[tuple[str, JSON]]:
    """Read the members as plain data, each with the words that locate it; what is wrong is added to `problems`."""
    try:
        found = yaml.load(data.decode("utf-8-sig"), _Loader)  # noqa: S506 (a safe loader)
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8 (byte {error.start}); save it as UTF-8 text")
        return []
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        problems.append(f"{line}{error.problem or 'not YAML'}")
        return []
    except yaml.YAMLError as error:
        problems.append(f"not YAML: {error}".splitlines()[0])
        return []
    if isinstance(found, dict) and set(found) - {"members"} and "members" in found:
        problems.append(
            f"{', '.join(sorted(map(str, set(found) - {'members'})))}: no such key; only members stands at the top"
        )
    members = found.get("members", [found]) if isinstance(found, dict) else found
    if not isinstance(members, list):
        problems.append("members: a list is wanted, each member behind a dash")
        return []
    return list(_located(members, problems))


def _located(members: list[Any], problems: list[str]) -> list[tuple[str, JSON]]:
    located = []
    for number, member in enumerate(members, start=1):
        if isinstance(member, dict):
            located.append((f"member {member.get('id') or member.get('name') or number}", _without_nothing(member)))
        else:
            problems.append(f"member {number}: {member!r} is not a member; keys and values are wanted")
    return located


def _without_nothing(value: Any) -> Any:
    """Leave out keys without a value: `sectors:` alone on a line says nothing about sectors."""
    if isinstance(value, dict):
        return {str(key): _without_nothing(inner) for key, inner in value.items() if inner is not None}
    return [_without_nothing(inner) for inner in value] if isinstance(value, list) else value
