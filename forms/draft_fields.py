"""What was typed into the fields of a draft's form: texts, lists of words, local dates and times."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from forms.draft_tree import LISTS, PATH, Tree, general, get, keyed, places, put, settled, steps
from forms.policy_parts import POLICY

BETWEEN: Final = re.compile(r"[、,，;；\s]+")
LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?")
MOMENTS: Final = frozenset({"opens_at", "closes_at"})
ZONE: Final = "Asia/Shanghai"


def typed(tree: Tree, fields: Mapping[str, Sequence[str]], roots: frozenset[str]) -> Tree:
    """Return a tree with what was typed into a form's fields; what the form does not show stays as it is.

    Fields of no place of a policy, and those whose first key is not among ``roots``, are left out.
    """
    made: Tree = json.loads(json.dumps(tree))
    named = {name: said for name, said in fields.items() if _known(name) and steps(name)[0] in roots}
    if any(name.startswith("final.weights[") for name in named):
        made.setdefault("final", {})["weights"] = []
    zone = named["time_zone"][-1].strip() if "time_zone" in named else get(made, "time_zone")
    for name, said in named.items():
        put(made, name, _value(name, said, zone))
    return keyed(settled(made))


def _known(name: str) -> bool:
    return PATH.fullmatch(name) is not None and general(name) in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(places(POLICY.schema()))


def _value(name: str, said: Sequence[str], zone: object) -> str | list[str]:
    if general(name) in LISTS:
        return [word for text in said for word in BETWEEN.split(text.strip()) if word]
    text = said[-1].strip()[:2000] if said else ""
    if name.rsplit(".", 1)[-1] in MOMENTS and LOCAL.fullmatch(text):
        return _with_offset(text, zone)
    return text


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or ZONE))
    except (KeyError, ValueError, OSError):
        return ZoneInfo(ZONE)


def _with_offset(text: str, zone: object) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone(zone)).isoformat()
    except (ValueError, OverflowError):
        return text


def local(value: object, zone: object) -> str:
    """Return an instant as a field for local date and time shows it; what is no instant stands as it was typed."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return at.astimezone(_zone(zone)).strftime("%Y-%m-%dT%H:%M") if at.tzinfo else str(value)
