"""A candidate's own result (个人竞聘结果): what was decided, why, and the whole calculation.

``views`` makes everybody's view of a decided round, ``paper`` one document. Nobody else's name or number, and no
reviewer's, ever reaches a view.
"""

from reports.candidate_result.gathering import views
from reports.candidate_result.layout import html, paper, values
from reports.candidate_result.view import CandidateResult, Contest, Tie

__all__ = ["CandidateResult", "Contest", "Tie", "html", "paper", "values", "views"]
