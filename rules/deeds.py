"""What the history's entries are called."""

from collections.abc import Mapping
from typing import Final

from rules.books import BOOKS
from rules.texts import Text, _

DEEDS: Final[Mapping[str, str]] = {
    "round.launched": _("启动"),
    "round.cancelled": _("取消"),
    "round.restored": _("恢复"),
    "round.finished": _("结束"),
    "policy.supplemented": _("发布补充公告"),
    "draft.begun": _("开始草稿"),
    "draft.discarded": _("放弃草稿"),
    "draft.restored": _("恢复草稿"),
    "draft.published": _("发布草稿"),
    "stage.opened": _("开放"),
    "stage.answered": _("自动截止"),
    "stage.closed": _("截止环节"),
    "stage.extended": _("延期"),
    "stage.tallied": _("清点"),
    "stage.done": _("完成"),
    "stage.blocked": _("受阻"),
    "stage.reopened": _("重新开放"),
    "stage.recounted": _("重新清点"),
    "document.filed": _("文档存档"),
    "decision.confirmed": _("确认审定"),
    "candidate.withdrawn": _("候选人退出"),
    "candidate.held": _("暂缓"),
    "candidate.released": _("解除暂缓"),
    "sheets.handed_over": _("更换评委"),
    "sheets.drawn": _("抽签分组"),
    "substitute.named": _("指定替补"),
    "reminders.written": _("写出提醒"),
    "messages.retried": _("重新发送消息"),
    "change.proposed": _("提议变更"),
    "change.carried_out": _("同意变更"),
    "change.rejected": _("否决变更"),
    "round.recounted": _("监督组复核本轮"),
    "history.checked": _("监督组核对留痕"),
    "history.signed": _("监督签名"),
    "interest.declared": _("申报利害关系"),
    "sheet.filed": _("提交评分表"),
    "sheet.declined": _("弃评或回避"),
    "sheet.returned": _("退回评分表更正"),
    "token.made": _("生成接口令牌"),
    "token.revoked": _("撤销接口令牌"),
    "application.submitted": _("提交报名"),
    "application.withdrawn": _("撤回报名"),
    "materials.taken_in": _("提交材料"),
    "materials.taken_back": _("撤回材料"),
    "materials.returned": _("退回材料"),
    "hearing.raised": _("收到申请或异议"),
    "hearing.answered": _("答复申请或异议"),
    "hearing.withdrawn": _("撤回申请或异议"),
    "result.confirmed": _("确认阅读结果"),
    "result.seen": _("第一次查看个人结果"),
    "data.exported": _("导出本人信息"),
    "application.unregistered": _("登记撤回报名"),
    "people.left": _("离职"),
    "people.returned": _("返岗"),
    "account.added": _("添加账号"),
    "accounts.added": _("批量开通账号"),
    "account.described": _("更改账号的姓名或工号"),
    "account.roles_set": _("更改账号角色"),
    "account.deactivated": _("停用账号"),
    "account.reactivated": _("恢复账号"),
    "account.link_made": _("发给一次性链接"),
    "account.links_made": _("批量发出一次性链接"),
    "account.password_set": _("设定密码"),
    "account.signed_in": _("登录"),
    "account.signed_out": _("退出登录"),
    "account.sessions_ended": _("结束登录"),
    "account.second_factor_set": _("启用第二重验证"),
    "account.second_factor_reset": _("取消第二重验证"),
    "account.recovery_code_used": _("使用恢复码"),
    "account.subject_set": _("关联单位统一登录"),
}
"""What was done, in words; a deed that is not here is shown by its own name."""


def said(deed: str) -> Text:
    """Return what was done, in words; what was taken into a book names the book."""
    book, _dot, done = deed.partition(".")
    if done == "taken_in" and deed not in DEEDS:
        return Text(_("录入 {book}"), {"book": Text(BOOKS.get(book, "{book}"), {"book": book})})
    return Text(DEEDS.get(deed, "{deed}"), {"deed": deed})
