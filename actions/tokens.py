"""Tokens of the API: make, revoke, note that one is in use. A token is shown once; only its SHA-256 is kept."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, update

from actions import accounts, history
from models.accounts import Account, ApiToken
from queries import tokens
from rules import scopes as law
from rules.access import Role
from rules.texts import RuleError, Text, _

PREFIX: Final = "jingpin_"
"""What a token begins with, so that people and scanners of repositories recognise it."""


def make(
    session: Session,
    *,
    account: Account,
    roles: Collection[Role],
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    now: datetime,
) -> str:
    """Make a token of one's own account and return it; it cannot be had again.

    :raises RuleError: when name, scopes or expiry are not as they may be.
    """
    name = name.strip()
    if not name or len(name) > law.LONGEST_NAME:
        raise RuleError(Text(_("请填写名称，最多 {limit} 个字，例如“人事系统同步”"), {"limit": law.LONGEST_NAME}))
    chosen = law.wanted(scopes, roles)
    if not now < expires_at <= now + law.LONGEST:
        raise RuleError(Text(_("有效期最短到明天，最长一年")))
    if tokens.alive(session, account_id=account.id, now=now) >= law.MOST:
        raise RuleError(Text(_("最多同时有 {most} 个令牌；请先撤销不用的"), {"most": law.MOST}))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=accounts.fingerprint(secret),
        account_id=account.id,
        name=name,
        scopes=" ".join(chosen),
        made_at=now,
        expires_at=expires_at,
    )
    session.add(token)
    _say(session, account, token, "token.made", now)
    return secret


def revoke(session: Session, *, account: Account, token_id: str, now: datetime) -> bool:
    """Revoke a token of one's own; false when there is none, or it is revoked already."""
    token = session.get(ApiToken, token_id)
    if token is None or token.account_id != account.id or token.revoked_at is not None:
        return False
    token.revoked_at = now
    session.add(token)
    _say(session, account, token, "token.revoked", now)
    return True


def used(session: Session, *, token_id: str, now: datetime) -> None:
    """Note that a token is in use."""
    session.execute(update(ApiToken).where(col(ApiToken.id) == token_id).values(used_at=now))


def _say(session: Session, account: Account, token: ApiToken, deed: str, now: datetime) -> None:
    detail: dict[str, object] = {"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at}
    history.record(
        session,
        chain=history.CENTRE,
        actor=account.login,
        deed=deed,
        now=now,
        subject=account.login,
        detail=detail,
    )
