"""What was seen of a page before, in a few signs a line: it travels in the cursor, and is committed with what it led to.

The one thing to know: a line is forgotten only when five changes in a row came without it, so that a banner which comes and
goes is reported once.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping

_SIGNS = 8  # 48 bits of a line: one page never has lines enough for two of them to meet
_CHANGES = 5


def mark(line: str) -> str:
    """Say which line this is, in eight signs."""
    return base64.urlsafe_b64encode(hashlib.blake2b(line.encode(), digest_size=6).digest()).decode()


def known(cursor: str | None) -> dict[str, int] | None:
    """The lines that were seen, each with how many changes ago; None where nothing was seen yet."""
    if cursor is None:
        return None
    step = _SIGNS + 1
    whole = (cursor[at : at + step] for at in range(0, len(cursor) - step + 1, step))
    return {each[:_SIGNS]: int(each[-1]) for each in whole if each[-1].isdigit()}


def after(before: Mapping[str, int] | None, lines: Iterable[str]) -> str:
    """The cursor after a look at these lines."""
    now = dict.fromkeys(map(mark, lines), 0)
    older = {sign: age + 1 for sign, age in (before or {}).items() if sign not in now and age + 1 < _CHANGES}
    return "".join(f"{sign}{age}" for sign, age in (now | older).items())
