"""Whom the API lets in: a living token, for this act and scope, not asked with too often, nor with too much."""

from datetime import datetime
from typing import Final

from fastapi import Request

from actions import accounts
from models.database import reading
from queries.tokens import Bearer, bearer
from rules import access
from rules.access import Act
from rules.scopes import Scope
from rules.texts import Text, _
from web import tries
from web.api.faults import ApiError, no_scope, not_authenticated
from web.api.limits import Buckets
from web.faults import ForbiddenError

MOST_BYTES: Final = 4 * 1024**2
LONGEST_TOKEN: Final = 200

ASKED: Final = Buckets(per_minute=600)
"""Requests a minute of one token."""

FAILED: Final = Buckets(per_minute=60)
"""Requests a minute of one address without a good token."""


def admitted(request: Request, act: Act, scope: Scope, *, now: datetime) -> Bearer:
    """Return who asks.

    :raises ApiError: when the token is none, dead, used too often, or not for this.
    :raises ForbiddenError: when the account's roles do not allow the act.
    """
    kind, _blank, secret = request.headers.get("authorization", "").partition(" ")
    token_id = accounts.fingerprint(secret.strip()) if kind.lower() == "bearer" and len(secret) < LONGEST_TOKEN else ""
    with reading() as session:
        who = bearer(session, token_id=token_id, now=now) if token_id else None
    if who is None:
        _require_patience(FAILED.wait(tries.address(request), now=now))
        raise not_authenticated()
    _require_patience(ASKED.wait(who.token_id, now=now))
    if scope not in who.scopes:
        raise no_scope(scope)
    if access.reach(act, who.roles) is None:
        raise ForbiddenError(act, access.refusal(act))
    return who


def _require_patience(seconds: int) -> None:
    if seconds:
        text = Text(_("请求太频繁；请在 {seconds} 秒后再试"), {"seconds": seconds})
        raise ApiError("too_many_requests", text, headers={"Retry-After": str(seconds)})


def require_size(request: Request) -> None:
    """Refuse a body that does not say its size, or a larger one than anything here takes.

    :raises ApiError: says which.
    """
    if "transfer-encoding" in request.headers:
        raise ApiError("length_required", Text(_("请写明内容的长度（Content-Length），不要分块发送")))
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > MOST_BYTES:
        raise ApiError("too_large", Text(_("提交的内容太大；请分几次提交")))
