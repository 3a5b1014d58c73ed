"""Accounts: make, change, sign in, sign out. Secrets of ours are kept as SHA-256, passwords as argon2id."""

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, delete, select, update

from actions import history, passwords
from models.accounts import Account, AccountRole, SignedIn
from queries import accounts
from rules import access
from rules.access import Role
from rules.texts import RuleError, Text, _


def fingerprint(secret: str) -> str:
    """Return the SHA-256 under which a secret of ours is kept: it has 256 random bits, so nothing slower is needed."""
    return sha256(secret.encode()).hexdigest()


def add(
    session: Session,
    *,
    login: str,
    name: str,
    roles: Collection[Role],
    actor: str,
    now: datetime,
    staff_no: str | None = None,
    password: str = "",
) -> Account:
    """Add an account.

    :raises RuleError: when the login or the staff number is taken, or the roles do not go together.
    """
    login = login.strip().casefold()
    if not login:
        raise RuleError(Text(_("请填写登录名")))
    if len(login) > accounts.LONGEST_LOGIN:
        raise RuleError(Text(_("登录名最多 {n} 个字符"), {"n": accounts.LONGEST_LOGIN}))
    if accounts.by_login(session, login=login):
        raise RuleError(login_taken(login))
    if problem := access.clash(roles):
        raise RuleError(problem)
    _require_free(session, staff_no)
    account = Account(login=login, name=name.strip() or login, staff_no=staff_no or None, made_at=now)
    if password:
        passwords.put(session, account=account, password=password)
    session.add(account)
    session.flush()
    session.add_all(AccountRole(account_id=account.id, role=role.value) for role in roles)
    record(session, account, "account.added", actor, now, {"roles": sorted(roles)})
    return account


