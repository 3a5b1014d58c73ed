"""The floor of the pages: a bare FastAPI + SQLModel application over the same database, without rules or history.

It shows the same people in a plain table, saves a sheet by one UPDATE, and shows one person's sheets beside medians.
"""

import json
from collections.abc import Iterator
from statistics import median
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment
from sqlmodel import Session, col, func, select

from models.database import engine
from models.marks import Assignment, Mark
from models.people import Person
from models.results import Component, Result, StageResult
from models.rounds import Round
from models.sheets import Sheet

TABLE: Final = Environment(autoescape=True).from_string(
    """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""
)


def _session() -> Iterator[Session]:
    with Session(engine()) as session:
        yield session


Here = Annotated[Session, Depends(_session)]


def make_app() -> FastAPI:
    """Return the application."""
    app = FastAPI()
    app.get("/ranking/{code}")(ranking)
    app.get("/board/{code}")(board)
    app.get("/result/{code}/{staff_no}")(own_result)
    app.post("/sheet/{round_id}/{stage}/{staff_no}/{reviewer_no}")(save)
    return app


def ranking(session: Here, code: str) -> HTMLResponse:
    """Show everybody's result with their components."""
    the_round = session.exec(select(Round).where(Round.code == code)).one()
    query = select(Result, Person).join(Person, col(Person.staff_no) == Result.staff_no)
    rows = session.exec(query.where(Result.round_id == the_round.id)).all()
    components = session.exec(select(Component).where(Component.round_id == the_round.id)).all()
    scores = {(c.staff_no, c.component): c.value for c in components}
    parts = sorted({c.component for c in components})
    ranked = sorted(rows, key=lambda row: (row[0].rank is None, row[0].rank, row[0].staff_no))
    shown = [
        (
            r.rank,
            p.staff_no,
            p.name,
            p.business_line,
            *(scores.get((p.staff_no, c), "") for c in parts),
            r.final,
            r.outcome,
        )
        for r, p in ranked
    ]
    return HTMLResponse(TABLE.render(title=the_round.title, rows=shown))


def board(session: Here, code: str) -> HTMLResponse:
    """Show everybody who is in, with the numbers of their sheets assigned and filed."""
    the_round = session.exec(select(Round).where(Round.code == code)).one()
    query = select(Result, Person).join(Person, col(Person.staff_no) == Result.staff_no)
    rows = session.exec(query.where(Result.round_id == the_round.id)).all()
    assigned = select(Assignment.staff_no, func.count()).where(Assignment.round_id == the_round.id)
    filed = select(Mark.staff_no, func.count(col(Mark.reviewer_no).distinct())).where(Mark.round_id == the_round.id)
    wanted = dict(session.exec(assigned.group_by(Assignment.staff_no)).all())
    there = dict(session.exec(filed.group_by(Mark.staff_no)).all())
    shown = [
        (p.staff_no, p.name, p.business_line, r.outcome, there.get(p.staff_no, 0), wanted.get(p.staff_no, 0))
        for r, p in rows
    ]
    return HTMLResponse(TABLE.render(title=the_round.title, rows=shown))


def own_result(session: Here, code: str, staff_no: str) -> HTMLResponse:
    """Show one person's result: each component beside everybody's median, and the sheets."""
    the_round = session.exec(select(Round).where(Round.code == code)).one()
    mine = session.get_one(Result, (the_round.id, staff_no))
    rows: list[tuple[object, ...]] = [(staff_no, mine.outcome, mine.rank, mine.final)]
    for own in session.exec(
        select(Component).where(Component.round_id == the_round.id, Component.staff_no == staff_no)
    ).all():
        everybody = select(Component.value).where(
            Component.round_id == the_round.id, Component.component == own.component
        )
        rows.append((own.component, own.value, median(session.exec(everybody).all())))
        counted = session.get_one(StageResult, (own.stage_id, staff_no))
        rows += [(s["reviewer"], s["total"], *s["marks"].values()) for s in json.loads(counted.working)["sheets"]]
    return HTMLResponse(TABLE.render(title=the_round.title, rows=rows))


def save(  # noqa: PLR0917 - places of the address, and what was typed
    session: Here, round_id: UUID, stage: str, staff_no: str, reviewer_no: str, entries: Annotated[str, Form()]
) -> Response:
    """Save a sheet as it came."""
    sheet = session.get_one(Sheet, (round_id, stage, staff_no, reviewer_no))
    sheet.entries, sheet.version = entries, sheet.version + 1
    session.add(sheet)
    session.commit()
    return RedirectResponse("/", status_code=303)
