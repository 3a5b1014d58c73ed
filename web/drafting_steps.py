"""The steps of the wizard, and which places of a policy each of them shows."""

import re
from typing import Final, NamedTuple

from rules.texts import _


class Step(NamedTuple):
    """One step of the wizard, and the keys of the policy that its form shows."""

    key: str
    word: str
    roots: frozenset[str]


STEPS: Final = (
    Step(
        "post",
        _("岗位与名额"),
        frozenset({"code", "title", "post", "lines", "grades", "ratings", "quota", "organisation", "time_zone"}),
    ),
    Step("conditions", _("报名条件"), frozenset({"as_of", "eligibility", "special_channel"})),
    Step("stages", _("环节与日期"), frozenset({"applications", "stages", "notice"})),
    Step(
        "rules",
        _("评委、权重与规则"),
        frozenset({"stages", "final", "rounding", "confirmations", "second_person", "reminders", "appointment"}),
    ),
    Step("notice", _("公告预览"), frozenset()),
    Step("publish", _("发布"), frozenset()),
)
BY_KEY: Final = {step.key: step for step in STEPS}
ASKED: Final = frozenset(step.key for step in STEPS if step.roots)
OF_STAGES: Final = re.compile(r"stages(?:\[\d+\](?:\.(?:key|name|kind|opens_at|closes_at|grace_hours))?)?")


def step_of(path: str) -> str:
    """Return the step whose form shows a place of the policy."""
    if path.startswith("stages"):
        return "stages" if OF_STAGES.fullmatch(path) else "rules"
    root = re.split(r"[.\[]", path, maxsplit=1)[0]
    return next((step.key for step in STEPS if root in step.roots), "post")


def following(key: str) -> str:
    """Return the step after one."""
    keys = [step.key for step in STEPS]
    return keys[keys.index(key) + 1]
