"""The score book as a workbook: everybody's result, every stage's scores, every sheet's marks, the seats, the rules.

Texts stay texts and numbers are numbers, so that everything can be filtered, summed and counted again.
"""

from collections import Counter
from collections.abc import Iterator

from kit import xlsx
from kit.i18n import gettext as _
from kit.i18n import prose
from kit.xlsx_tables import Cell, Column, Table
from reports import outcomes
from reports.entries import Entry
from reports.internal import seats
from reports.internal.blocks import Cell as Step
from reports.score_book import details, terms
from reports.score_book.data import ordered
from reports.score_book.details.shared import COUNT, EXACT
from reports.score_book.reasons import leaving, stage_reason
from reports.score_book.view import ScoreBook
from reports.words import component, percent
from rules.policies import StagePolicy
from rules.stages import KINDS


def workbook(view: ScoreBook) -> bytes:
    """Return the workbook, the same bytes for the same round."""
    organisation = view.policy.organisation
    return xlsx.workbook(
        _tables(view),
        title=_("成绩汇总表 {code}").format(code=view.policy.code),
        issued=view.issued,
        author=organisation.name or organisation.department,
    )


def score_form(view: ScoreBook) -> str:
    """Return the number format of scores: as many decimals as the policy rounds to."""
    digits = view.policy.rounding.digits
    return "0." + "0" * digits if digits else COUNT


def _tables(view: ScoreBook) -> Iterator[Table]:
    yield Table(_("成绩汇总"), _result_columns(view), _result_rows(view), frozen=4)
    yield Table(_("分项成绩"), _stage_columns(view), _stage_rows(view), frozen=3)
    yield from details.tables(view)
    yield Table(_("名额"), _seat_columns(), _seat_rows(view))
    yield from _steps(view)
    rules = (Column(_("环节"), 20), Column(_("规则"), 120))
    yield Table(_("规则"), rules, terms.rules(view.policy))


def _result_columns(view: ScoreBook) -> list[Column]:
    form = score_form(view)
    heads = [(key, view.policy.final.weights.get(key)) for key in view.components]
    names = (component(view.policy, key) + ("" if weight is None else f" {percent(weight)}") for key, weight in heads)
    return [
        Column(_("名次"), 7, COUNT),
        Column(_("本线名次"), 7, COUNT),
        Column(_("工号"), 11),
        Column(_("姓名"), 13),
        Column(_("业务线"), 15),
        Column(_("班组"), 13),
        *(Column(name, 12, form) for name in names),
        Column(_("综合成绩"), 11, form),
        Column(_("结果"), 17),
        Column(_("原因"), 36),
    ]


def _result_rows(view: ScoreBook) -> Iterator[list[Cell]]:
    for entry in ordered(view):
        person, components = entry.person, entry.components
        own = view.line_ranks.get(person.staff_no)
        yield [
            *(entry.rank, own, person.staff_no, person.name, view.line(entry), person.team),
            *(components.get(key) for key in view.components),
            entry.final,
            outcomes.outcome(view.policy, entry.outcome),
            leaving(view, entry),
        ]


def _stage_columns(view: ScoreBook) -> list[Column]:
    form = score_form(view)
    return [
        Column(_("环节"), 18),
        Column(_("工号"), 11),
        Column(_("姓名"), 13),
        Column(_("业务线"), 15),
        Column(_("成绩项"), 24),
        Column(_("有效评分表"), 9, COUNT),
        Column(_("计入"), 7, COUNT),
        Column(_("取位前"), 16, EXACT),
        Column(_("成绩"), 10, form),
        Column(_("合格线"), 9, "0.##"),
        Column(_("结论"), 30),
    ]


def _stage_rows(view: ScoreBook) -> Iterator[list[Cell]]:
    for stage in view.policy.stages:
        for entry in details.entered(view, stage):
            yield from (_stage_row(view, stage, entry, key) for key in KINDS[stage.kind].components(stage))


def _stage_row(view: ScoreBook, stage: StagePolicy, entry: Entry, key: str) -> list[Cell]:
    score, person = entry.stages[stage.key], entry.person
    gate = KINDS[stage.kind].gate(stage)
    return [
        *(stage.name, person.staff_no, person.name, view.line(entry), component(view.policy, key)),
        *(score.working.get("counted"), score.working.get("n")),
        details.before_rounding(stage, score, key),
        score.components.get(key),
        stage.pass_mark if key == gate and stage.pass_mark else None,
        stage_reason(view, entry, stage, score) or _("通过"),
    ]


def _seat_columns() -> list[Column]:
    heads = (_("人数"), _("名额"), _("参加"), _("进入排名"), _("入选"), _("待加试"), _("保留"), _("空余"))
    return [Column(_("业务线"), 18), *(Column(head, 10, COUNT) for head in heads)]


def _seat_rows(view: ScoreBook) -> Iterator[list[Cell]]:
    """Return each line's seats; those who were chosen for unused seats of other lines are counted in their own."""
    for line, name in view.policy.lines.items():
        own = [entry for entry in view.entries if entry.person.business_line == line]
        found = Counter(entry.outcome for entry in own)
        part = view.ranking.get("lines", {}).get(line, {})
        yield [
            *(name, view.heads.get(line, 0), view.seats.get(line, 0)),
            *(sum(entry.took_part for entry in own), sum(entry.rank is not None for entry in own)),
            *(found["selected"], found["tied"], part.get("held", 0), part.get("unused", 0)),
        ]


def _steps(view: ScoreBook) -> Iterator[Table]:
    """Return how the seats were shared out, as texts: quotients that never end are no numbers."""
    for block in seats.tables(view.policy, view.heads, view.seats_working):
        columns = [Column(f"{column.head} {column.sub}".strip(), 26) for column in block.columns]
        rows = (
            [_step_text(cell) for cell in row] for body in block.bodies for row in body.rows if len(row) == len(columns)
        )
        yield Table(prose(_("名额计算"), block.title), columns, rows)


def _step_text(cell: Step) -> str:
    return _("{text}（{note}）").format(text=cell.text, note=cell.note) if cell.note else cell.text
