"""What a round runs under: the policy that was frozen at its launch, and the working days."""

from functools import lru_cache

from forms import calendar, policies
from kit.settings import settings
from rules.policies import Policy
from rules.workdays import Calendar


@lru_cache(maxsize=64)
def policy(text: bytes) -> Policy:
    """Return the policy that frozen bytes say; read once."""
    return policies.read(text, file="policy.yaml").policy


def working_days() -> Calendar:
    """Return the official calendar, with the employer's supplement if the settings name one."""
    supplement = settings().calendar
    return calendar.read_calendar(supplement) if supplement else calendar.official_calendar()
