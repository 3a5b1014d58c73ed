"""Share out seats over business lines by head count, exactly, with the arithmetic shown.

Sainte-Laguë and D'Hondt are divisor methods (Balinski and Young, *Fair Representation*, 1982): the next seat goes to
the line with the largest quotient heads ÷ divisor(seats that it has). Largest remainder is Hamilton's method.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rules.policies import SeatMethod
from rules.scoring import exact


@dataclass(frozen=True, slots=True)
class Allotment:
    """Seats of every line, and how they came about, step by step."""

    seats: dict[str, int]
    working: list[dict[str, Any]]


def allot(seats: int, heads: Mapping[str, int], *, method: SeatMethod, minimum: int, code: str) -> Allotment:
    """Share out ``seats`` over the lines of ``heads``; a line with nobody gets none.

    Ties: the larger line, then the smaller SHA-256 of ``code:line``.
    """
    with_people = {line: n for line, n in heads.items() if n > 0}
    if not with_people:
        return Allotment(dict.fromkeys(heads, 0), [])
    shared, working = _METHODS[method](seats, with_people, minimum, code)
    return Allotment({line: shared.get(line, 0) for line in heads}, working)


def allot_bounded(
    seats: int, heads: Mapping[str, int], *, most: Mapping[str, int], method: SeatMethod, code: str
) -> Allotment:
    """Share out ``seats`` where a line can take at most ``most``: the excess goes on to the others.

    A line that would get more takes its most and drops out, and the rest is shared anew among the others (again, if
    that fills another). What no line can take is left over.
    """
    given: dict[str, int] = {}
    working: list[dict[str, Any]] = []
    while rest := {line: n for line, n in heads.items() if line not in given}:
        shared = allot(seats - sum(given.values()), rest, method=method, minimum=0, code=code)
        full = {line: most[line] for line, n in shared.seats.items() if n > most[line]}
        working.append({"shared": shared.seats, "full": full, "steps": shared.working})
        given |= full or shared.seats
    return Allotment(given, working)


def digest(code: str, line: str) -> str:
    """Return the published last resort between level lines: the SHA-256 of ``code:line`` as hex digits."""
    return hashlib.sha256(f"{code}:{line}".encode()).hexdigest()


Shared = tuple[dict[str, int], list[dict[str, Any]]]


def _by_divisor(divisor: Callable[[int], int]) -> Callable[..., Shared]:
    def share(seats: int, heads: Mapping[str, int], minimum: int, code: str) -> Shared:
        given = dict.fromkeys(heads, minimum)
        working: list[dict[str, Any]] = [{"line": line, "minimum": n} for line, n in given.items() if n]
        for number in range(sum(given.values()) + 1, seats + 1):
            quotients = {line: Fraction(n, divisor(given[line])) for line, n in heads.items()}
            best = _first(quotients, heads, code)
            given[best] += 1
            level = sorted(line for line, q in quotients.items() if q == quotients[best])
            shown = {line: exact(q) for line, q in quotients.items()}
            working.append({"seat": number, "line": best, "quotients": shown, "level": level if len(level) > 1 else []})
        return given, working

    return share


def _first(values: Mapping[str, Fraction], heads: Mapping[str, int], code: str) -> str:
    return min(values, key=lambda line: (-values[line], -heads[line], digest(code, line)))


def _by_remainder(seats: int, heads: Mapping[str, int], minimum: int, code: str) -> Shared:
    given: dict[str, int] = {}
    working: list[dict[str, Any]] = []
    while rest := {line: n for line, n in heads.items() if line not in given}:
        left, total = seats - sum(given.values()), sum(rest.values())
        quotas = {line: Fraction(left * n, total) for line, n in rest.items()}
        short = {line: minimum for line, q in quotas.items() if q < minimum}
        shared = short or _hamilton(left, quotas, rest, code)
        shown = {line: exact(q) for line, q in quotas.items()}
        working.append({"quotas": shown, "minimum" if short else "seats": shared})
        given |= shared
    return given, working


def _hamilton(seats: int, quotas: Mapping[str, Fraction], heads: Mapping[str, int], code: str) -> dict[str, int]:
    shared = {line: q.numerator // q.denominator for line, q in quotas.items()}
    remainders = {line: q - shared[line] for line, q in quotas.items()}
    by_remainder = sorted(quotas, key=lambda line: (-remainders[line], -heads[line], digest(code, line)))
    for line in by_remainder[: seats - sum(shared.values())]:
        shared[line] += 1
    return shared


_METHODS: Mapping[SeatMethod, Callable[..., Shared]] = {
    SeatMethod.SAINTE_LAGUE: _by_divisor(lambda n: 2 * n + 1),
    SeatMethod.DHONDT: _by_divisor(lambda n: n + 1),
    SeatMethod.LARGEST_REMAINDER: _by_remainder,
}
