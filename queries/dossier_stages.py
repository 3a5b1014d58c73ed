"""Read how one candidate's stages were counted."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.results import Component, StageResult
from models.stages import Stage
from queries.books import table_of


class Counted(NamedTuple):
    """One stage of one candidate: why they left there, if so, the arithmetic, and the components that came of it."""

    left: str | None
    working: dict[str, Any]
    components: dict[str, Any]


def of_person(session: Session, *, round_id: UUID, staff_no: str) -> dict[str, Counted]:
    """Return the stages that a candidate was counted in, by stage key, in order."""
    s, r, c = table_of(Stage).c, table_of(StageResult).c, table_of(Component).c
    theirs = select(c.component, c.stage_id, c.value).where(c.round_id == round_id, c.staff_no == staff_no)
    values: dict[UUID, dict[str, Any]] = {}
    for component, stage_id, value in session.execute(theirs.order_by(c.component)):
        values.setdefault(stage_id, {})[component] = value
    query = (
        select(s.key, s.id, r.left, r.working)
        .join_from(table_of(StageResult), table_of(Stage), s.id == r.stage_id)
        .where(s.round_id == round_id, r.staff_no == staff_no)
    )
    return {
        key: Counted(left, json.loads(working), values.get(stage_id, {}))
        for key, stage_id, left, working in session.execute(query.order_by(s.position))
    }
