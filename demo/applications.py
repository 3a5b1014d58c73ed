"""Who applies, when, and what becomes of it: most in time, some too late, too early, twice, or taken back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from demo.chance import falls, weighed, within
from demo.people import SPECIALIST, TODAY, Member
from rules.policies import ApplicationWindow
from rules.records import Application

APPETITE: Final = {"phone": 0.68, "online": 0.7, "vip": 0.18}
"""Who is in the VIP line is content there: fewer finalists than seats."""

FATES: Final = {"in time": 88.0, "late": 3.0, "early": 2.0, "withdrawn": 3.0, "twice": 4.0}
HOURS: Final = {9: 5.0, 10: 6.0, 12: 5.0, 14: 3.0, 16: 4.0, 19: 5.0, 20: 6.0, 21: 5.0, 23: 1.0}
NEW: Final = 500
"""Days below which few apply: they can see that their records do not reach far enough."""

SUBMITTED, WITHDRAWN = "submitted", "withdrawn"


def applications(members: Sequence[Member], window: ApplicationWindow, chance: Random) -> list[Application]:
    """Return what came in, by person and time."""
    found = [a for m in members if _wants(m, chance) for a in _handed_in(m.person.staff_no, window, chance)]
    return sorted(found, key=lambda a: (a.staff_no, a.applied_at))


def _wants(member: Member, chance: Random) -> bool:
    """Return whether one applies: the able rather, and few of those who see that they are too new."""
    person = member.person
    new = (person.grade or "").startswith("Ⅰ") or (TODAY - (person.hired_on or TODAY)).days < NEW
    share = APPETITE[person.business_line] * (0.2 if new else 1.0) * within(0.9 + 0.35 * member.ability, 0.2, 1.8)
    return falls(chance, share) and member.role == SPECIALIST


def _handed_in(no: str, window: ApplicationWindow, chance: Random) -> Iterator[Application]:
    at = _in_time(window, chance)
    match weighed(chance, FATES):
        case "late":
            yield Application(no, window.closes_at + timedelta(seconds=chance.randrange(20, 9000)), SUBMITTED)
        case "early":
            yield Application(no, window.opens_at - timedelta(seconds=chance.randrange(20, 3000)), SUBMITTED)
        case "withdrawn":
            yield Application(no, at, SUBMITTED)
            yield Application(no, at + timedelta(seconds=chance.randrange(600, 90_000)), WITHDRAWN)
        case "twice":
            yield Application(no, at, SUBMITTED)
            again = at + timedelta(seconds=chance.randrange(300, 40_000))
            yield Application(no, min(again, window.closes_at), SUBMITTED)
        case _:
            yield Application(no, at, SUBMITTED)


def _in_time(window: ApplicationWindow, chance: Random) -> datetime:
    """Return an instant inside the window: many come on the first day, in the breaks and in the evening."""
    days = (window.closes_at.date() - window.opens_at.date()).days
    day = weighed(chance, {n: 3.0 if n in {0, days} else 2.0 for n in range(days + 1)})
    at = window.opens_at.replace(hour=weighed(chance, HOURS)) + timedelta(days=day, seconds=chance.randrange(3600))
    return min(at, window.closes_at - timedelta(seconds=chance.randrange(1, 1800)))
