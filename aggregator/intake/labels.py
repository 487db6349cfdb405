"""Labels of code lists that a source gives instead of the codes: `cpv-label:Servizi sociali` is `cpv:85320000`.

The one thing to know: a label is looked up whole, without regard to case and accents, and only where it stands for one code;
what is not found, or stands for two, is left out of the codes and named as a warning.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from config.tables import cpv_labels
from connectors.base.days import fold

_CPV = "cpv-label:"


def coded(codes: Iterable[str], warnings: list[str]) -> tuple[str, ...]:
    """Put the code in the place of each label; other codes stay as they are. Each once, in their order."""
    found: list[str] = []
    for code in codes:
        if not code.startswith(_CPV):
            found.append(code)
        elif known := _cpv().get(_key(code.removeprefix(_CPV))):
            found.append(f"cpv:{known}")
        else:
            warnings.append(f"unknown CPV label: {code.removeprefix(_CPV)[:100]}")
    return tuple(dict.fromkeys(found))


@cache
def _cpv() -> Mapping[str, str]:
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, labels in cpv_labels().items():
        key = _key(labels["it"])
        twice |= {key} & found.keys()
        # The table leaves the zeros at the end out; a code has eight digits.
        found.setdefault(key, code.ljust(8, "0"))
    return {key: code for key, code in found.items() if key not in twice}


def _key(label: str) -> str:
    return " ".join(fold(label.replace("\u2019", "'")).rstrip(" .;").split())
