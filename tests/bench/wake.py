"""How long after the click that completes a stage the next one is open: embedded Prefect, a live round, SQLite."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median, quantiles
from uuid import UUID

from actions import books, people, rounds, stages
from cli.conducting import load_flow
from clock import ticks
from clock.conductor import Conductor
from clock.schedule import Schedule
from forms import policies
from models.database import transaction
from models.rounds import Round
from models.stages import Stage
from rules.records import Application, Mark, Person, Personnel, Reviewer
from tests.bench import course
from tests.bench.measure import Figure, database

WAKES, QUICK_WAKES = 20, 2
CANDIDATES, QUICK_CANDIDATES = 100, 5
REVIEWERS = 3
PATIENCE = 60
LOOK = 0.002

POLICY = """\
version: 1
code: {code}
title: 唤醒
post: {{code: P, name: 主管, track: management}}
as_of: '2026-09-30'
lines: {{phone: 电话客服}}
grades: [Ⅰ, Ⅱ]
ratings: [C, B]
eligibility:
  grade: {{at_least: Ⅱ}}
quota: {{seats: 1, by: business_line, method: sainte_lague}}
applications: {{opens_at: '2020-01-01T09:00:00+08:00', closes_at: '2099-01-01T18:00:00+08:00', materials: [summary]}}
stages:
{stages}
final:
  weights: {{s0: 100}}
"""
STAGE = """\
- key: s{n}
  name: 第{n}关
  kind: review
  panel: {{reviewers: 3}}
  criteria: [{{key: speech, name: 表达, weight: 100, max: 10}}]"""


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure clicks as the server answers them, beside the same steps carried out without any conductor."""
    n, candidates = (QUICK_WAKES, QUICK_CANDIDATES) if quick else (WAKES, CANDIDATES)
    with database() as home, Conductor(home, load_flow) as conductor:
        bare = _clicks(launch("B-0", n, candidates), n, course.go_on)
        woken = _clicks(launch("B-1", n, candidates), n, lambda round_id: conductor.wake(round_id, "B-1"))
        with Schedule([*ticks.of_time(), *ticks.of_waking(conductor)]):
            served = _clicks(launch("B-2", n, candidates), n, lambda _round_id: None)
    floor = "the same actions, no conductor"
    name = f"from the click to the next stage open, {candidates} candidates, as served"
    yield Figure(f"{name}: median", median(served), "s", median(bare), floor, most=1)
    yield Figure("  95 of 100 within", _p95(served), "s", _p95(bare), floor, most=1)
    yield Figure("  of it the conductor: median", median(woken), "s", median(bare), floor)
    yield Figure("  95 of 100 within", _p95(woken), "s", _p95(bare), floor)


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


def _clicks(round_id: UUID, n: int, wake: Callable[[UUID], object]) -> list[float]:
    """Click a round from its applications through so many stages; return the seconds until each next one was open."""
    wake(round_id)
    _until_open(round_id, 0)
    return [_click(round_id, wake) for _ in range(n)]


def _click(round_id: UUID, wake: Callable[[UUID], object]) -> float:
    step = course.at_hand(round_id)
    assert step
    began = time.perf_counter()
    with transaction() as session:
        the_round, stage = session.get_one(Round, round_id), session.get_one(Stage, step.id)
        stages.close_by_hand(
            session, stage=stage, the_round=the_round, reason="bench", actor="bench", now=datetime.now(UTC)
        )
    wake(round_id)
    _until_open(round_id, step.position + 1)
    return time.perf_counter() - began


def _until_open(round_id: UUID, position: int) -> None:
    until = time.monotonic() + PATIENCE
    while not ((step := course.at_hand(round_id)) and step.position >= position and step.state == "open"):
        if time.monotonic() > until:
            raise TimeoutError(f"step {position} was not opened")
        time.sleep(LOOK)


def launch(code: str, n: int, candidates: int) -> UUID:
    """Launch a live round of so many stages, with applications and everybody's marks; it stands at its beginning."""
    text = POLICY.format(code=code, stages="\n".join(STAGE.format(n=i) for i in range(n))).encode()
    now, staff_nos = datetime.now(UTC), [f"{i:04d}" for i in range(candidates)]
    persons = [Person(no, f"员工{no}", "phone", None, "Ⅱ", date(2020, 1, 1)) for no in staff_nos]
    reviewers = [Reviewer(f"R{i}", f"评委{i}") for i in range(REVIEWERS)]
    marks = [
        Mark(f"s{i}", no, r.reviewer_no, "speech", Decimal(8), "scored")
        for i in range(n)
        for no in staff_nos
        for r in reviewers
    ]
    taken = {
        "applications": [Application(no, now, "submitted") for no in staff_nos],
        "reviewers": reviewers,
        "marks": marks,
    }
    with transaction() as session:
        people.take_in(session, personnel=Personnel(people=persons), actor="bench", now=now)
        policy = policies.read(text).policy
        the_round = rounds.launch(
            session, policy=policy, policy_text=text, actor="bench", now=now, with_documents=False
        )
        for book, rows in taken.items():
            books.take_in(session, book=book, rows=rows, actor="bench", now=now, the_round=the_round)
        return the_round.id
