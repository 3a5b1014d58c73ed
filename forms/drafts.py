"""A policy while it is being typed: a tree of texts that may be incomplete, from a form's fields and to policy.yaml.

A place in the tree is a path as the faults of ``forms.policies`` name it, ``stages[1].criteria[2].weight`` (counted
from 1). Maps whose keys the author chooses (``lines``, ``final.weights``, ``stages[1].exam.areas``) are kept as rows of
``key`` and ``value``, so that a row without a key is not lost.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from forms import policies
from forms.faults import Fault, FormError
from forms.findings import Findings
from forms.policies import PolicyRead
from forms.policy_parts import POLICY
from forms.shape_records import MISSING
from forms.yaml_nodes import Items, Map, Node, Scalar
from forms.yaml_reading import read_nodes
from forms.yaml_text import plain_text
from rules.policies import Policy
from rules.texts import RuleError, Text, _

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

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "review": frozenset({"panel", "criteria"}),
    "training": frozenset({"sessions", "attendance", "exam"}),
}
"""What only one kind of stage says."""

MOST_ROWS: Final = 60
STEP: Final = re.compile(r"([a-z_]+)|\[([1-9][0-9]?)\]|\.")
PATH: Final = re.compile(r"[a-z_]+(?:\[[1-9][0-9]?\]|\.[a-z_]+)*")
BETWEEN: Final = re.compile(r"[、,，;；\s]+")
LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?")
PLAIN: Final = re.compile(r"[A-Za-z\u2160-\u217f\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*")
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,11}")
NOT_TEXT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
MOMENTS: Final = frozenset({"opens_at", "closes_at"})
ZONE: Final = "Asia/Shanghai"


def general(path: str) -> str:
    """Return a path without its numbers."""
    return re.sub(r"\[\d+\]", "[]", path)


def _steps(path: str) -> list[str | int]:
    if not PATH.fullmatch(path):
        raise ValueError(path)
    return [int(number) - 1 if number else name for name, number in STEP.findall(path) if name or number]


def get(tree: Tree, path: str) -> Any:  # noqa: ANN401 - a part of a tree
    """Return what stands at a path; an empty text when nothing does."""
    here: Any = tree
    for step in _steps(path):
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
        if here is None:
            return ""
    return here


def put(tree: Tree, path: str, value: str | Sequence[str]) -> None:
    """Set what stands at a path; what lies on the way is made. Lists grow to ``MOST_ROWS``."""
    steps = _steps(path)
    here: Any = tree
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        last = following is None
        if isinstance(step, int):
            while len(here) <= min(step, MOST_ROWS - 1):
                here.append({})
            step = min(step, MOST_ROWS - 1)  # noqa: PLW2901 - the row that there may be
        if last:
            here[step] = value
            return
        fresh: Any = [] if isinstance(following, int) else {}
        there = here[step] if isinstance(step, int) else here.get(step)
        if not isinstance(there, type(fresh)):
            here[step] = fresh
        here = here[step]


def typed(tree: Tree, fields: Mapping[str, Sequence[str]], roots: frozenset[str]) -> Tree:
    """Return a tree with what was typed into a form's fields; what the form does not show stays as it is.

    Fields whose first key is not among ``roots`` are left out.
    """
    made: Tree = json.loads(json.dumps(tree))
    named = {name: said for name, said in fields.items() if PATH.fullmatch(name) and _steps(name)[0] in roots}
    if any(name.startswith("final.weights[") for name in named):
        made.setdefault("final", {})["weights"] = []
    zone = named["time_zone"][-1].strip() if "time_zone" in named else get(made, "time_zone")
    for name, said in named.items():
        put(made, name, _value(name, said, zone))
    return settled(made)


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


def settled(tree: Tree) -> Tree:
    """Return a tree without what another kind of stage would say, and without a rule of tenure that has no months."""
    eligibility = tree.get("eligibility")
    if isinstance(eligibility, dict) and not get(tree, "eligibility.tenure.months"):
        eligibility.pop("tenure", None)
    for stage in get(tree, "stages") or []:
        for kind, keys in KINDS.items():
            if stage.get("kind") in KINDS and stage["kind"] != kind:
                for key in keys:
                    stage.pop(key, None)
    return tree


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
        if kind == "final.weights":
            rows = [row for row in rows if row.get("value")]
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
            name, where = str(row.get("key", "")), f"{form}[{number}].value"
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
        found.setdefault(place, []).append(text)
    return found


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
