"""A round at its interview, with reviewers who have accounts, for tests of the reviewer's pages."""

from datetime import timedelta
from uuid import UUID

from models.database import reading
from models.sheets import Sheet
from queries import books
from rules.records import Assignment, Mark, Reviewer
from tests.late import OPENS, at_the_interview, policy_text
from tests.web.visiting import Visitor, reviewer

NOW = OPENS + timedelta(days=6)
"""While the interview is open."""

INTERVIEW = """\
- key: interview
  name: 面试
  kind: review
  pass_mark: 60
  panel: {reviewers: 3}
  criteria:
  - {key: speech, name: 表达, weight: 60, max: 10, anchors: [{at: 6, says: 说得清楚}, {at: 9, says: 说得让人信服}]}
  - {key: calm, name: 情绪, weight: 40, max: 10, step: 0.5}
"""

REVIEWERS = [
    Reviewer("R1", "郑评委"),
    Reviewer("R7", "陈经理", "phone", "007"),
    Reviewer("R8", "周敏", "phone", "008"),
    Reviewer("R9", "吴迪", "phone", "009"),
    Reviewer("R10", "外请专家", None, "X01"),
]
PANEL = [Assignment("interview", no, who) for who in ("R8", "R9", "R10") for no in ("001", "002", "003")]


def at_the_sheets(*, panel: list[Assignment] = PANEL, interview: str = INTERVIEW, code: str = "T-1") -> UUID:
    """Bring a round to its interview; 008 is in the team of candidate 003, 007 leads all three."""
    text = policy_text(ladder="", interview=interview, code=code)
    return at_the_interview(text, panel=panel, reviewers=REVIEWERS)


def declared(staff_no: str = "009", *, code: str = "T-1", statement: str = "") -> Visitor:
    """Return a reviewer who has declared their interests."""
    me = reviewer(staff_no)
    answer = me.post(f"/reviews/{code}/_declaration", {"agreed": "1", "statement": statement})
    assert answer.status_code == 303, answer.text
    return me


def typed(speech: str = "8", calm: str = "7.5", *, reviewer_no: str = "R9", version: int = 0, key: str = "k1") -> dict:
    """Return what a sheet's form sends."""
    return {
        "reviewer_no": reviewer_no,
        "version": str(version),
        "key": key,
        "mark.speech": speech,
        "mark.calm": calm,
        "comment.speech": "",
        "comment.calm": "",
    }


def sheet(round_id: UUID, staff_no: str = "001", reviewer_no: str = "R9") -> Sheet | None:
    """Return a sheet as it is kept."""
    with reading() as session:
        return session.get(Sheet, (round_id, "interview", staff_no, reviewer_no))


def marks(round_id: UUID) -> list[Mark]:
    """Return the marks that count."""
    with reading() as session:
        return books.rows(session, book="marks", round_id=round_id)
