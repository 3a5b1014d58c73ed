"""A whole table against its columns: every row is read first, and every fault is told with row and column.

The good rows are there as well, for those who ask for them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import getitem, itemgetter
from typing import Any, Final

from forms import headings, references
from forms.cells import CellError
from forms.columns import Column, Spec
from forms.faults import Fault
from forms.tables import Table
from rules.periods import parse
from rules.policies import Policy
from rules.texts import Text, _, enumerated

NUMBERED: Final = {"staff_no", "manager_no", "reviewer_no"}
"""Columns of which leading zeros count."""

NAMED: Final = 10
"""So many strangers are named in a note."""

Row = tuple[int, Any]
"""A row's number and its record."""


@dataclass(slots=True)
class Checked:
    """The records of the good rows, and the number of each one's row; the faults; notes on rows that were ignored."""

    records: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def check(
    table: Table,
    spec: Spec,
    *,
    people: Collection[str] | None = None,
    policy: Policy | None = None,
    reviewers: Collection[str] | None = None,
) -> Checked:
    """Check a whole table. What is not given (people, policy, reviewers) is not checked against.

    Heads and states in Chinese are understood as well, see ``forms.headings``.
    """
    found = Checked()
    table = headings.understood(table, spec)
    columns = references.linked(spec, people=people, policy=policy, reviewers=reviewers)
    if _fits_header(table, spec, found):
        rows = _Reading(table, spec, columns, found).rows(references.foreign_stages(spec, policy))
        rows = _sound(table.name, spec, rows, found, people=people, look=references.row_check(spec, policy))
        _keep_unique(table.name, spec, rows, found)
        _keep_one_kind_of_period(table.name, spec, found)
        _note_unknown_staff(table.name, spec, found, people)
        found.faults.sort(key=lambda fault: fault.line or 0)
    return found


def _fits_header(table: Table, spec: Spec, found: Checked) -> bool:
    names = [c.name for c in spec.columns]
    if missing := [name for name in names if name not in table.header]:
        there = [headings.called(spec, h[:40]) for h in table.header if h][:20]
        said = {"names": enumerated([headings.called(spec, name) for name in missing]), "header": enumerated(there)}
        found.faults.append(Fault(Text(_("缺少列 {names}（现有：{header}）"), said), table.name, 1))
    if twice := [name for name in names if table.header.count(name) > 1]:
        found.faults.append(Fault(Text(_("列名重复：{names}"), {"names": enumerated(twice)}), table.name, 1))
    if hidden := [name for name in names if name in table.header and table.header.index(name) in table.hidden]:
        text = Text(_("{names} 是隐藏的列，照常读入"), {"names": enumerated(hidden)})
        found.notes.append(Fault(text, table.name, 1))
    return not found.faults


