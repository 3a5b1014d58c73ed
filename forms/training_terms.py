"""What a stage of kind ``training`` says besides what every stage says: sessions, attendance, exam."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from forms.findings import Findings
from forms.shape_groups import MapOf
from forms.shape_records import Field, Record
from forms.shape_values import name, number, whole
from forms.stage_forms import StageForm
from forms.weights import WEIGHT, check_sum
from forms.yaml_nodes import Map, get
from rules.policies import TrainingTerms
from rules.texts import _


def _check_weights(node: Map, found: Findings) -> None:
    areas = get(node, "exam", "areas")
    if isinstance(areas, Map):
        check_sum([entry.value for entry in areas.entries.values()], areas, found)


def _at_least(*, at_least: Decimal = Decimal(0)) -> Decimal:
    return at_least


def _areas(*, areas: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    return areas


def _terms(*, sessions: int, attendance: Decimal, exam: Mapping[str, Decimal]) -> TrainingTerms:
    return TrainingTerms(sessions, attendance, exam)


ATTENDANCE: Final = Record(
    {"at_least": Field(number(0, 100), _("最低出勤率（%）"), needed=False, about=_("默认 0"))}, _at_least
)
EXAM: Final = Record(
    {"areas": Field(MapOf(name(), WEIGHT), _("考试科目及权重（%）"), about=_("权重之和恰好为 100"))}, _areas
)

FORM: Final = StageForm(
    kind="training",
    title=_("培训：出勤与考试"),
    fields={
        "sessions": Field(whole(1, 999), _("培训次数")),
        "attendance": Field(ATTENDANCE, _("出勤要求")),
        "exam": Field(EXAM, _("考试")),
    },
    make=_terms,
    checks=(_check_weights,),
)
