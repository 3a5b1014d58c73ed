"""Doors: how a request becomes a visit. Each route names its act; nothing else opens it.

``@doors.get("/people", act=Act.SEE_PEOPLE)`` above ``def people(visit: Visit, …)``. Everything of a request happens in
one thread and one transaction: it is begun, the visitor is looked up and checked, the route runs, all is committed,
and only then does the answer leave.
"""

import functools
import inspect
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from actions import accounts, viewings
from kit.i18n import in_language
from kit.settings import settings
from models.database import reading, transaction
from queries.accounts import Who, signed_in
from rules import access
from rules.access import Act
from web import again, cookies
from web.faults import ForbiddenError, NotSignedInError, SecondFactorError, StaleError
from web.visit import Visit, instant

COOKIE: Final = "jingpin_session"
LANGUAGE_COOKIE: Final = "jingpin_language"
SAFE: Final = frozenset({"GET", "HEAD"})
NOTED: Final = timedelta(minutes=1)
"""A session that was seen less than this ago is not noted again: reading pages must not write all the time."""

TURNS: Final = BoundedSemaphore(2)
"""So many pages are made at once. One Python thread runs at a time anyway, and SQLite hands it on at every row: eight
pages made side by side take more time than eight made one after the other."""

MOST: Final = {"max_fields": 20_000, "max_files": 50, "max_part_size": 1024**2}
"""A grid of 1,000 people by 20 sessions must fit; files are streamed to disk and limited where they are read."""

MOST_OF_NOBODY: Final = {"max_fields": 20, "max_files": 0, "max_part_size": 16 * 1024}
"""Of who is not signed in nothing larger is kept than a login with a password."""

SMALL: Final = 16 * 1024
"""So many bytes do no harm, whoever sends them: it is asked once who they are, not before that as well."""


async def _typed(request: Request) -> AsyncIterator[FormData]:
    """Read what a form sent, and close its files in the end; a body that is no form is left to the route.

    Too much of who is not signed in is read past: they are told that, whatever they sent.
    """
    kind = request.headers.get("content-type", "")
    if request.method in SAFE or not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        yield FormData()
        return
    known = _is_small(request) or await run_in_threadpool(_is_signed_in, request)
    try:
        form = await request.form(**(MOST if known else MOST_OF_NOBODY))
    except HTTPException:
        if known:
            raise
        with suppress(RuntimeError):  # there is nothing left to read
            async for _part in request.stream():
                pass
        form = FormData()
    try:
        yield form
    finally:
        await form.close()


def _is_small(request: Request) -> bool:
    """Return whether a body says that it is small; the server takes no more of it than it says."""
    said = request.headers.get("content-length", "")
    return "transfer-encoding" not in request.headers and said.isdecimal() and int(said[:12]) <= SMALL


def _is_signed_in(request: Request) -> bool:
    with reading() as session:
        return visitor(session, request, instant()) is not None


@dataclass(frozen=True, slots=True)
class Door:
    """What stands behind a path: the route, its act, and how it opens, see ``Doors``."""

    call: Callable[..., Any]
    act: Act
    unproved: bool = field(default=False, kw_only=True)
    fresh: bool = field(default=False, kw_only=True)
    lasts: bool = field(default=False, kw_only=True)


KINDS: Final = ("unproved", "fresh", "lasts")


class Doors(APIRouter):
    """A router whose every route names an act of ``rules.access``.

    ``unproved=True`` opens it also to who still owes a code of the second factor: to give it, or to sign out. A POST
    with ``fresh=True`` asks for a proof of the last minutes that the owner is there, see ``web.again``; one with
    ``lasts=True`` only reads, and opens a transaction of its own for what it writes in the end: while a
    transaction that writes is open, nobody else can write on SQLite.
    """

    def get(self, path: str, *, act: Act, **options: Any) -> Callable[..., Any]:  # type: ignore[override] # noqa: ANN401 - FastAPI's own options
        """Open a path to those who may do an act; it only reads."""
        return self._door(path, act, ["GET", "HEAD"], options)

    def post(self, path: str, *, act: Act, **options: Any) -> Callable[..., Any]:  # type: ignore[override] # noqa: ANN401 - FastAPI's own options
        """Open a path to those who may do an act; it may write."""
        return self._door(path, act, ["POST"], options)

    def _door(self, path: str, act: Act, methods: list[str], options: dict[str, Any]) -> Callable[..., Any]:
        def door(call: Callable[..., Any]) -> Callable[..., Any]:
            name, kind = options.pop("name", call.__name__), {k: options.pop(k, False) for k in KINDS}
            made = _entered(Door(call, act, **kind))
            options.setdefault("response_model", None)
            options.setdefault("include_in_schema", False)
            self.add_api_route(path, made, methods=methods, name=name, **options)
            return call

        return door