class _Values(dict[str, Any]):
    """The values of one column by their cells: a cell that occurs again is not read again."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: str) -> Any:  # noqa: ANN401 - a value of any column
        self[cell] = value = self._read(cell)
        return value

    def _read(self, cell: str) -> Any:  # noqa: ANN401 - as above
        if cell.strip():
            return self._column.read(cell)
        if self._column.needed:
            raise CellError(Text(_("不能为空")))
        return None


class _Reading:
    """Reads the rows of a table into records; notes every fault of those that it cannot read."""

    def __init__(self, table: Table, spec: Spec, columns: list[Column], found: Checked) -> None:
        self._table, self._record, self._columns, self._found = table, spec.record, columns, found
        self._places = [table.header.index(c.name) for c in columns]
        self._values = [_Values(c) for c in columns]
        self._numbered = [p for c, p in zip(columns, self._places, strict=True) if c.name in NUMBERED]

    def rows(self, is_foreign: Callable[[str], bool] | None) -> Iterator[Row]:
        """Yield the rows that can be read; those of foreign stages are counted and passed over."""
        make, values, cells = self._record._make, self._values, itemgetter(*self._places)
        stage = self._table.header.index("stage") if is_foreign else 0
        suspects = self._suspects()
        ignored = 0
        for line, row in self._table.rows:
            if is_foreign and is_foreign(row[stage]):
                ignored += 1
                continue
            try:
                record = make(map(getitem, values, cells(row)))
            except CellError:
                self._explain(line, row)
                continue
            if line not in suspects or self._explain(line, row):
                yield line, record
        if ignored:
            text = Text(_("{n} 行属于方案中没有的环节，已忽略"), {"n": ignored})
            self._found.notes.append(Fault(text, self._table.name))

    def _suspects(self) -> set[int]:
        """Return the rows of which the spreadsheet itself says something."""
        numbers = (self._table.numbers.get(place, set()) for place in self._numbered)
        return set(self._table.torn).union((line for line, _place in self._table.doubts), *numbers)

    def _explain(self, line: int, row: Sequence[str]) -> bool:
        """Note every fault of a row; return whether it has none. A row of blanks is not worth a word."""
        if line in self._table.torn:
            self._found.faults.append(Fault(self._table.torn[line], self._table.name, line))
            return False
        if not "".join(row).strip() and not any((line, place) in self._table.doubts for place in self._places):
            return False
        before = len(self._found.faults)
        for column, place, values in zip(self._columns, self._places, self._values, strict=True):
            if why := self._fault(line, place, row[place], values):
                self._found.faults.append(Fault(why, self._table.name, line, column.name, row[place]))
        return len(self._found.faults) == before

    def _fault(self, line: int, place: int, cell: str, values: _Values) -> Text | None:
        if doubt := self._table.doubts.get((line, place)):
            return doubt
        if place in self._numbered and line in self._table.numbers.get(place, ()):
            return Text(_("在表格中是数字，前导零会丢失；请把这一列设为文本格式后重新填写"))
        try:
            values[cell]
        except CellError as error:
            return error.text
        return None


def _sound(
    name: str,
    spec: Spec,
    rows: Iterator[Row],
    found: Checked,
    *,
    people: Collection[str] | None,
    look: references.RowCheck | None,
) -> Iterator[Row]:
    """Yield the rows whose cells agree; rows about strangers are reported and ignored, unless that was a fault."""
    may_be_strange = people is not None and spec.name not in {"people", "reviewers"} and not spec.strangers_are_faults
    strangers: list[str] = []
    for line, record in rows:
        if may_be_strange and record.staff_no not in people:  # type: ignore[operator] # it is not None then
            strangers.append(record.staff_no)
        elif look and (wrong := look(record)):
            column, error = wrong
            found.faults.append(Fault(error.text, name, line, column, str(getattr(record, column))))
        else:
            yield line, record
    if strangers:
        said = {"n": len(strangers), "who": enumerated(sorted(set(strangers))[:NAMED])}
        found.notes.append(Fault(Text(_("{n} 行的人不在名册中（{who}），已忽略"), said), name))


def _keep_unique(name: str, spec: Spec, rows: Iterator[Row], found: Checked) -> None:
    """Keep each row once; of rows that contradict each other none is good, and each names another."""
    key = itemgetter(*(spec.record._fields.index(f) for f in spec.key))
    lines, records = found.lines, found.records
    places: dict[Any, int] = {}
    contradicted: set[int] = set()
    for line, record in rows:
        place = places.setdefault(key(record), len(records))
        if place == len(records):
            lines.append(line)
            records.append(record)
        elif records[place] != record:
            if place not in contradicted:
                found.faults.append(_contradiction(name, key(record), lines[place], line))
            found.faults.append(_contradiction(name, key(record), line, lines[place]))
            contradicted.add(place)
    if contradicted:
        _keep(found, (place not in contradicted for place in range(len(records))))


def _keep(found: Checked, good: Iterable[bool]) -> None:
    chosen = list(good)
    found.lines, found.records = list(compress(found.lines, chosen)), list(compress(found.records, chosen))


def _contradiction(name: str, key: Any, line: int, other: int) -> Fault:  # noqa: ANN401 - one value or several
    shown = " / ".join(map(str, key)) if isinstance(key, tuple) else str(key)
    text = Text(_("与第 {line} 行的 {key} 相同而内容不同，请只留一行"), {"line": other, "key": shown})
    return Fault(text, name, line)


def _keep_one_kind_of_period(name: str, spec: Spec, found: Checked) -> None:
    """Keep the rows whose periods are of the kind that most rows of their table (or indicator) have."""
    if spec.name not in {"ratings", "kpis"}:
        return
    kinds = [(getattr(record, "kpi", ""), parse(record.period).kind) for record in found.records]
    usual: dict[str, str] = {}
    for (indicator, kind), _n in Counter(kinds).most_common():
        usual.setdefault(indicator, kind)
    if len(usual) == len(set(kinds)):
        return
    example = {kind: record.period for kind, record in zip(kinds, found.records, strict=True)}
    for line, record, (indicator, kind) in zip(found.lines, found.records, kinds, strict=True):
        if kind != usual[indicator]:
            text = _("周期的种类与其他行（如 {period}）不同；一张表（每个指标）只能用一种周期")
            said = Text(text, {"period": example[indicator, usual[indicator]]})
            found.faults.append(Fault(said, name, line, "period", record.period))
    _keep(found, (kind == usual[indicator] for indicator, kind in kinds))


def _note_unknown_staff(name: str, spec: Spec, found: Checked, people: Collection[str] | None) -> None:
    """Note reviewers whose own staff number nobody has: their sheet on themselves could not be told."""
    if people is None or spec.name != "reviewers":
        return
    for line, reviewer in zip(found.lines, found.records, strict=True):
        if reviewer.staff_no is not None and reviewer.staff_no not in people:
            text = Text(_("名册中没有这位评委的工号；若是员工，请核对，否则回避无从判断"))
            found.notes.append(Fault(text, name, line, "staff_no", reviewer.staff_no))
