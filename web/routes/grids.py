"""Attendance and examination as grids: people by sessions, people by areas."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Response

from actions import evidence
from actions.books import ChangeError
from forms import grids
from forms.grids import WORDS, Cell, Filled
from kit.i18n import gettext
from models.stages import Stage
from queries import boards, books
from reports.words import word
from rules.access import Act
from rules.policies import TrainingTerms
from rules.records import Attendance, ExamScore
from rules.texts import RuleError, Text, _
from web.boards import ORDERS
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.sifting import Sieve
from web.visit import Visit

doors: Final = Doors()

LONGEST: Final = 40
"""Nothing longer is kept of a cell."""


@dataclass(frozen=True, slots=True)
class Book:
    """One of the two grids: its columns, how a cell is read, and what row it becomes."""

    name: str
    title: str
    hint: str
    columns: Callable[[TrainingTerms], list[tuple[str, str]]]
    read: Callable[[str], Any]
    row: Callable[[Cell, Any], Any]


def _sessions(terms: TrainingTerms) -> list[tuple[str, str]]:
    return [(str(n), gettext("第 {n} 次").format(n=n)) for n in range(1, terms.sessions + 1)]


def _areas(terms: TrainingTerms) -> list[tuple[str, str]]:
    return [(area, word(area)) for area in terms.areas]


ATTENDANCE: Final = Book(
    "attendance",
    _("培训考勤"),
    _("每格填 出勤、迟到、缺勤 或 请假，也可以只填一个字：到、迟、缺、假。"),
    _sessions,
    grids.status,
    lambda cell, value: Attendance(cell.staff_no, int(cell.column), value),
)
EXAM: Final = Book(
    "exam",
    _("考试成绩"),
    _("每格填 0 至 100 的分数，可以有小数；没有参加的留空。"),
    _areas,
    grids.score,
    lambda cell, value: ExamScore(cell.staff_no, cell.column, value),
)


@doors.get("/rounds/{code}/attendance", act=Act.SEE_ROUND)
def attendance(visit: Visit, code: str) -> Response:
    """Show the attendance."""
    return _page(framed(visit, code), ATTENDANCE)


@doors.post("/rounds/{code}/attendance", act=Act.ENTER_EVIDENCE, name="save_attendance")
def save_attendance(visit: Visit, code: str) -> Response:
    """Save what was changed in the attendance."""
    return _save(framed(visit, code), ATTENDANCE)


@doors.get("/rounds/{code}/exam", act=Act.SEE_ROUND)
def exam(visit: Visit, code: str) -> Response:
    """Show the scores of the examination."""
    return _page(framed(visit, code), EXAM)


@doors.post("/rounds/{code}/exam", act=Act.ENTER_EVIDENCE, name="save_exam")
def save_exam(visit: Visit, code: str) -> Response:
    """Save what was changed in the scores of the examination."""
    return _save(framed(visit, code), EXAM)


def _training(frame: Frame) -> tuple[Stage, TrainingTerms]:
    found = next((s for s in frame.policy.stages if isinstance(s.terms, TrainingTerms)), None)
    if found is None:
        raise NotFoundError(Text(_("本轮没有培训环节，不需要考勤和考试成绩")))
    return frame.step(found.key), found.terms


def _entered(frame: Frame, book: Book) -> dict[Cell, str]:
    """Return what stands in the cells now, as they show it."""
    rows = books.rows(frame.visit.session, book=book.name, round_id=frame.the_round.id)
    if book is ATTENDANCE:
        return {Cell(r.staff_no, str(r.session)): gettext(WORDS[r.status]) for r in rows}
    return {Cell(r.staff_no, r.area): "" if r.score is None else f"{r.score:f}" for r in rows}


def _page(
    frame: Frame,
    book: Book,
    *,
    typed: Mapping[Cell, str] | None = None,
    found: Filled | None = None,
    fault: Text | None = None,
    reason_fault: Text | None = None,
) -> Response:
    visit = frame.visit
    stage, terms = _training(frame)
    rows = boards.people_in(visit.session, round_id=stage.round_id, since=stage.position)
    sieve = Sieve.of(visit, rows, orders=ORDERS, first="staff_no")
    now = _entered(frame, book)
    columns = book.columns(terms)
    cells = {Cell(row.staff_no, key): now.get(Cell(row.staff_no, key), "") for row in sieve.rows for key, _w in columns}
    visit.saw(book.name, the_round=frame.the_round)
    return visit.page(
        "grid.html",
        status=409 if (found and found.conflicts) or fault else 422 if typed is not None else 200,
        frame=frame,
        book=book,
        stage=stage,
        columns=columns,
        sieve=sieve,
        cells=cells,
        typed=typed or {},
        found=found or Filled(),
        seen=json.dumps([[*cell, text] for cell, text in cells.items() if text], ensure_ascii=False),
        entering=visit.may(Act.ENTER_EVIDENCE) and stage.state == "open" and frame.the_round.state == "running",
        fault=fault,
        reason_fault=reason_fault,
        reason=visit.text("reason"),
    )


def _typed(visit: Visit) -> dict[Cell, str]:
    """Return what stands in the cells that were posted: their names are c|staff number|column."""
    found = {}
    for name, value in visit.typed.multi_items():
        mark, _bar, place = name.partition("|")
        staff_no, _bar, column = place.rpartition("|")
        if mark == "c" and staff_no and isinstance(value, str):
            found[Cell(staff_no, column)] = value.strip()[:LONGEST]
    return found


def _seen(visit: Visit) -> dict[Cell, str]:
    """Return what the page had shown; what is no such list counts as an empty grid, which overwrites nothing."""
    try:
        return {Cell(str(no), str(column)): str(text) for no, column, text in json.loads(visit.text("seen") or "[]")}
    except (ValueError, TypeError, RecursionError):
        return {}


def _save(frame: Frame, book: Book) -> Response:
    """Take in the cells that were changed; nothing at all while one is wrong or somebody else has changed it."""
    visit = frame.visit
    _stage, terms = _training(frame)
    known = {key for key, _word in book.columns(terms)}
    typed = {cell: text for cell, text in _typed(visit).items() if cell.column in known}
    found = grids.filled(typed, _seen(visit), _entered(frame, book), book.read)
    if found.faults or found.conflicts:
        return _page(frame, book, typed=typed, found=found)
    rows = [book.row(cell, value) for cell, value in found.changed.items()]
    if not rows:
        return visit.go(book.name, code=frame.the_round.code, said=Text(_("没有改动")))
    try:
        with visit.session.begin_nested():
            _take_in(frame, book, rows)
    except ChangeError as error:
        text = Text(_("有 {n} 格已经录入过；更正要写明理由"), {"n": len(error.rows)})
        return _page(framed(visit, frame.the_round.code), book, typed=typed, reason_fault=text)
    except RuleError as error:
        return _page(framed(visit, frame.the_round.code), book, typed=typed, fault=error.text)
    return visit.go(book.name, code=frame.the_round.code, said=Text(_("已保存 {n} 格"), {"n": len(rows)}))


def _take_in(frame: Frame, book: Book, rows: Sequence[Any]) -> None:
    evidence.take_in(
        frame.visit.session,
        the_round=frame.the_round,
        book=book.name,
        rows=rows,
        actor=frame.visit.actor,
        now=frame.visit.now,
        change_reason=frame.visit.text("reason") or None,
    )
