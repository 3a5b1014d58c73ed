"""A policy while it is being typed, as a tree of texts that may be incomplete.

A place in the tree is a path as the faults of ``forms.policies`` name it, ``stages[1].criteria[2].weight`` (counted
from 1). Maps whose keys the author chooses (``lines``, ``final.weights``, ``stages[1].exam.areas``) are kept as rows of
``key`` and ``value``, so that a row without a key is not lost.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

Tree = dict[str, Any]

PAIRS: Final = frozenset({"lines", "final.weights", "stages[].exam.areas"})
LISTS: Final = frozenset(
    {
        "grades",
        "ratings",
        "eligibility.ratings.neutral",
        "eligibility.incidents.none_of",
        "applications.materials",
        "final.tie_break",
        "second_person",
        "reminders[].to",
    }
)
"""Lists of words, typed into one field."""

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "review": frozenset({"panel", "criteria"}),
    "training": frozenset({"sessions", "attendance", "exam"}),
}
"""What only one kind of stage says."""

MOST_ROWS: Final = 99
"""As many rows as a path can number."""

MOST_OF_KEY: Final = 40
"""Letters of a name that become a key."""

STEP: Final = re.compile(r"([a-z_]+)|\[([1-9][0-9]?)\]|\.")
PATH: Final = re.compile(r"[a-z_]+(?:\[[1-9][0-9]?\]|\.[a-z_]+)*")


def general(path: str) -> str:
    """Return a path without its numbers."""
    return re.sub(r"\[\d+\]", "[]", path)


def steps(path: str) -> list[str | int]:
    """Return the keys and places of a path, one after the other.

    :raises ValueError: when it is none.
    """
    if not PATH.fullmatch(path):
        raise ValueError(path)
    return [int(number) - 1 if number else name for name, number in STEP.findall(path) if name or number]


def get(tree: Tree, path: str) -> Any:  # noqa: ANN401 - a part of a tree
    """Return what stands at a path; an empty text when nothing does."""
    here: Any = tree
    for step in steps(path):
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
        if here is None:
            return ""
    return here


def put(tree: Tree, path: str, value: str | Sequence[str]) -> None:
    """Set what stands at a path; what lies on the way is made."""
    way = steps(path)
    here: Any = tree
    for step, following in zip(way, [*way[1:], None], strict=True):
        last = following is None
        if isinstance(step, int):
            here += [{} for _row in range(step + 1 - len(here))]
        if last:
            here[step] = value
            return
        fresh: Any = [] if isinstance(following, int) else {}
        there = here[step] if isinstance(step, int) else here.get(step)
        if not isinstance(there, type(fresh)):
            here[step] = fresh
        here = here[step]


def settled(tree: Tree) -> Tree:
    """Return a tree without what another kind of stage would say, a rule of tenure without months, empty anchors."""
    eligibility = tree.get("eligibility")
    if isinstance(eligibility, dict) and not get(tree, "eligibility.tenure.months"):
        eligibility.pop("tenure", None)
    for stage in get(tree, "stages") or []:
        for kind, keys in KINDS.items():
            if stage.get("kind") in KINDS and stage["kind"] != kind:
                for key in keys:
                    stage.pop(key, None)
        for criterion in stage.get("criteria") or []:
            if "anchors" in criterion:
                criterion["anchors"] = [row for row in criterion["anchors"] if any(row.values())]
    return tree


def keyed(tree: Tree) -> Tree:
    """Return a tree in which every stage and criterion that has a name has a key, made of the name if need be."""
    stages = get(tree, "stages") or []
    for rows in [stages, *(stage.get("criteria") or [] for stage in stages)]:
        taken = {row.get("key") for row in rows}
        for row in rows:
            if row.get("name") and not row.get("key"):
                row["key"] = _key(row["name"], taken)
                taken.add(row["key"])
    return tree


def _key(name: str, taken: Collection[str]) -> str:
    plain = "".join(c for c in name if c.isalnum() or c in "_-").lstrip("_-")[:MOST_OF_KEY] or "1"
    return next(key for n in count(1) if (key := plain if n == 1 else f"{plain}{n}") not in taken)


def places(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the general path of everything that can be typed of a policy of this schema."""
    if known := properties(schema):
        for key, part in known.items():
            yield from places(part, f"{path}.{key}" if path else key)
    elif "propertyNames" in schema:
        yield from (f"{path}[].key", f"{path}[].value")
    elif schema.get("type") == "array" and path not in LISTS:
        yield from places(schema["items"], f"{path}[]")
    else:
        yield path


def properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schemas of the keys that may stand in a part, whichever of its alternatives it is."""
    return {key: part for one in (schema, *schema.get("oneOf", ())) for key, part in one.get("properties", {}).items()}


def rearranged(tree: Tree, deed: str, path: str) -> Tree:
    """Return a tree with a row added to the list at a path, or with the row at it removed or moved up or down.

    :raises ValueError: for a deed or a path that there is not.
    """
    made: Tree = json.loads(json.dumps(tree))
    if deed == "add":
        rows = get(made, path)
        if not isinstance(rows, list):
            put(made, path, [])
            rows = get(made, path)
        if len(rows) < MOST_ROWS:
            rows.append(_fresh(path))
        return made
    at, number = _row(path)
    rows = get(made, at)
    if not isinstance(rows, list) or not 0 <= number < len(rows):
        raise ValueError(path)
    if deed == "remove":
        del rows[number]
        return made
    other = number + {"up": -1, "down": 1}[deed]
    if 0 <= other < len(rows):
        rows[number], rows[other] = rows[other], rows[number]
    return made


def _row(path: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.+)\[([1-9][0-9]?)\]", path)
    if not found or not PATH.fullmatch(path):
        raise ValueError(path)
    return found[1], int(found[2]) - 1


def _fresh(path: str) -> Tree:
    kind = general(path)
    if kind == "stages":
        return {"kind": "review", "panel": {"reviewers": "5", "quorum": "3"}, "criteria": [{"max": "10"}]}
    if kind == "stages[].criteria":
        return {"max": "10"}
    return {"to": ["waiting"]} if kind == "reminders" else {}
