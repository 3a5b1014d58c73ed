"""The text of a YAML file → nodes. Only plain data: one document, no tags, no references, no key twice.

Works on the parser's events: no object is ever constructed from the file, and depth and length are bounded before
they are used.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from forms.findings import Findings
from forms.yaml_nodes import BROKEN, Entry, Items, Map, Node, Scalar
from forms.yaml_problems import explained, line_of
from forms.yaml_text import INVISIBLE
from rules.texts import Text, _

DEEPEST: Final = 16
"""Levels. A policy needs six."""

LONGEST: Final = 20_000
"""Parts (keys, values, lists) of one file."""

CORE_NUMBER: Final = re.compile(r"[-+]?(0o[0-7]+|0x[0-9a-fA-F]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)")
"""Numbers of YAML 1.2, some of which the parser here (YAML 1.1) takes for text."""

KEY_TWICE: Final = _("键“{key}”重复；第 {line} 行已有")
"""Said of a key that stands twice in a file; a form has no lines."""


class Place(NamedTuple):
    """Where the next node stands: the line of its key (``None``: its own), its path, its depth."""

    line: int | None
    path: str
    depth: int


def read_nodes(text: str, found: Findings) -> Node:
    """Return the tree of a YAML text; raise when it is no YAML at all or cannot be read to its end."""
    reader = _Reader(text, found)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        found.fault_on_line(explained(error), line_of(error, reader.line))
        found.refuse()
    except (yaml.YAMLError, ValueError, OverflowError):  # an escape beyond Unicode, a version of 5,000 digits
        found.fault_on_line(Text(_("不是合规的 YAML")), reader.line)
        found.refuse()


class _Reader:
    """Takes the events one by one; its recursion is bounded by DEEPEST."""

    def __init__(self, text: str, found: Findings) -> None:
        self.line = 1
        self._found = found
        self._count = 0
        self._resolver = yaml.resolver.Resolver()
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.SafeLoader))

    def document(self) -> Node:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._empty()
        node = self._node(self._next(), Place(None, "", 0))
        if isinstance(node, Scalar) and node.reads_as == "null":
            self._empty()
        self._next()  # the document's end
        if not isinstance(self._next(), yaml.StreamEndEvent):
            self._stop(Text(_("一个文件里只能有一份方案；请删去“---”及其后的内容")))
        return node

    def _empty(self) -> None:
        self.line = 1
        self._stop(Text(_("文件是空的；至少要有 version、code、title 等必填项")))

    def _next(self) -> Any:  # noqa: ANN401 - the parser's events carry no common type
        event = next(self._events)
        self.line = event.start_mark.line + 1
        return event

    def _stop(self, text: Text) -> None:
        self._found.fault_on_line(text, self.line)
        self._found.refuse()

    def _node(self, event: Any, place: Place) -> Node:  # noqa: ANN401 - as above
        self._bound(place)
        line = place.line or self.line
        sound = self._plain_data(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._items(place)), line, place.path)
        if isinstance(event, yaml.MappingStartEvent):
            return Map(self._entries(place), line, place.path)
        return self._scalar(event, place.path) if sound else Scalar("", self.line, place.path, BROKEN)

    def _bound(self, place: Place) -> None:
        self._count += 1
        if self._count > LONGEST:
            self._stop(Text(_("内容太长：超过 {limit} 项"), {"limit": LONGEST}))
        if place.depth > DEEPEST:
            self._stop(Text(_("嵌套太深：超过 {limit} 层"), {"limit": DEEPEST}))

    def _items(self, place: Place) -> Iterator[Node]:
        number = 0
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            number += 1
            yield self._node(event, Place(None, f"{place.path}[{number}]", place.depth + 1))

    def _entries(self, place: Place) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event, Place(None, place.path, place.depth + 1))
            name = " ".join(key.text.split())[:60] if isinstance(key, Scalar) else ""
            path = f"{place.path}.{name}" if place.path else name
            entry = Entry(self._key(key, path), self._node(self._next(), Place(key.line, path, place.depth + 1)))
            self._enter(entries, entry)
        return entries

    def _key(self, key: Node, path: str) -> Scalar:
        if isinstance(key, Scalar):
            return Scalar(key.text, key.line, path, key.reads_as)
        self._found.fault(Text(_("键必须是一个词，不能是列表或映射")), key)
        return Scalar("", key.line, path, BROKEN)

    def _enter(self, entries: dict[str, Entry], entry: Entry) -> None:
        first = entries.setdefault(entry.key.text, entry)
        if first is not entry and entry.key.reads_as != BROKEN:
            self._found.fault(Text(KEY_TWICE, _seen(first.key)), entry.key)

    def _plain_data(self, event: Any, place: Place) -> bool:  # noqa: ANN401 - as above
        at = Scalar("", self.line, place.path)
        if isinstance(event, yaml.AliasEvent):
            self._found.fault(Text(_("不接受引用（*）；请把内容写出来")), at, value=f"*{event.anchor}")
            return False
        if event.anchor is not None:
            self._found.fault(Text(_("不接受锚点（&）；请把内容写出来")), at, value=f"&{event.anchor}")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._found.fault(Text(_("不接受标签（!）；只写普通的文字、数字、列表和映射")), at, value=tag)
        return event.anchor is None and event.tag is None

    def _scalar(self, event: Any, path: str) -> Scalar:  # noqa: ANN401 - as above
        scalar = Scalar(event.value, self.line, path, self._reading(event))
        if match := INVISIBLE.search(event.value):
            code = f"U+{ord(match[0]):04X}"
            self._found.fault(Text(_("含有不可见字符 {code}；请删去"), {"code": code}), scalar)
            return Scalar("", self.line, path, BROKEN)
        return scalar

    def _reading(self, event: Any) -> str:  # noqa: ANN401 - as above
        resolve: Any = self._resolver.resolve  # it has no types
        tag = resolve(yaml.ScalarNode, event.value, event.implicit)
        if event.implicit[0] and CORE_NUMBER.fullmatch(event.value):
            return "number"
        return str(tag).rpartition(":")[2]


def _seen(key: Scalar) -> dict[str, object]:
    return {"key": key.text, "line": key.line}
