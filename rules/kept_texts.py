"""Texts as plain data that can be kept as JSON, and back: what was found once is still said in either language."""

from collections.abc import Mapping
from typing import Any

from rules.texts import Text


def packed(value: object) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return a text, or what stands in its places, as plain data."""
    if isinstance(value, Text):
        return {"template": value.template, "values": {key: packed(v) for key, v in value.values.items()}}
    if isinstance(value, list | tuple):
        return [packed(v) for v in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def unpacked(value: Any) -> Any:  # noqa: ANN401 - see above
    """Return the text that was packed."""
    if isinstance(value, Mapping):
        return Text(value["template"], {key: unpacked(v) for key, v in value["values"].items()})
    return [unpacked(v) for v in value] if isinstance(value, list) else value