def begin_session(
    session: Session,
    *,
    account: Account,
    agent: str,
    now: datetime,
    proved: bool = False,
    shown_at: datetime | None = None,
    new_device: bool = False,
) -> str:
    """Sign an account in and return the secret for its cookie; its owner showed to be there now, or earlier."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            id=fingerprint(secret),
            account_id=account.id,
            csrf=secrets.token_urlsafe(32),
            agent=agent[:200],
            began_at=now,
            seen_at=now,
            shown_at=shown_at or now,
            proved_at=now if proved else None,
        )
    )
    record(session, account, "account.signed_in", account.login, now, {"device": "new"} if new_device else {})
    return secret


def renew_session(session: Session, *, session_id: str, now: datetime, proved: bool = False) -> str:
    """Note that the owner of the account showed to be there, by the second factor if ``proved``.

    Returns the new secret of the session, whose old one is worth nothing.
    """
    secret = secrets.token_urlsafe(32)
    values = {"id": fingerprint(secret), "seen_at": now, "shown_at": now} | ({"proved_at": now} if proved else {})
    session.execute(update(SignedIn).where(col(SignedIn.id) == session_id).values(**values))
    return secret


def unprove_sessions(session: Session, *, account: Account) -> None:
    """Let every session of an account owe a code of the second factor again."""
    session.execute(update(SignedIn).where(col(SignedIn.account_id) == account.id).values(proved_at=None))


def seen(session: Session, *, session_id: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(SignedIn).where(col(SignedIn.id) == session_id).values(seen_at=now))


def end_session(session: Session, *, session_id: str, account: Account, now: datetime) -> bool:
    """Sign a session of an account out; a second time changes nothing."""
    mine = update(SignedIn).where(
        col(SignedIn.id) == session_id, col(SignedIn.account_id) == account.id, col(SignedIn.ended_at).is_(None)
    )
    ended = bool(session.execute(mine.values(ended_at=now)).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
    if ended:
        record(session, account, "account.signed_out", account.login, now, {})
    return ended


def end_sessions(session: Session, *, account: Account, actor: str, now: datetime, but: str = "") -> int:
    """End every session of an account, but for one; returns how many there were."""
    theirs = update(SignedIn).where(
        col(SignedIn.account_id) == account.id, col(SignedIn.ended_at).is_(None), col(SignedIn.id) != but
    )
    number = int(session.execute(theirs.values(ended_at=now)).rowcount)  # type: ignore[attr-defined] # see above
    if number:
        record(session, account, "account.sessions_ended", actor, now, {"n": number})
    return number


def set_roles(session: Session, *, account: Account, roles: Collection[Role], actor: str, now: datetime) -> bool:
    """Give an account exactly these roles; they count from the next click on, also for who is signed in.

    :raises RuleError: when the roles do not go together, or no administrator would be left.
    """
    if problem := access.clash(roles):
        raise RuleError(problem)
    before = accounts.roles_of(session, account_id=account.id)
    if before == set(roles):
        return False
    if Role.ADMIN in before and Role.ADMIN not in roles:
        _require_another_administrator(session, account, actor)
    session.execute(delete(AccountRole).where(col(AccountRole.account_id) == account.id))
    session.add_all(AccountRole(account_id=account.id, role=role.value) for role in roles)
    record(session, account, "account.roles_set", actor, now, {"before": sorted(before), "after": sorted(roles)})
    return True


def describe(session: Session, *, account: Account, name: str, staff_no: str | None, actor: str, now: datetime) -> bool:
    """Say who an account belongs to: name and staff number.

    :raises RuleError: when there is no name, or the number is another's.
    """
    name, staff_no = name.strip(), (staff_no or "").strip() or None
    if not name:
        raise RuleError(Text(_("请填写姓名")))
    if (account.name, account.staff_no) == (name, staff_no):
        return False
    if staff_no != account.staff_no:
        _require_free(session, staff_no)
    before = [account.name, account.staff_no]
    account.name, account.staff_no = name, staff_no
    session.add(account)
    record(session, account, "account.described", actor, now, {"before": before, "after": [name, staff_no]})
    return True


def deactivate(session: Session, *, account: Account, actor: str, now: datetime) -> bool:
    """Close an account: it cannot sign in any more, and its sessions end at once; a second time changes nothing.

    :raises RuleError: when it is one's own, or no administrator would be left.
    """
    if not account.active:
        return False
    if account.login == actor:
        raise RuleError(Text(_("不能停用自己的账号；请另一位系统管理员操作")))
    if Role.ADMIN in accounts.roles_of(session, account_id=account.id):
        _require_another_administrator(session, account, actor)
    account.active = False
    session.add(account)
    end_sessions(session, account=account, actor=actor, now=now)
    record(session, account, "account.deactivated", actor, now, {})
    return True


def reactivate(session: Session, *, account: Account, actor: str, now: datetime) -> bool:
    """Open an account again; a second time changes nothing."""
    if account.active:
        return False
    account.active = True
    session.add(account)
    record(session, account, "account.reactivated", actor, now, {})
    return True


def set_language(session: Session, *, account: Account, language: str) -> None:
    """Speak to an account in another language from now on; a matter of taste, which no history names."""
    account.language = language
    session.add(account)


def know_as(session: Session, *, account: Account, subject: str, actor: str, now: datetime) -> None:
    """Keep by which name the centre's own sign-in knows an account: from now on only that one opens it."""
    account.subject = subject
    session.add(account)
    record(session, account, "account.subject_set", actor, now, {"subject": subject})


def _require_another_administrator(session: Session, account: Account, actor: str) -> None:
    """Refuse that the last administrator goes, or that one takes the right from oneself.

    :raises RuleError: says what to do instead.
    """
    if account.login == actor:
        raise RuleError(Text(_("不能取消自己的系统管理员角色；请另一位系统管理员操作")))
    session.exec(select(AccountRole).where(AccountRole.role == Role.ADMIN.value).with_for_update()).all()
    if not [a for a in accounts.administrators(session) if a.id != account.id]:
        raise RuleError(Text(_("“{login}”是唯一的系统管理员；请先指定另一位"), {"login": account.login}))


def _require_free(session: Session, staff_no: str | None) -> None:
    other = accounts.by_staff_no(session, staff_no=staff_no) if staff_no else None
    if other:
        raise RuleError(Text(_("工号“{no}”已属于账号“{login}”"), {"no": staff_no, "login": other.login}))


def login_taken(login: str) -> Text:
    """Return that somebody else has a login."""
    return Text(_("登录名“{login}”已经有人使用"), {"login": login})


def record(  # noqa: PLR0917 - said in one breath at each call
    session: Session, account: Account, deed: str, actor: str, now: datetime, detail: dict[str, object]
) -> None:
    """Write a deed that concerns an account into the centre's history."""
    history.record(session, chain=history.CENTRE, actor=actor, deed=deed, now=now, subject=account.login, detail=detail)
