"""The web application: its rooms, its answers to what goes wrong, and what every answer carries."""

import errno
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from kit.i18n import gettext, in_language, say
from rules.access import Act, Role
from rules.texts import RuleError
from web import refusals, routes
from web.api import routers as api
from web.api.faults import ApiError, is_api
from web.api.faults import answer as api_answer
from web.api.faults import language_of as api_language
from web.doors import language_of
from web.faults import ForbiddenError, NotFoundError, NotSignedInError, SecondFactorError, StaleError
from web.headers import Headers
from web.looks import STATIC, TEMPLATES, asset
from web.visit import theme_of


def make_app() -> FastAPI:
    """Return the application; it works while Prefect is down, because it only reads and writes our database."""
    app = FastAPI(title="Jingpin", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    for router in (*routes.ALL, *api.ALL):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Headers)
    for error, answer in _ANSWERS.items():
        app.add_exception_handler(error, _plainly(answer))
    return app


def _plainly(answer: Callable[[Request, Exception], Response]) -> Callable[[Request, Exception], Response]:
    """Return an answer in the visitor's language."""

    def plainly(request: Request, error: Exception) -> Response:
        if is_api(request):
            with in_language(api_language(request)):
                return _noted(request, api_answer(request, error))
        with in_language(language_of(request, getattr(request.state, "who", None))):
            return answer(request, error)

    return plainly


def _noted(request: Request, answer: Response) -> Response:
    """Note what the API refuses because of who asks."""
    if why := {401: "token", 403: "forbidden", 429: "too_many"}.get(answer.status_code):
        refusals.note(request, why, getattr(request.state, "bearer", None))
    return answer


def _page(request: Request, status: int, title: str, text: str) -> Response:
    """Return a page that says what went wrong and what to do; a script gets the text alone."""
    if request.headers.get("x-csrf"):
        return Response(text, status_code=status, media_type="text/plain; charset=utf-8")
    who = getattr(request.state, "who", None)
    values = {"status": status, "title": title, "text": text, "who": who, "asset": asset, "Act": Act, "Role": Role}
    values["theme"] = theme_of(request)
    return HTMLResponse(TEMPLATES.get_template("error.html").render(values), status_code=status)


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if request.method not in {"GET", "HEAD"}:
        text = gettext("登录已经过期，刚才的内容没有保存；请在另一个窗口登录，再回到这里重新提交")
        return _page(request, 401, gettext("请先登录"), text)
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{request.app.url_path_for('login')}?next={quote(after, safe='')}", 303)


def _second_factor(request: Request, _error: Exception) -> Response:
    address = str(request.app.url_path_for("second_factor"))
    after = request.url.path if request.method in {"GET", "HEAD"} else "/"
    return RedirectResponse(f"{address}?next={quote(after)}", 303)


def _forbidden(request: Request, error: Exception) -> Response:
    refusals.note(request, "forbidden", getattr(request.state, "who", None))
    reason = say(error.reason) if isinstance(error, ForbiddenError) else ""
    return _page(request, 403, gettext("没有权限"), reason)


def _stale(request: Request, _error: Exception) -> Response:
    refusals.note(request, "stale", getattr(request.state, "who", None))
    text = gettext("这个页面打开得太久，或不是从本系统打开的，刚才的内容没有保存；请返回上一页，刷新后再提交")
    return _page(request, 403, gettext("页面已经过期"), text)


def _refused(request: Request, error: Exception) -> Response:
    reason = say(error.text) if isinstance(error, RuleError) else ""
    return _page(request, 409, gettext("现在不能这样做"), reason)


def _missing(request: Request, error: Exception) -> Response:
    what = say(error.what) if isinstance(error, NotFoundError) else gettext("这个地址没有页面；请从首页重新进入")
    return _page(request, 404, gettext("没有找到"), what)


def _status(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 - the status that says so
        return _missing(request, error)
    text = {
        405: gettext("这个地址不能这样使用；请从页面上的按钮操作"),
        413: gettext("提交的内容太大；请分几次提交，或缩小文件"),
    }.get(status, gettext("请求不完整或不合规则；请返回上一页重试"))
    return _page(request, status, gettext("没有完成"), text)


def _malformed(request: Request, _error: Exception) -> Response:
    return _page(request, 422, gettext("地址或内容有误"), gettext("请返回上一页，检查后再试"))


def _full(request: Request, error: Exception) -> Response:
    """Say that a disk is full, ours or the database's; any other fault of theirs is none of ours to explain."""
    if getattr(error, "errno", None) != errno.ENOSPC and "full" not in str(getattr(error, "orig", "")).lower():
        raise error
    text = gettext("服务器的磁盘空间不足，刚才的内容没有保存；请告诉系统管理员，稍后再试")
    return _page(request, 507, gettext("磁盘空间不足"), text)


_ANSWERS: Final[dict[type[Exception], Callable[[Request, Exception], Response]]] = {
    ApiError: api_answer,
    NotSignedInError: _not_signed_in,
    SecondFactorError: _second_factor,
    ForbiddenError: _forbidden,
    StaleError: _stale,
    RuleError: _refused,
    NotFoundError: _missing,
    HTTPException: _status,
    RequestValidationError: _malformed,
    OSError: _full,
    OperationalError: _full,
}
