"""Members in a table: CSV as spreadsheets write it, one row a recipient.

The one thing to know: an Italian spreadsheet separates columns by semicolons, writes days as 1/11/2026, may begin with
`sep=;`, and without "UTF-8" in the dialogue it writes windows-1252; all of it is read.
"""

import csv
import io
import re
from difflib import get_close_matches

from aggregator.people.member import slug
from aggregator.people.problems import JSON

_MEMBER = ("id", "name", "type", "country", "language")
_RECIPIENT = ("email", "basis", "informed_by", "on")
_LISTS = ("kinds", "sectors", "codes", "countries", "any", "all", "none", "bid_languages", "programmes")
COLUMNS = (
    *_MEMBER,
    "reads",
    "form",
    "region",
    *_RECIPIENT,
    "profile",
    *_LISTS,
    "home",
    "reserved_only",
    "us_only",
    "text",
)
# Headings as an Italian office writes them.
_ITALIAN = {
    "nome": "name",
    "cooperativa": "name",
    "tipo": "type",
    "paese": "country",
    "lingua": "language",
    "lingue": "reads",
    "forma": "form",
    "e-mail": "email",
    "mail": "email",
    "base": "basis",
    "informato_da": "informed_by",
    "informata_da": "informed_by",
    "data": "on",
    "profilo": "profile",
    "tipi": "kinds",
    "settori": "sectors",
    "codici": "codes",
    "paesi": "countries",
    "testo": "text",
}
_YES = {"yes": True, "si": True, "sì": True, "true": True, "x": True, "vero": True, "1": True}
_NO = {"no": False, "false": False, "falso": False, "0": False}
_ITALIAN_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def rows(data: bytes, problems: list[str]) -> list[tuple[str, JSON]]:
    """Read the members as plain data; rows of one id, or else of one name, are one member with several recipients."""
    lines = _cells(_text(data), problems)
    if not lines:
        return []
    columns = _columns(lines[0][1], problems)
    members: dict[str, tuple[str, JSON]] = {}
    for number, cells in lines[1:]:
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
        if any(cell.strip() for cell in cells[len(columns) :]):
            problems.append(f"row {number}: more values than columns; put values with separators in quotes")
        if not row:
            continue
        where = f"row {number} ({row.get('name', 'no name')})"
        _first, member = members.setdefault(_identity(row, number), (where, {}))
        _add(row, member, where, problems)
    return list(members.values())


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1252", errors="replace")


def _cells(text: str, problems: list[str]) -> list[tuple[int, list[str]]]:
    """Cut the table into rows with their numbers as a spreadsheet counts them; empty rows are left out."""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r"sep=(.)\s*", first)
    delimiter = said[1] if said else max(";,\t", key=first.count)
    start = 2 if said else 1
    try:
        read = list(csv.reader(io.StringIO(rest if said else text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        problems.append(f"not a table that can be read: {error}")
        return []
    return [(number, cells) for number, cells in enumerate(read, start=start) if any(cell.strip() for cell in cells)]


def _columns(heads: list[str], problems: list[str]) -> list[str]:
    columns = []
    for head in heads:
        plain = re.sub(r"\s+", "_", head.strip().lower())
        name = _ITALIAN.get(plain, plain)
        if name and name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1)
            meant = f"did you mean {near[0]}?" if near else f"one of {', '.join(COLUMNS)}"
            problems.append(f"row 1: {head.strip()!r} is no column; {meant}")
        if name and name in columns:
            problems.append(f"row 1: two columns are called {name}")
        columns.append(name)
    if "name" not in columns:
        problems.append("row 1: there is no column name")
    return columns


def _identity(row: dict[str, str], number: int) -> str:
    # A row without either gets an identity of its own, and is refused later for what it lacks.
    return row.get("id") or slug(row["name"]) if row.get("id") or row.get("name") else f"row {number}"


def _add(row: dict[str, str], member: JSON, where: str, problems: list[str]) -> None:
    """Add what a row says to its member; a later row may leave out what an earlier one said, and not contradict it."""
    legal = {key: row[key] for key in ("form", "region") if key in row}
    said: JSON = {key: row[key] for key in _MEMBER if key in row}
    said |= {"reads": _list(row["reads"])} if "reads" in row else {}
    said |= {"legal": legal} if legal else {}
    for key, value in said.items():
        if member.setdefault(key, value) != value:
            problems.append(f"{where}: {key}: not as in an earlier row of the same member")
    recipient = {key: _day(row[key]) if key == "on" else row[key] for key in _RECIPIENT if key in row}
    if recipient and recipient not in member.setdefault("recipients", []):
        member["recipients"].append(recipient)
    profile = _profile(row, where, problems)
    if not profile:
        return
    named = next((p for p in member.setdefault("profiles", []) if p.get("name") == profile.get("name")), None)
    if named is None:
        member["profiles"].append(profile)
    elif named != profile:
        problems.append(
            f"{where}: profile: not as in an earlier row of the same member; name another in column profile"
        )


def _profile(row: dict[str, str], where: str, problems: list[str]) -> JSON:
    profile: JSON = {key: _list(row[key]) for key in _LISTS if key in row}
    profile |= {"text": row["text"]} if "text" in row else {}
    for key in ("home", "reserved_only", "us_only"):
        if key in row:
            profile[key] = (_YES | _NO).get(row[key].lower())
            if profile[key] is None:
                problems.append(f"{where}: {key}: {row[key]!r} is neither yes nor no")
    if "profile" in row:
        profile["name"] = row["profile"]
    return profile


def _list(cell: str) -> list[str]:
    return [value.strip() for value in re.split(r"[;|,\n]", cell) if value.strip()]


def _day(cell: str) -> str:
    day = _ITALIAN_DAY.fullmatch(cell)
    return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else cell
