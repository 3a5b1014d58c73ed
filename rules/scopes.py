"""What a program may do with a token: its scopes, each within what the account's roles allow anyhow."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from rules.access import Act, Role, reach
from rules.texts import RuleError, Text, _


class Scope(StrEnum):
    """What a token is for; every operation of the API names one."""

    ROUNDS_READ = "rounds:read"
    HISTORY_READ = "history:read"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    RECORDS_READ = "records:read"
    RECORDS_WRITE = "records:write"
    APPLICATIONS_WRITE = "applications:write"
    OWN_APPLICATION = "own-application:write"
    TRAINING_WRITE = "training:write"
    MARKS_IMPORT = "marks:import"
    MARKS_WRITE = "marks:write"
    RESULTS_READ = "results:read"
    DOCUMENTS_READ = "documents:read"
    BUNDLE_READ = "bundle:read"


SCOPES: Final[Mapping[Scope, str]] = {
    Scope.ROUNDS_READ: _("读取轮次、环节和报名"),
    Scope.HISTORY_READ: _("读取留痕"),
    Scope.PEOPLE_READ: _("读取人员名册"),
    Scope.PEOPLE_WRITE: _("导入和更正人员名册，记下离职"),
    Scope.RECORDS_READ: _("读取绩效等级、事故、荣誉、证书和业绩指标"),
    Scope.RECORDS_WRITE: _("导入绩效等级、事故、荣誉、证书和业绩指标"),
    Scope.APPLICATIONS_WRITE: _("代人登记和撤回报名"),
    Scope.OWN_APPLICATION: _("读取、提交和撤回本人的报名"),
    Scope.TRAINING_WRITE: _("录入培训考勤和考试成绩"),
    Scope.MARKS_IMPORT: _("录入评委的纸质评分"),
    Scope.MARKS_WRITE: _("读取和提交本人的评分表"),
    Scope.RESULTS_READ: _("读取评委分组、考勤、考试、已截止环节的评分和已审定的结果"),
    Scope.DOCUMENTS_READ: _("取得文档"),
    Scope.BUNDLE_READ: _("取得可以重新计算一轮的数据包"),
}

ACTS: Final[Mapping[Scope, Act]] = {
    Scope.ROUNDS_READ: Act.SEE_ROUND,
    Scope.HISTORY_READ: Act.SEE_HISTORY,
    Scope.PEOPLE_READ: Act.SEE_PEOPLE,
    Scope.PEOPLE_WRITE: Act.IMPORT_PEOPLE,
    Scope.RECORDS_READ: Act.SEE_PEOPLE,
    Scope.RECORDS_WRITE: Act.IMPORT_PEOPLE,
    Scope.APPLICATIONS_WRITE: Act.ENTER_EVIDENCE,
    Scope.OWN_APPLICATION: Act.APPLY,
    Scope.TRAINING_WRITE: Act.ENTER_EVIDENCE,
    Scope.MARKS_IMPORT: Act.ENTER_EVIDENCE,
    Scope.MARKS_WRITE: Act.SCORE,
    Scope.RESULTS_READ: Act.SEE_RESULTS,
    Scope.DOCUMENTS_READ: Act.SEE_DOCUMENTS,
    Scope.BUNDLE_READ: Act.SEE_HISTORY,
}
"""The act without which a scope is of no use."""

LONGEST: Final = timedelta(days=366)
"""A token lives for a year at most."""

LONGEST_NAME: Final = 60
MOST: Final = 20
"""Tokens that one account may have at a time."""


def useful(roles: Collection[Role]) -> list[Scope]:
    """Return the scopes that are of use to somebody of these roles."""
    return [scope for scope in Scope if reach(ACTS[scope], roles) is not None]


def wanted(names: Collection[str], roles: Collection[Role]) -> list[Scope]:
    """Return the scopes of these names, in one order.

    :raises RuleError: when there is none, or one that is unknown or beyond the roles.
    """
    allowed = {str(scope): scope for scope in useful(roles)}
    if not names:
        raise RuleError(Text(_("请至少选择一项用途")))
    if beyond := [name for name in names if name not in allowed]:
        raise RuleError(Text(_("您的角色不能使用这项用途：{name}"), {"name": beyond[0][:40]}))
    return [allowed[str(scope)] for scope in Scope if scope in names]
