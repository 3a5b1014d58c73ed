"""Where two drafts of a policy differ, in words: what a place is called, and what stands there in either."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from forms import draft_tree
from forms.draft_tree import Tree
from forms.policy_parts import POLICY
from kit.i18n import LANGUAGES, gettext, language
from kit.jinja import day_time
from rules.changes import DEEDS
from rules.texts import _

NOTHING: Final = "—"

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "second_person": {deed.value: word for deed, word in DEEDS.items()},
    "reminders[].to": {"waiting": _("还没有完成的人"), "hr": _("人力资源"), "substitute": _("改由替补评委完成")},
    "post.track": {"expert": _("专家序列"), "management": _("管理序列")},
    "quota.method": {
        "sainte_lague": _("圣拉古法"),
        "dhondt": _("洪德法"),
        "largest_remainder": _("最大余数法"),
    },
    "quota.unused": {
        "void": _("空缺"),
        "best_score": _("按成绩补给其他业务线"),
        "reapportion": _("在其他业务线之间重新分配"),
    },
    "eligibility.tenure.counted_from": {"hired_on": _("入职日期"), "in_grade_since": _("任现职级日期")},
    "stages[].kind": {"review": _("评审"), "training": _("培训")},
    "stages[].panel.trim_level": {"total": _("按评分表总分"), "criterion": _("按每个评分项")},
    "rounding.mode": {"half_up": _("四舍五入"), "truncate": _("截去")},
    "notice.count_first_day": {"false": _("不计入"), "true": _("计入")},
    "notice.show_scores": {"false": _("不列出"), "true": _("列出")},
}
"""What some values mean."""

DEFAULTS: Final[Mapping[str, str]] = {
    "quota.unused": "void",
    "stages[].panel.trim_level": "total",
    "rounding.digits": "2",
    "rounding.mode": "half_up",
    "notice.working_days": "5",
    "notice.count_first_day": "false",
    "notice.show_scores": "false",
    "confirmations": "1",
}
"""What holds where nothing is written: to write the same is no difference."""


def label(path: str) -> str:
    """Return what a place of the policy is called: 环节 2 › 评分项 1 › 权重（%）."""
    return gettext(" › ").join(_names(path)) or gettext("方案")


def _names(path: str) -> Iterator[str]:
    schema = _schema(language())
    for name, number in re.findall(r"([^.\[\]]+)(?:\[(\d+)\])?", path):
        schema = _under(schema, name)
        if title := schema.get("title"):
            yield gettext("{title} {number}").format(title=title, number=number) if number else str(title)
        if number:
            schema = schema.get("items", {})


@lru_cache(maxsize=len(LANGUAGES))
def _schema(_language: str) -> Mapping[str, Any]:
    """Return the policy's schema, made once for each language."""
    return POLICY.schema()


def _under(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    for one in (schema, *schema.get("oneOf", ())):
        if name in one.get("properties", {}):
            return one["properties"][name]  # type: ignore[no-any-return] # a schema within a schema
    return {}


def shown(value: Any, zone: str = "") -> str:  # noqa: ANN401 - a part of a tree
    """Return what is typed somewhere in one line; an instant as people of the zone read it, if one is given."""
    if isinstance(value, list):
        return gettext("、").join(shown(part, zone) for part in value)
    if isinstance(value, dict):
        return gettext("；").join(f"{key} {shown(part, zone)}" for key, part in value.items())
    return _instant(str(value), zone) if zone else str(value)


def _instant(text: str, zone: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return day_time(at, zone) if at.tzinfo else text


def differences(old: Tree, new: Tree, *, zone: str = "") -> list[tuple[str, str, str]]:
    """Return where two trees differ: what the place is called, and what stands there in the one and the other."""
    before, after = dict(_leaves(old, "", zone)), dict(_leaves(new, "", zone))
    both = [
        (path, before.get(path) or _unsaid(path), after.get(path) or _unsaid(path))
        for path in dict.fromkeys([*before, *after])
    ]
    return [(label(path), was, will) for path, was, will in both if was != will]


def _unsaid(path: str) -> str:
    """Return what holds where nothing is written."""
    kind = draft_tree.general(path)
    return _meant(kind, DEFAULTS[kind]) if kind in DEFAULTS else NOTHING


def _meant(kind: str, value: str) -> str:
    return gettext(WORDS.get(kind, {}).get(value, value))


def _leaves(value: Any, path: str, zone: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a part of a tree
    if isinstance(value, dict):
        for key, part in value.items():
            if not key.startswith("_"):
                yield from _leaves(part, f"{path}.{key}" if path else key, zone)
    elif isinstance(value, list) and draft_tree.general(path) not in draft_tree.LISTS:
        for number, part in enumerate(value, 1):
            yield from _leaves(part, f"{path}[{number}]", zone)
    elif value not in ("", []):
        kind = draft_tree.general(path)
        words = [_meant(kind, v) for v in value] if isinstance(value, list) else _meant(kind, value)
        yield path, shown(words, zone)
