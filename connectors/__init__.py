"""The registry: what we can read. A file or package here is a platform; `generic` holds what is pointed anywhere.

Installed packages add theirs under the entry point `worldwidewe.connectors`.
"""

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import cast

from connectors.base.contract import Connector, ParamError

_HERE = Path(__file__).parent
_GROUP = "worldwidewe.connectors"


@cache
def names() -> tuple[str, ...]:
    """The names of all connectors, sorted."""
    return tuple(sorted(_modules()))


def load(name: str) -> Connector:
    """Import a connector by its name. Raises ParamError with the names there are."""
    module = _modules().get(name)
    if module is None:
        raise ParamError("connector", f"there is no connector {name!r}; there are: {', '.join(names())}")
    # A module has no declared type: `make check` holds each one against the Protocol (tests/house/connectors_typed.py).
    return cast(Connector, importlib.import_module(module))


def module(name: str) -> ModuleType:
    """The module itself, for what is optional in a connector (`audit`)."""
    return importlib.import_module(_modules()[name])


@cache
def _modules() -> dict[str, str]:
    found = {
        m.name: f"connectors.{m.name}" for m in pkgutil.iter_modules([str(_HERE)]) if m.name not in {"base", "generic"}
    }
    # There a package is a connector, and a file is what several of them share (item.py). Nothing is imported to find out:
    # a program that reads feeds should not pay for the reader of workbooks.
    generic = pkgutil.iter_modules([str(_HERE / "generic")])
    found.update({m.name: f"connectors.generic.{m.name}" for m in generic if m.ispkg})
    found.update({point.name: point.value for point in entry_points(group=_GROUP)})
    return found
