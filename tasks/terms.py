"""What a step is carried out under: the frozen policy, read once, and the working days."""

from datetime import UTC, datetime
from functools import lru_cache

from actions.steps import Terms
from forms import calendar, policies
from kit.settings import settings
from models.rounds import Round
from rules.policies import Policy
from rules.workdays import Calendar

CONDUCTOR = "conductor"
"""Who acts when the course of a round goes on by itself."""


def terms_of(the_round: Round, *, actor: str = CONDUCTOR) -> Terms:
    """Return the terms of a round as of now."""
    return Terms(policy=policy_of(the_round), calendar=working_days(), actor=actor, now=datetime.now(UTC))


def policy_of(the_round: Round) -> Policy:
    """Return the policy that the round runs under, from the bytes that were frozen at its launch."""
    return _policy(the_round.policy_text)


@lru_cache(maxsize=64)
def _policy(text: bytes) -> Policy:
    return policies.read(text, file="policy.yaml").policy


def working_days() -> Calendar:
    """Return the official calendar, with the employer's supplement if the settings name one."""
    supplement = settings().calendar
    return calendar.read_calendar(supplement) if supplement else calendar.official_calendar()
