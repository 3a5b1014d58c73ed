"""YAML as a tree of nodes that know their line and their exact text; nothing is turned into a number or a date."""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

BROKEN: Final = "broken"
"""What a part "reads as" that has its fault already: nobody need complain about it again."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was typed; ``reads_as`` is what YAML makes of it (``str``, ``int``, ``bool``, ``null`` …)."""

    text: str
    line: int
    path: str
    reads_as: str = "str"


class Entry(NamedTuple):
    """A key with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``line`` is that of its key."""

    items: "tuple[Node, ...]"
    line: int
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """Keys with values; ``line`` is that of the key it stands under, for an item of a list its first line."""

    entries: dict[str, Entry]
    line: int
    path: str


Node: TypeAlias = Scalar | Items | Map


def get(node: Node | None, *keys: str) -> Node | None:
    """Return what stands under a chain of keys, ``None`` if any of them is not there."""
    for key in keys:
        if not isinstance(node, Map) or key not in node.entries:
            return None
        node = node.entries[key].value
    return node


def items(node: Node | None) -> "tuple[Node, ...]":
    """Return the items of a list; nothing for anything else."""
    return node.items if isinstance(node, Items) else ()


def text_of(node: Node | None) -> str | None:
    """Return the text of a value that was typed and can be read, else ``None``."""
    return node.text if isinstance(node, Scalar) and node.reads_as not in {BROKEN, "null"} else None
