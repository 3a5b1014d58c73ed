"""Requests and objections: until when they are heard, and who may not answer one."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from rules.texts import RuleError, Text, _

HUMAN_CHECK, OBJECTION = "human_check", "objection"

KINDS: Final = {HUMAN_CHECK: _("人工复核申请"), OBJECTION: _("公示异议")}
STATES: Final = {"open": _("待答复"), "answered": _("已答复"), "withdrawn": _("已撤回")}
FINDINGS: Final = {True: _("成立"), False: _("不成立")}

CHANNELS: Final = {
    "letter": _("信件"),
    "telephone": _("电话"),
    "visit": _("当面"),
    "mail": _("电子邮件"),
    "other": _("其他方式"),
}
"""How an objection reaches the observers; one that is raised on the pages comes by ``pages``."""

LONGEST: Final = 5000
"""Characters of a ground or an answer: two pages."""


def require_words(text: str, *, missing: Text) -> str:
    """Return what somebody wrote, without blanks around it.

    :raises RuleError: when there is nothing, or more than two pages.
    """
    text = text.strip()
    if not text:
        raise RuleError(missing)
    if len(text) > LONGEST:
        raise RuleError(Text(_("内容太长：最多 {most} 字，现有 {n} 字"), {"most": LONGEST, "n": len(text)}))
    return text


def turned_away(*, eligible: bool | None, outcome: str | None) -> bool | None:
    """Return whether a program turned somebody away, by the records or by when they applied; ``None``: not screened."""
    if outcome in {"late", "early"}:
        return True
    return None if eligible is None else not eligible


def require_heard(*, kind: str, notice: str, ends_at: datetime | None, rejected: bool | None, now: datetime) -> None:
    """Refuse what is not heard now; ``notice`` is the state of the notice's step, ``ends_at`` the end of its last day.

    A person checks an automatic rejection from the screening on until the notice ends; an objection needs a notice.

    :raises RuleError: saying from when to when it is heard.
    """
    over = notice in {"closed", "done"} or (ends_at is not None and ends_at <= now)
    if kind == OBJECTION and notice == "pending":
        raise RuleError(Text(_("结果还没有公示；公示开始后才能提出异议")))
    if over:
        raise RuleError(Text(_("公示期已满，不再受理；确有新情况的，请直接联系人力资源或监督组")))
    if kind == HUMAN_CHECK and rejected is None:
        raise RuleError(Text(_("资格审查还没有完成，没有可以复核的结论")))
    if kind == HUMAN_CHECK and not rejected:
        raise RuleError(Text(_("资格审查已经通过，不需要人工复核")))


def require_apart(*, answerer: Collection[str], concerned: Collection[str]) -> None:
    """Refuse an answer by somebody whom it concerns, or who raised it; both are given as logins and staff numbers.

    :raises RuleError: when they are the same.
    """
    if set(filter(None, answerer)) & set(filter(None, concerned)):
        raise RuleError(Text(_("涉及本人，或由本人提出的，不能由本人答复；请由另一人办理")))
