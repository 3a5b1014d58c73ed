"""What a policy in the making would mean for today's people: who would qualify, and the seats of each line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlmodel import Session

from forms import draft_policies
from forms.draft_tree import Tree
from kit.i18n import gettext
from reports import requirements
from reports.internal import seats as sharing
from reports.internal.blocks import Table
from rules import screening, seats
from rules.eligibility import FAIL, UNKNOWN
from rules.policies import Policy
from rules.records import Person
from rules.texts import Text
from web import directory

SHOWN: Final = 100


class Near(NamedTuple):
    """Somebody who misses one rule only, why, and the day from which they would qualify if nothing else changes."""

    person: Person
    rule: str
    why: str
    qualifies_on: date | None


class Answer(NamedTuple):
    """Who would qualify; ``faults`` say why that cannot be told yet."""

    faults: Mapping[str, Sequence[Text]]
    n: int = 0
    eligible: int = 0
    special: int = 0
    near: Sequence[Near] = ()
    missed: Sequence[tuple[str, int, int]] = ()
    eligible_by_line: Mapping[str, int] = {}

    @property
    def shown(self) -> Sequence[Near]:
        """Return as many of those who miss one rule as a page shows."""
        return self.near[:SHOWN]


def answer(session: Session, tree: Tree) -> Answer:
    """Screen today's directory by the conditions as typed, with the rules that a round would use."""
    policy, faults = draft_policies.partly(tree, draft_policies.CONDITIONS)
    if policy is None:
        return Answer(faults)
    everybody = directory.today(session)
    by_number = {person.staff_no: person for person in everybody.people}
    eligible: Counter[str] = Counter()
    near: list[Near] = []
    alone, missed, special = Counter[str](), Counter[str](), 0
    for one in screening.screen(policy, everybody):
        person = by_number[one.staff_no]
        if one.eligible:
            eligible[person.business_line] += 1
            special += one.channel == "special"
            continue
        lacking = [v for v in one.verdicts if v.verdict in {FAIL, UNKNOWN}]
        missed.update(v.rule for v in lacking)
        if len(lacking) == 1:
            alone[lacking[0].rule] += 1
            why = requirements.reason(lacking[0]) if len(near) < SHOWN else ""
            near.append(Near(person, requirements.rule_name(lacking[0].rule), why, one.qualifies_on))
    told = [(requirements.rule_name(rule), missed[rule], alone[rule]) for rule in requirements.rules_of(policy)]
    return Answer({}, len(by_number), eligible.total(), special, near, told, eligible)


class Shared(NamedTuple):
    """Seats of each line with the arithmetic; ``faults`` say why they cannot be told yet."""

    faults: Mapping[str, Sequence[Text]]
    rows: Sequence[tuple[str, int, int]] = ()
    method: str = ""
    tables: Sequence[Table] = ()
    strangers: Mapping[str, int] = {}


def shared(session: Session, tree: Tree) -> Shared:
    """Share out the seats over the business lines by today's heads."""
    given = {**tree, "code": tree.get("code") or "—"}
    policy, faults = draft_policies.partly(given, draft_policies.SEATS)
    if policy is None:
        return Shared(faults)
    heads = Counter(person.business_line for person in directory.today(session).people)
    allotment = _allotted(policy, heads)
    known = {line: heads[line] for line in policy.lines}
    return Shared(
        {},
        [(name, heads[line], allotment.seats.get(line, 0)) for line, name in policy.lines.items()],
        sharing.method(policy),
        sharing.tables(policy, known, allotment.working, rest_in=gettext("资格审查报告")),
        {line: n for line, n in sorted(heads.items()) if line not in policy.lines},
    )


def _allotted(policy: Policy, heads: Mapping[str, int]) -> seats.Allotment:
    quota = policy.quota
    known = {line: heads.get(line, 0) for line in policy.lines}
    return seats.allot(quota.seats, known, method=quota.method, minimum=quota.minimum, code=policy.code)


def heads_and_seats(session: Session, policy: Policy) -> tuple[dict[str, int], dict[str, int]]:
    """Return the heads of each line today, and its seats."""
    heads = Counter(person.business_line for person in directory.today(session).people)
    known = {line: heads[line] for line in policy.lines}
    return known, _allotted(policy, known).seats
