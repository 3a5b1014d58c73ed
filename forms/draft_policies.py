"""A draft judged: its faults and warnings at their fields, and the policy as far as it is sound."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from forms import policies
from forms.draft_text import Written, written
from forms.draft_tree import Tree
from forms.faults import Fault, FormError
from forms.policies import PolicyRead
from forms.shape_groups import TWICE
from forms.shape_records import MISSING
from forms.yaml_reading import KEY_TWICE
from rules.policies import Policy
from rules.texts import RuleError, Text, _

STAND_IN: Final[Tree] = {
    "code": "draft",
    "title": "draft",
    "post": {"code": "draft", "name": "draft", "track": "draft"},
    "as_of": "2000-01-01",
    "lines": [{"key": "draft", "value": "draft"}],
    "grades": ["1"],
    "ratings": ["1"],
    "eligibility": {},
    "quota": {"seats": "0", "by": "business_line", "method": "sainte_lague"},
    "applications": {"opens_at": "2000-01-01T00:00:00Z", "closes_at": "2000-01-01T00:00:00Z", "materials": []},
    "stages": [
        {
            "key": "draft",
            "name": "draft",
            "kind": "review",
            "criteria": [{"key": "draft", "name": "draft", "weight": "100", "max": "10"}],
        }
    ],
    "final": {"weights": [{"key": "draft", "value": "100"}]},
}
"""What stands in for the parts that are not looked at."""

CONDITIONS: Final = frozenset({"as_of", "grades", "ratings", "eligibility", "special_channel"})
SEATS: Final = frozenset({"code", "lines", "quota"})


class Judged(NamedTuple):
    """What the checks of a policy say of a tree: the policy when it is sound, faults by their places, warnings."""

    read: PolicyRead | None
    text: bytes
    faults: Mapping[str, Sequence[Text]]
    warnings: Mapping[str, Sequence[Text]]


def judged(tree: Tree) -> Judged:
    """Check a tree completely, as a file would be."""
    made = written(tree)
    text = made.text.encode()
    try:
        read = policies.read(text)
    except FormError as error:
        return Judged(None, text, _placed(error.faults, made), _placed(error.warnings, made))
    return Judged(read, text, {}, _placed(read.warnings, made))


def _placed(faults: Sequence[Fault], made: Written) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for fault in faults:
        path, text = fault.column or "", fault.text
        place = made.places.get(path, path)
        if text.template == MISSING:
            place = f"{place}.{text.values['key']}" if place else str(text.values["key"])
            text = Text(_("请填写{title}"), {"title": text.values["title"]})
        if text.template == KEY_TWICE:
            place = place.removesuffix(".value") + ".key"
        if text.template in {TWICE, KEY_TWICE}:
            text = Text(_("与前面的一项重复：“{same}”"), {"same": text.values.get("same") or text.values["key"]})
        found.setdefault(place, []).append(text)
    return found


def partly(tree: Tree, parts: frozenset[str]) -> tuple[Policy | None, Mapping[str, Sequence[Text]]]:
    """Return a policy of which only some parts are meant, read by the same rules as a whole one, or their faults."""
    meant = {key: value for key, value in tree.items() if key in parts}
    missing = {
        key: {} if isinstance(STAND_IN[key], dict) else ""
        for key in parts & STAND_IN.keys() - {"eligibility"}
        if not meant.get(key)
    }
    found = judged({**STAND_IN, **meant, **missing})
    return (found.read.policy if found.read else None), found.faults


def require_sound(found: Judged) -> PolicyRead:
    """Return the policy of a judged tree.

    :raises RuleError: when it has faults.
    """
    if found.read is None:
        n = sum(map(len, found.faults.values()))
        raise RuleError(Text(_("方案还有 {n} 处没有填好，不能发布"), {"n": n}))
    return found.read
