"""Sign in, sign out."""

from typing import Final

from fastapi import Response

from actions import accounts
from models.accounts import Account
from queries.accounts import by_login
from rules.access import Act
from rules.texts import Text, _
from web.doors import COOKIE, Doors
from web.visit import Visit

doors: Final = Doors()


@doors.get("/login", act=Act.SIGN_IN)
def login(visit: Visit, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show where to sign in; whoever is signed in goes on."""
    if visit.who:
        return visit.go("start")
    return visit.page("login.html", after=_ours(next), name="", fault="")


@doors.post("/login", act=Act.SIGN_IN, name="sign_in")
def sign_in(visit: Visit) -> Response:
    """Sign in by login and password."""
    name, after = visit.text("login"), _ours(visit.text("next"))
    account = by_login(visit.session, login=name)
    password = visit.typed.get("password")
    if not accounts.is_password(account, password if isinstance(password, str) else "") or account is None:
        fault = Text(_("登录名或密码不对；忘记密码时，请系统管理员发给您一个重设链接"))
        return visit.page("login.html", status=401, after=after, name=name, fault=fault)
    agent = visit.request.headers.get("user-agent", "")
    secret = accounts.begin_session(visit.session, account=account, agent=agent, now=visit.now)
    answer = visit.go("start")
    answer.headers["location"] = after
    secure = visit.request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=secure)
    return answer


@doors.post("/logout", act=Act.USE_ACCOUNT)
def logout(visit: Visit) -> Response:
    """Sign out."""
    account = visit.session.get_one(Account, visit.me.account_id)
    accounts.end_session(visit.session, session_id=visit.me.session_id, account=account, now=visit.now)
    answer = visit.go("login", said=Text(_("已退出登录")))
    answer.delete_cookie(COOKIE)
    return answer


def _ours(path: str) -> str:
    """Return a path to go on to, if it is one of ours: never another site's address."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
