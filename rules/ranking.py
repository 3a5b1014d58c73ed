"""Final score, rank, and who takes the seats. Level people are never ordered by accident."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from rules.policies import Policy, Unused
from rules.records import Person
from rules.rounding import rounded
from rules.scoring import exact
from rules.seats import allot_bounded

TENURE = "tenure"


class Placed(NamedTuple):
    """One finalist: the final score, the rank over all lines, the outcome, and the arithmetic."""

    final: Decimal
    rank: int | None
    outcome: str
    working: dict[str, Any]


class Finalist(NamedTuple):
    """One who passed the final pass mark; ``key`` is level exactly for level people, better ones sort first."""

    staff_no: str
    line: str
    final: Decimal
    key: tuple[Any, ...]


def final_score(policy: Policy, components: Mapping[str, Decimal]) -> tuple[Decimal, dict[str, Any]]:
    """Return the final score, rounded once more, and its sum line by line."""
    terms = {key: Fraction(weight) * Fraction(components[key]) / 100 for key, weight in policy.final.weights.items()}
    total = sum(terms.values(), Fraction(0))
    final = rounded(total, policy.rounding)
    shown = [
        {"component": key, "weight": exact(weight), "value": exact(components[key]), "product": exact(terms[key])}
        for key, weight in policy.final.weights.items()
    ]
    return final, {"terms": shown, "sum": exact(total), "value": exact(final)}


def place(
    policy: Policy,
    people: Mapping[str, Person],
    components: Mapping[str, Mapping[str, Decimal]],
    seats: Mapping[str, int],
    heads: Mapping[str, int],
) -> tuple[dict[str, Placed], dict[str, Any]]:
    """Rank everyone in ``components`` and give the seats; return each one's place, and how the seats were given."""
    finals = {no: final_score(policy, components[no]) for no in components}
    finalists = [
        Finalist(no, people[no].business_line, final, _key(policy, final, components[no], people[no].hired_on))
        for no, (final, _working) in finals.items()
        if final >= policy.final.pass_mark
    ]
    finalists.sort(key=lambda f: f.key)
    outcomes, working = _give_seats(policy, finalists, seats, heads)
    ranks = _ranks(finalists)
    placed = {
        no: Placed(final, ranks.get(no), outcomes.get(no, "eliminated:final"), how)
        for no, (final, how) in finals.items()
    }
    return placed, {**working, "ties": _ties(policy, finalists)}


def _key(policy: Policy, final: Decimal, components: Mapping[str, Decimal], hired_on: date | None) -> tuple[Any, ...]:
    chain = [
        (hired_on or date.max, hired_on is None) if criterion == TENURE else -components[criterion]
        for criterion in policy.final.tie_break
    ]
    return (-final, *chain)


def _ranks(finalists: Sequence[Finalist]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for _key_of_group, group in groupby(finalists, key=lambda f: f.key):
        first = len(ranks) + 1
        ranks |= {f.staff_no: first for f in group}
    return ranks


def _ties(policy: Policy, finalists: Sequence[Finalist]) -> list[dict[str, Any]]:
    """Say for each group of one final score how far into the chain it was told apart."""
    ties = []
    for final, same in groupby(finalists, key=lambda f: f.final):
        group = list(same)
        if len(group) > 1:
            steps = [
                {"by": by, "level": _level_groups(group, known=n + 2)} for n, by in enumerate(policy.final.tie_break)
            ]
            ties.append({"final": exact(final), "people": [f.staff_no for f in group], "steps": steps})
    return ties


def _level_groups(group: Sequence[Finalist], *, known: int) -> list[list[str]]:
    """Return who is still level when only so many parts of the key are known."""
    return [[f.staff_no for f in level] for _key, level in groupby(group, key=lambda f: f.key[:known])]


def _fill(queue: Sequence[Finalist], seats: int) -> tuple[list[str], list[str], int]:
    """Give seats to a queue, level group by level group; return selected, tied, and seats held for the tied."""
    selected: list[str] = []
    for _key_of_group, group in groupby(queue, key=lambda f: f.key):
        level = [f.staff_no for f in group]
        left = seats - len(selected)
        if not left:
            break
        if len(level) > left:
            return selected, level, left
        selected += level
    return selected, [], 0


def _give_seats(
    policy: Policy, finalists: Sequence[Finalist], seats: Mapping[str, int], heads: Mapping[str, int]
) -> tuple[dict[str, str], dict[str, Any]]:
    outcomes = {f.staff_no: "reserve" for f in finalists}
    lines: dict[str, dict[str, Any]] = {}
    for line, n in seats.items():
        selected, tied, held = _fill([f for f in finalists if f.line == line], n)
        outcomes |= dict.fromkeys(selected, "selected") | dict.fromkeys(tied, "tied")
        lines[line] = {
            "seats": n,
            "selected": selected,
            "tied": tied,
            "held": held,
            "unused": n - len(selected) - held,
        }
    unused = sum(line["unused"] for line in lines.values())
    working: dict[str, Any] = {"lines": lines, "unused": {"seats": unused, "rule": policy.quota.unused.value}}
    if any(line["tied"] for line in lines.values()):
        working["unused"]["held"] = unused
    elif unused:
        remaining = [f for f in finalists if outcomes[f.staff_no] == "reserve"]
        working["unused"] |= _UNUSED[policy.quota.unused](policy, remaining, unused, heads, outcomes)
    return outcomes, working


def _void(*_given: object) -> dict[str, Any]:
    return {}


def _best_score(
    _policy: Policy, remaining: Sequence[Finalist], unused: int, _heads: Mapping[str, int], outcomes: dict[str, str]
) -> dict[str, Any]:
    selected, tied, held = _fill(remaining, unused)
    outcomes |= dict.fromkeys(selected, "selected") | dict.fromkeys(tied, "tied")
    return {"selected": selected, "tied": tied, "held": held}


def _reapportion(
    policy: Policy, remaining: Sequence[Finalist], unused: int, heads: Mapping[str, int], outcomes: dict[str, str]
) -> dict[str, Any]:
    people: dict[str, list[Finalist]] = {}
    for finalist in remaining:
        people.setdefault(finalist.line, []).append(finalist)
    shared = allot_bounded(
        unused,
        {line: heads[line] for line in heads if line in people},
        most={line: len(queue) for line, queue in people.items()},
        method=policy.quota.method,
        code=policy.code,
    )
    lines: dict[str, dict[str, Any]] = {}
    for line, n in shared.seats.items():
        selected, tied, held = _fill(people[line], n)
        outcomes |= dict.fromkeys(selected, "selected") | dict.fromkeys(tied, "tied")
        lines[line] = {"seats": n, "selected": selected, "tied": tied, "held": held}
    return {"lines": lines, "steps": shared.working}


_UNUSED: Mapping[Unused, Callable[..., dict[str, Any]]] = {
    Unused.VOID: _void,
    Unused.BEST_SCORE: _best_score,
    Unused.REAPPORTION: _reapportion,
}
