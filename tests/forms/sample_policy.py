"""The sample's policy with something changed: as text, with the line of the change."""

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from forms import policies
from forms.faults import Fault, FormError
from kit.i18n import say
from rules.policies import Policy

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor" / "policy.yaml"
FREE = {"lines", "final/weights", "stages/2/exam/areas"}
"""Where the author chooses the keys."""

Way = tuple[str | int, ...]


@cache
def _tree() -> Any:
    return yaml.load(SAMPLE.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it gives texts only


def tree() -> Any:
    """Return the sample as nested texts."""
    return copy.deepcopy(_tree())


def way(path: str) -> Way:
    """Return the steps of ``stages/0/key``."""
    return tuple(int(step) if step.isdigit() else step for step in path.split("/"))


def ways(node: Any, before: Way = ()) -> Iterator[Way]:
    """Yield the way to every key of a tree."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in pairs:
        if isinstance(node, dict):
            yield (*before, step)
        yield from ways(value, (*before, step))


KEYS = ["/".join(map(str, steps)) for steps in ways(_tree())]
NAMED_KEYS = [path for path in KEYS if path.rpartition("/")[0] not in FREE]


def column(path: str) -> str:
    """Return how faults name a place: counted from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in way(path))
    return "".join(steps).removeprefix(".")


def inside(root: Any, path: str) -> Any:
    for step in way(path) if path else ():
        root = root[step]
    return root


def without(*paths: str) -> str:
    root = tree()
    for path in paths:
        parent, _, key = path.rpartition("/")
        del inside(root, parent)[key]
    return dumped(root)


def renamed(path: str, name: str) -> str:
    root = tree()
    parent, _, key = path.rpartition("/")
    holder = inside(root, parent)
    pairs = [(name if k == key else k, v) for k, v in holder.items()]
    holder.clear()
    holder.update(pairs)
    return dumped(root)


def put(changes: dict[str, str]) -> str:
    """Return the sample with texts of YAML in place of, or besides, what stands there."""
    root = tree()
    for number, path in enumerate(changes):
        *before, last = way(path)
        holder = inside(root, "/".join(map(str, before)))
        if isinstance(holder, list) and last == len(holder):
            holder.append(None)
        holder[last] = f"zq{number}qz"
    text = dumped(root)
    for number, raw in enumerate(changes.values()):
        text = text.replace(f"zq{number}qz", raw)
    return text


def dumped(root: Any) -> str:
    return yaml.dump(root, allow_unicode=True, sort_keys=False, width=10_000, Dumper=yaml.CSafeDumper)


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def policy(text: str) -> Policy:
    return policies.read(text).policy


def faults(text: str | bytes) -> list[tuple[int | None, str]]:
    """Return the line and the words of each fault; none for a policy that is sound."""
    return [(fault.line, say(fault.text)) for fault in refused(text)]


def refused(text: str | bytes) -> tuple[Fault, ...]:
    try:
        policies.read(text)
    except FormError as error:
        assert error.faults
        return error.faults
    return ()


def warnings(text: str) -> list[tuple[int | None, str]]:
    return [(warning.line, say(warning.text)) for warning in policies.read(text).warnings]
