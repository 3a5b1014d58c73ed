"""Tokens of one's own account, for programs that use the API in one's name."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Response

from actions import tokens
from kit.i18n import gettext
from models.accounts import Account, ApiToken
from queries import tokens as reads
from rules import scopes as law
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import telling
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()

ZONE: Final = "Asia/Shanghai"
USUAL_DAYS: Final = 90


@doors.get("/account/tokens", act=Act.USE_ACCOUNT, name="tokens")
def own_tokens(visit: Visit) -> Response:
    """Show one's tokens, and how to make one."""
    return _page(visit)


def _page(
    visit: Visit,
    *,
    status: int = 200,
    fault: Text | None = None,
    typed: dict[str, str] | None = None,
    ticked: list[str] | None = None,
    secret: str = "",
) -> Response:
    mine = reads.of_account(visit.session, account_id=visit.me.account_id)
    until = (visit.now + timedelta(days=USUAL_DAYS)).astimezone(ZoneInfo(ZONE)).date().isoformat()
    return visit.page(
        "tokens.html",
        status=status,
        tokens=[(t, _state(t, visit.now), _last_day(t)) for t in mine],
        scopes=[(str(scope), gettext(law.SCOPES[scope])) for scope in law.useful(visit.me.roles)],
        words={str(scope): gettext(word) for scope, word in law.SCOPES.items()},
        fault=fault,
        typed=typed or {"name": "", "until": until},
        ticked=ticked or [],
        secret=secret,
        zone=ZONE,
    )


def _last_day(token: ApiToken) -> date:
    return (token.expires_at - timedelta(microseconds=1)).astimezone(ZoneInfo(ZONE)).date()


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at:
        return "revoked"
    return "alive" if token.expires_at > now else "expired"


@doors.post("/account/tokens", act=Act.USE_ACCOUNT, fresh=True)
def make_token(visit: Visit) -> Response:
    """Make a token and show it, this once."""
    typed = {"name": visit.text("name"), "until": visit.text("until")}
    ticked = visit.texts("scope")
    account = visit.session.get_one(Account, visit.me.account_id)
    try:
        secret = tokens.make(
            visit.session,
            account=account,
            roles=visit.me.roles,
            name=typed["name"],
            scopes=ticked,
            expires_at=_end_of(typed["until"]),
            now=visit.now,
        )
    except RuleError as error:
        return _page(visit, status=422, fault=error.text, typed=typed, ticked=ticked)
    telling.tell(visit, visit.session, account, "token")
    visit.session.flush()
    return _page(visit, secret=secret)


def _end_of(day: str) -> datetime:
    try:
        last = date.fromisoformat(day)
        return datetime.combine(last + timedelta(days=1), time(), tzinfo=ZoneInfo(ZONE))
    except (ValueError, OverflowError):
        raise RuleError(Text(_("“{text}”不是日期；请写成 2026-10-21"), {"text": day[:40]})) from None


@doors.post("/account/tokens/revoke", act=Act.USE_ACCOUNT)
def revoke_token(visit: Visit) -> Response:
    """Revoke a token of one's own; a second click changes nothing."""
    account = visit.session.get_one(Account, visit.me.account_id)
    done = tokens.revoke(visit.session, account=account, token_id=visit.text("token"), now=visit.now)
    said = Text(_("已撤销，用它的程序立即不能再访问")) if done else Text(_("这个令牌已经撤销，或不是您的"))
    return visit.go("tokens", said=said)
