"""From what was decided to what an official document says of people and seats."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from kit.i18n import gettext as _
from reports.official.announcement import Chosen, Level
from rules.policies import Policy
from rules.records import Person
from rules.scales import Scale, grade_key


def unit(policy: Policy, person: Person) -> str:
    """Return where somebody works now: line and team."""
    line = policy.lines[person.business_line]
    return f"{line} {person.team}" if person.team else line


def grade(policy: Policy, person: Person) -> str:
    """Return the grade as the policy spells it: Ⅱ级, however it stands in the records."""
    if not person.grade:
        return ""
    rank = Scale(policy.grades, grade_key).rank(person.grade)
    spelled = person.grade if rank is None else policy.grades[rank]
    return spelled if spelled.endswith("级") else _("{grade}级").format(grade=spelled)


def chosen(policy: Policy, person: Person, *, final: Decimal | None, rank: int | None) -> Chosen:
    """Return somebody who is to be appointed."""
    line = person.business_line
    return Chosen(person.staff_no, person.name, line, unit(policy, person), grade(policy, person), final, rank)


def level_groups(final: Mapping[str, Any]) -> Iterator[Level]:
    """Return who waits for an extra test: by line, or under no line where seats were given over all lines."""
    lines = {**final["lines"], **final["unused"].get("lines", {})}
    for line, given in lines.items():
        if given["tied"]:
            yield Level(line, len(given["tied"]), given["held"])
    if final["unused"].get("tied"):
        yield Level("", len(final["unused"]["tied"]), final["unused"]["held"])


def vacant_seats(final: Mapping[str, Any]) -> dict[str, int]:
    """Return the seats that stay empty by line; under ``""`` what is left of those that were given once more."""
    unused = final["unused"]
    taken = len(unused.get("selected", ())) + sum(
        len(n["selected"]) + n["held"] for n in unused.get("lines", {}).values()
    )
    taken += unused.get("held", 0) if "selected" in unused else 0
    if not taken:
        return {line: given["unused"] for line, given in final["lines"].items()}
    return {"": unused["seats"] - taken}
