"""Accounts, for administrators: the list, one account, its rights, its way in."""

from typing import Final
from uuid import UUID

from fastapi import Response

from actions import accounts, links, outbox, second_factors
from actions.outbox import Letter
from kit.i18n import in_language
from kit.settings import settings
from messages.invitations import invitation
from models.accounts import Account
from queries import accounts as read
from queries.accounts import Filter
from queries.enrolment import address
from rules.access import ROLES, Act, Role
from rules.texts import RuleError, Text, _
from web import telling
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

PER_PAGE: Final = 50
HOURS: Final = int(links.LASTS.total_seconds() // 3600)
STATES: Final = {
    "": _("全部"),
    "open": _("可以登录"),
    "new": _("还没有设定密码"),
    "closed": _("已停用"),
    "gone": _("本人已离职"),
}


@doors.get("/accounts", act=Act.MANAGE_ACCOUNTS)
def list_accounts(visit: Visit, q: str = "", role: str = "", state: str = "", page: int = 1) -> Response:
    """List the accounts, a page at a time."""
    wanted = Filter(q, role if role in ROLES else "", state if state in STATES else "")
    total = read.count(visit.session, wanted=wanted)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    visit.saw("accounts")
    return visit.page(
        "accounts.html",
        wanted=wanted,
        rows=read.listed(visit.session, wanted=wanted, offset=(page - 1) * PER_PAGE, limit=PER_PAGE),
        total=total,
        number=page,
        pages=pages,
        roles=ROLES,
        states=STATES,
    )


@doors.get("/accounts/new", act=Act.MANAGE_ACCOUNTS)
def new_account(visit: Visit) -> Response:
    """Show where to add an account."""
    return _new(visit)


@doors.post("/accounts/new", act=Act.MANAGE_ACCOUNTS, fresh=True)
def add_account(visit: Visit) -> Response:
    """Add an account and show its link."""
    said = {"login": visit.text("login"), "name": visit.text("name"), "staff_no": visit.text("staff_no")}
    if not said["name"]:
        return _new(visit, fault=Text(_("请填写姓名")), status=422)
    try:
        account = accounts.add(visit.session, **said, roles=_roles(visit), actor=visit.actor, now=visit.now)
    except RuleError as error:
        return _new(visit, fault=error.text, status=422)
    return _link(visit, account)


@doors.get("/accounts/{account_id}", act=Act.MANAGE_ACCOUNTS)
def show_account(visit: Visit, account_id: UUID) -> Response:
    """Show one account and what may be done with it."""
    return _page(visit, _account(visit, account_id))


@doors.post("/accounts/{account_id}/roles", act=Act.MANAGE_ACCOUNTS, fresh=True)
def set_account_roles(visit: Visit, account_id: UUID) -> Response:
    """Give an account other roles."""
    account = _account(visit, account_id)
    try:
        accounts.set_roles(visit.session, account=account, roles=_roles(visit), actor=visit.actor, now=visit.now)
    except RuleError as error:
        return _page(visit, account, fault_at="roles", fault=error.text)
    return _done(visit, account, Text(_("角色已更改，从下一次点击起生效")))


@doors.post("/accounts/{account_id}/describe", act=Act.MANAGE_ACCOUNTS, fresh=True)
def describe_account(visit: Visit, account_id: UUID) -> Response:
    """Say whose account it is."""
    account = _account(visit, account_id)
    said = {"name": visit.text("name"), "staff_no": visit.text("staff_no")}
    try:
        accounts.describe(visit.session, account=account, **said, actor=visit.actor, now=visit.now)
    except RuleError as error:
        return _page(visit, account, fault_at="describe", fault=error.text)
    return _done(visit, account, Text(_("姓名和工号已保存")))


@doors.post("/accounts/{account_id}/link", act=Act.MANAGE_ACCOUNTS, fresh=True)
def make_link(visit: Visit, account_id: UUID) -> Response:
    """Make a one-time link: shown once, or sent by mail."""
    account = _account(visit, account_id)
    try:
        return _link(visit, account)
    except RuleError as error:
        return _page(visit, account, fault_at="link", fault=error.text)


@doors.post("/accounts/{account_id}/close", act=Act.MANAGE_ACCOUNTS)
def close_account(visit: Visit, account_id: UUID) -> Response:
    """Close an account; its sessions end at once."""
    account = _account(visit, account_id)
    try:
        accounts.deactivate(visit.session, account=account, actor=visit.actor, now=visit.now)
    except RuleError as error:
        return _page(visit, account, fault_at="close", fault=error.text)
    return _done(visit, account, Text(_("账号已停用，它的登录都已退出")))


@doors.post("/accounts/{account_id}/open", act=Act.MANAGE_ACCOUNTS, fresh=True)
def open_account(visit: Visit, account_id: UUID) -> Response:
    """Open a closed account again."""
    account = _account(visit, account_id)
    accounts.reactivate(visit.session, account=account, actor=visit.actor, now=visit.now)
    return _done(visit, account, Text(_("账号已恢复，可以登录")))


@doors.post("/accounts/{account_id}/second-factor", act=Act.MANAGE_ACCOUNTS, fresh=True)
def reset_second_factor(visit: Visit, account_id: UUID) -> Response:
    """Take away the second factor of somebody who lost it; their sessions end."""
    account = _account(visit, account_id)
    if second_factors.reset(visit.session, account=account, actor=visit.actor, now=visit.now):
        telling.tell(visit, visit.session, account, "second_factor_reset")
    accounts.end_sessions(visit.session, account=account, actor=visit.actor, now=visit.now)
    if account.id == visit.me.account_id:
        return visit.go("login")
    return _done(visit, account, Text(_("第二重验证已重置，它的登录都已退出")))


@doors.post("/accounts/{account_id}/sessions", act=Act.MANAGE_ACCOUNTS)
def end_account_sessions(visit: Visit, account_id: UUID) -> Response:
    """End every session of an account."""
    account = _account(visit, account_id)
    number = accounts.end_sessions(visit.session, account=account, actor=visit.actor, now=visit.now)
    if account.id == visit.me.account_id:
        return visit.go("login")
    return _done(visit, account, Text(_("已退出 {n} 处登录"), {"n": number}))


def invite(account: Account, secret: str, email: str) -> Letter:
    """Return the letter that brings somebody their link."""
    with in_language(account.language):
        written = invitation(name=account.name, login=account.login, address=address_of(secret), hours=HOURS)
    return Letter(
        key=f"link/{accounts.fingerprint(secret)}",
        kind="account_link",
        recipient=account.staff_no or account.login,
        address=email,
        subject=written.subject,
        body=written.body,
    )


def address_of(secret: str) -> str:
    """Return the address under which a one-time link is opened."""
    return f"{settings().address()}/link/{secret}"


def _account(visit: Visit, account_id: UUID) -> Account:
    found = visit.session.get(Account, account_id)
    if found is None:
        raise NotFoundError(Text(_("没有这个账号")))
    return found


def _roles(visit: Visit) -> set[Role]:
    return {Role(role) for role in visit.texts("role") if role in ROLES}


def _email(visit: Visit, account: Account) -> str:
    return address(visit.session, staff_no=account.staff_no)


def _link(visit: Visit, account: Account) -> Response:
    """Make a link and show it, unless it is to be sent."""
    email = _email(visit, account) if visit.text("mail") else ""
    secret = links.make(visit.session, account=account, actor=visit.actor, now=visit.now)
    if email:
        outbox.write(visit.session, [invite(account, secret, email)], now=visit.now)
        return _done(
            visit, account, Text(_("链接已发往 {email}，{hours} 小时内有效"), {"email": email, "hours": HOURS})
        )
    return visit.page("account_link.html", account=account, address=address_of(secret), hours=HOURS)


def _done(visit: Visit, account: Account, said: Text) -> Response:
    return visit.go("show_account", account_id=account.id, said=said)


def _new(visit: Visit, fault: Text | None = None, status: int = 200) -> Response:
    typed = {name: visit.text(name) for name in ("login", "name", "staff_no")} | {"roles": _roles(visit)}
    return visit.page("account_new.html", status=status, typed=typed, roles=ROLES, fault=fault)


def _page(visit: Visit, account: Account, *, fault_at: str = "", fault: Text | None = None) -> Response:
    roles = read.roles_of(visit.session, account_id=account.id)
    visit.saw("account", subject=account.staff_no or account.login)
    typed = {name: visit.text(name) for name in ("name", "staff_no")}
    described = typed if fault_at == "describe" else {"name": account.name, "staff_no": account.staff_no or ""}
    return visit.page(
        "account_one.html",
        status=409 if fault else 200,
        account=account,
        described=described,
        has=_roles(visit) if fault_at == "roles" else roles,
        mine=account.id == visit.me.account_id,
        may_enter=read.may_enter(visit.session, account=account),
        is_open=len(read.open_sessions(visit.session, account_id=account.id)),
        email=_email(visit, account),
        roles=ROLES,
        hours=HOURS,
        fault_at=fault_at,
        fault=fault,
    )
