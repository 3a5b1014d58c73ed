"""Shapes that hold several of one shape: lists, and maps whose keys the author chooses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from forms.findings import Findings
from forms.shapes import BAD, Shape, Unread, Value, misplaced
from forms.yaml_nodes import BROKEN, Items, Map, Node, Scalar
from rules.texts import Text, _

T = TypeVar("T")

TWICE: Final = _("与第 {line} 行重复：视为同一个“{same}”")
"""Said of an item that stands twice in a file; a form has no lines."""


@dataclass(frozen=True)
class ListOf(Generic[T]):
    """A list of at least ``least``; ``identity`` says which items would be the same one twice."""

    each: Shape[T]
    least: int = 1
    identity: Callable[[Node], str | None] | None = None

    def read(self, node: Node, found: Findings) -> tuple[T, ...] | Unread:
        """Return the items, if all of them are sound."""
        if not isinstance(node, Items):
            return misplaced(node, Text(_("列表（每项一行，以“- ”开头）")), found)
        if len(node.items) < self.least:
            found.fault(Text(_("至少要有 {n} 项"), {"n": self.least}), node)
            return BAD
        self._look_for_doubles(node, found)
        values = [self.each.read(item, found) for item in node.items]
        sound = tuple(v for v in values if not isinstance(v, Unread))
        return sound if len(sound) == len(values) else BAD

    def _look_for_doubles(self, node: Items, found: Findings) -> None:
        seen: dict[str, Node] = {}
        for item in node.items:
            same = self.identity(item) if self.identity else None
            if same is not None and (first := seen.setdefault(same, item)) is not item:
                found.fault(Text(TWICE, {"line": first.line, "same": same}), item)

    def schema(self) -> dict[str, Any]:
        """Return the list as JSON Schema."""
        return {"type": "array", "items": self.each.schema(), "minItems": self.least}


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """A map whose keys the author chooses; ``plain_keys`` must be text to every reader of YAML."""

    keys: Value[str]
    each: Shape[T]
    plain_keys: bool = False

    def read(self, node: Node, found: Findings) -> Mapping[str, T] | Unread:
        """Return the values by key, if all of them are sound."""
        if not isinstance(node, Map):
            return misplaced(node, Text(_("“键: 值”的映射")), found)
        if not node.entries:
            found.fault(Text(_("至少要有 {n} 项"), {"n": 1}), node)
            return BAD
        keys = [self._key(entry.key, found) for entry in node.entries.values()]
        values = {k: self.each.read(entry.value, found) for k, entry in node.entries.items()}
        sound = {k: v for k, v in values.items() if not isinstance(v, Unread)}
        return sound if all(keys) and len(sound) == len(values) else BAD

    def _key(self, key: Scalar, found: Findings) -> bool:
        if self.plain_keys and key.reads_as not in {"str", BROKEN}:
            text = Text(_("YAML 会把这个键读成别的类型，而不是文字；请加引号，或换一个键"))
            found.fault(text, key, value=key.text)
            return False
        as_text = Scalar(key.text, key.line, key.path, BROKEN if key.reads_as == BROKEN else "str")
        return not isinstance(self.keys.read(as_text, found), Unread)

    def schema(self) -> dict[str, Any]:
        """Return the map as JSON Schema."""
        names = {k: v for k, v in self.keys.schema().items() if k != "type"}
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.each.schema(),
            "minProperties": 1,
        }
