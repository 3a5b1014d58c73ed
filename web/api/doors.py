"""Doors of the API: each operation names an act of ``rules.access`` and a scope; only a bearer's token opens it.

The token is looked at before anything else of a request is read. A cookie is never looked at, so nothing here can be
done from another site's page, and no token against forgery is needed.
"""

import functools
import inspect
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from actions import tokens, viewings
from kit.i18n import in_language
from models.database import reading, transaction
from rules import access
from rules.access import Act
from rules.scopes import Scope
from rules.texts import _
from web.api import admission
from web.api.call import Call
from web.api.faults import KINDS, MEDIA_TYPE, language_of
from web.api.once import HEADER, once
from web.doors import act_of
from web.faults import ForbiddenError
from web.visit import instant

PREFIX: Final = "/api/v1"
NOTED: Final = timedelta(minutes=1)

ALWAYS: Final = ("not_authenticated", "forbidden", "scope_missing", "invalid", "too_many_requests")
OF_WRITING: Final = ("length_required", "too_large", "key_reused")
"""What every operation, and every one that writes, may be refused for; see ``faults.KINDS``."""


class _Route(APIRoute):
    """A route that looks at the token before it reads anything else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()
        act, scope = act_of(self), getattr(self.endpoint, "scope", None)

        async def handler(request: Request) -> Response:
            if act is not None and scope is not None:
                request.state.bearer = await run_in_threadpool(admission.admitted, request, act, scope, now=instant())
                admission.require_size(request)
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
                extra["parameters"] = [HEADER]
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
        answer = once(made, functools.partial(call, made, **places))
    _note(made)
    return answer


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
