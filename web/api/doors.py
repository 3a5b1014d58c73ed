"""Doors of the API: each operation names an act of ``rules.access`` and a scope; only a bearer's token opens it.

The token is looked at before anything else of a request is read. A cookie is never looked at, so nothing here can be
done from another site's page, and no token against forgery is needed.
"""

import functools
import hashlib
import inspect
import re
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from actions import accounts, answers, tokens, viewings
from kit.canonical import digest, json_text
from kit.i18n import in_language
from models.database import reading, transaction
from models.rounds import Round
from queries.tokens import Bearer, bearer
from rules import access
from rules.access import Act, Reach
from rules.scopes import Scope
from rules.texts import Text, _
from web import tries
from web.api.faults import KINDS, MEDIA_TYPE, ApiError, InvalidError, language_of, no_scope, not_authenticated
from web.api.limits import Buckets
from web.asking import Asking
from web.doors import act_of
from web.downloads import attachment
from web.faults import ForbiddenError
from web.visit import instant

PREFIX: Final = "/api/v1"
MOST_BYTES: Final = 4 * 1024**2
NOTED: Final = timedelta(minutes=1)
LONGEST_TOKEN: Final = 200

ASKED: Final = Buckets(per_minute=600)
"""Requests a minute of one token."""

FAILED: Final = Buckets(per_minute=60)
"""Requests a minute of one address without a good token."""

ALWAYS: Final = ("not_authenticated", "forbidden", "scope_missing", "invalid", "too_many_requests")
OF_WRITING: Final = ("length_required", "too_large", "key_reused")
"""What every operation, and every one that writes, may be refused for; see ``faults.KINDS``."""

KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
"""What an idempotency key may be."""

_KEY_HEADER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": _("同一个键的同一请求，一天之内只执行一次，再次提交得到同样的回答"),
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    "example": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
}


@dataclass(slots=True)
class Call(Asking):
    """One request by a program; ``reach`` says how far the act reaches for the account."""

    request: Request
    session: Session
    reach: Reach
    bearer: Bearer
    now: datetime
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def actor(self) -> str:
        """Return whom the history names."""
        return self.bearer.login

    def saw(self, page: str, *, the_round: Round | None = None, subject: str = "") -> None:
        """Note that something personal was handed out."""
        self.seen.append((f"api.{page}", the_round.code if the_round else "", subject))

    def answer(self, body: BaseModel, *, status: int = 200, tag: str = "") -> Response:
        """Return an answer; with a ``tag`` (see ``etag``), one that has not changed since is not sent again."""
        if tag and self.knows(tag):
            return self.unchanged(tag)
        headers = {"ETag": tag} if tag else {}
        return JSONResponse(body.model_dump(mode="json"), status_code=status, headers=headers)

    def knows(self, tag: str) -> bool:
        """Return whether whoever asks has this version already."""
        return self.request.method == "GET" and _among(self.request.headers.get("if-none-match", ""), tag)

    def unchanged(self, tag: str) -> Response:
        """Return the answer to who has this version already."""
        return Response(status_code=304, headers={"ETag": tag})

    def file(self, content: bytes, *, name: str, media_type: str) -> Response:
        """Return a file, with its hash as its version."""
        tag = f'"{digest(content)}"'
        if self.knows(tag):
            return self.unchanged(tag)
        answer = attachment(content, name=name, media_type=media_type)
        answer.headers["ETag"] = tag
        return answer

    def require_unchanged(self, tag: str) -> None:
        """Refuse to write over what was changed since it was read.

        :raises ApiError: when the request says no version, or an older one.
        """
        said = self.request.headers.get("if-match", "")
        if not said:
            text = Text(_("这里已有不同的内容；请先读取，再带上 If-Match 提交"))
            raise ApiError("precondition_required", text, where="header.if-match")
        if not _among(said, tag):
            text = Text(_("读取之后这里的内容已被更改；请重新读取"))
            raise ApiError("precondition_failed", text, where="header.if-match")


def etag(*parts: object) -> str:
    """Return the version of some content: the same for the same content."""
    return f'"{hashlib.sha256(json_text(parts).encode()).hexdigest()[:32]}"'


def _among(said: str, tag: str) -> bool:
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in said.split(","))


