"""The tables of the bundle: their columns, how each cell is read, what makes a row unique, what refers to what.

``check`` reads every row first and reports every fault with row and column; the good rows are there as well, for
those who ask for them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from forms import cells
from forms.cells import CellError, Reader
from forms.faults import Fault
from forms.tables import Table
from rules import records
from rules.periods import parse
from rules.policies import Policy, ReviewTerms, TrainingTerms
from rules.texts import Text, _


class Column(NamedTuple):
    """How a column is read; ``needed``: an empty cell is an error."""

    name: str
    read: Reader
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One table: its record type (fields = columns), its columns, its key; ``about`` others may be ignored."""

    name: str
    record: type[Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    strangers_are_faults: bool = False


@dataclass(slots=True)
class Checked:
    """The rows that are good, each with its row number; the faults; and notes on rows that were ignored."""

    rows: list[tuple[int, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def records(self) -> list[Any]:
        """Return the good rows without their numbers."""
        return [record for _line, record in self.rows]


_STAFF = Column("staff_no", cells.text, needed=True)
_DAY, _TEXT = cells.day, cells.text

SPECS: Final[dict[str, Spec]] = {
    spec.name: spec
    for spec in (
        Spec(
            "people",
            records.Person,
            (
                _STAFF,
                Column("name", _TEXT, needed=True),
                Column("business_line", _TEXT, needed=True),
                Column("team", _TEXT),
                Column("grade", _TEXT),
                Column("hired_on", _DAY),
                Column("in_grade_since", _DAY),
                Column("manager_no", _TEXT),
                Column("email", _TEXT),
            ),
            ("staff_no",),
        ),
        Spec(
            "ratings",
            records.Rating,
            (_STAFF, Column("period", cells.period, needed=True), Column("rating", _TEXT)),
            ("staff_no", "period"),
        ),
        Spec(
            "incidents",
            records.Incident,
            (_STAFF, Column("occurred_on", _DAY), Column("severity", _TEXT), Column("description", _TEXT)),
            records.Incident._fields,
        ),
        Spec(
            "honours",
            records.Honour,
            (_STAFF, Column("honour", _TEXT, needed=True), Column("awarded_on", _DAY)),
            records.Honour._fields,
        ),
        Spec(
            "certificates",
            records.Certificate,
            (
                _STAFF,
                Column("certificate", _TEXT, needed=True),
                Column("number", _TEXT),
                Column("issued_on", _DAY),
                Column("expires_on", _DAY),
            ),
            records.Certificate._fields,
        ),
        Spec(
            "kpis",
            records.Kpi,
            (
                _STAFF,
                Column("period", cells.period, needed=True),
                Column("kpi", _TEXT, needed=True),
                Column("value", cells.signed),
            ),
            ("staff_no", "period", "kpi"),
        ),
        Spec(
            "applications",
            records.Application,
            (
                _STAFF,
                Column("applied_at", cells.instant, needed=True),
                Column("status", cells.one_of("submitted", "withdrawn"), needed=True),
            ),
            ("staff_no", "applied_at"),
            strangers_are_faults=True,
        ),
        Spec(
            "reviewers",
            records.Reviewer,
            (
                Column("reviewer_no", _TEXT, needed=True),
                Column("name", _TEXT, needed=True),
                Column("business_line", _TEXT),
                Column("staff_no", _TEXT),
            ),
            ("reviewer_no",),
        ),
        Spec(
            "panels",
            records.Assignment,
            (
                Column("stage", _TEXT, needed=True),
                _STAFF,
                Column("reviewer_no", _TEXT, needed=True),
                Column("status", cells.one_of("assigned", "replaced"), needed=True),
            ),
            ("stage", "staff_no", "reviewer_no"),
            strangers_are_faults=True,
        ),
        Spec(
            "marks",
            records.Mark,
            (
                Column("stage", _TEXT, needed=True),
                _STAFF,
                Column("reviewer_no", _TEXT, needed=True),
                Column("criterion", _TEXT, needed=True),
                Column("mark", cells.number),
                Column("status", cells.one_of("scored", "abstained", "recused"), needed=True),
                Column("comment", _TEXT),
            ),
            ("stage", "staff_no", "reviewer_no", "criterion"),
            strangers_are_faults=True,
        ),
        Spec(
            "attendance",
            records.Attendance,
            (
                _STAFF,
                Column("session", cells.whole(999_999), needed=True),
                Column("status", cells.one_of("present", "late", "absent", "excused"), needed=True),
            ),
            ("staff_no", "session"),
            strangers_are_faults=True,
        ),
        Spec(
            "exam",
            records.ExamScore,
            (_STAFF, Column("area", _TEXT, needed=True), Column("score", cells.upto(Decimal(100)))),
            ("staff_no", "area"),
            strangers_are_faults=True,
        ),
    )
}

RowCheck = Callable[[Any], tuple[str, Text] | None]
"""Looks at a whole row; returns the column and what is wrong with it."""


def check(
    table: Table,
    spec: Spec,
    *,
    people: Collection[str] | None = None,
    policy: Policy | None = None,
    reviewers: Collection[str] | None = None,
) -> Checked:
    """Check a whole table. What is not given (people, policy, reviewers) is not checked against."""
    found = Checked()
    missing = [c.name for c in spec.columns if c.name not in table.header]
    if missing:
        said = {"names": "、".join(missing), "header": "、".join(h for h in table.header if h)}
        found.faults.append(Fault(Text(_("缺少列 {names}（现有：{header}）"), said), table.name, 1))
        return found
    rows = _read(table, spec, policy, found)
    checks = _row_checks(spec, policy, reviewers)
    _keep(table.name, spec, rows, found, people=people, checks=checks)
    _one_kind_of_period(table.name, spec, found)
    return found


def _read(table: Table, spec: Spec, policy: Policy | None, found: Checked) -> list[tuple[int, Any]]:
    places = [table.header.index(c.name) for c in spec.columns]
    order = [[c.name for c in spec.columns].index(f) for f in spec.record._fields]
    readers = [(c, place) for c, place in zip(spec.columns, places, strict=True)]
    foreign = _foreign_stage(spec, table, policy)
    rows: list[tuple[int, Any]] = []
    make = spec.record._make
    ignored = 0
    for line, row in table.rows:
        if foreign and foreign(row):
            ignored += 1
            continue
        values, good = [], True
        for column, place in readers:
            cell = row[place]
            try:
                values.append(_value(column, cell, is_number=(line, place) in table.numeric))
            except CellError as error:
                found.faults.append(Fault(error.text, table.name, line, column.name, cell))
                good = False
        if good:
            rows.append((line, make(values[n] for n in order)))
    if ignored:
        found.notes.append(Fault(Text(_("{n} 行属于方案中没有的环节，已忽略"), {"n": ignored}), table.name))
    return rows


def _value(column: Column, cell: str, *, is_number: bool) -> Any:  # noqa: ANN401 - a value of any column
    if is_number and column.name in {"staff_no", "manager_no", "reviewer_no"}:
        raise CellError(Text(_("在表格中是数字，前导零会丢失；请把这一列设为文本格式")))
    if not cell and column.needed:
        raise CellError(Text(_("不能为空")))
    return column.read(cell) if cell else None


def _foreign_stage(spec: Spec, table: Table, policy: Policy | None) -> Callable[[list[str]], bool] | None:
    """Return what tells rows of stages that the policy does not have: they are ignored, unchecked."""
    if spec.name not in {"marks", "panels"} or policy is None:
        return None
    place = table.header.index("stage")
    stages = {s.key for s in policy.stages if isinstance(s.terms, ReviewTerms)}
    return lambda row: bool(row[place]) and row[place] not in stages


def _row_checks(spec: Spec, policy: Policy | None, reviewers: Collection[str] | None) -> list[RowCheck]:
    checks: list[RowCheck] = []
    if policy and spec.name == "people":
        checks.append(_is_known("business_line", _("业务线"), policy.lines))
    if spec.name in {"marks", "panels"} and reviewers is not None:
        checks.append(_is_known("reviewer_no", _("评委"), reviewers))
    if policy and spec.name == "marks":
        checks.append(_fits_criterion(policy))
    training = next((s.terms for s in policy.stages if isinstance(s.terms, TrainingTerms)), None) if policy else None
    if training and spec.name == "attendance":
        checks.append(_is_known("session", _("培训场次"), range(1, training.sessions + 1)))
    if training and spec.name == "exam":
        checks.append(_is_known("area", _("考试科目"), training.areas))
    return checks


def _is_known(column: str, what: str, names: Collection[Any]) -> RowCheck:
    shown = "、".join(str(n) for n in list(names)[:12])

    def look(row: Any) -> tuple[str, Text] | None:  # noqa: ANN401 - a row of any table
        if getattr(row, column) in names:
            return None
        return column, Text(_("没有这个{what}；有：{shown}"), {"what": Text(what), "shown": shown})

    return look


def _fits_criterion(policy: Policy) -> RowCheck:
    most: Mapping[tuple[str, str], Decimal] = {
        (s.key, c.key): c.max for s in policy.stages if isinstance(s.terms, ReviewTerms) for c in s.terms.criteria
    }

    def look(row: records.Mark) -> tuple[str, Text] | None:
        limit = most.get((row.stage, row.criterion))
        if limit is None:
            known = "、".join(c for s, c in most if s == row.stage)
            return "criterion", Text(_("这一环节没有这个评分项；有：{known}"), {"known": known})
        if row.mark is not None and row.mark > limit:
            return "mark", Text(_("超出范围，应在 0 到 {most} 之间"), {"most": format(limit, "f")})
        return None

    return look


def _keep(
    name: str,
    spec: Spec,
    rows: Sequence[tuple[int, Any]],
    found: Checked,
    *,
    people: Collection[str] | None,
    checks: Sequence[RowCheck],
) -> None:
    """Keep each row once; rows about strangers are faults or ignored; contradictory rows are faults."""
    seen: dict[tuple[Any, ...], tuple[int, Any]] = {}
    places = [spec.record._fields.index(f) for f in spec.key]
    about_people = people is not None and spec.name not in {"people", "reviewers"}
    strangers: list[str] = []
    for line, row in rows:
        if about_people and people is not None and row.staff_no not in people:
            if spec.strangers_are_faults:
                text = Text(_("名册（people.csv）中没有这个工号"))
                found.faults.append(Fault(text, name, line, "staff_no", row.staff_no))
            else:
                strangers.append(row.staff_no)
            continue
        if wrong := next((w for look in checks if (w := look(row))), None):
            column, text = wrong
            found.faults.append(Fault(text, name, line, column, str(getattr(row, column))))
            continue
        key = tuple(row[p] for p in places)
        before = seen.setdefault(key, (line, row))
        if before[0] == line:
            found.rows.append((line, row))
        elif before[1] != row:
            said = {"line": before[0], "key": " / ".join(str(k) for k in key)}
            found.faults.append(Fault(Text(_("与第 {line} 行的 {key} 相同而内容不同，请只留一行"), said), name, line))
    if strangers:
        said = {"n": len(strangers), "who": "、".join(sorted(set(strangers))[:10])}
        found.notes.append(Fault(Text(_("{n} 行的人不在名册中（{who}），已忽略"), said), name))


def _one_kind_of_period(name: str, spec: Spec, found: Checked) -> None:
    if spec.name not in {"ratings", "kpis"}:
        return
    kinds: dict[str, tuple[str, int]] = {}
    good = []
    for line, row in found.rows:
        kind, group = parse(row.period).kind, getattr(row, "kpi", "")
        first, at = kinds.setdefault(group, (kind, line))
        if first != kind:
            text = Text(_("周期的种类与第 {line} 行不同；一张表（每个指标）只能用一种周期"), {"line": at})
            found.faults.append(Fault(text, name, line, "period", row.period))
        else:
            good.append((line, row))
    found.rows = good
