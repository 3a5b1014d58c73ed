"""What the books are called: the tables that rows are taken into, of the directory and of a round."""

from collections.abc import Mapping
from typing import Final

from rules.texts import _

DIRECTORY: Final[Mapping[str, str]] = {
    "people": _("人员名册"),
    "ratings": _("绩效等级"),
    "incidents": _("服务事故"),
    "honours": _("荣誉"),
    "certificates": _("证书"),
    "kpis": _("业绩指标"),
}
ROUND: Final[Mapping[str, str]] = {
    "applications": _("报名"),
    "reviewers": _("评委"),
    "panels": _("评委安排"),
    "marks": _("评分"),
    "attendance": _("培训考勤"),
    "exam": _("考试成绩"),
}
BOOKS: Final[Mapping[str, str]] = {**DIRECTORY, **ROUND}
