"""A draft as its pages show it: what is typed where, and which fault stands at which field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from forms import draft_fields, draft_tree
from forms.differences import label
from forms.draft_policies import Judged
from forms.draft_tree import Tree
from kit.i18n import gettext, labelled, say
from models.drafts import Draft
from rules.stages import KINDS
from web.drafting_steps import Step, step_of

PLAIN: Final = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)


@dataclass(slots=True)
class Sheet:
    """A draft with what is typed and what the checks say; ``tree`` may be newer than what is saved."""

    draft: Draft | None
    tree: Tree
    judged: Judged
    version: int

    def get(self, path: str) -> Any:  # noqa: ANN401 - a part of a tree
        """Return what is typed at a place; a list of words as one text."""
        value = draft_tree.get(self.tree, path)
        if draft_tree.general(path) in draft_tree.LISTS:
            return gettext("、").join(value) if isinstance(value, list) else ""
        return value

    def ticked(self, path: str) -> Sequence[str]:
        """Return the words of a list."""
        value = draft_tree.get(self.tree, path)
        return value if isinstance(value, list) else []

    def rows(self, path: str) -> Sequence[Tree]:
        """Return the rows at a place."""
        value = draft_tree.get(self.tree, path)
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    @property
    def left_out(self) -> Sequence[tuple[int, str]]:
        """Return the line and path of what the file was read without."""
        return self.tree.get("_left_out") or []

    def weight_place(self, key: str) -> str:
        """Return the place of a component's weight, if one was typed."""
        keys = [row.get("key") for row in self.rows("final.weights")]
        return f"final.weights[{keys.index(key) + 1}].value" if key in keys else ""

    def lost_weights(self) -> str:
        """Return what is wrong with weights of components that no stage gives any more."""
        there = {self.weight_place(key) for key, _name in self.components()}
        rows = range(1, len(self.rows("final.weights")) + 1)
        found = [self.at(place) for n in rows if (place := f"final.weights[{n}].value") not in there]
        return gettext("；").join(dict.fromkeys(filter(None, found)))

    def target(self, place: str) -> str:
        """Return the place of the field at which a fault is mended: words of a list stand in one field."""
        there = place.rpartition("[")[0]
        if draft_tree.general(there) in draft_tree.LISTS:
            return there
        if there == "final.weights" and place not in {self.weight_place(key) for key, _name in self.components()}:
            return there
        return place

    def filled(self, path: str) -> bool:
        """Return whether anything is typed in a part."""
        part = draft_tree.get(self.tree, path)
        return any(part.values()) if isinstance(part, dict) else bool(part)

    def local(self, path: str) -> str:
        """Return an instant as a field for local date and time shows it."""
        return draft_fields.local(draft_tree.get(self.tree, path), self.tree.get("time_zone"))

    def saved(self, step: str) -> bool:
        """Return whether a step was saved before: only then its gaps are faults to show."""
        return step in (self.tree.get("_saved") or [])

    def at(self, path: str) -> str:
        """Return what is wrong at a field."""
        if not self.saved(step_of(path)):
            return ""
        found = [text for place, texts in self.judged.faults.items() if _belongs(place, path) for text in texts]
        return gettext("；").join(dict.fromkeys(map(say, found)))

    def wrong_within(self, path: str) -> bool:
        """Return whether anything is wrong within a part of a step that was saved: it is shown unfolded then."""
        within = (f"{path}.", f"{path}[")
        found = any(place == path or place.startswith(within) for place in self.judged.faults)
        return found and self.saved(step_of(path))

    def doubt(self, path: str) -> str:
        """Return what should be looked at again at a field."""
        found = [text for place, texts in self.judged.warnings.items() if _belongs(place, path) for text in texts]
        return gettext("；").join(dict.fromkeys(map(say, found)))

    def faults(self, step: str) -> list[tuple[str, str]]:
        """Return the faults of a step: the place, and what is wrong with it in words."""
        return [
            (place, labelled(label(place), text))
            for place, texts in self.judged.faults.items()
            if step_of(place) == step
            for text in dict.fromkeys(map(say, texts))
        ]

    def notes(self) -> list[tuple[str, str]]:
        """Return what should be looked at again, as ``faults``."""
        return [
            (place, labelled(label(place), text))
            for place, texts in self.judged.warnings.items()
            for text in dict.fromkeys(map(say, texts))
        ]

    def state(self, step: Step, now: str) -> str:
        """Return whether a step is done, the present one, or still to come."""
        if step.key == now:
            return "now"
        return "done" if step.roots and not self.faults(step.key) else "next"

    def components(self) -> list[tuple[str, str]]:
        """Return the components that the stages would give: key and name."""
        return [
            (component, _component(stage, component))
            for stage in self.rows("stages")
            if stage.get("key") and stage.get("kind") in KINDS
            for component in _components(stage)
        ]

    def others(self, path: str, words: Sequence[str]) -> str:
        """Return the words of a list that are none of those to tick."""
        return gettext("、").join(word for word in self.ticked(path) if word not in words)

    def tied(self) -> list[tuple[str, str]]:
        """Return what may be compared where people are level; the first is nothing."""
        return [("", gettext("不再比较")), *self.components(), ("tenure", gettext("入职早者优先"))]

    def steps(self, path: str) -> list[tuple[str, str]]:
        """Return the steps of a scale to choose from; the first asks for nothing."""
        return [("", gettext("不要求")), *((step, step) for step in self.ticked(path))]

    def line(self, key: str) -> str:
        """Return what a business line is called."""
        return self.weight("lines", key) or key

    def called(self, path: str) -> str:
        """Return what a place of the policy is called."""
        return label(path)

    def step_of(self, path: str) -> str:
        """Return the step whose form shows a place of the policy."""
        return step_of(path)

    def sum(self, path: str, key: str) -> str:
        """Return the sum of weights as far as they are numbers: 合计 80 / 100."""
        typed_in = [str(row.get(key, "")) for row in self.rows(path)]
        total = sum((Decimal(text) for text in typed_in if PLAIN.fullmatch(text)), Decimal(0))
        return gettext("合计 {total} / 100").format(total=f"{total:f}")

    def weight(self, path: str, key: str) -> str:
        """Return the weight that a key has among rows of key and value."""
        return next((str(row.get("value", "")) for row in self.rows(path) if row.get("key") == key), "")


def _components(stage: Tree) -> tuple[str, ...]:
    key = str(stage["key"])
    return (f"{key}.attendance", f"{key}.exam") if stage["kind"] == "training" else (key,)


def _component(stage: Tree, component: str) -> str:
    name = str(stage.get("name") or stage["key"])
    part = component.rpartition(".")[2] if stage["kind"] == "training" else ""
    if part == "attendance":
        return gettext("{stage}：出勤").format(stage=name)
    return gettext("{stage}：考试").format(stage=name) if part == "exam" else name


def _belongs(place: str, path: str) -> bool:
    return place == path or (draft_tree.general(path) in draft_tree.LISTS and place.startswith(f"{path}["))


def rearranged(tree: Tree, deed: str, path: str) -> Tree:
    """Return a tree with a row added, removed or moved; the same one when the button is none of ours."""
    try:
        return draft_tree.rearranged(tree, deed, path)
    except ValueError:
        return tree
