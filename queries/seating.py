"""Read a step's panels as a table: the candidates who are still in, the reviewers, who scores whom."""

from typing import NamedTuple

from sqlmodel import Session

from models.stages import Stage
from queries import boards, panels
from queries.boards import Row
from queries.panels import Seat
from rules.draw import Judge
from rules.records import Person


class Seating(NamedTuple):
    """Everything about the panels of one step; ``assigned`` and ``filed`` hold candidate and reviewer."""

    rows: list[Row]
    seats: dict[str, Seat]
    people: dict[str, Person]
    assigned: frozenset[tuple[str, str]]
    filed: frozenset[tuple[str, str]]

    def judge(self, reviewer_no: str) -> Judge:
        """Return a reviewer as the law looks at one."""
        seat = self.seats[reviewer_no]
        return Judge(reviewer_no, seat.name, seat.staff_no, self.people.get(seat.staff_no or ""))


def of_stage(session: Session, *, stage: Stage, criteria: list[str]) -> Seating:
    """Return the panels of a step, in a fixed number of questions."""
    everybody = boards.people_in(session, round_id=stage.round_id, since=stage.position)
    rows = [row for row in everybody if not row.outcome]
    seats = panels.seats(session, round_id=stage.round_id)
    assigned = panels.panels(session, round_id=stage.round_id, stage=stage.key)
    numbers = {row.staff_no for row in rows} | {seat.staff_no for seat in seats.values() if seat.staff_no}
    return Seating(
        rows=rows,
        seats=seats,
        people=panels.persons(session, staff_nos=numbers),
        assigned=frozenset((a.staff_no, a.reviewer_no) for a in assigned if a.status == "assigned"),
        filed=frozenset(panels.filed_sheets(session, stage=stage, criteria=criteria)),
    )
