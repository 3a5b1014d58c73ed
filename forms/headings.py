"""The columns of the tables in Chinese: what stands at the head of a template, and is understood when it comes back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from forms.columns import SPECS, Spec
from forms.tables import Table
from rules.texts import Text, _


class Heading(NamedTuple):
    """What a column is called, how it is filled in, and an example."""

    word: str
    hint: str
    example: str


_STAFF: Final = Heading(_("工号"), _("前面的 0 要保留：请把这一列设为文本格式"), "000123")
_DAY: Final = _("形如 2026-09-30 的日期")
_PERIOD: Final = _("2026、2026H1、2026Q3 或 2026-09 形式；同一张表只用一种")
_STAGE: Final = Heading(_("环节"), _("竞聘方案中的环节键"), "interview")
_REVIEWER: Final = Heading(_("评委编号"), _("评委表中的编号"), "R01")

HEADINGS: Final[Mapping[str, Mapping[str, Heading]]] = {
    "people": {
        "staff_no": _STAFF,
        "name": Heading(_("姓名"), "", "示例"),
        "business_line": Heading(_("业务线"), _("与竞聘方案中的业务线键一致，如 phone"), "phone"),
        "team": Heading(_("班组"), _("评委回避同班组的候选人"), "电话一组"),
        "grade": Heading(_("职级"), _("与竞聘方案中的职级一致，如 Ⅱ"), "Ⅱ"),
        "hired_on": Heading(_("入职日期"), _DAY, "2021-03-01"),
        "in_grade_since": Heading(_("现职级起始日期"), _DAY, "2024-01-01"),
        "manager_no": Heading(_("直接上级工号"), _("评委回避自己的下属"), "000007"),
        "email": Heading(_("电子邮箱"), _("提醒和结果发到这里"), "shili@example.com"),
    },
    "ratings": {
        "staff_no": _STAFF,
        "period": Heading(_("周期"), _PERIOD, "2026Q2"),
        "rating": Heading(_("绩效等级"), _("与竞聘方案中的绩效等级一致；空着表示没有评级"), "A"),
    },
    "incidents": {
        "staff_no": _STAFF,
        "occurred_on": Heading(_("发生日期"), _DAY, "2026-05-12"),
        "severity": Heading(_("级别"), _("与竞聘方案中的级别一致，如 major"), "minor"),
        "description": Heading(_("情况说明"), "", "示例"),
    },
    "honours": {
        "staff_no": _STAFF,
        "honour": Heading(_("荣誉"), _("与竞聘方案中的写法一致"), "服务之星"),
        "awarded_on": Heading(_("授予日期"), _DAY, "2026-01-15"),
    },
    "certificates": {
        "staff_no": _STAFF,
        "certificate": Heading(_("证书"), _("与竞聘方案中的写法一致"), "CCMP"),
        "number": Heading(_("证书编号"), "", "示例-001"),
        "issued_on": Heading(_("发证日期"), _DAY, "2025-06-01"),
        "expires_on": Heading(_("有效期至"), _("空着表示长期有效"), "2028-05-31"),
    },
    "kpis": {
        "staff_no": _STAFF,
        "period": Heading(_("周期"), _PERIOD, "2026Q2"),
        "kpi": Heading(_("指标"), _("与竞聘方案中的指标键一致"), "satisfaction"),
        "value": Heading(_("数值"), _("普通小数，不带百分号和逗号"), "92.5"),
    },
    "applications": {
        "staff_no": _STAFF,
        "applied_at": Heading(_("申请时间"), _("带时区的时间"), "2026-10-12T09:30:00+08:00"),
        "status": Heading(_("状态"), _("submitted（已提交）或 withdrawn（已撤回）"), "submitted"),
    },
    "reviewers": {
        "reviewer_no": _REVIEWER,
        "name": Heading(_("姓名"), "", "示例"),
        "business_line": Heading(_("业务线"), "", "phone"),
        "staff_no": Heading(_("工号"), _("评委是员工的请填写，否则无从判断回避"), "000456"),
    },
    "panels": {
        "stage": _STAGE,
        "staff_no": _STAFF,
        "reviewer_no": _REVIEWER,
        "status": Heading(_("状态"), _("assigned（已安排）或 replaced（已替换）"), "assigned"),
    },
    "marks": {
        "stage": _STAGE,
        "staff_no": _STAFF,
        "reviewer_no": _REVIEWER,
        "criterion": Heading(_("评分项"), _("竞聘方案中的评分项键"), "communication"),
        "mark": Heading(_("评分"), _("弃评、回避的空着"), "8.5"),
        "status": Heading(_("状态"), _("scored（已评）、abstained（弃评）或 recused（回避）"), "scored"),
        "comment": Heading(_("评语"), "", "示例"),
    },
    "attendance": {
        "staff_no": _STAFF,
        "session": Heading(_("场次"), _("从 1 起"), "1"),
        "status": Heading(_("状态"), _("present（出勤）、late（迟到）、absent（缺勤）或 excused（请假）"), "present"),
    },
    "exam": {
        "staff_no": _STAFF,
        "area": Heading(_("科目"), _("竞聘方案中的科目键"), "product"),
        "score": Heading(_("成绩"), _("0 到 100"), "85"),
    },
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "applications": {"已提交": "submitted", "已撤回": "withdrawn"},
    "panels": {"已安排": "assigned", "已替换": "replaced"},
    "marks": {"已评": "scored", "弃评": "abstained", "回避": "recused"},
    "attendance": {"出勤": "present", "迟到": "late", "缺勤": "absent", "请假": "excused"},
}
"""The Chinese words that may stand in the column ``status``."""


def called(spec: Spec, name: str) -> str | Text:
    """Return a column's name with its word; one that the table does not have, as it is."""
    found = HEADINGS.get(spec.name, {}).get(name)
    return Text(_("{name}（{word}）"), {"name": name, "word": Text(found.word)}) if found else name


def understood(table: Table, spec: Spec) -> Table:
    """Return a table whose Chinese heads and states are replaced by those of the bundle; others stay as they are.

    A head is only replaced when the column is not there under its own name.
    """
    names = {heading.word: name for name, heading in HEADINGS.get(spec.name, {}).items() if name not in table.header}
    if not names.keys() & set(table.header):
        return _stated(table, spec)
    return _stated(replace(table, header=tuple(names.get(head, head) for head in table.header)), spec)


def _stated(table: Table, spec: Spec) -> Table:
    words = WORDS.get(spec.name, {})
    if not words or table.header.count("status") != 1:
        return table
    place = table.header.index("status")
    if not any(row[place].strip() in words for _line, row in table.rows):
        return table
    rows = [
        (line, (*row[:place], words.get(row[place].strip(), row[place]), *row[place + 1 :])) for line, row in table.rows
    ]
    return replace(table, rows=rows)


def example(book: str) -> tuple[str, ...]:
    """Return the row that stands in a template as an example."""
    return tuple(HEADINGS[book][column.name].example for column in SPECS[book].columns)


def without_example(table: Table, spec: Spec) -> Table:
    """Return a table without the row that stood in the template as an example, if somebody left it there."""
    names = [column.name for column in spec.columns]
    if any(table.header.count(name) != 1 for name in names):
        return table
    places = [table.header.index(name) for name in names]
    shown = example(spec.name)
    rows = [(line, row) for line, row in table.rows if tuple(row[place].strip() for place in places) != shown]
    return replace(table, rows=rows)
