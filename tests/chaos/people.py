"""What people do in a round while everything around them is killed: apply, score, close, confirm."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, select

from actions import decisions, evidence, people, rounds, stages
from forms import policies
from models.database import transaction
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.records import Application, Assignment, Mark, Person, Personnel, Reviewer
from rules.texts import RuleError
from tasks.terms import terms_of
from tests.factories import policy_text

EXPECTED = {"001": "reserve", "002": "selected", "003": "reserve", "004": "ineligible"}
AWAY = (OperationalError, DBAPIError)
"""What a killed database says."""

GRADES = {4: "Ⅰ"}
REVIEWERS = [Reviewer("R1", "评委一", None, "005"), Reviewer("R2", "评委二", None, "006")]
FINAL = "final:\n  weights: {interview: 100}\n"
READING = timedelta(seconds=20)
LADDER = "final:\n  weights: {interview: 100}\nreminders:\n- {before_hours: 1}\n"


def centre() -> Personnel:
    """Return three eligible people and one who is not, and two who review; all have addresses."""
    names = ["王芳", "李雷", "买买提·吐尔逊", "赵静", "评委一", "评委二"]
    return Personnel(people=[_person(n, name) for n, name in enumerate(names, start=1)])


def _person(n: int, name: str) -> Person:
    return Person(f"{n:03d}", name, "phone", f"{n}组", GRADES.get(n, "Ⅱ"), date(2020, 1, n), email=f"p{n}@example.com")


def launch(code: str) -> None:
    """Launch a live round whose windows are open; its notice is posted on a day so long ago that it is over at once."""
    closes = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    text = policy_text(**{"code: T-1": f"code: {code}", "2026-10-16T18:00:00+08:00": closes, FINAL: LADDER})
    now = datetime.now(UTC)
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=now)
        the_round = rounds.launch(
            session,
            policy=policies.read(text).policy,
            policy_text=text,
            actor="hr",
            now=now,
            posted_on=date(2026, 3, 2),
        )
        _hand_in(session, the_round, "reviewers", REVIEWERS)


def _hand_in(session: Session, the_round: Round, book: str, rows: list[Any]) -> None:
    evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor="hr", now=datetime.now(UTC))


@dataclass
class People:
    """Those who act in some rounds; ``tend`` lets somebody do the next thing, or nothing."""

    codes: list[str]
    chance: random.Random

    def tend(self) -> str:
        """Act in one round; return what was done, or that the database is away."""
        code = self.chance.choice(self.codes)
        try:
            with transaction() as session:
                the_round = session.exec(select(Round).where(Round.code == code)).one()
                stage = standing.current(session, round_id=the_round.id)
                if stage is None or stage.state != "open" or stage.kind not in ACTS or _still_reading(stage):
                    return ""
                ACTS[stage.kind](session, the_round, stage)
                return f"{code} {stage.key}"
        except RuleError:
            return ""  # somebody or something was quicker
        except AWAY:
            return "the database is away"


def _still_reading(stage: Stage) -> bool:
    """Return whether reviewers have just been told of their sheets: whoever acts at once is sent no letter."""
    told = stage.opened_at or datetime.now(UTC)
    return stage.kind == "review" and datetime.now(UTC) - told < READING


def _apply(session: Session, the_round: Round, stage: Stage) -> None:
    now = datetime.now(UTC)
    _hand_in(session, the_round, "applications", [Application(f"{n:03d}", now, "submitted") for n in range(1, 5)])
    sheets = [Assignment("interview", f"{n:03d}", "R1") for n in range(1, 4)]
    _hand_in(session, the_round, "panels", sheets)
    _close(session, the_round, stage)


def _score(session: Session, the_round: Round, stage: Stage) -> None:
    marks = zip(("001", "002", "003"), ("8", "9", "7"), strict=True)
    rows = [Mark("interview", no, "R1", "speech", Decimal(mark), "scored") for no, mark in marks]
    _hand_in(session, the_round, "marks", rows)
    _close(session, the_round, stage)


def _close(session: Session, the_round: Round, stage: Stage) -> None:
    stages.close_by_hand(session, stage=stage, the_round=the_round, reason="完", actor="hr", now=datetime.now(UTC))


def _confirm(session: Session, the_round: Round, _stage: Stage) -> None:
    decisions.confirm(session, the_round=the_round, terms=terms_of(the_round, actor="chair"))


ACTS = {"applications": _apply, "review": _score, "decision": _confirm}
