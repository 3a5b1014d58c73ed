"""One-time links: by one, somebody chooses a password; shown or sent once, kept as a hash."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, update

from actions import accounts, attempts, history
from actions.accounts import fingerprint
from models.accounts import Account, OneTimeLink
from queries import accounts as read
from rules.texts import RuleError, Text, _

LASTS: Final = timedelta(hours=24)


def make(session: Session, *, account: Account, actor: str, now: datetime) -> str:
    """Return the secret of a new link for an account; earlier ones that were not used are void.

    :raises RuleError: when the account may not sign in.
    """
    if not read.may_enter(session, account=account):
        raise RuleError(Text(_("账号“{login}”已停用或本人已离职，不能发给链接"), {"login": account.login}))
    _void(session, account, now)
    secret = secrets.token_urlsafe(32)
    link = OneTimeLink(
        id=fingerprint(secret), account_id=account.id, made_by=actor, made_at=now, expires_at=now + LASTS
    )
    session.add(link)
    accounts.record(session, account, "account.link_made", actor, now, {})
    return secret


def make_many(session: Session, *, whose: Sequence[Account], actor: str, now: datetime) -> list[tuple[Account, str]]:
    """Return the secret of a new link for each of many accounts that were just made; one entry in the history."""
    made = [(account, secrets.token_urlsafe(32)) for account in whose]
    session.add_all(
        OneTimeLink(id=fingerprint(secret), account_id=account.id, made_by=actor, made_at=now, expires_at=now + LASTS)
        for account, secret in made
    )
    if made:
        said: dict[str, object] = {"n": len(made)}
        history.record(session, chain=history.CENTRE, actor=actor, deed="account.links_made", now=now, detail=said)
    return made


def find(session: Session, *, secret: str, now: datetime) -> tuple[OneTimeLink, Account]:
    """Return a link that may be used now, and whose it is.

    :raises RuleError: when there is no such link, or it was used or has expired: says what to do.
    """
    link = session.get(OneTimeLink, fingerprint(secret))
    if link is None:
        raise RuleError(Text(_("没有这个链接；请检查是否复制完整，或请系统管理员再发一个")))
    if link.used_at:
        raise RuleError(Text(_("这个链接已经用过，或已被新的链接代替；请直接登录，或请系统管理员再发一个")))
    account = session.get_one(Account, link.account_id)
    if link.expires_at <= now or not read.may_enter(session, account=account):
        raise RuleError(Text(_("这个链接已经过期；请系统管理员再发一个")))
    return link, account


def use(session: Session, *, link: OneTimeLink, account: Account, now: datetime) -> None:
    """Use a link up: every session of the account ends, and no browser is known any more.

    :raises RuleError: when somebody was faster.
    """
    mine = update(OneTimeLink).where(col(OneTimeLink.id) == link.id, col(OneTimeLink.used_at).is_(None))
    if not session.execute(mine.values(used_at=now)).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        raise RuleError(Text(_("这个链接已经用过，或已被新的链接代替；请直接登录，或请系统管理员再发一个")))
    accounts.end_sessions(session, account=account, actor=account.login, now=now)
    attempts.forget_devices(session, account=account)


def _void(session: Session, account: Account, now: datetime) -> None:
    open_ones = update(OneTimeLink).where(col(OneTimeLink.account_id) == account.id, col(OneTimeLink.used_at).is_(None))
    session.execute(open_ones.values(used_at=now))