def act_of(route: Any) -> Act | None:  # noqa: ANN401 - any of Starlette's routes
    """Return the act that a route names; ``None`` for one that is no door."""
    act = getattr(getattr(route, "endpoint", None), "act", None)
    return act if isinstance(act, Act) else None


def _entered(door: Door) -> Callable[..., Any]:
    """Return an endpoint for FastAPI: it takes the places of the route but for ``visit``, which it makes."""

    @functools.wraps(door.call)
    def endpoint(request: Request, typed: FormData, **places: Any) -> Any:  # noqa: ANN401 - whatever the route returns
        return _visit(door, request, typed, places)

    given = inspect.signature(door.call, eval_str=True).parameters
    ours = [
        inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
        inspect.Parameter("typed", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[FormData, Depends(_typed)]),
    ]
    theirs = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for name, p in given.items() if name != "visit"]
    endpoint.__signature__ = inspect.Signature([*ours, *theirs])  # type: ignore[attr-defined] # what FastAPI looks at
    endpoint.act, endpoint.door = door.act, door  # type: ignore[attr-defined] # what the test of all routes looks at
    del endpoint.__wrapped__  # or FastAPI would look through to the route
    return endpoint


def _visit(door: Door, request: Request, typed: FormData, places: dict[str, Any]) -> Response:
    now = instant()
    writes = request.method not in SAFE
    around: AbstractContextManager[Session] = transaction() if writes and not door.lasts else reading()
    with nullcontext() if writes or door.lasts else TURNS, around as session:
        who = visitor(session, request, now)
        with in_language(language_of(request, who)):
            request.state.who = who  # for the page that says why, if this is refused
            far = _reach(door, who)
            if writes:
                _require_ours(request, typed, who)
            visit = Visit(request=request, session=session, act=door.act, reach=far, who=who, typed=typed, now=now)
            answer: Response = (again.asked(visit) if door.fresh else None) or door.call(visit=visit, **places)
    if visit.new_secret:
        cookies.keep(answer, request, COOKIE, visit.new_secret)
    _note(visit)
    return answer


def visitor(session: Session, request: Request, now: datetime) -> Who | None:
    """Return who is signed in by the request's cookie."""
    secret = cookies.read(request, COOKIE)
    if not secret:
        return None
    limits = settings()
    return signed_in(
        session,
        session_id=accounts.fingerprint(secret),
        now=now,
        idle=timedelta(minutes=limits.session_idle_minutes),
        longest=timedelta(hours=limits.session_hours),
        second_factor=limits.second_factor,
    )


def _reach(door: Door, who: Who | None) -> access.Reach:
    act = door.act
    if who is None and act not in access.OPEN_TO_ALL:
        raise NotSignedInError
    if who and who.owes_proof and act not in access.OPEN_TO_ALL and not door.unproved:
        raise SecondFactorError
    far = access.reach(act, who.roles if who else ())
    if far is None:
        raise ForbiddenError(act, access.refusal(act))
    return far


def _require_ours(request: Request, typed: FormData, who: Who | None) -> None:
    """Refuse a POST that did not come from a page of ours: the browser says from where, and the token is ours."""
    came_from = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    elsewhere = origin is not None and urlsplit(origin).netloc not in {request.url.netloc, _public_host()}
    if came_from not in {"same-origin", "none"} or elsewhere:
        raise StaleError
    if who:
        token = request.headers.get("x-csrf") or typed.get("csrf")
        if not isinstance(token, str) or not secrets.compare_digest(token.encode(), who.csrf.encode()):
            raise StaleError


def _public_host() -> str:
    return urlsplit(settings().address()).netloc


def _note(visit: Visit) -> None:
    """Write down what reading a page leaves behind: that the session is in use, and who saw what."""
    who = visit.who
    if who is None:
        return
    stale = visit.now - who.seen_at > NOTED
    if not stale and not visit.seen and not visit.notes:
        return
    with transaction() as session:
        if stale:
            accounts.seen(session, session_id=who.session_id, now=visit.now)
        if visit.seen:
            viewings.note(session, actor=who.login, seen=visit.seen, now=visit.now)
        for note in visit.notes:
            note(session)


def language_of(request: Request, who: Who | None = None) -> str:
    """Return the language to speak in: of the account, else chosen in this browser, else of the settings."""
    return who.language if who else request.cookies.get(LANGUAGE_COOKIE) or settings().language
