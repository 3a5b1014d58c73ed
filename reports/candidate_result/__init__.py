"""A candidate's own result (个人竞聘结果): what was decided, why, and the whole calculation.

``background`` counts what is said of the others, ``views`` makes everybody's view of a decided round, ``paper`` one
document. Nobody else's name or number, and no reviewer's, ever reaches a view.
"""

from reports.candidate_result.background import Background, background, views
from reports.candidate_result.layout import html, paper, values
from reports.candidate_result.view import CandidateResult, Contest, Tie

__all__ = ["Background", "CandidateResult", "Contest", "Tie", "background", "html", "paper", "values", "views"]
