"""The stages of a policy: what every stage says, and what its kind adds."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from forms import review_terms, training_terms
from forms.findings import Findings
from forms.shape_records import Check, Field, Record, read_fields, refuse_unknown
from forms.shape_values import key, moment, number, one_of, whole, words
from forms.shapes import BAD, Unread, misplaced, quietly
from forms.stage_forms import StageForm
from forms.windows import check_window
from forms.yaml_nodes import Map, Node, get
from kit.i18n import gettext
from rules.policies import StagePolicy
from rules.stages import KINDS
from rules.texts import Text, _

FORMS: Final = {form.kind: form for form in (review_terms.FORM, training_terms.FORM)}
"""The form of every kind of stage; a new kind is one more here."""

TENURE: Final = "tenure"
"""May break a tie without being a component."""

KEY: Final = key(reserved=("final", TENURE))
"""``eliminated:final`` and the tie-break ``tenure`` have their own meaning."""

KIND: Final = one_of(FORMS)


def _advance(*, per_seat: int) -> int:
    return per_seat


ADVANCE: Final = Record(
    {"per_seat": Field(whole(1, 999), _("每个名额入围人数"), about=_("各业务线取前 n × 名额，与末位同分者一并入围"))},
    _advance,
)

COMMON: Final = {
    "key": Field(KEY, _("环节键"), about=_("字母、数字、_ 和 -；其他文件和权重用它指这个环节")),
    "name": Field(words(60), _("环节名称")),
    "kind": Field(KIND, _("环节种类")),
    "pass_mark": Field(number(0, 100), _("合格线"), needed=False, about=_("默认 0；低于它的不再进入下一环节")),
    "advance": Field(ADVANCE, _("入围"), needed=False),
    "opens_at": Field(moment(), _("计划开始时间"), needed=False),
    "closes_at": Field(moment(), _("计划截止时间"), needed=False),
    "grace_hours": Field(
        whole(0, 720), _("宽限小时数"), needed=False, about=_("默认 0；截止之后这段时间内补交仍有效，期满由程序截止")
    ),
}
"""What every stage says."""


@dataclass(frozen=True)
class StageShape:
    """A stage: its ``kind`` decides which other keys may stand."""

    def read(self, node: Node, found: Findings) -> StagePolicy | Unread:
        """Return the stage; one without a known kind is still checked for what every stage says."""
        if not isinstance(node, Map):
            return misplaced(node, Text(_("“键: 值”的映射")), found)
        kind = quietly(KIND, get(node, "kind"))
        if kind is not None:
            return _record(FORMS[kind]).read(node, found)
        every = [*COMMON, *(key for form in FORMS.values() for key in form.fields)]
        refuse_unknown(node, dict.fromkeys(every), found)
        read_fields(node, COMMON, found)
        return BAD

    def schema(self) -> dict[str, Any]:
        """Return the stage as JSON Schema: one alternative for each kind."""
        return {"type": "object", "required": ["key", "name", "kind"], "oneOf": [_schema(f) for f in FORMS.values()]}


def _schema(form: StageForm) -> dict[str, Any]:
    schema = _record(form).schema()
    schema["properties"]["kind"]["enum"] = [form.kind]
    return {"title": gettext(form.title), **schema}


def _record(form: StageForm) -> Record[StagePolicy]:
    def make(
        *,
        key: str,
        name: str,
        kind: str,
        pass_mark: Decimal = Decimal(0),
        advance: int | None = None,
        opens_at: datetime | None = None,
        closes_at: datetime | None = None,
        grace_hours: int = 0,
        **terms: Any,  # noqa: ANN401 - each kind has its own
    ) -> StagePolicy:
        return StagePolicy(key, name, kind, form.make(**terms), pass_mark, advance, opens_at, closes_at, grace_hours)

    checks: tuple[Check, ...] = (check_window, *form.checks)
    return Record({**COMMON, **form.fields}, make, checks)


def components(node: Node) -> tuple[str, ...] | None:
    """Return the components that a stage produces, ``None`` when its key or kind cannot be read."""
    key, kind = quietly(KEY, get(node, "key")), quietly(KIND, get(node, "kind"))
    if key is None or kind is None:
        return None
    return KINDS[kind].components(StagePolicy(key, key, kind, terms=None))
