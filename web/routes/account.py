"""One's own account: password, sessions; the language is chosen in ``web.routes.look``."""

import json
from datetime import timedelta
from typing import Final

from fastapi import Response

from actions import accounts, attempts, passwords
from actions.accounts import fingerprint
from kit.settings import settings
from models.accounts import Account
from models.history import Entry
from queries.accounts import events, recovery_codes_left, sessions
from queries.attempts import by_strangers
from rules import deeds
from rules.access import ROLES, Act
from rules.passwords import SHORTEST
from rules.texts import RuleError, Text, _
from web import refusals, telling, tries
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()

LOOKED_BACK: Final = timedelta(days=30)
MOST_EVENTS: Final = 20


@doors.get("/account", act=Act.USE_ACCOUNT)
def account(visit: Visit) -> Response:
    """Show one's own account."""
    return _page(visit)


@doors.post("/account/password", act=Act.USE_ACCOUNT)
def change_password(visit: Visit) -> Response:
    """Change one's password, which has to be known; every other session ends."""
    mine, (old, new, again) = _mine(visit), (visit.typed.get(name) for name in ("old", "password", "again"))
    tried = tries.by_password(visit, login=mine.login, account=mine)
    if pause := tries.pause(visit, tried):
        return _page(visit, fault_at="old", fault=pause, status=429)
    if not (isinstance(old, str) and passwords.matches(mine, old)):
        attempts.failed(visit.session, tried=tried, now=visit.now)
        refusals.note(visit.request, "password", visit.who)
        return _page(visit, fault_at="old", fault=Text(_("原密码不对")), status=422)
    if not isinstance(new, str) or new != again:
        return _page(visit, fault_at="again", fault=Text(_("两次输入的密码不一样；请重新输入")), status=422)
    try:
        passwords.choose(visit.session, account=mine, password=new, now=visit.now)
    except RuleError as error:
        return _page(visit, fault_at="password", fault=error.text, status=422)
    _end_others(visit, mine)
    telling.tell(visit, visit.session, mine, "password")
    return visit.go("account", said=Text(_("密码已更换；其他地方的登录都已退出")))


@doors.post("/account/sessions/end", act=Act.USE_ACCOUNT)
def end_own_session(visit: Visit) -> Response:
    """Sign out elsewhere: one session, or all but this one."""
    mine, named = _mine(visit), visit.text("session")
    if named and named != visit.me.session_id:
        accounts.end_session(visit.session, session_id=named, account=mine, now=visit.now)
    elif not named:
        _end_others(visit, mine)
    return visit.go("account", said=Text(_("已退出所选的登录")))


def _mine(visit: Visit) -> Account:
    return visit.session.get_one(Account, visit.me.account_id)


def _end_others(visit: Visit, mine: Account) -> None:
    accounts.end_sessions(visit.session, account=mine, actor=visit.actor, now=visit.now, but=visit.me.session_id)


def _happened(entry: Entry) -> Text:
    """Say what happened to one's account."""
    if entry.deed == "account.signed_in" and json.loads(entry.detail).get("device") == "new":
        return Text(_("在一台新的电脑或手机上登录"))
    return deeds.said(entry.deed)


def _page(visit: Visit, *, fault_at: str = "", fault: Text | None = None, status: int = 200) -> Response:
    mine, session = _mine(visit), visit.session
    idle = timedelta(minutes=settings().session_idle_minutes)
    since = visit.now - LOOKED_BACK
    return visit.page(
        "account.html",
        status=status,
        account=mine,
        roles=[ROLES[role] for role in sorted(visit.me.roles)],
        sessions=sessions(session, account_id=mine.id, now=visit.now, idle=idle),
        strangers=by_strangers(session, login=fingerprint(mine.login), since=since),
        left=recovery_codes_left(session, account_id=mine.id),
        events=[(e, _happened(e)) for e in events(session, login=mine.login, since=since, limit=MOST_EVENTS)],
        shortest=SHORTEST,
        fault_at=fault_at,
        fault=fault,
    )
