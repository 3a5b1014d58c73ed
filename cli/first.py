"""The first administrator's way in, and one that is found again: a one-time link, printed."""

from datetime import UTC, datetime

from sqlmodel import Session

from actions import accounts, links, second_factors
from cli import show
from kit.i18n import gettext, say
from kit.settings import settings
from models.accounts import Account
from models.database import reading, transaction
from queries import accounts as read
from rules.access import Role
from rules.texts import RuleError, Text, _, enumerated

LOGIN = "admin"


def give_way_in(*, login: str, name: str, again: bool, actor: str) -> None:
    """Print a link by which an administrator chooses a password: the first one, or one who is locked out.

    :raises RuleError: when there is an administrator already, or none of this name: says what to do.
    """
    with reading() as session:
        there = [a.login for a in read.administrators(session)]
    if there and not again:
        _tell_who_is_there(there, wanted=bool(login))
        return
    now = datetime.now(UTC)
    with transaction() as session:
        if again:
            account = _found(session, login, there)
            second_factors.reset(session, account=account, actor=actor, now=now)
        else:
            said = {"login": login or LOGIN, "name": name or gettext("系统管理员")}
            account = accounts.add(session, **said, roles={Role.ADMIN}, actor=actor, now=now)
        secret = links.make(session, account=account, actor=actor, now=now)
    _tell(account, secret)


def _tell_who_is_there(there: list[str], *, wanted: bool) -> None:
    """Say that there are administrators; who asked for another by name is refused.

    :raises RuleError: when another was asked for.
    """
    text = Text(
        _("已有系统管理员：{logins}。添加账号请用网页的“账号”；进不来时，运行 jingpin init --again --login 登录名"),
        {"logins": enumerated(there)},
    )
    if wanted:
        raise RuleError(text)
    show.note(say(text))


def _found(session: Session, login: str, there: list[str]) -> Account:
    wanted = login.strip().casefold() or (there[0] if len(there) == 1 else "")
    account = read.by_login(session, login=wanted) if wanted in there else None
    if account is None:
        known = enumerated(there) if there else Text(_("（还没有系统管理员）"))
        raise RuleError(Text(_("请用 --login 写明是哪一位系统管理员；现有：{logins}"), {"logins": known}))
    return account


def _tell(account: Account, secret: str) -> None:
    hours = int(links.LASTS.total_seconds() // 3600)
    show.line(
        gettext("系统管理员 {login} 的一次性链接（{hours} 小时内有效，只能用一次，用它设定密码）：").format(
            login=account.login, hours=hours
        )
    )
    show.line(f"{settings().address()}/link/{secret}")
    show.note(gettext("先用 jingpin serve 启动网页，再打开链接；谁拿到它，谁就是系统管理员"))
