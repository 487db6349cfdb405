"""What is wrong with a members file, in words for the person who wrote it.

The one thing to know: a message names the field, the value and what is allowed, and never repeats a long value.
"""

from difflib import get_close_matches
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from aggregator.matching.profile import Profile, Range
from aggregator.people.member import Legal, Member, Recipient

JSON: TypeAlias = dict[str, Any]
_KEYS: dict[str, type[BaseModel]] = {"profiles": Profile, "recipients": Recipient, "legal": Legal, "budget": Range}


class MembersError(Exception):
    """A members file cannot be taken. `lines` holds every problem: file, member or row, field, and what is allowed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def told(error: ValidationError, row: JSON) -> list[str]:
    """Tell each problem of a member in one line: "profile Export: sectors: 'pulizia' is not a sector; did you mean ...?"."""
    return [f"{_place(problem['loc'], row)}{_message(dict(problem))}" for problem in error.errors(include_url=False)]


def _place(loc: tuple[int | str, ...], row: JSON) -> str:
    words: list[str] = []
    value: Any = row
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if not isinstance(step, int):
            # Pydantic's mark of a key that is wrong itself; the key stands before it.
            words += [] if step == "[key]" else [step]
        elif isinstance(value, dict) and words[-1] in {"profiles", "recipients"}:
            # A profile has a name and a recipient an address: better than a number counted from zero.
            words[-1] = f"{words[-1].removesuffix('s')} {value.get('name') or value.get('email') or step + 1}"
    return "".join(f"{word}: " for word in words)


def _message(problem: dict[str, Any]) -> str:
    value, context, allowed = _short(problem["input"]), problem.get("ctx", {}), problem["msg"]
    match problem["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown_key(problem["loc"])
        case "literal_error":
            expected = str(context["expected"])
            near = get_close_matches(
                str(problem["input"]), expected.replace(" or ", ", ").replace("'", "").split(", "), 1
            )
            return f"{value} is not allowed{f'; did you mean {near[0]}?' if near else ''}; one of {expected}"
        case "tuple_type":
            return f"{value} is not a list; write [{value.strip(chr(39))}]"
        case "string_type" if isinstance(problem["input"], dict):
            return f"{value} is not text; write it without a space behind the colon"
        case "string_type":
            return f"{value} is not text; put it in quotes"
        case _:
            return f"{value}: {allowed[:1].lower()}{allowed[1:]}"


def _unknown_key(loc: tuple[int | str, ...]) -> str:
    owner = next((_KEYS[step] for step in reversed(loc[:-1]) if step in _KEYS), Member)
    keys = list(owner.model_fields)
    near = get_close_matches(str(loc[-1]), keys, 1)
    return "no such key; " + (f"did you mean {near[0]}?" if near else f"one of {', '.join(keys)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
