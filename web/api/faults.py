"""What goes wrong in the API, as problem details (RFC 9457); for programs with a ``code`` and ``where`` it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kit.i18n import gettext, language, say
from kit.settings import settings
from rules.texts import RuleError, Text, _
from web.faults import ForbiddenError, NotFoundError

MEDIA_TYPE: Final = "application/problem+json"

REFERENCE: Final = "/api/v1/docs"
"""Where problems are explained, each under its code; the ``type`` of a problem leads there."""

MOST_SHOWN: Final = 20
"""Faults of one request that are told; who mends those sees the others."""


class Kind(NamedTuple):
    """A kind of problem: its status, and what is the matter in a few words."""

    status: int
    title: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad_request": Kind(400, _("请求不完整，或不是有效的 JSON")),
    "not_authenticated": Kind(401, _("没有令牌，或令牌已失效")),
    "forbidden": Kind(403, _("账号的角色没有这项权限")),
    "scope_missing": Kind(403, _("令牌没有这项用途")),
    "not_found": Kind(404, _("没有找到")),
    "method_not_allowed": Kind(405, _("这个地址不支持这种方法")),
    "conflict": Kind(409, _("现在不能这样做")),
    "stage_open": Kind(409, _("环节还没有截止")),
    "not_decided": Kind(409, _("结果还没有审定或公示")),
    "not_declared": Kind(409, _("还没有申报利害关系")),
    "reason_missing": Kind(409, _("更正已录入的内容需要理由")),
    "length_required": Kind(411, _("没有写明内容的长度")),
    "precondition_failed": Kind(412, _("读取之后内容已被更改")),
    "too_large": Kind(413, _("提交的内容太大")),
    "unsupported": Kind(415, _("提交的不是 JSON")),
    "invalid": Kind(422, _("提交的内容不合规则")),
    "key_reused": Kind(422, _("幂等键已用于另一个请求")),
    "precondition_required": Kind(428, _("更改之前需要先读取")),
    "too_many_requests": Kind(429, _("请求太频繁")),
    "failed": Kind(500, _("系统出错")),
}
"""Every problem that the API tells of."""


class ApiError(Exception):
    """A refusal: which of ``KINDS`` it is, a text for people, and the place in the request."""

    def __init__(self, code: str, text: Text, *, where: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(text))
        self.code, self.text, self.where = code, text, where
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        return KINDS[self.code].status


class InvalidError(ApiError):
    """What was sent is not as it may be; ``faults`` are (place, text)."""

    def __init__(self, faults: Sequence[tuple[str, Text]]) -> None:
        where, text = faults[0]
        super().__init__("invalid", text, where=where)
        self.faults = faults


def is_api(request: Request) -> bool:
    """Return whether a request is one of a program to the API; the page that explains it is one for people."""
    return request.url.path.startswith("/api/") and request.url.path != REFERENCE


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
    return ApiError("failed", Text(_("系统出错，请联系系统管理员")))


_BY_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", _("请求的内容不是有效的 JSON")),
    404: ("not_found", _("没有这个地址；接口说明在 /api/v1/docs")),
    405: ("method_not_allowed", _("这个地址不支持这种方法；接口说明在 /api/v1/docs")),
    413: ("too_large", _("提交的内容太大；请分几次提交")),
    415: ("unsupported", _("请用 JSON 提交")),
}


def _by_status(error: HTTPException) -> ApiError:
    code, text = _BY_STATUS.get(error.status_code, ("bad_request", _("请求不合规则；接口说明在 /api/v1/docs")))
    return ApiError(code, Text(text), headers=error.headers or {})


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
    NotFoundError: lambda error: ApiError("not_found", error.what),
    ForbiddenError: lambda error: ApiError("forbidden", error.reason),
    RuleError: lambda error: ApiError("conflict", error.text),
    HTTPException: _by_status,
}


def _of(error: ApiError) -> Response:
    kind = KINDS[error.code]
    body: dict[str, Any] = {
        "type": f"{REFERENCE}#{error.code}",
        "title": gettext(kind.title),
        "status": kind.status,
        "detail": say(error.text),
        "code": error.code,
        "where": error.where,
    }
    if isinstance(error, InvalidError):
        body["errors"] = [{"where": where, "detail": say(text)} for where, text in error.faults[:MOST_SHOWN]]
    headers = {"Content-Language": language(), **error.headers}
    return JSONResponse(body, status_code=kind.status, headers=headers, media_type=MEDIA_TYPE)


def no_scope(scope: str) -> ApiError:
    """Return what is said to a token that is not for this."""
    return ApiError("scope_missing", Text(_("这个令牌没有用途 {scope}"), {"scope": scope}))


def not_authenticated() -> ApiError:
    """Return what is said to who has no token, or one that is dead."""
    text = _("请在 Authorization 头中提供有效的令牌（Bearer）；浏览器的登录在这里无效")
    return ApiError("not_authenticated", Text(text), headers={"WWW-Authenticate": "Bearer"})
