"""What a draft may start from: a policy.yaml, or the policy of an earlier round moved to the future."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from forms.draft_fields import MOMENTS
from forms.draft_tree import LISTS, MOST_ROWS, PAIRS, Tree, general, get, settled
from forms.findings import Findings
from forms.policy_parts import POLICY
from forms.yaml_nodes import Items, Map, Node, Scalar
from forms.yaml_reading import read_nodes
from forms.yaml_text import plain_text
from rules.texts import Text, _


def from_yaml(text: bytes, *, file: str) -> Tree:
    """Return the tree of a policy.yaml, whatever is wrong with its content.

    :raises FormError: when it is no YAML at all.
    """
    found = Findings(file)
    root = read_nodes(plain_text(text, found), found)
    if found.faults or not isinstance(root, Map):
        if not found.faults:
            found.fault_on_line(Text(_("不是竞聘方案：应为“键: 值”的映射")), 1)
        found.refuse()
    tree = _tree(root, "")
    tree.pop("version", None)
    return settled(_shaped(tree, POLICY.schema()) or {})


def _shaped(value: Any, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a part of a tree
    """Return what of a part fits the form of a policy; the rest has no field in which it could be mended."""
    known = {key: part for one in (schema, *schema.get("oneOf", ())) for key, part in one.get("properties", {}).items()}
    if known:
        fitting = (
            {key: _shaped(part, known[key]) for key, part in value.items() if key in known}
            if isinstance(value, dict)
            else {}
        )
        return {key: part for key, part in fitting.items() if part is not None}
    if schema.get("type") == "array":
        rows = [_shaped(part, schema["items"]) for part in value] if isinstance(value, list) else []
        return [row for row in rows if row is not None]
    if "propertyNames" in schema:
        return value if isinstance(value, list) else []
    return value if isinstance(value, str) else None


def _tree(node: Node, path: str) -> Any:  # noqa: ANN401 - a part of a tree
    if isinstance(node, Scalar):
        return "" if node.reads_as == "null" else [node.text] if general(path) in LISTS else node.text
    if isinstance(node, Items):
        rows = [_tree(item, f"{path}[1]") for item in node.items][:MOST_ROWS]
        if general(path) in LISTS:
            return [row for row in rows if isinstance(row, str)]
        return [row for row in rows if isinstance(row, dict)]
    entries = node.entries.values()
    if general(path) in PAIRS:
        return [{"key": entry.key.text, "value": _plain(entry.value)} for entry in entries]
    return {
        entry.key.text: _tree(entry.value, f"{path}.{entry.key.text}" if path else entry.key.text) for entry in entries
    }


def _plain(node: Node) -> str:
    return node.text if isinstance(node, Scalar) and node.reads_as != "null" else ""


def moved(tree: Tree, *, today: date) -> Tree:
    """Return the tree of an earlier round for a new one: its dates moved by whole weeks, its code and number taken out.

    Applications open on the same weekday, a week from now at the earliest.
    """
    made: Tree = json.loads(json.dumps(tree))
    made["code"] = ""
    if isinstance(made.get("organisation"), dict):
        made["organisation"].pop("document_number", None)
    opens = _instant(get(made, "applications.opens_at"))
    if opens is None:
        return made
    weeks = max(-((opens.date() - today - timedelta(days=7)).days // 7), 0)
    for window in [made["applications"], *(get(made, "stages") or [])]:
        for key in MOMENTS & window.keys():
            if at := _instant(window[key]):
                window[key] = (at + timedelta(weeks=weeks)).isoformat()
    if weeks:
        made["as_of"] = ((opens + timedelta(weeks=weeks)).date().replace(day=1) - timedelta(days=1)).isoformat()
    return made


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else None
