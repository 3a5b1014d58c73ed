"""The second factor: codes by time (TOTP, RFC 6238), each of which counts once, and codes for a lost device."""

import base64
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlmodel import Session, col, delete, update

from actions import accounts
from actions.accounts import fingerprint
from models.accounts import Account, RecoveryCode
from rules.texts import RuleError, Text, _

STEP_SECONDS: Final = 30
SKEW: Final = 1
"""Steps that a clock may be wrong by, before and after."""

RECOVERY_CODES: Final = 8
RECOVERY_BYTES: Final = 15
"""120 random bits: enough for a fast hash, and 24 letters to write down."""


def begin(session: Session, *, account: Account) -> None:
    """Draw the secret of a second factor that is being set up; it counts once a code of it was given.

    :raises RuleError: when the account has one already.
    """
    if account.totp_since:
        raise RuleError(Text(_("第二重验证已经启用；要换一部设备，请先停用，再重新设置")))
    account.totp_secret = pyotp.random_base32()
    session.add(account)


def address(account: Account, *, issuer: str) -> str:
    """Return the address that an authenticator reads from the picture."""
    return str(pyotp.TOTP(account.totp_secret).provisioning_uri(name=account.login, issuer_name=issuer))


def confirm(session: Session, *, account: Account, code: str, now: datetime) -> list[str]:
    """Put the second factor in force, once a code shows that the device has the secret; returns the recovery codes.

    :raises RuleError: when the code is not right.
    """
    if not account.totp_secret or account.totp_since:
        raise RuleError(Text(_("第二重验证已经启用；要换一部设备，请先停用，再重新设置")))
    if not _takes(session, account, code, now):
        raise RuleError(Text(_("验证码不对；请确认手机时间准确，再输入当前显示的 6 位数字")))
    account.totp_since = now
    session.add(account)
    accounts.record(session, account, "account.second_factor_set", account.login, now, {})
    return renew_codes(session, account=account, now=now)


def proves(session: Session, *, account: Account, code: str, now: datetime) -> bool:
    """Return whether a code of the device or a recovery code is right; it counts once."""
    if not account.totp_since:
        return False
    return _takes(session, account, code, now) or _recovers(session, account, code, now)


def _takes(session: Session, account: Account, code: str, now: datetime) -> bool:
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return False
    totp, present = pyotp.TOTP(account.totp_secret), int(now.timestamp()) // STEP_SECONDS
    for step in range(present - SKEW, present + SKEW + 1):
        if secrets.compare_digest(totp.at(step * STEP_SECONDS), typed):
            return _first_use(session, account, step)
    return False


def _first_use(session: Session, account: Account, step: int) -> bool:
    mine = update(Account).where(col(Account.id) == account.id, col(Account.totp_step) < step)
    return bool(session.execute(mine.values(totp_step=step)).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows


def _recovers(session: Session, account: Account, code: str, now: datetime) -> bool:
    typed = "".join(c for c in code.casefold() if c.isalnum())
    mine = update(RecoveryCode).where(
        col(RecoveryCode.id) == fingerprint(typed),
        col(RecoveryCode.account_id) == account.id,
        col(RecoveryCode.used_at).is_(None),
    )
    if not session.execute(mine.values(used_at=now)).rowcount:  # type: ignore[attr-defined] # see above
        return False
    accounts.record(session, account, "account.recovery_code_used", account.login, now, {})
    return True


def renew_codes(session: Session, *, account: Account, now: datetime) -> list[str]:
    """Return fresh recovery codes, to be shown once; earlier ones are void."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _n in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(id=fingerprint(code), account_id=account.id, made_at=now) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def reset(session: Session, *, account: Account, actor: str, now: datetime) -> bool:
    """Take the second factor away, with its recovery codes; a second time changes nothing."""
    if not account.totp_secret:
        return False
    account.totp_secret, account.totp_since, account.totp_step = "", None, 0
    session.add(account)
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    accounts.record(session, account, "account.second_factor_reset", actor, now, {})
    return True
