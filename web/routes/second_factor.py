"""The second factor of one's own account: set it up, give a code, recover, take it away."""

from typing import Final

import segno
from fastapi import Response
from fastapi.responses import RedirectResponse

from actions import accounts, attempts, second_factors
from kit.i18n import gettext
from models.accounts import Account
from queries.accounts import recovery_codes_left
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import again, refusals, telling, tries
from web.doors import Doors
from web.visit import Visit, ours

doors: Final = Doors()


@doors.get("/account/second-factor", act=Act.USE_ACCOUNT, unproved=True)
def second_factor(visit: Visit, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show how to set up the second factor, where to give its code, or how it stands."""
    return _page(visit, after=next)


@doors.post("/account/second-factor/begin", act=Act.USE_ACCOUNT, unproved=True, fresh=True)
def begin_second_factor(visit: Visit) -> Response:
    """Draw a secret and show it."""
    second_factors.begin(visit.session, account=_mine(visit))
    return visit.go("second_factor", query={"next": ours(visit.text("next"))})


@doors.post("/account/second-factor/confirm", act=Act.USE_ACCOUNT, unproved=True, fresh=True)
def confirm_second_factor(visit: Visit) -> Response:
    """Put the second factor in force and show the recovery codes, once."""
    account = _mine(visit)
    if pause := tries.pause(visit, tries.by_code(visit, account)):
        return _page(visit, fault=pause, status=429)
    try:
        codes = second_factors.confirm(visit.session, account=account, code=visit.text("code"), now=visit.now)
    except RuleError as error:
        _failed(visit, account)
        return _page(visit, fault=error.text, status=422)
    again.renew(visit, visit.session, proved=True)
    telling.tell(visit, visit.session, account, "second_factor_on")
    return visit.page("recovery_codes.html", codes=codes)


@doors.post("/account/second-factor/prove", act=Act.USE_ACCOUNT, unproved=True)
def prove_second_factor(visit: Visit) -> Response:
    """Take a code, and let whoever gave it go on."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    again.renew(visit, visit.session, proved=True)
    return RedirectResponse(ours(visit.text("next")), status_code=303)


@doors.post("/account/second-factor/codes", act=Act.USE_ACCOUNT)
def renew_recovery_codes(visit: Visit) -> Response:
    """Show fresh recovery codes, once; earlier ones are void."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    codes = second_factors.renew_codes(visit.session, account=account, now=visit.now)
    return visit.page("recovery_codes.html", codes=codes)


@doors.post("/account/second-factor/off", act=Act.USE_ACCOUNT)
def end_second_factor(visit: Visit) -> Response:
    """Take the second factor away; who has to have one sets up another at once."""
    account = _mine(visit)
    if fault := _not_proved(visit, account):
        return _page(visit, fault=fault, status=422)
    second_factors.reset(visit.session, account=account, actor=visit.actor, now=visit.now)
    accounts.unprove_sessions(visit.session, account=account)
    telling.tell(visit, visit.session, account, "second_factor_off")
    return visit.go("second_factor", said=Text(_("第二重验证已停用，恢复码一并作废")))


def _mine(visit: Visit) -> Account:
    return visit.session.get_one(Account, visit.me.account_id)


def _failed(visit: Visit, account: Account) -> None:
    attempts.failed(visit.session, tried=tries.by_code(visit, account), now=visit.now)
    refusals.note(visit.request, "code", visit.who)


def _not_proved(visit: Visit, account: Account) -> Text | None:
    """Return why a code does not count; ``None``: it does."""
    if pause := tries.pause(visit, tries.by_code(visit, account)):
        return pause
    if second_factors.proves(visit.session, account=account, code=visit.text("code"), now=visit.now):
        return None
    _failed(visit, account)
    return Text(_("验证码不对，或已经用过；请等手机上显示下一个再输入"))


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
        has_to=visit.me.needs_second_factor,
        left=recovery_codes_left(visit.session, account_id=account.id),
        fault=fault,
    )