class _Route(APIRoute):
    """A route that looks at the token before it reads anything else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()
        act, scope = act_of(self), getattr(self.endpoint, "scope", None)

        async def handler(request: Request) -> Response:
            if act is not None and scope is not None:
                request.state.bearer = await run_in_threadpool(_admitted, request, act, scope)
                _require_size(request)
                request.state.body = await request.body()
            return await handle(request)

        return handler


class ApiDoors(APIRouter):
    """A router of the API whose every operation names an act and a scope."""

    def __init__(self, tag: str) -> None:
        super().__init__(prefix=PREFIX, route_class=_Route, tags=[tag])

    def door(
        self,
        method: str,
        path: str,
        *,
        act: Act,
        scope: Scope,
        says: str,
        answer: type[BaseModel] | None = None,
        media_type: str = "application/json",
        refusals: tuple[str, ...] = (),
        status: tuple[int, ...] = (200,),
        tagged: bool = False,
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Open an operation to programs whose account may do an act and whose token is for it.

        ``says`` is what it does, in a sentence or two, ``refusals`` are codes of ``faults.KINDS``; without an
        ``answer`` it hands out a file of ``media_type``.
        """

        def opened(call: Callable[..., Response]) -> Callable[..., Response]:
            writes = method != "GET"
            told = _refusals({*ALWAYS, *refusals, *(OF_WRITING if writes else ())})
            told |= {code: {"model": answer, "description": _("完成")} for code in status[1:]}
            if tagged and method == "GET":
                told[304] = {"description": _("没有变化")}
            if answer is None:
                file = {"schema": {"type": "string", "format": "binary"}}
                told[200] = {"description": _("完成"), "content": {media_type: file}}
            extra: dict[str, Any] = {"security": [{"bearer": [str(scope)]}], "x-scope": str(scope)}
            if writes:
                extra["parameters"] = [_KEY_HEADER]
            self.add_api_route(
                path,
                _entered(call, act, scope),
                methods=[method],
                name=f"api_{call.__name__}",
                operation_id=call.__name__,
                summary=says,
                description=says,
                response_model=answer,
                response_class=JSONResponse if answer else Response,
                response_description=_("完成"),
                status_code=status[0],
                responses=told,
                openapi_extra=extra,
            )
            return call

        return opened


def _refusals(codes: set[str]) -> dict[int | str, dict[str, Any]]:
    """Return what the document says of refusals, by their status."""
    problem = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    said: dict[int | str, list[str]] = {}
    for code, kind in KINDS.items():
        if code in codes:
            said.setdefault(kind.status, []).append(kind.title)
    return {status: {**problem, "description": "\n".join(titles)} for status, titles in said.items()}


def _entered(call: Callable[..., Response], act: Act, scope: Scope) -> Callable[..., Response]:
    """Return an endpoint for FastAPI: it takes the places of ``call`` but for the first, which it makes."""

    @functools.wraps(call)
    def endpoint(request: Request, **places: Any) -> Response:  # noqa: ANN401 - whatever the operation takes
        return _carried_out(call, act, request, places)

    _first, *theirs = inspect.signature(call, eval_str=True).parameters.values()
    ours = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    given = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in theirs]
    endpoint.__signature__ = inspect.Signature([ours, *given])  # type: ignore[attr-defined] # what FastAPI looks at
    endpoint.act, endpoint.scope = act, scope  # type: ignore[attr-defined] # what the test of all routes looks at
    del endpoint.__wrapped__  # or FastAPI would look through to ``call``
    return endpoint


def _carried_out(call: Callable[..., Response], act: Act, request: Request, places: dict[str, Any]) -> Response:
    now, who = instant(), request.state.bearer
    far = access.reach(act, who.roles)
    if far is None:
        raise ForbiddenError(act, access.refusal(act))
    around: AbstractContextManager[Session] = reading() if request.method == "GET" else transaction()
    with around as session, in_language(language_of(request)):
        made = Call(request=request, session=session, reach=far, bearer=who, now=now)
        answer = _once(made, functools.partial(call, made, **places))
    _note(made)
    return answer


def _once(call: Call, carry_out: Callable[[], Response]) -> Response:
    """Carry a request out; one that names an idempotency key only once, whoever sends it again gets the same answer."""
    key = call.request.headers.get("idempotency-key", "")
    if call.request.method == "GET" or not key:
        return carry_out()
    if not KEY.fullmatch(key):
        raise InvalidError([("header.idempotency-key", Text(_("应为 1 至 128 个可见的英文字符")))])
    url, account_id = call.request.url, call.bearer.account_id
    said = digest(json_text([call.request.method, url.path, url.query]).encode() + call.request.state.body)
    kept = answers.claim(call.session, account_id=account_id, key=key, request=said, now=call.now)
    if kept is None:
        answer = carry_out()
        tag, body = answer.headers.get("etag", ""), bytes(answer.body)
        answers.keep(call.session, account_id=account_id, key=key, status=answer.status_code, etag=tag, body=body)
        return answer
    if kept.request != said:
        text = Text(_("这个幂等键已用于另一个请求；请为每个请求用新的键"))
        raise ApiError("key_reused", text, where="header.idempotency-key")
    headers = {"Idempotency-Replayed": "true"} | ({"ETag": kept.etag} if kept.etag else {})
    return Response(kept.body, status_code=kept.status, headers=headers, media_type="application/json")


def _admitted(request: Request, act: Act, scope: Scope) -> Bearer:
    """Return who asks.

    :raises ApiError: when the token is none, dead, used too often, or not for this.
    :raises ForbiddenError: when the account's roles do not allow the act.
    """
    now = instant()
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


def _require_size(request: Request) -> None:
    if "transfer-encoding" in request.headers:
        raise ApiError("length_required", Text(_("请写明内容的长度（Content-Length），不要分块发送")))
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > MOST_BYTES:
        raise ApiError("too_large", Text(_("提交的内容太大；请分几次提交")))


def _note(call: Call) -> None:
    """Write down that the token is in use, and what was seen through it."""
    used = call.bearer.used_at
    stale = used is None or call.now - used > NOTED
    if not stale and not call.seen:
        return
    with transaction() as session:
        if stale:
            tokens.used(session, token_id=call.bearer.token_id, now=call.now)
        if call.seen:
            viewings.note(session, actor=call.actor, seen=call.seen, now=call.now)
