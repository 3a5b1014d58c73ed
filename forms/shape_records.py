"""Shapes with named fields: which keys may stand, which must, and what they make together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Generic, TypeVar

from forms.fair_rules import of_unknown_key
from forms.findings import Findings
from forms.shapes import BAD, Shape, Unread, misplaced
from forms.yaml_nodes import BROKEN, Map, Node, Scalar
from kit.i18n import gettext
from rules.texts import Text, _, enumerated

T = TypeVar("T")

MISSING: Final = _("缺少必填的键“{key}”（{title}）")
"""Said of a field that does not stand; a form that has the field shows it there."""

Check = Callable[[Map, Findings], None]
"""Looks across the fields of one record."""


@dataclass(frozen=True)
class Field:
    """One key of a record; ``title`` is what people call it, ``about`` what they should know."""

    shape: Shape[Any]
    title: str
    needed: bool = True
    about: str = ""

    def schema(self) -> dict[str, Any]:
        """Return the field as JSON Schema with its title."""
        described = {"description": gettext(self.about)} if self.about else {}
        return {"title": gettext(self.title), **described, **self.shape.schema()}


@dataclass(frozen=True)
class Record(Generic[T]):
    """A map with named fields. ``make`` gets those that stand, by name; its own defaults are the policy's defaults."""

    fields: Mapping[str, Field]
    make: Callable[..., T]
    checks: tuple[Check, ...] = ()

    def read(self, node: Node, found: Findings) -> T | Unread:
        """Return what the fields make, if all of them are sound."""
        if not isinstance(node, Map):
            return misplaced(node, Text(_("“键: 值”的映射")), found)
        before = len(found.faults)
        refuse_unknown(node, self.fields, found)
        values = read_fields(node, self.fields, found)
        for check in self.checks:
            check(node, found)
        if len(found.faults) > before or BAD in values.values():
            return BAD
        return self.make(**values)

    def schema(self) -> dict[str, Any]:
        """Return the record as JSON Schema."""
        return {
            "type": "object",
            "properties": {key: field.schema() for key, field in self.fields.items()},
            "required": [key for key, field in self.fields.items() if field.needed],
            "additionalProperties": False,
        }


def read_fields(node: Map, fields: Mapping[str, Field], found: Findings) -> dict[str, Any]:
    """Return the values of the fields that stand and are sound; note those that are missing or are not."""
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if key in node.entries:
            values[key] = field.shape.read(node.entries[key].value, found)
        elif field.needed:
            text = Text(MISSING, {"key": key, "title": Text(field.title)})
            found.fault(text, node)
    return values


def refuse_unknown(node: Map, allowed: Iterable[str], found: Findings) -> None:
    """Note each key that may not stand here, with the nearest that may, and with the law where it has a say."""
    names = list(allowed)
    for entry in node.entries.values():
        if entry.key.reads_as != BROKEN and entry.key.text not in names:
            found.fault(_unknown(entry.key, names), entry.key)


def _unknown(key: Scalar, names: list[str]) -> Text:
    near = get_close_matches(key.text.lower(), names, n=1)
    values: dict[str, object] = {
        "key": key.text[:80],
        "near": Text(_("（是否应为“{near}”？）"), {"near": near[0]}) if near else "",
        "names": enumerated(names),
        "law": [Text(_("另请注意{why}"), {"why": why}) for why in of_unknown_key(key.text)],
    }
    template = _("不认识的键“{key}”{near}；此处允许：{names}")
    if values["law"]:
        template = _("不认识的键“{key}”{near}；此处允许：{names}；{law}")
    return Text(template, values)
