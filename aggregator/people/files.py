"""Read a members file, YAML or CSV. The one thing to know: all problems are told at once, and then nothing is imported."""

from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from aggregator.people import sheet, yaml_file
from aggregator.people.member import Member, slug
from aggregator.people.problems import JSON, MembersError, told

__all__ = ["MembersError", "load"]


def load(path: Path | str, *, country: str = "IT", language: str = "it") -> list[Member]:
    """Read the members of a file; `country` and `language` stand in where a member does not say.

    The text decides whether it is YAML or CSV, not its name. Raises MembersError with every problem of the file.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MembersError([f"{path}: {error.strerror or error}"]) from error
    problems: list[str] = []
    rows = yaml_file.rows(data, problems) if yaml_file.looks_so(data) else sheet.rows(data, problems)
    members = _members(rows, problems, {"country": country, "language": language})
    if not rows and not problems:
        problems = ["no member in it; write `members:` and a list, or a CSV with a line of column names"]
    if problems:
        raise MembersError([f"{path.name}: {problem}" for problem in problems])
    return members


def _members(rows: list[tuple[str, JSON]], problems: list[str], defaults: JSON) -> list[Member]:
    given = Counter(row["id"] for _, row in rows if isinstance(row.get("id"), str))
    problems += [
        f"id: {id!r} is used by {times} members; an id belongs to one" for id, times in given.items() if times > 1
    ]
    taken, members = set(given), []
    for where, row in rows:
        if "id" not in row and isinstance(row.get("name"), str):
            row = row | {"id": _free(slug(row["name"]), taken)}
        try:
            members.append(Member.model_validate(_with_country(row, defaults)))
        except ValidationError as error:
            problems += [f"{where}: {line}" for line in told(error, row)]
    return members


def _with_country(row: JSON, defaults: JSON) -> JSON:
    """Fill in what the member leaves to the office; the region of its seat says its country."""
    legal = row.get("legal")
    region = legal.get("region") if isinstance(legal, dict) else None
    at_seat = {"country": region[:2]} if isinstance(region, str) and len(region) >= 2 else {}
    return defaults | at_seat | row


def _free(id: str, taken: set[str]) -> str:
    free = id
    for number in range(2, len(taken) + 3):
        if free not in taken:
            break
        free = f"{id[:76]}-{number}"
    taken.add(free)
    return free
