"""The second factor of one's own account: set it up, give a code, recover, take it away."""

from dataclasses import replace
from typing import Final

import segno
from fastapi import Response
from fastapi.responses import RedirectResponse

from actions import accounts, attempts, second_factors
from kit.i18n import gettext
from models.accounts import Account
from queries.accounts import recovery_codes_left
from rules.access import Act, Role
from rules.texts import RuleError, Text, _
from web import cookies, entering
from web.doors import COOKIE, Doors
from web.looks import clock_time
from web.visit import Visit, ours

doors: Final = Doors()


@doors.get("/account/second-factor", act=Act.USE_ACCOUNT, unproved=True)
def second_factor(visit: Visit, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show how to set up the second factor, where to give its code, or how it stands."""
    return _page(visit, after=next)


@doors.post("/account/second-factor/begin", act=Act.USE_ACCOUNT, unproved=True)
def begin_second_factor(visit: Visit) -> Response:
    """Draw a secret and show it."""
    second_factors.begin(visit.session, account=_mine(visit))
    return visit.go("second_factor", query={"next": ours(visit.text("next"))})


@doors.post("/account/second-factor/confirm", act=Act.USE_ACCOUNT, unproved=True)
def confirm_second_factor(visit: Visit) -> Response:
    """Put the second factor in force and show the recovery codes, once."""
    account = _mine(visit)
    if fault := _waits(visit, account):
        return _page(visit, fault=fault, status=429)
    try:
        codes = second_factors.confirm(visit.session, account=account, code=visit.text("code"), now=visit.now)
    except RuleError as error:
        _failed(visit, account)
        return _page(visit, fault=error.text, status=422)
    return _codes(visit, codes, secret=_prove(visit))


@doors.post("/account/second-factor/prove", act=Act.USE_ACCOUNT, unproved=True)
def prove_second_factor(visit: Visit) -> Response:
    """Take a code, and let whoever gave it go on."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    answer = RedirectResponse(ours(visit.text("next")), status_code=303)
    cookies.keep(answer, visit.request, COOKIE, _prove(visit))
    return answer


@doors.post("/account/second-factor/codes", act=Act.USE_ACCOUNT)
def renew_recovery_codes(visit: Visit) -> Response:
    """Show fresh recovery codes, once; earlier ones are void."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    return _codes(visit, second_factors.renew_codes(visit.session, account=account, now=visit.now))


@doors.post("/account/second-factor/off", act=Act.USE_ACCOUNT)
def end_second_factor(visit: Visit) -> Response:
    """Take the second factor away; an administrator has to set up another at once."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    second_factors.reset(visit.session, account=account, actor=visit.actor, now=visit.now)
    accounts.unprove_sessions(visit.session, account=account)
    return visit.go("second_factor", said=Text(_("第二重验证已停用，恢复码一并作废")))


def _mine(visit: Visit) -> Account:
    return visit.session.get_one(Account, visit.me.account_id)


def _prove(visit: Visit) -> str:
    secret = accounts.prove_session(visit.session, session_id=visit.me.session_id, now=visit.now)
    visit.who = replace(visit.me, session_id=accounts.fingerprint(secret), proved=True, has_second_factor=True)
    return secret


def _waits(visit: Visit, account: Account) -> Text | None:
    tried = attempts.of_code(account, address=entering.address(visit.request))
    until = attempts.wait_until(visit.session, tried=tried, now=visit.now)
    return Text(_("失败的次数太多；请在 {time} 以后再试"), {"time": clock_time(until)}) if until else None


def _failed(visit: Visit, account: Account) -> None:
    tried = attempts.of_code(account, address=entering.address(visit.request))
    attempts.failed(visit.session, tried=tried, now=visit.now)


def _not_proved(visit: Visit, account: Account) -> Text | None:
    """Return why a code does not count; ``None``: it does."""
    if fault := _waits(visit, account):
        return fault
    if second_factors.proves(visit.session, account=account, code=visit.text("code"), now=visit.now):
        return None
    _failed(visit, account)
    return Text(_("验证码不对，或已经用过；请等手机上显示下一个再输入"))


def _codes(visit: Visit, codes: list[str], *, secret: str = "") -> Response:
    answer = visit.page("recovery_codes.html", codes=codes)
    if secret:
        cookies.keep(answer, visit.request, COOKIE, secret)
    return answer


def _page(visit: Visit, *, after: str = "", fault: Text | None = None, status: int = 200) -> Response:
    account = _mine(visit)
    issuer = gettext("竞聘系统")
    setting_up = bool(account.totp_secret) and account.totp_since is None
    address = second_factors.address(account, issuer=issuer) if setting_up else ""
    picture = (
        segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff") if address else ""
    )
    return visit.page(
        "second_factor.html",
        status=status,
        after=ours(after or visit.text("next")),
        account=account,
        picture=picture,
        address=address,
        has_to=visit.is_role(Role.ADMIN),
        left=recovery_codes_left(visit.session, account_id=account.id),
        fault=fault,
    )
