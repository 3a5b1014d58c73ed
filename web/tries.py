"""Tries to show who one is: what each is counted as, and what is said to who has to wait."""

from datetime import datetime
from typing import Final

from fastapi import Request

from actions import attempts
from actions.attempts import Try
from models.accounts import Account
from rules.texts import Text, _
from web import cookies, refusals
from web.looks import clock_time
from web.visit import Visit

DEVICE: Final = "jingpin_device"


def address(request: Request) -> str:
    """Return the network address from which somebody comes; what a proxy says counts only if it is trusted."""
    return request.client.host if request.client else ""


def by_password(visit: Visit, *, login: str, account: Account | None) -> Try:
    """Return what a try by password counts as."""
    known = cookies.read(visit.request, DEVICE)
    return attempts.described(visit.session, login=login, account=account, address=address(visit.request), cookie=known)


def by_code(visit: Visit, account: Account) -> Try:
    """Return what a try counts as that somebody makes who is signed in: by a code, or by the password once more."""
    return attempts.of_code(account, address=address(visit.request))


def pause(visit: Visit, tried: Try) -> Text | None:
    """Return until when whoever tries has to wait, and what is not hindered; ``None``: it may be tried now."""
    until = attempts.wait_until(visit.session, tried=tried, now=visit.now)
    if until is None:
        return None
    refusals.note(visit.request, "paused", visit.who)
    return _waiting(until, visit.now, known=bool(tried.device))


def _waiting(until: datetime, now: datetime, *, known: bool) -> Text:
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    said = {"time": clock_time(until), "minutes": minutes}
    if known:
        return Text(_("失败的次数太多；请在 {time} 以后再试（约 {minutes} 分钟）"), said)
    return Text(_("失败的次数太多；请在 {time} 以后再试（约 {minutes} 分钟）。在您登录过的电脑或手机上不受影响"), said)
