"""A policy.yaml as the tree of a draft, whatever is wrong with its content, and what of the file had no place in it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from forms.draft_tree import LISTS, MOST_ROWS, Tree, general, properties, settled
from forms.findings import Findings
from forms.policy_parts import POLICY
from forms.yaml_nodes import Entry, Items, Map, Node, Scalar
from forms.yaml_reading import read_nodes
from forms.yaml_text import plain_text
from rules.texts import Text, _


class Taken(NamedTuple):
    """What a file was turned into, and the line and path of each part that has no field in which it could be mended."""

    tree: Tree
    left_out: Sequence[tuple[int, str]]


def from_yaml(text: bytes, *, file: str = "policy.yaml") -> Tree:
    """Return the tree of a policy.yaml, as ``taken``."""
    return taken(text, file=file).tree


def taken(text: bytes, *, file: str) -> Taken:
    """Return the tree of a policy.yaml.

    :raises FormError: when it is no YAML at all.
    """
    found = Findings(file)
    root = read_nodes(plain_text(text, found), found)
    if found.faults or not isinstance(root, Map):
        if not found.faults:
            found.fault_on_line(Text(_("不是竞聘方案：应为“键: 值”的映射")), 1)
        found.refuse()
    intake = _Intake()
    tree = intake.part(root, POLICY.schema(), "")
    tree.pop("version", None)
    return Taken(settled(tree), intake.left_out)


class _Intake:
    """Takes in of each part of a file what fits the form of a policy."""

    def __init__(self) -> None:
        self.left_out: list[tuple[int, str]] = []

    def part(self, node: Node, schema: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - a part of a tree
        """Return what of a part has a field."""
        if known := properties(schema):
            return {
                entry.key.text: self.part(entry.value, known[entry.key.text], _under(path, entry))
                for entry in self._entries(node, path)
                if entry.key.text in known or self._leave_out(entry.key.line, _under(path, entry))
            }
        if "propertyNames" in schema:
            entries = self._entries(node, path)
            for entry in entries[MOST_ROWS:]:
                self._leave_out(entry.key.line, _under(path, entry))
            return [{"key": e.key.text, "value": self._text(e.value, _under(path, e))} for e in entries[:MOST_ROWS]]
        if schema.get("type") == "array":
            return self._rows(node, schema["items"], path)
        return self._text(node, path)

    def _entries(self, node: Node, path: str) -> list[Entry]:
        return list(node.entries.values()) if isinstance(node, Map) else self._nothing_of(node, path)

    def _rows(self, node: Node, each: Mapping[str, Any], path: str) -> list[Any]:
        words = general(path) in LISTS
        if words and isinstance(node, Scalar) and node.reads_as != "null":
            return [node.text]
        if not isinstance(node, Items):
            return self._nothing_of(node, path)
        rows: list[Any] = []
        for item in node.items:
            if isinstance(item, Scalar if words else Map) and len(rows) < MOST_ROWS:
                rows.append(self.part(item, each, f"{path}[{len(rows) + 1}]"))
            else:
                self._leave_out(item.line, path)
        return rows

    def _text(self, node: Node, path: str) -> str:
        if isinstance(node, Scalar):
            return "" if node.reads_as == "null" else node.text
        self._leave_out(node.line, path)
        return ""

    def _nothing_of(self, node: Node, path: str) -> list[Any]:
        if not isinstance(node, Scalar) or node.reads_as != "null":
            self._leave_out(node.line, path)
        return []

    def _leave_out(self, line: int, path: str) -> bool:
        """Note what is left out; never true, so that it can stand in a condition."""
        self.left_out.append((line, path))
        return False


def _under(path: str, entry: Entry) -> str:
    return f"{path}.{entry.key.text}" if path else entry.key.text
