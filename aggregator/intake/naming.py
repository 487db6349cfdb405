"""How sources and parameters are named to a person: the likely one in an error, the important ones first in a list."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_FEW = 12
"""More names than these are not listed in an error."""


def those_there_are(name: str, there: Sequence[str]) -> str:
    """The way out of a wrong name: all names while they are few, else those that look alike and where to see all."""
    if len(there) <= _FEW:
        return f"there are: {', '.join(there) or 'none'}"
    like = get_close_matches(name, there, n=3) or [one for one in there if name in one][:3]
    meant = f"did you mean {' or '.join(like)}? " if like else ""
    return f"{meant}see: worldwidewe sources list"


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The parameters of a connector: its own first, then those that all its kind share (connectors/generic/given.py)."""
    own = model.__annotations__
    return dict(sorted(model.model_fields.items(), key=lambda named: named[0] not in own))
