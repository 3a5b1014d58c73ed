"""Screening: freeze the directory, judge everyone, share out the seats."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from actions import documents
from actions.books import batched_rows
from actions.steps.base import Step, Terms
from kit import canonical
from kit.canonical import json_text
from models.books import BOOKS
from models.documents import Frozen
from models.results import Allotment, Screening, Verdict
from models.rounds import Round
from models.stages import Stage
from queries import people
from queries.books import table_of
from rules import screening, seats
from rules.records import Personnel
from rules.rounds import head_counts
from rules.screening import Screened


def tally(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Screen everyone in the directory as it is now, and keep the directory as it was screened."""
    personnel = people.today(session)
    directory = _freeze(session, the_round, personnel)
    counts = _store(session, the_round, screening.screen(terms.policy, personnel))
    _share_out(session, the_round, stage, terms, personnel)
    return {**counts, "directory": directory}


def _freeze(session: Session, the_round: Round, personnel: Personnel) -> dict[str, str]:
    """Keep the directory; return the hash of each part, for the history."""
    frozen: dict[str, str] = {}
    for part in people.PARTS:
        frozen[part] = documents.keep(session, canonical.pack(getattr(personnel, part), BOOKS[part].record))
        session.add(Frozen(round_id=the_round.id, name=part, sha256=frozen[part]))
    session.flush()
    return frozen


def _store(session: Session, the_round: Round, screened: Iterable[Screened]) -> dict[str, object]:
    counts: Counter[str] = Counter()
    for part in batched_rows(screened):
        session.execute(insert(table_of(Screening)), [_screening_row(the_round, s) for s in part])
        if verdicts := [row for s in part for row in _verdict_rows(the_round, s)]:
            session.execute(insert(table_of(Verdict)), verdicts)
        counts.update(screened=len(part), eligible=sum(s.eligible for s in part))
    return {"screened": counts["screened"], "eligible": counts["eligible"]}


def _screening_row(the_round: Round, one: Screened) -> dict[str, object]:
    return {
        "round_id": the_round.id,
        "staff_no": one.staff_no,
        "eligible": one.eligible,
        "channel": one.channel,
        "qualifies_on": one.qualifies_on,
    }


def _verdict_rows(the_round: Round, one: Screened) -> Iterator[dict[str, object]]:
    for v in one.verdicts:
        yield {
            "round_id": the_round.id,
            "staff_no": one.staff_no,
            "rule": v.rule,
            "verdict": v.verdict,
            "value": v.value,
            "threshold": v.threshold,
            "sources": json_text(v.sources),
            "facts": json_text(v.facts),
        }


def _share_out(session: Session, the_round: Round, stage: Stage, terms: Terms, personnel: Personnel) -> None:
    policy, quota = terms.policy, terms.policy.quota
    by_line = head_counts(policy, personnel)
    shared = seats.allot(quota.seats, by_line, method=quota.method, minimum=quota.minimum, code=policy.code)
    for line, n in by_line.items():
        session.add(Allotment(round_id=the_round.id, line=line, heads=n, seats=shared.seats[line]))
    stage.working = json_text({"seats": shared.working})


def withdraw(session: Session, the_round: Round, _stage: Stage, _terms: Terms) -> dict[str, object]:
    """Take back verdicts, seats and the frozen directory."""
    for table in (Verdict, Screening, Allotment, Frozen):
        session.execute(delete(table).where(col(table.round_id) == the_round.id))
    return {}


STEP = Step(tallied=tally, withdrawn=withdraw)
