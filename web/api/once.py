"""Not twice: a request that names an ``Idempotency-Key`` is carried out once, within a day."""

import re
from collections.abc import Callable
from typing import Any, Final

from fastapi import Response

from actions import answers
from kit.canonical import digest, json_text
from rules.texts import Text, _
from web.api.call import Call
from web.api.faults import ApiError, InvalidError

KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
"""What an idempotency key may be."""

HEADER: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": _("同一个键的同一请求，一天之内只执行一次，再次提交得到同样的回答"),
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    "example": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
}


def once(call: Call, carry_out: Callable[[], Response]) -> Response:
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
