"""Read one person's side of some rounds, whatever their number, in as many questions."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from models.applications import Application, Handover
from models.hearings import Acknowledgement, Hearing
from models.results import Result, Screening, Verdict
from models.stages import Stage
from queries.books import columns
from rules.screening import RuleVerdict, Screened

Row = TypeVar("Row", Stage, Handover, Hearing)


@dataclass(frozen=True, slots=True)
class Own:
    """What stands of one person in each of some rounds; ``confirmed``: round and posting of results that were read."""

    steps: Mapping[UUID, Sequence[Stage]]
    screened: Mapping[UUID, Screened]
    outcomes: Mapping[UUID, str | None]
    applications: Mapping[UUID, Application]
    versions: Mapping[UUID, Sequence[Handover]]
    hearings: Mapping[UUID, Sequence[Hearing]]
    confirmed: frozenset[tuple[UUID, int]]


def of_person(session: Session, *, staff_no: str, round_ids: Collection[UUID]) -> Own:
    """Return one person's side of these rounds."""
    steps = select(Stage).where(col(Stage.round_id).in_(round_ids)).order_by(col(Stage.position))
    outcomes = columns(Result, "round_id", "outcome").where(
        col(Result.round_id).in_(round_ids), col(Result.staff_no) == staff_no
    )
    applied = select(Application).where(col(Application.round_id).in_(round_ids), Application.staff_no == staff_no)
    files = select(Handover).where(col(Handover.round_id).in_(round_ids), Handover.staff_no == staff_no)
    read = columns(Acknowledgement, "round_id", "generation").where(
        col(Acknowledgement.round_id).in_(round_ids),
        col(Acknowledgement.staff_no) == staff_no,
        col(Acknowledgement.confirmed_at).is_not(None),
    )
    heard = select(Hearing).where(col(Hearing.round_id).in_(round_ids), Hearing.raised_by == staff_no)
    return Own(
        steps=_grouped(session.exec(steps)),
        screened=_screened(session, staff_no, round_ids),
        outcomes={round_id: outcome for round_id, outcome in session.execute(outcomes)},  # noqa: C416 - rows are no tuples to mypy
        applications={a.round_id: a for a in session.exec(applied.order_by(col(Application.applied_at)))},
        versions=_grouped(session.exec(files.order_by(Handover.slot, col(Handover.version)))),
        hearings=_grouped(session.exec(heard.order_by(col(Hearing.number)))),
        confirmed=frozenset((round_id, generation) for round_id, generation in session.execute(read)),
    )


def _grouped(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.round_id].append(row)
    return found


def _screened(session: Session, staff_no: str, round_ids: Collection[UUID]) -> dict[UUID, Screened]:
    rules = columns(Verdict, "round_id", *RuleVerdict._fields).where(
        col(Verdict.round_id).in_(round_ids), col(Verdict.staff_no) == staff_no
    )
    verdicts: dict[UUID, list[RuleVerdict]] = defaultdict(list)
    for round_id, *said, sources, facts in session.execute(rules):
        verdicts[round_id].append(RuleVerdict._make((*said, tuple(map(tuple, json.loads(sources))), json.loads(facts))))
    mine = select(Screening).where(col(Screening.round_id).in_(round_ids), Screening.staff_no == staff_no)
    return {
        s.round_id: Screened(staff_no, s.eligible, s.channel, tuple(verdicts[s.round_id]), s.qualifies_on)
        for s in session.exec(mine)
    }
