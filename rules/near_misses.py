"""Near misses: the day from which a person would qualify, if the records stay as they are.

Only tenure and incidents heal with time. The days on which anything can change are few (a month of tenure completed,
an incident out of the window, a key of the special channel gone), so each of them is tried, and the first that passes
is the answer.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from rules.dates import add_months
from rules.eligibility import FAIL, Held, Judge, RuleVerdict
from rules.policies import Policy
from rules.records import Person

HEALS = {"tenure", "incidents"}

Finder = Callable[[Person, Sequence[RuleVerdict], Sequence[Judge]], date | None]


def finder(policy: Policy, held: Callable[[str, date], Held]) -> Finder:
    """Return what finds the day from which somebody would qualify; ``None``: not by waiting."""

    def find(person: Person, verdicts: Sequence[RuleVerdict], judges: Sequence[Judge]) -> date | None:
        missed = [v for v in verdicts if v.verdict in {"fail", "unknown"}]
        if any(v.rule not in HEALS or v.verdict != FAIL for v in missed):
            return None
        waiting = [judge for judge, v in zip(judges, verdicts, strict=True) if v.rule in HEALS]
        for day in sorted(_days(policy, person, missed)):
            keys = held(person.staff_no, day)
            if all(judge(person, day, keys).verdict in {"pass", "relaxed"} for judge in waiting):
                return day
        return None

    return find


def _days(policy: Policy, person: Person, missed: Sequence[RuleVerdict]) -> set[date]:
    """Return the days after ``as_of`` on which one of the missed rules begins to pass."""
    days: set[date] = set()
    rules = policy.eligibility
    for verdict in missed:
        if verdict.rule == "tenure" and rules.tenure:
            since: date = getattr(person, rules.tenure.counted_from)
            wanted = [rules.tenure.months]
            if policy.special_channel:
                wanted.append(policy.special_channel.tenure_months)
            days |= {add_months(since, months) for months in wanted}
        elif rules.incidents:
            days |= {_out_of_window(date.fromisoformat(s[1]), rules.incidents.within_months) for s in verdict.sources}
    return {day for day in days if day > policy.as_of}


def _out_of_window(occurred: date, months: int) -> date:
    """Return the first day on which ``day − months`` is not before the incident (the month's last day is cut)."""
    day = add_months(occurred, months) - timedelta(days=4)
    while add_months(day, -months) < occurred:
        day += timedelta(days=1)
    return day
