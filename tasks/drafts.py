"""Which documents are due when."""

from collections.abc import Mapping
from typing import Final

from tasks.case import Drafter
from tasks.official import appointment_notice, launch_notice, result_announcement, supplement_notices
from tasks.results import candidate_results, score_book
from tasks.screening import screening_report

DUE: Final[Mapping[tuple[str, str], tuple[Drafter, ...]]] = {
    ("screening", "tallied"): (launch_notice, screening_report),
    ("notice", "opened"): (result_announcement, score_book, candidate_results),
    ("archive", "tallied"): (appointment_notice,),
}

ALWAYS: Final[tuple[Drafter, ...]] = (supplement_notices,)
"""What may be due at any moment: somebody published a supplement."""
