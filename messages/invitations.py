"""The letter that brings somebody a one-time link."""

from kit.i18n import gettext as _
from messages.letters import Written


def invitation(*, name: str, login: str, address: str, hours: int) -> Written:
    """Write a letter with a link by which somebody chooses a password, in the language in force."""
    body = _(
        "{name}，您好：\n\n"
        "竞聘系统为您准备了账号，登录名是 {login}。请在 {hours} 小时内打开下面的链接设定密码（只能用一次）：\n\n"
        "{address}\n\n"
        "如果您没有要求过这个链接，可以不理会；请不要转发给别人。"
    )
    said = {"name": name, "login": login, "address": address, "hours": hours}
    return Written(_("竞聘系统：设定您的密码"), body.format(**said) + "\n")
