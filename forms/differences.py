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

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "second_person": {deed.value: word for deed, word in DEEDS.items()},
    "reminders[].to": {"waiting": _("还没有完成的人"), "hr": _("人力资源"), "substitute": _("改由替补评委完成")},
}
"""What the words of some lists mean."""


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
    return [
        (label(path), before.get(path, "—"), after.get(path, "—"))
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    ]


def _leaves(value: Any, path: str, zone: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a part of a tree
    if isinstance(value, dict):
        for key, part in value.items():
            if not key.startswith("_"):
                yield from _leaves(part, f"{path}.{key}" if path else key, zone)
    elif isinstance(value, list) and draft_tree.general(path) not in draft_tree.LISTS:
        for number, part in enumerate(value, 1):
            yield from _leaves(part, f"{path}[{number}]", zone)
    elif value not in ("", []):
        words = WORDS.get(draft_tree.general(path), {})
        yield path, shown([gettext(words.get(v, v)) for v in value] if words else value, zone)
