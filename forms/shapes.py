"""Shapes: what may stand at one place of a file. Each reads a node into a value, and tells editors by JSON Schema.

One declaration serves both, so what the editor accepts and what the program accepts cannot drift apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Generic, Protocol, TypeVar

from forms.fair_rules import judge
from forms.findings import Findings
from forms.yaml_nodes import BROKEN, Items, Map, Node, Scalar
from rules.texts import Text, _

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Unread(Enum):
    """What stands for a value that could not be read; its fault has been noted."""

    BAD = "bad"


BAD: Final = Unread.BAD


class Refused(Exception):  # noqa: N818 - it carries what is allowed, it is no error of the program
    """A text that is no such value; says what is allowed."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


class Shape(Protocol[T_co]):
    """What may stand at one place."""

    def read(self, node: Node, found: Findings) -> T_co | Unread:
        """Return the value; note every fault in ``found``."""

    def schema(self) -> dict[str, Any]:
        """Return the shape as JSON Schema, in the language in force."""


@dataclass(frozen=True)
class Value(Generic[T]):
    """A single value: ``convert`` makes it of its text or raises ``Refused``; ``judged`` texts face the law."""

    convert: Callable[[str], T]
    json: Mapping[str, Any]
    judged: bool = False

    def read(self, node: Node, found: Findings) -> T | Unread:
        """Return the value of a scalar, whether it was quoted or not."""
        if not isinstance(node, Scalar) or node.reads_as == BROKEN:
            return misplaced(node, Text(_("单个值")), found)
        if node.reads_as == "null":
            found.fault(Text(_("没有填写；请填写，或删去这个键")), node)
            return BAD
        return self._converted(node, found)

    def _converted(self, node: Scalar, found: Findings) -> T | Unread:
        if self.judged:
            judge(node, found)
        try:
            return self.convert(node.text)
        except Refused as refused:
            found.fault(refused.text, node, value=node.text)
            return BAD

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""
        return dict(self.json)


def misplaced(node: Node, wanted: Text, found: Findings) -> Unread:
    """Note that something else belongs here, unless this part has its fault already."""
    if not (isinstance(node, Scalar) and node.reads_as == BROKEN):
        found.fault(Text(_("此处应为{wanted}，实际为{what}"), {"wanted": wanted, "what": _called(node)}), node)
    return BAD


def _called(node: Node) -> Text:
    if isinstance(node, Items):
        return Text(_("列表"))
    if isinstance(node, Map):
        return Text(_("“键: 值”的映射"))
    return Text(_("空值")) if node.reads_as == "null" else Text(_("单个值“{text}”"), {"text": node.text[:40]})


def quietly(shape: Shape[T], node: Node | None) -> T | None:
    """Return the value if it is there and sound, without noting anything: for checks across several places."""
    if node is None:
        return None
    value = shape.read(node, Findings(""))
    return None if isinstance(value, Unread) else value
