"""What a candidate may already know of their own result: never more than documents and letters have told them."""

from collections.abc import Sequence

from rules import course

BY_THE_RECORDS = frozenset({"withdrawn", "early", "late", "ineligible"})
"""Outcomes that follow from the application and the records alone: known once applications are counted."""


def published(steps: Sequence[tuple[str, str]]) -> bool:
    """Return whether the result is public: the notice is posted; ``steps`` are keys and states in order."""
    return dict(steps).get(course.NOTICE, "pending") != "pending"


def disclosed(outcome: str | None, *, steps: Sequence[tuple[str, str]], stage_keys: Sequence[str]) -> str | None:
    """Return what of an outcome the candidate may know now; ``None``: they are in, as far as they may know.

    Who left at a stage may know it once the next stage is open: those who are still in are told then. How the last
    stage, the ranking and the seats came out is said by the public notice, and by nothing before it.
    """
    states = dict(steps)
    if published(steps):
        return outcome
    if outcome in BY_THE_RECORDS:
        return outcome if states.get(course.APPLICATIONS) == "done" else None
    kind, _colon, stage = (outcome or "").partition(":")
    if kind != "eliminated" or stage not in stage_keys:
        return None
    after = stage_keys[stage_keys.index(stage) + 1 :]
    return outcome if after and states.get(after[0], "pending") != "pending" else None
