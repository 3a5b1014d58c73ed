"""Sign in by password, sign out."""

from typing import Final

from fastapi import Response

from actions import accounts, attempts, passwords
from kit.settings import settings
from models.accounts import Account
from queries.accounts import by_login, may_enter
from rules.access import Act
from rules.texts import Text, _
from web import cookies, entering, refusals, tries
from web.doors import COOKIE, Doors
from web.visit import Visit, ours

doors: Final = Doors()


@doors.get("/login", act=Act.SIGN_IN)
def login(visit: Visit, next: str = "/", out: str = "") -> Response:  # noqa: A002 - the name in the address
    """Show where to sign in; whoever is signed in goes on, whoever came by OIDC and went out may go out there too."""
    if visit.who:
        return visit.go("start")
    return _page(visit, after=ours(next), out=out == "oidc")


@doors.post("/login", act=Act.SIGN_IN, name="sign_in")
def sign_in(visit: Visit) -> Response:
    """Sign in by login and password."""
    name, after, password = visit.text("login"), visit.text("next"), visit.typed.get("password")
    account = by_login(visit.session, login=name)
    tried = tries.by_password(visit, login=name, account=account)
    if pause := tries.pause(visit, tried):
        return _page(visit, after=after, name=name, fault=pause, status=429)
    if account is None or not isinstance(password, str) or not _right(visit, account, password):
        if account is None:
            passwords.matches(None, str(password))  # as slow as for somebody whom we know
        attempts.failed(visit.session, tried=tried, now=visit.now)
        refusals.note(visit.request, "password")
        fault = Text(_("登录名或密码不对；忘记密码时，请系统管理员发给您一个重设链接"))
        return _page(visit, after=after, name=name, fault=fault, status=401)
    passwords.renew(visit.session, account=account, password=password)
    return entering.let_in(visit, session=visit.session, account=account, after=after)


@doors.post("/logout", act=Act.USE_ACCOUNT, unproved=True)
def logout(visit: Visit) -> Response:
    """Sign out."""
    account = visit.session.get_one(Account, visit.me.account_id)
    accounts.end_session(visit.session, session_id=visit.me.session_id, account=account, now=visit.now)
    there_too = {"out": "oidc"} if account.subject else {}
    answer = visit.go("login", said=Text(_("已退出登录")), query=there_too)
    cookies.drop(answer, visit.request, COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache"'  # not "storage": marks that wait there to be sent would be lost
    return answer


def _right(visit: Visit, account: Account, password: str) -> bool:
    return passwords.matches(account, password) and may_enter(visit.session, account=account)


def _page(
    visit: Visit, *, after: str, name: str = "", fault: Text | None = None, status: int = 200, out: bool = False
) -> Response:
    with_oidc = bool(settings().oidc_issuer)
    values = {"name": name, "fault": fault, "with_oidc": with_oidc, "out": out and with_oidc}
    return visit.page("login.html", status=status, after=ours(after), **values)
