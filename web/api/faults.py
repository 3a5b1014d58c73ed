"""What goes wrong in the API, as one form of answer: ``{"error": {"code", "message", "where"}}``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kit.i18n import say
from kit.settings import settings
from rules.texts import RuleError, Text, _
from web.faults import ForbiddenError, NotFoundError

MOST_SHOWN: Final = 20
"""Faults of one request that are told; who mends those sees the others."""


class ApiError(Exception):
    """A refusal with its status, a code for programs, a text for people, and the place in the request."""

    def __init__(
        self, status: int, code: str, text: Text, *, where: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(text))
        self.status, self.code, self.text, self.where = status, code, text, where
        self.headers = dict(headers or {})


class InvalidError(ApiError):
    """What was sent is not as it may be; ``faults`` are (place, text)."""

    def __init__(self, faults: Sequence[tuple[str, Text]]) -> None:
        where, text = faults[0]
        super().__init__(422, "invalid", text, where=where)
        self.faults = faults


def is_api(request: Request) -> bool:
    """Return whether a request is one of a program to the API; the page that explains it is one for people."""
    return request.url.path.startswith("/api/") and request.url.path != "/api/v1/docs"


def language_of(request: Request) -> str:
    """Return the language that a program asked for; without a wish, the one of the settings."""
    wish = request.headers.get("accept-language", "").strip().lower()
    return wish if wish.startswith(("zh", "en")) else settings().language


def answer(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as other answers to what goes wrong
    """Return the answer to whatever was refused."""
    return _of(_as_api_error(error))


def _as_api_error(error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    for kind, translate in _TRANSLATED.items():
        if isinstance(error, kind):
            return translate(error)
    return ApiError(500, "failed", Text(_("系统出错，请联系系统管理员")))


_BY_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", _("请求的内容不是有效的 JSON")),
    404: ("not_found", _("没有这个地址；接口说明在 /api/v1/docs")),
    405: ("method_not_allowed", _("这个地址不支持这种方法；接口说明在 /api/v1/docs")),
    413: ("too_large", _("提交的内容太大；请分几次提交")),
    415: ("unsupported", _("请用 JSON 提交")),
}


def _by_status(error: HTTPException) -> ApiError:
    code, text = _BY_STATUS.get(error.status_code, ("refused", _("请求不合规则；接口说明在 /api/v1/docs")))
    return ApiError(error.status_code, code, Text(text), headers=error.headers or {})


_SAID: Final[Mapping[str, str]] = {
    "missing": _("缺少这一项"),
    "extra_forbidden": _("不能有这一项"),
    "string_type": _("应为文字"),
    "string_too_short": _("不能为空"),
    "string_too_long": _("太长：最多 {max_length} 个字"),
    "string_pattern_mismatch": _("格式不对，应符合 {pattern}"),
    "int_parsing": _("应为整数"),
    "int_type": _("应为整数"),
    "bool_type": _("应为 true 或 false"),
    "literal_error": _("只能是 {expected}"),
    "enum": _("只能是 {expected}"),
    "greater_than_equal": _("不能小于 {ge}"),
    "less_than_equal": _("不能大于 {le}"),
    "too_long": _("太多：最多 {max_length} 项"),
    "too_short": _("太少：最少 {min_length} 项"),
    "list_type": _("应为列表"),
    "model_attributes_type": _("应为对象"),
    "model_type": _("应为对象"),
    "date_from_datetime_parsing": _("应为日期，如 2026-10-21"),
    "date_parsing": _("应为日期，如 2026-10-21"),
    "date_type": _("应为日期，如 2026-10-21"),
    "json_invalid": _("不是有效的 JSON"),
}
"""What is said of each kind of fault; any other is only said to be wrong."""


def _fault(one: Mapping[str, Any]) -> tuple[str, Text]:
    where = ".".join(str(part) for part in one["loc"])
    if one["type"] == "json_invalid":
        where = "body"
    said = {key: str(value) for key, value in one.get("ctx", {}).items()}
    text = _SAID.get(str(one["type"]), _("内容不合规则"))
    return where, Text(text, said)


_TRANSLATED: Final[Mapping[type[Exception], Callable[[Any], ApiError]]] = {
    RequestValidationError: lambda error: InvalidError([_fault(one) for one in error.errors()]),
    NotFoundError: lambda error: ApiError(404, "not_found", error.what),
    ForbiddenError: lambda error: ApiError(403, "forbidden", error.reason),
    RuleError: lambda error: ApiError(409, "conflict", error.text),
    HTTPException: _by_status,
}


def _of(error: ApiError) -> Response:
    body: dict[str, Any] = {"code": error.code, "message": say(error.text), "where": error.where}
    if isinstance(error, InvalidError):
        body["faults"] = [{"where": where, "message": say(text)} for where, text in error.faults[:MOST_SHOWN]]
    return JSONResponse({"error": body}, status_code=error.status, headers=error.headers)


def no_scope(scope: str) -> ApiError:
    """Return what is said to a token that is not for this."""
    return ApiError(403, "scope_missing", Text(_("这个令牌没有用途 {scope}"), {"scope": scope}))


def not_authenticated() -> ApiError:
    """Return what is said to who has no token, or one that is dead."""
    text = _("请在 Authorization 头中提供有效的令牌（Bearer）；浏览器的登录在这里无效")
    return ApiError(401, "not_authenticated", Text(text), headers={"WWW-Authenticate": "Bearer"})
