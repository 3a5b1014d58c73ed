"""The letters that tell the owner of an account what happened to it. No secret is in any of them."""

from datetime import datetime
from typing import Final

from kit.i18n import gettext
from kit.jinja import day_time
from messages.letters import Written
from rules.texts import _

NEWS: Final = {
    "device": _("您的账号在一台新的电脑或手机上登录"),
    "link": _("您的账号用一次性链接设定了密码并登录"),
    "password": _("您的账号更换了密码"),
    "token": _("您的账号生成了一个接口令牌"),
    "second_factor_on": _("您的账号启用了第二重验证"),
    "second_factor_off": _("您的账号停用了第二重验证"),
    "second_factor_reset": _("系统管理员重置了您账号的第二重验证"),
}

BODY: Final = _(
    "{name}，您好：\n\n"
    "{what}。\n\n"
    "登录名：{login}\n时间：{time}（北京时间）\n操作所用的浏览器：{browser}\n\n"
    "如果是您本人，不必理会这封邮件。如果不是，请立即登录，在“我的账号”更换密码；进不去时，请系统管理员停用您的账号。"
)


def news(what: str, *, name: str, login: str, at: datetime, browser: str) -> Written:
    """Write a letter about one of ``NEWS``, in the language in force."""
    said = {"name": name, "login": login, "browser": browser, "time": day_time(at, "Asia/Shanghai")}
    subject = gettext(NEWS[what])
    return Written(subject, gettext(BODY).format(what=subject, **said) + "\n")
