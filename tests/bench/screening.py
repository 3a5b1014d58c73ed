"""Screen 100,000 people by five rules, every verdict stored, beside the same reads and writes without any rule."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from actions import people as deeds
from actions import rounds
from actions.books import batched_rows
from actions.steps import Terms, screening
from forms import policies
from models.database import transaction
from models.results import Screening, Verdict
from models.rounds import Round
from models.stages import Stage
from queries import people, stages
from queries.books import table_of
from rules.policies import Policy
from rules.records import Certificate, Honour, Incident, Kpi, Person, Personnel, Rating
from rules.workdays import Calendar
from tests.bench.measure import Figure, database, timed

PEOPLE, QUICK_PEOPLE = 100_000, 200
NOW = datetime(2026, 10, 21, 1, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor" / "policy.yaml"


def centre(n: int) -> Personnel:
    """Return a centre of ``n`` people with half-yearly ratings, quarterly indicators and the odd incident."""
    chance = random.Random(1)
    nos = [f"{i:06d}" for i in range(n)]
    start = date(2019, 1, 1)
    return Personnel(
        people=[
            Person(
                no,
                f"员工{no}",
                chance.choice(["phone", "phone", "online", "vip"]),
                "team",
                chance.choice(["Ⅰ", "Ⅱ", "Ⅲ"]),
                start + timedelta(chance.randrange(2700)),
            )
            for no in nos
        ],
        ratings=[Rating(no, p, chance.choice("ABBSC")) for no in nos for p in ("2025H1", "2025H2", "2026H1")],
        incidents=[Incident(no, date(2026, 3, 1), "major") for no in nos if chance.random() < 0.05],
        honours=[Honour(no, "服务之星", date(2025, 9, 1)) for no in nos if chance.random() < 0.1],
        certificates=[Certificate(no, "CCMP", no, date(2025, 1, 1), None) for no in nos if chance.random() < 0.1],
        kpis=[
            Kpi(no, p, "complaint_rate", Decimal(chance.randrange(120)) / 100)
            for no in nos
            for p in ("2026Q1", "2026Q2", "2026Q3")
        ],
    )


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure screening and its floor in two fresh databases."""
    n = QUICK_PEOPLE if quick else PEOPLE
    text = SAMPLE.read_bytes()
    policy = replace(policies.read(text).policy, ratings=tuple("DCBAS"))
    policy = replace(policy, eligibility=replace(policy.eligibility, ratings=replace_rating(policy)))
    everyone = centre(n)
    seconds = {}
    for name, work in (("floor", _floor), ("screening", _screen)):
        with database():
            the_round, stage = _ready(everyone, policy, text)
            with timed() as clock:
                work(the_round, stage, policy)
            seconds[name] = clock
    ours, floor = seconds["screening"], seconds["floor"]
    yield Figure(
        f"screening {n:,} people × 5 rules, stored",
        ours.wall,
        "s",
        floor.wall,
        "the same reads and writes, no rule",
        most_ratio=3,
    )


def replace_rating(policy: Policy) -> Any:
    """Return the sample's rating rule on the scale of these people."""
    assert policy.eligibility.ratings
    return replace(policy.eligibility.ratings, at_least="B")


def _ready(everyone: Personnel, policy: Policy, text: bytes) -> tuple[Round, Stage]:
    with transaction() as session:
        deeds.take_in(session, personnel=everyone, actor="bench", now=NOW)
        the_round = rounds.launch(session, policy=policy, policy_text=text, actor="bench", now=NOW)
        return the_round, stages.of_round(session, round_id=the_round.id)[0]


def _screen(the_round: Round, stage: Stage, policy: Policy) -> None:
    with transaction() as session:
        session.add(stage)
        screening.tally(session, the_round, stage, Terms(policy, Calendar({}, ""), "bench", NOW))


def _floor(the_round: Round, _stage: Stage, policy: Policy) -> None:
    with transaction() as session:
        everyone = people.today(session).people
        _write(session, the_round, everyone)
    assert policy.eligibility.tenure


def _write(session: Session, the_round: Round, everyone: Any) -> None:
    rules = ("grade", "ratings", "incidents", "tenure", "kpi:complaint_rate")
    for part in batched_rows(everyone):
        rows: list[dict[str, object]] = [
            {
                "round_id": the_round.id,
                "staff_no": p.staff_no,
                "eligible": True,
                "channel": "standard",
                "qualifies_on": None,
            }
            for p in part
        ]
        session.execute(insert(table_of(Screening)), rows)
        verdicts: list[dict[str, object]] = [
            {
                "round_id": the_round.id,
                "staff_no": p.staff_no,
                "rule": rule,
                "verdict": "pass",
                "value": "1",
                "threshold": "1",
                "sources": "[]",
                "facts": "{}",
            }
            for p in part
            for rule in rules
        ]
        session.execute(insert(table_of(Verdict)), verdicts)
