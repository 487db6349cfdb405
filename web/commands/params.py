"""Parameters of a connector as a person types them: PARAMETER=VALUE."""

import json
from collections.abc import Sequence
from typing import Any, get_args, get_origin

import connectors
from connectors.base.contract import ParamError


def params_given(connector: str, pairs: Sequence[str]) -> dict[str, Any]:
    """Read PARAMETER=VALUE pairs; commas make a list where the parameter is one, an empty value is the default.

    A value that begins with a bracket is taken as JSON. Raises ParamError; what a value may be is checked elsewhere.
    """
    model = connectors.load(connector).Params
    values: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise ParamError(pair, "write it as PARAMETER=VALUE, for instance url=https://example.org/rss.xml")
        field = model.model_fields.get(key)
        if text == "" and field is not None and not field.is_required():
            values[key] = field.get_default(call_default_factory=True)
        elif text.startswith(("[", "{")):
            values[key] = _json(key, text)
        elif field is not None and _is_list(field.annotation):
            values[key] = [part.strip() for part in text.split(",") if part.strip()]
        else:
            values[key] = text
    return values


def _json(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        raise ParamError(key, f"begins like JSON and is none: {exc.msg} at character {exc.pos + 1}") from exc


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in {list, tuple, set, frozenset}:
        return True
    return any(_is_list(inner) for inner in get_args(annotation) if inner is not annotation)
