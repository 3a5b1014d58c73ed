"""The steps of a round as one candidate goes through them: where they stand, what comes next, where they left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.stages import Stage
from rules import course
from rules.texts import Text, _
from web.own_rounds import OwnRound

UNSEEN = frozenset({"screening", "final", "archive"})
"""Kinds of steps that count and file things by themselves: nobody has to know of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step in the row: ``state`` is ``done``, ``now`` or ``next``; ``moved``: its end was put off."""

    name: Text | str
    state: str
    step: Stage
    left: bool
    moved: bool


def course_of(own: OwnRound) -> list[Place]:
    """Return the steps in a row; ``left`` are those after the one at which one left, except for the notice."""
    steps, left = shown(own.steps), _left_at(own)
    at = next((s for s in steps if s.state != "done" and own.the_round.state != "cancelled"), None)
    return [
        Place(
            name=course.said(step.name),
            state="done" if step.state == "done" else "now" if step is at else "next",
            step=step,
            left=left is not None and step.position > left and step.kind != "notice",
            moved=_moved(own, step),
        )
        for step in steps
    ]


def shown(steps: Sequence[Stage]) -> list[Stage]:
    """Return the steps that concern candidates."""
    return [s for s in steps if s.kind not in UNSEEN]


def after(own: OwnRound, step: Stage) -> Text | None:
    """Return what comes after a step."""
    later = [s for s in shown(own.steps) if s.position > step.position]
    return Text(_("接下来：{name}"), {"name": course.said(later[0].name)}) if later else None


def _moved(own: OwnRound, step: Stage) -> bool:
    planned = _planned_end(own, step.key)
    return bool(
        own.the_round.state == "running"
        and step.state == "open"
        and planned
        and step.closes_at
        and step.closes_at > planned
    )


def _planned_end(own: OwnRound, key: str) -> datetime | None:
    if key == course.APPLICATIONS:
        return own.policy.applications.closes_at
    return next((s.closes_at for s in own.policy.stages if s.key == key), None)


def _left_at(own: OwnRound) -> int | None:
    """Return the position of the step at which one left, as far as one may know."""
    applications = own.step(course.APPLICATIONS)
    if not own.applied and applications.state == "done":
        return applications.position
    kind, _colon, stage = (own.outcome or "").partition(":")
    if kind == "eliminated" and stage != "final":
        return own.step(stage).position
    return applications.position if kind in {"withdrawn", "ineligible", "late", "early"} else None
