"""The parts of a policy about who may come: the rules of screening and the special channel."""

from dataclasses import dataclass
from typing import Any, Final

from forms.findings import Findings
from forms.shape_groups import ListOf
from forms.shape_records import Field, Record, refuse_unknown
from forms.shape_values import name, number, one_of, whole, words
from forms.shapes import BAD, Unread, misplaced, quietly
from forms.yaml_nodes import BROKEN, Map, Node, get, text_of
from rules.policies import (
    CertificateKey,
    Eligibility,
    GradeRule,
    HonourKey,
    IncidentsRule,
    KpiRule,
    RatingsRule,
    SpecialChannel,
    TenureRule,
)
from rules.texts import Text, _

FAR: Final = 1_000_000_000
MONTHS: Final = whole(0, 1200)
BOUND: Final = number(-FAR, FAR, signed=True)


def _check_bounds(node: Map, found: Findings) -> None:
    high, low = quietly(BOUND, get(node, "at_most")), quietly(BOUND, get(node, "at_least"))
    if "at_most" not in node.entries and "at_least" not in node.entries:
        found.fault(Text(_("指标缺少界限：“不低于”（at_least）和“不高于”（at_most）至少写一个")), node)
    elif high is not None and low is not None and high < low:
        text = _("不低于 {low}，又不高于 {high}：无人能满足")
        found.fault(Text(text, {"high": format(high, "f"), "low": format(low, "f")}), node)


GRADE: Final = Record({"at_least": Field(words(20), _("最低职级"), about=_("grades 中的一级"))}, GradeRule)

RATINGS: Final = Record(
    {
        "at_least": Field(words(20), _("最低绩效等级"), about=_("ratings 中的一级")),
        "consecutive": Field(whole(1, 999), _("连续期数")),
        "neutral": Field(
            ListOf(words(20), least=0), _("不计的代码"), needed=False, about=_("如休假；这样的期跳过，不中断连续")
        ),
    },
    RatingsRule,
)

INCIDENTS: Final = Record(
    {
        "none_of": Field(ListOf(name()), _("不得有的事件级别")),
        "within_months": Field(MONTHS, _("回溯月数")),
    },
    IncidentsRule,
)

TENURE: Final = Record(
    {
        "counted_from": Field(
            one_of(["hired_on", "in_grade_since"]), _("起算日"), about=_("hired_on：入职日；in_grade_since：任现级日")
        ),
        "months": Field(MONTHS, _("满多少个月")),
    },
    TenureRule,
)

KPI: Final = Record(
    {
        "key": Field(name(), _("指标键"), about=_("kpis.csv 里的 kpi")),
        "periods": Field(whole(1, 999), _("取最近多少期的平均")),
        "at_most": Field(BOUND, _("不高于"), needed=False),
        "at_least": Field(BOUND, _("不低于"), needed=False),
    },
    KpiRule,
    (_check_bounds,),
)

ELIGIBILITY: Final = Record(
    {
        "grade": Field(GRADE, _("职级"), needed=False),
        "ratings": Field(RATINGS, _("绩效"), needed=False),
        "incidents": Field(INCIDENTS, _("服务事件"), needed=False),
        "tenure": Field(TENURE, _("工龄"), needed=False, about=_("特殊通道只能放宽这一条")),
        "kpis": Field(ListOf(KPI, least=0, identity=lambda node: text_of(get(node, "key"))), _("指标"), needed=False),
    },
    Eligibility,
)

HONOUR: Final = Record(
    {
        "honour": Field(name(), _("荣誉")),
        "within_months": Field(MONTHS, _("多少个月内获得"), needed=False, about=_("不写则不限")),
    },
    HonourKey,
)
CERTIFICATE: Final = Record({"certificate": Field(name(), _("证书"))}, CertificateKey)


@dataclass(frozen=True)
class ChannelKeyShape:
    """One thing that opens the special channel: an honour or a certificate."""

    def read(self, node: Node, found: Findings) -> HonourKey | CertificateKey | Unread:
        """Return the honour or the certificate that stands here."""
        if isinstance(node, Map) and "honour" not in node.entries and "certificate" not in node.entries:
            refuse_unknown(node, [*HONOUR.fields, *CERTIFICATE.fields], found)
            found.fault(Text(_("缺少必填的键“honour”（荣誉）或“certificate”（证书）")), node)
            return BAD
        return HONOUR.read(node, found) if get(node, "certificate") is None else CERTIFICATE.read(node, found)

    def schema(self) -> dict[str, Any]:
        """Return the two alternatives as JSON Schema."""
        return {"oneOf": [HONOUR.schema(), CERTIFICATE.schema()]}


@dataclass(frozen=True)
class RelaxesShape:
    """What the special channel relaxes: tenure, and never anything else."""

    record: Record[int]

    def read(self, node: Node, found: Findings) -> int | Unread:
        """Return the months of tenure that suffice."""
        if not isinstance(node, Map):
            return misplaced(node, Text(_("“键: 值”的映射")), found)
        others = [e.key for e in node.entries.values() if e.key.text != "tenure" and e.key.reads_as != BROKEN]
        for other in others:
            text = Text(_("特殊通道只能放宽 tenure（工龄），其他条件一律照旧；请删去“{key}”"), {"key": other.text})
            found.fault(text, other)
        kept = {key: entry for key, entry in node.entries.items() if key == "tenure"}
        value = self.record.read(Map(kept, node.line, node.path), found)
        return BAD if others else value

    def schema(self) -> dict[str, Any]:
        """Return the record as JSON Schema."""
        return self.record.schema()


def _months(*, months: int) -> int:
    return months


def _relaxed(*, tenure: int) -> int:
    return tenure


def _channel(*, any_of: tuple[HonourKey | CertificateKey, ...], relaxes: int) -> SpecialChannel:
    return SpecialChannel(any_of, relaxes)


RELAXES: Final = Record(
    {"tenure": Field(Record({"months": Field(MONTHS, _("满多少个月"))}, _months), _("工龄"))}, _relaxed
)

SPECIAL_CHANNEL: Final = Record(
    {
        "any_of": Field(ListOf(ChannelKeyShape()), _("持有其中任一项")),
        "relaxes": Field(RelaxesShape(RELAXES), _("放宽"), about=_("只能放宽工龄，其他条件照旧")),
    },
    _channel,
)
