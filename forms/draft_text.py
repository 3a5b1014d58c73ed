"""A draft as the text of policy.yaml, with the path of each line: what is wrong in the text is said at its field."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from forms.draft_tree import KINDS, PAIRS, Tree, general
from forms.policy_parts import POLICY

KEPT: Final = frozenset(
    {
        "post",
        "quota",
        "applications",
        "final",
        "eligibility",
        "stages[].attendance",
        "stages[].exam",
    }
)
"""Parts that must stand even when they are empty, so that what is missing is named at its own field."""

PLAIN: Final = re.compile(r"[A-Za-z\u2160-\u217f\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*")
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,11}")
NOT_TEXT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class Written(NamedTuple):
    """A tree as the text of policy.yaml, and where each place of that text stands in the tree."""

    text: str
    places: Mapping[str, str]


def written(tree: Tree) -> Written:
    """Return a tree as policy.yaml; what is empty is left out."""
    places: dict[str, str] = {}
    known = [key for key in POLICY.fields if key in tree]
    others = [key for key in tree if key not in POLICY.fields and not key.startswith("_")]
    whole = {"version": "1", **{key: tree[key] for key in [*known, *others]}}
    lines = list(_map(_pruned(whole, ""), "", "", 0, places))
    return Written("\n".join(lines) + "\n", places)


def _pruned(value: Any, path: str) -> Any:  # noqa: ANN401 - a part of a tree
    kind = general(path)
    if isinstance(value, dict):
        kept = {key: _pruned(part, f"{path}.{key}" if path else key) for key, part in value.items()}
        needed: Collection[str] = {
            key.rsplit(".", 1)[-1] for key in KEPT if key.rpartition(".")[0] == kind and "[]" not in key
        }
        if kind == "stages[]":
            needed = KINDS["training"] - {"sessions"} if value.get("kind") == "training" else set()
        kept = {key: part for key, part in kept.items() if part not in ("", {}) or key in needed}
        kept |= {key: _pruned({}, f"{path}.{key}" if path else key) for key in needed if not kept.get(key)}
        if kind == "applications":
            kept.setdefault("materials", [])
        if kind == "quota":
            kept.setdefault("by", "business_line")
        if kind == "special_channel" and kept:
            kept.setdefault("relaxes", {"tenure": {}})
        return kept
    if isinstance(value, list):
        rows = [_pruned(part, f"{path}[1]") for part in value]
        if kind == "final.weights" and not any(row.get("value") for row in rows):
            return ""
        return rows if rows or kind == "applications.materials" else ""
    return value


def _map(tree: Tree, path: str, form: str, depth: int, places: dict[str, str]) -> Iterator[str]:
    for key, value in tree.items():
        at, there = (f"{path}.{key}", f"{form}.{key}") if path else (key, key)
        yield from _entry(_text(key), value, at, there, depth, places)


def _entry(  # noqa: PLR0917 - private, and said in one breath at each call
    key: str,
    value: Any,  # noqa: ANN401 - a part of a tree
    path: str,
    form: str,
    depth: int,
    places: dict[str, str],
) -> Iterator[str]:
    places[path] = form
    blank = "  " * depth
    if isinstance(value, str):
        yield f"{blank}{key}: {_text(value)}"
    elif isinstance(value, dict):
        yield f"{blank}{key}:" + ("" if value else " {}")
        yield from _map(value, path, form, depth + 1, places)
    elif general(form) in PAIRS:
        yield f"{blank}{key}:"
        for number, row in enumerate(value, 1):
            if general(form) == "final.weights" and not row.get("value"):
                continue  # does not count; its place is kept, so that a fault stands at its own field
            name = str(row.get("key", ""))
            where = f"{form}[{number}].{'value' if name else 'key'}"
            at = f"{path}.{' '.join(name.split())[:60]}"
            yield from _entry(json.dumps(name, ensure_ascii=False), row.get("value", ""), at, where, depth + 1, places)
    elif all(isinstance(part, str) for part in value):
        yield f"{blank}{key}: [{', '.join(map(_text, value))}]"
    else:
        yield f"{blank}{key}:"
        for number, row in enumerate(value, 1):
            yield from _item(row, f"{path}[{number}]", f"{form}[{number}]", depth, places)


def _item(row: Tree, path: str, form: str, depth: int, places: dict[str, str]) -> Iterator[str]:
    places[path] = form
    lines = list(_map(row, path, form, depth + 1, places)) or ["{}"]
    first, *rest = lines
    yield "  " * depth + "- " + first.lstrip()
    yield from rest


def _text(text: str) -> str:
    """Return a scalar of YAML that reads as this text to everybody."""
    if (PLAIN.fullmatch(text) and text.lower() not in NOT_TEXT) or text in {"true", "false"} or NUMBER.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)
