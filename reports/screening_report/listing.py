"""Everybody by business line: those who are eligible, those whose records must be looked at, those who are not.

A volume holds ``MOST`` people (some seventy pages, a few seconds per hundred of them): a centre of 300 has one volume,
one of 50,000 has twenty-five, made side by side. Everybody stands in one of them, whatever the outcome.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from kit.i18n import gettext
from kit.jinja import day
from reports import marks
from reports.internal.blocks import Body, Cell, Column, Row, Table
from reports.requirements import reason, rule_name, rules_of
from reports.screening_report.view import Judged, ScreeningReport, Standing, in_order
from rules.policies import Policy
from rules.texts import _

MOST: Final = 2000
ROOM: Final = 114.0  # millimetres for the columns of all rules
WIDEST: Final = 19.0
TITLES: Final = {
    Standing.ELIGIBLE: _("符合资格（{count}人）"),
    Standing.OPEN: _("记录不全、无法判断，须人工核实（{count}人）"),
    Standing.INELIGIBLE: _("不符合资格（{count}人）"),
}
LOOKS: Final = {"pass": "", "relaxed": "strong", "fail": "bad", "unknown": "bad"}
CONCLUSIONS: Final = {
    Standing.ELIGIBLE: _("符合"),
    Standing.OPEN: _("待核实"),
    Standing.INELIGIBLE: _("不符合"),
}
Numbered = tuple[int, Judged]
"""A person with their number in the whole list."""


def volumes(view: ScreeningReport) -> list[list[Numbered]]:
    """Return everybody in the order of the list, in volumes; at least one, even if empty."""
    people = list(enumerate(_ordered(view), 1))
    return [people[first : first + MOST] for first in range(0, len(people), MOST)] or [[]]


def _ordered(view: ScreeningReport) -> list[Judged]:
    lines = {line: n for n, line in enumerate(view.policy.lines)}
    standings = {standing: n for n, standing in enumerate(Standing)}

    def key(one: Judged) -> tuple[int, int, str]:
        person = one.person
        return lines.get(person.business_line, len(lines)), standings[one.standing], person.staff_no

    return sorted(view.people, key=key)


def tables(view: ScreeningReport, people: Sequence[Numbered]) -> list[Table]:
    """Return a table for each line among some people, who stand in the order of the list."""
    return [_table(view, line, list(group)) for line, group in groupby(people, key=_line)]


def _line(numbered: Numbered) -> str:
    return numbered[1].person.business_line


def _standing(numbered: Numbered) -> Standing:
    return numbered[1].standing


def _table(view: ScreeningReport, line: str, people: Sequence[Numbered]) -> Table:
    bodies = []
    for standing, group in groupby(people, key=_standing):
        rows = tuple(_row(view.policy, number, one) for number, one in group)
        bodies.append(Body(rows, gettext(TITLES[standing]).format(count=len(rows))))
    return Table(_columns(view.policy), tuple(bodies), view.policy.lines.get(line, line), "narrow")


def _columns(policy: Policy) -> tuple[Column, ...]:
    rules = rules_of(policy)
    width = min(WIDEST, ROOM / len(rules)) if rules else WIDEST
    return (
        Column(gettext("序号"), 9, numeric=True),
        Column(gettext("工号"), 18),
        Column(gettext("姓名"), 20),
        Column(gettext("班组"), 20),
        *(Column(rule_name(rule), width) for rule in rules),
        Column(gettext("结论"), 15),
        Column(gettext("说明")),
    )


def _row(policy: Policy, number: int, one: Judged) -> Row:
    person, found = one.person, {v.rule: v for v in one.screened.verdicts}
    verdicts = [found.get(rule) for rule in rules_of(policy)]
    cells = (Cell("—") if v is None else Cell(marks.compact(v), LOOKS[v.verdict]) for v in verdicts)
    who = (str(number), person.staff_no, person.name, person.team or "—")
    return (*map(Cell, who), *cells, Cell(_conclusion(one)), Cell(_explained(policy, one)))


def _conclusion(one: Judged) -> str:
    if one.screened.channel == "special":
        return gettext("特殊通道")
    return gettext(CONCLUSIONS[one.standing])


def _explained(policy: Policy, one: Judged) -> str:
    """Return why each rule was missed or relaxed, and from which day the person would qualify."""
    missed = [v for v in in_order(policy, one.screened.verdicts) if v.verdict != "pass"]
    parts = [reason(verdict) for verdict in missed]
    if one.screened.qualifies_on:
        parts.append(gettext("自{day}起符合").format(day=day(one.screened.qualifies_on)))
    return gettext("；").join(parts)
