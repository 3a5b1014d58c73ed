"""What each kind of step does when it opens and when it is counted.

A step kind is one file here with a ``Step``; ``KINDS`` names them all. The policy's own stage kinds share
``assessment``, because the law (``rules.stages``) knows how each is scored.
"""

from typing import Final

from actions.steps import applications, assessment, decision, final, notice, screening
from actions.steps.base import Step, Terms
from rules.stages import KINDS as STAGE_KINDS

KINDS: Final[dict[str, Step]] = {
    "screening": screening.STEP,
    "applications": applications.STEP,
    **dict.fromkeys(STAGE_KINDS, assessment.STEP),
    "final": final.STEP,
    "decision": decision.STEP,
    "notice": notice.STEP,
    "archive": Step(),
}

__all__ = ["KINDS", "Step", "Terms"]
