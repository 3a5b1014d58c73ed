"""The rules of eligibility: each judges one person on one day, from rows that were grouped once.

``judges(policy, personnel)`` returns one function a rule; each takes a person, the day, and what special-channel keys
the person holds on that day.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from rules.dates import completed_months, months_back
from rules.periods import parse
from rules.policies import (
    CertificateKey,
    GradeRule,
    HonourKey,
    IncidentsRule,
    KpiRule,
    Policy,
    RatingsRule,
    SpecialChannel,
    TenureRule,
)
from rules.records import Certificate, Honour, Incident, Kpi, Person, Personnel, Rating
from rules.scales import Scale, grade_key, rating_key
from rules.scoring import exact

PASS, RELAXED, FAIL, UNKNOWN = "pass", "relaxed", "fail", "unknown"


class RuleVerdict(NamedTuple):
    """One rule's verdict with the value it saw, the threshold, the rows it looked at, and what the reason needs."""

    rule: str
    verdict: str
    value: str | None
    threshold: str
    sources: tuple[tuple[str, ...], ...]
    facts: dict[str, Any]


Held = Sequence[tuple[str, ...]]
"""The special-channel keys that a person holds, as source rows."""

Judge = Callable[[Person, date, Held], RuleVerdict]


def judges(policy: Policy, personnel: Personnel) -> list[Judge]:
    """Return a judge for each rule of the policy, in the order of the policy's rules."""
    rules, found = policy.eligibility, []
    here = {p.staff_no for p in personnel.people}
    if rules.grade:
        found.append(_grade(rules.grade, policy.grades))
    if rules.ratings:
        found.append(_ratings(rules.ratings, policy.ratings, [r for r in personnel.ratings if r.staff_no in here]))
    if rules.incidents:
        found.append(_incidents(rules.incidents, personnel.incidents))
    if rules.tenure:
        found.append(_tenure(rules.tenure, policy.special_channel))
    found += [
        _kpi(rule, [k for k in personnel.kpis if k.kpi == rule.key and k.staff_no in here]) for rule in rules.kpis
    ]
    return found


def _grade(rule: GradeRule, grades: Sequence[str]) -> Judge:
    scale = Scale(grades, grade_key)
    least = scale.rank(rule.at_least)

    def judge(person: Person, _day: date, _held: Held) -> RuleVerdict:
        rank = scale.rank(person.grade) if person.grade else None
        verdict = UNKNOWN if rank is None or least is None else PASS if rank >= least else FAIL
        sources = (("people", "grade", person.grade or ""),)
        return RuleVerdict("grade", verdict, person.grade, rule.at_least, sources, {})

    return judge


def _ratings(rule: RatingsRule, ratings: Sequence[str], rows: Sequence[Rating]) -> Judge:
    theirs: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row in rows:
        theirs[row.staff_no][row.period] = row.rating
    periods = sorted({r.period for r in rows}, key=lambda p: parse(p).last, reverse=True)
    ends = {p: parse(p).last for p in periods}
    threshold = f"{rule.at_least}×{rule.consecutive}"

    step = _rating_steps(rule, ratings)

    def judge(person: Person, day: date, _held: Held) -> RuleVerdict:
        own, seen, counted, why = theirs.get(person.staff_no, {}), [], 0, "exhausted"
        skipped: list[str] = []
        for period in periods:
            if counted == rule.consecutive:
                break
            if ends[period] > day:
                continue
            rating = own.get(period) or ""
            seen.append(("ratings", period, rating))
            found = step(rating) if rating else "missing"
            if found in _STOPS:
                why = found
                break
            if found == "neutral":
                skipped.append(period)
            counted += found == "counts"
        verdict = PASS if counted == rule.consecutive else FAIL if why == "below" else UNKNOWN
        facts: dict[str, Any] = {"counted": counted, "wanted": rule.consecutive, "at_least": rule.at_least, "why": why}
        if skipped:
            facts["skipped"] = skipped
        if why in _STOPS:
            facts |= {"period": seen[-1][1], "rating": seen[-1][2]}
        return RuleVerdict("ratings", verdict, str(counted), threshold, tuple(seen), facts)

    return judge


def _rating_steps(rule: RatingsRule, ratings: Sequence[str]) -> Callable[[str], str]:
    """Return what says of a rating whether it ``counts``, is ``neutral``, ``below`` the threshold or ``off_scale``."""
    scale = Scale(ratings, rating_key)
    least = scale.rank(rule.at_least)
    neutral = {rating_key(n) for n in rule.neutral}

    @lru_cache(maxsize=256)
    def step(rating: str) -> str:
        if rating_key(rating) in neutral:
            return "neutral"
        rank = scale.rank(rating)
        if rank is None:
            return "off_scale"
        return "below" if least is not None and rank < least else "counts"

    return step


_STOPS = {"missing", "off_scale", "below"}
"""What ends the walk back through the periods."""


