"""Deadlines: when a step closes, and which rungs of the ladder of reminders are due."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.policies import Rung


class DueRung(NamedTuple):
    """A rung whose time has come; ``number`` counts from 1 in the order of the policy."""

    number: int
    rung: Rung
    at: datetime


def due_at(closes_at: datetime | None, grace_hours: int) -> datetime | None:
    """Return when the clock closes a step: at its deadline, or when the grace after it is over."""
    return None if closes_at is None else closes_at + timedelta(hours=grace_hours)


def rungs_due(ladder: Sequence[Rung], *, opened_at: datetime, closes_at: datetime, now: datetime) -> list[DueRung]:
    """Return the rungs whose time has come, in the order of their times.

    One that lay before the step opened never comes. Of those before the deadline only the latest counts: after a
    downtime nobody gets three reminders at once. What follows the deadline is never left out.
    """
    timed = [
        DueRung(number, rung, closes_at + timedelta(hours=rung.hours)) for number, rung in enumerate(ladder, start=1)
    ]
    come = sorted((r for r in timed if opened_at <= r.at <= now), key=lambda r: (r.at, r.number))
    return list(_without_overtaken(come))


def _without_overtaken(come: Sequence[DueRung]) -> Iterator[DueRung]:
    before = [r for r in come if r.rung.hours < 0]
    after = [r for r in come if r.rung.hours >= 0]
    if before and not after:
        yield before[-1]
    yield from after
