"""What a step is carried out under: the frozen policy, read once, and the working days."""

from datetime import UTC, datetime

from actions.steps import Terms
from forms import in_force
from forms.in_force import working_days
from models.rounds import Round
from rules.policies import Policy

__all__ = ["CONDUCTOR", "policy_of", "terms_of", "working_days"]

CONDUCTOR = "conductor"
"""Who acts when the course of a round goes on by itself."""


def terms_of(the_round: Round, *, actor: str = CONDUCTOR) -> Terms:
    """Return the terms of a round as of now."""
    return Terms(policy=policy_of(the_round), calendar=working_days(), actor=actor, now=datetime.now(UTC))


def policy_of(the_round: Round) -> Policy:
    """Return the policy that the round runs under, from the bytes that were frozen at its launch."""
    return in_force.policy(the_round.policy_text)
