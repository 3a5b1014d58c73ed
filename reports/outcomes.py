"""What an outcome is called, in the language in force."""

from kit.i18n import say
from rules import outcomes
from rules.policies import Policy


def outcome(policy: Policy, key: str) -> str:
    """Return an outcome in a word or two: 入选, or 止步：材料审核."""
    return say(outcomes.said(policy, key))