def _incidents(rule: IncidentsRule, rows: Sequence[Incident]) -> Judge:
    named = set(rule.none_of)
    theirs: dict[str, list[Incident]] = defaultdict(list)
    for row in rows:
        if row.severity is None or row.severity in named:
            theirs[row.staff_no].append(row)
    threshold = f"{'/'.join(rule.none_of)} ≤ 0 / {rule.within_months}"

    def judge(person: Person, day: date, _held: Held) -> RuleVerdict:
        since = months_back(day, rule.within_months)
        inside = [i for i in theirs.get(person.staff_no, ()) if i.occurred_on is None or since < i.occurred_on <= day]
        sure = [i for i in inside if i.occurred_on and i.severity]
        verdict = FAIL if sure else UNKNOWN if inside else PASS
        shown = sure or inside
        sources = tuple(
            ("incidents", i.occurred_on.isoformat() if i.occurred_on else "", i.severity or "") for i in shown
        )
        facts = {"n": len(shown), "severities": list(rule.none_of), "months": rule.within_months}
        facts |= {"days": [s[1] for s in sources]}
        return RuleVerdict("incidents", verdict, str(len(sure)), threshold, sources, facts)

    return judge


def _tenure(rule: TenureRule, channel: SpecialChannel | None) -> Judge:
    relaxed = channel.tenure_months if channel else None

    def judge(person: Person, day: date, held: Held) -> RuleVerdict:
        since: date | None = getattr(person, rule.counted_from)
        facts: dict[str, Any] = {"wanted": rule.months, "relaxed": relaxed, "held": [list(h) for h in held]}
        sources: tuple[tuple[str, ...], ...] = (("people", rule.counted_from, since.isoformat() if since else ""),)
        if since is None:
            return RuleVerdict("tenure", UNKNOWN, None, str(rule.months), sources, facts)
        months = completed_months(since, day)
        facts["months"] = months
        if months >= rule.months:
            verdict = PASS
        elif held and relaxed is not None and months >= relaxed:
            verdict, sources = RELAXED, (*sources, *held)
        else:
            verdict = FAIL
        return RuleVerdict("tenure", verdict, str(months), str(rule.months), sources, facts)

    return judge


def _kpi(rule: KpiRule, rows: Sequence[Kpi]) -> Judge:
    name = f"kpi:{rule.key}"
    theirs: dict[tuple[str, str], Decimal | None] = {(k.staff_no, k.period): k.value for k in rows}
    periods = sorted({k.period for k in rows}, key=lambda p: parse(p).last, reverse=True)
    bounds = [(sign, b) for sign, b in (("≤", rule.at_most), ("≥", rule.at_least)) if b is not None]
    threshold = " ".join(f"{sign}{exact(bound)}" for sign, bound in bounds)

    @lru_cache(maxsize=64)
    def ended(day: date) -> list[str]:
        return [p for p in periods if parse(p).last <= day][: rule.periods]

    def judge(person: Person, day: date, _held: Held) -> RuleVerdict:
        last = ended(day)
        values = [theirs.get((person.staff_no, p)) for p in last]
        sources = tuple(("kpis", p, "" if v is None else exact(v)) for p, v in zip(last, values, strict=True))
        known = [v for v in values if v is not None]
        facts: dict[str, Any] = {"key": rule.key, "periods": rule.periods, "n": len(known)}
        if len(known) < rule.periods:
            return RuleVerdict(name, UNKNOWN, None, threshold, sources, facts)
        total = sum(map(_fraction, known), Fraction(0))
        fits = (rule.at_most is None or total <= Fraction(rule.at_most) * rule.periods) and (
            rule.at_least is None or total >= Fraction(rule.at_least) * rule.periods
        )
        mean = exact(total / rule.periods)
        return RuleVerdict(name, PASS if fits else FAIL, mean, threshold, sources, facts)

    return judge


@lru_cache(maxsize=65536)
def _fraction(value: Decimal) -> Fraction:
    return Fraction(value)


def special_keys(policy: Policy, personnel: Personnel) -> Callable[[str, date], Held]:
    """Return who holds which keys of the special channel on which day."""
    if policy.special_channel is None:
        return lambda _no, _day: ()
    honours: Mapping[str, list[Honour]] = defaultdict(list)
    certificates: Mapping[str, list[Certificate]] = defaultdict(list)
    for honour in personnel.honours:
        honours[honour.staff_no].append(honour)
    for certificate in personnel.certificates:
        certificates[certificate.staff_no].append(certificate)
    any_of = policy.special_channel.any_of

    def held(no: str, day: date) -> Held:
        if no not in honours and no not in certificates:
            return ()
        return tuple(
            source for key in any_of for source in _holds(key, honours.get(no, ()), certificates.get(no, ()), day)
        )

    return held


def _holds(
    key: HonourKey | CertificateKey, honours: Sequence[Honour], certificates: Sequence[Certificate], day: date
) -> list[tuple[str, ...]]:
    if isinstance(key, HonourKey):
        since = date.min if key.within_months is None else months_back(day, key.within_months)
        return [
            ("honours", h.honour, h.awarded_on.isoformat())
            for h in honours
            if h.honour == key.honour and h.awarded_on and since <= h.awarded_on <= day
        ]
    return [
        ("certificates", c.certificate, c.issued_on.isoformat(), c.expires_on.isoformat() if c.expires_on else "")
        for c in certificates
        if c.certificate == key.certificate
        and c.issued_on
        and c.issued_on <= day
        and (c.expires_on is None or c.expires_on >= day)
    ]
