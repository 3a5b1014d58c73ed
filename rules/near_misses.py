"""Near misses: the day from which a person would qualify, if the records stay as they are.

Only tenure and incidents heal with time; the other rules stand as on the policy's day. The days on which anything can
get better are few (a month of tenure completed, an incident out of the window, a key of the special channel held from
then on), so each of them is tried, and the first that passes is the answer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from rules.dates import add_months, months_back
from rules.eligibility import FAIL, UNKNOWN, Held, Judge, RuleVerdict
from rules.policies import HonourKey, IncidentsRule, Policy, SpecialChannel, TenureRule
from rules.records import Person, Personnel

HEALS = {"tenure", "incidents"}
MISSED = {FAIL, UNKNOWN}

Finder = Callable[[Person, Sequence[RuleVerdict], Sequence[Judge]], date | None]
DaysOf = Callable[[Person], Iterable[date]]


def finder(policy: Policy, personnel: Personnel, held: Callable[[str, date], Held]) -> Finder:
    """Return what finds the day from which somebody would qualify; ``None``: not by waiting."""
    sources = list(_days(policy, personnel))

    def find(person: Person, verdicts: Sequence[RuleVerdict], judges: Sequence[Judge]) -> date | None:
        if any(v.verdict in MISSED and v.rule not in HEALS for v in verdicts):
            return None
        waiting = [judge for judge, v in zip(judges, verdicts, strict=True) if v.rule in HEALS]
        days = {day for days_of in sources for day in days_of(person) if day > policy.as_of}
        for day in sorted(days):
            keys = held(person.staff_no, day)
            if all(judge(person, day, keys).verdict not in MISSED for judge in waiting):
                return day
        return None

    return find


def _days(policy: Policy, personnel: Personnel) -> Iterator[DaysOf]:
    """Yield what returns the days on which something of a person's begins to pass, thing by thing."""
    rules, channel = policy.eligibility, policy.special_channel
    if rules.tenure:
        yield _of_tenure(rules.tenure, channel)
    if rules.tenure and channel:
        yield _of_keys(channel, personnel)
    if rules.incidents:
        yield _of_incidents(rules.incidents, personnel)


def _of_tenure(rule: TenureRule, channel: SpecialChannel | None) -> DaysOf:
    wanted = [rule.months, *([channel.tenure_months] if channel else [])]

    def days(person: Person) -> Iterator[date]:
        since: date | None = getattr(person, rule.counted_from)
        return (add_months(since, months) for months in wanted if since)

    return days


def _of_keys(channel: SpecialChannel, personnel: Personnel) -> DaysOf:
    honours = {key.honour for key in channel.any_of if isinstance(key, HonourKey)}
    certificates = {key.certificate for key in channel.any_of if not isinstance(key, HonourKey)}
    theirs: dict[str, list[date]] = defaultdict(list)
    for honour in personnel.honours:
        if honour.awarded_on and honour.honour in honours:
            theirs[honour.staff_no].append(honour.awarded_on)
    for certificate in personnel.certificates:
        if certificate.issued_on and certificate.certificate in certificates:
            theirs[certificate.staff_no].append(certificate.issued_on)
    return lambda person: theirs.get(person.staff_no, ())


def _of_incidents(rule: IncidentsRule, personnel: Personnel) -> DaysOf:
    theirs: dict[str, list[date]] = defaultdict(list)
    for incident in personnel.incidents:
        if incident.occurred_on:
            theirs[incident.staff_no].append(incident.occurred_on)
    return lambda person: (_out_of_window(day, rule.within_months) for day in theirs.get(person.staff_no, ()))


def _out_of_window(occurred: date, months: int) -> date:
    """Return the first day on which ``day − months`` is not before the incident (the month's last day is cut)."""
    day = add_months(occurred, months)
    cut = months_back(day, months) < occurred
    return day + timedelta(days=1) if cut and day < date.max else day
