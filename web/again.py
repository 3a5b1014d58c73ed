"""Show once more to be the owner of the account: by password, by a code, or at the centre's own sign-in.

A session may lie open on a desk, or be stolen. Deeds of weight ask who is there: a door with ``fresh=True`` for a proof
of the last minutes, a signature for one of its own. What was typed waits meanwhile in the page that asks.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from fastapi import Response
from sqlmodel import Session

from actions import accounts, attempts, passwords, second_factors
from kit.settings import settings
from models.accounts import Account
from rules.texts import Text, _
from web import refusals, tries
from web.visit import Visit

FRESH: Final = timedelta(minutes=10)
"""Who showed it less than this ago is not asked again before a deed of weight."""

JUST_NOW: Final = timedelta(minutes=3)
"""Who shows it at the centre's own sign-in comes back from there; a signature takes a proof that is no older."""

FIELD: Final = "proof"
OURS: Final = frozenset({FIELD, "csrf"})

WRONG: Final = {
    "password": _("密码不对；请重新输入您登录本系统的密码"),
    "code": _("验证码不对，或已经用过；请等手机上显示下一个再输入"),
    "provider": _("还没有在单位统一登录重新登录；请先点“用单位账号确认”，再回到这里"),
    "": _("您的账号还没有设定密码，也没有第二重验证；请系统管理员发给您一个设定密码的链接"),
}


def way(visit: Visit) -> str:
    """Return how whoever asks shows to be the owner: by ``password``, ``code`` or ``provider``; empty: in no way."""
    account = _mine(visit)
    if account.password:
        return "password"
    if account.totp_since:
        return "code"
    return "provider" if account.subject and settings().oidc_issuer else ""


def renew(visit: Visit, session: Session, *, proved: bool = False) -> None:
    """Note that the owner is there, by the second factor if ``proved``; the answer brings the browser a new secret."""
    secret = accounts.renew_session(session, session_id=visit.me.session_id, now=visit.now, proved=proved)
    me, visit.new_secret = visit.me, secret
    visit.who = replace(
        me,
        session_id=accounts.fingerprint(secret),
        shown_at=visit.now,
        has_second_factor=me.has_second_factor or proved,
        proved=me.proved or proved,
    )


def is_fresh(visit: Visit, within: timedelta = FRESH) -> bool:
    """Return whether whoever asks showed lately to be the owner of the account."""
    return visit.now - visit.me.shown_at < within


def fault(visit: Visit) -> Text | None:
    """Return why what was typed shows nothing; ``None``: it does, and the session is fresh from now on."""
    account, how = _mine(visit), way(visit)
    tried = tries.by_code(visit, account)
    if pause := tries.pause(visit, tried):
        return pause
    if _shows(visit, account, how):
        if how != "provider":  # there it was shown a little ago
            renew(visit, visit.session)
        return None
    if how in {"password", "code"}:
        attempts.failed(visit.session, tried=tried, now=visit.now)
        refusals.note(visit.request, how, visit.who)
    return Text(WRONG[how])


def _shows(visit: Visit, account: Account, how: str) -> bool:
    typed = visit.typed.get(FIELD)
    proof = typed if isinstance(typed, str) else ""
    if how == "password":
        return passwords.matches(account, proof)
    if how == "code":
        return second_factors.proves(visit.session, account=account, code=proof, now=visit.now)
    return how == "provider" and is_fresh(visit, JUST_NOW)


def asked(visit: Visit) -> Response | None:
    """Return the page that asks who is there, with what was typed; ``None``: it was shown, the deed may be done.

    Who owes a second factor has come no further than to setting it up, and is not asked before that.
    """
    if is_fresh(visit) or visit.me.owes_proof:
        return None
    said = None
    if FIELD in visit.typed:
        said = fault(visit)
        if said is None:
            return None
    return visit.page("again.html", status=422 if said else 403, how=way(visit), kept=list(_kept(visit)), fault=said)


def _mine(visit: Visit) -> Account:
    return visit.session.get_one(Account, visit.me.account_id)


def _kept(visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield what was typed, to be sent once more with the proof."""
    for name, value in visit.typed.multi_items():
        if name not in OURS and isinstance(value, str):
            yield name, value
