"""Recusal: may this reviewer score this candidate? What the directory knows; kinship must be declared."""

from rules.records import Person
from rules.texts import Text, _


def conflict(reviewer_staff_no: str | None, reviewer: Person | None, candidate: Person) -> Text | None:
    """Return why a reviewer may not score a candidate; ``None`` when nothing is known against it.

    A reviewer may be nobody of the centre (no staff number), or somebody who is not in the directory (no person).
    Teams of the same name in two business lines are two teams.
    """
    if reviewer_staff_no is None:
        return None
    if reviewer_staff_no == candidate.staff_no:
        return Text(_("不能给自己评分"))
    if candidate.manager_no == reviewer_staff_no:
        return Text(_("是候选人的直接上级"))
    return _between(reviewer, candidate) if reviewer else None


def _between(reviewer: Person, candidate: Person) -> Text | None:
    if reviewer.manager_no == candidate.staff_no:
        return Text(_("候选人是其直接上级"))
    if reviewer.team and (reviewer.business_line, reviewer.team) == (candidate.business_line, candidate.team):
        return Text(_("与候选人同在班组“{team}”"), {"team": reviewer.team})
    return None
