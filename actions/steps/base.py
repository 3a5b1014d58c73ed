"""The shape of a step kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.rounds import Round
from models.stages import Stage
from rules.policies import Policy
from rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Terms:
    """What every step is carried out under: the frozen policy, the working days, who acts and when."""

    policy: Policy
    calendar: Calendar
    actor: str
    now: datetime


Deed = Callable[[Session, Round, Stage, Terms], dict[str, object]]
"""One deed of a step; returns what the history should say of it."""


def _nothing(_session: Session, _the_round: Round, _stage: Stage, _terms: Terms) -> dict[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """What happens when a step opens, when a bundle answers it for the people, when it is counted, and withdrawn."""

    opened: Deed = _nothing
    answered: Deed = _nothing
    tallied: Deed = _nothing
    withdrawn: Deed = _nothing
