"""Chat groups: the robots of WeCom, DingTalk and Feishu, and whatever else Apprise knows.

An address is Apprise's (``wecombot://KEY``, ``dingtalk://SECRET@TOKEN``, ``feishu://SECRET@TOKEN``, …) or the robot's
own webhook as the group shows it, with ``secret=…`` added if the robot wants signatures. The three robots are spoken to
directly: they answer 200 to everything and say in the body what went wrong, which Apprise does not read
(docs/decisions/0007-chat-answers-are-read.md).
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from messages.envelopes import Envelope, RefusedError

TIMEOUT_SECONDS: Final = 10.0
LONGEST_ANSWER: Final = 65_536

Signer = Callable[[str, float], tuple[Mapping[str, str], Mapping[str, str]]]
"""Takes the secret and the time; returns what joins the query and what joins the body."""


def _sign_dingtalk(secret: str, now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
    stamp = str(round(now * 1000))
    return {"timestamp": stamp, "sign": _digest(secret, f"{stamp}\n{secret}")}, {}


def _sign_feishu(secret: str, now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
    stamp = str(round(now))
    return {}, {"timestamp": stamp, "sign": _digest(f"{stamp}\n{secret}", "")}


def _no_signature(_secret: str, _now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return {}, {}


def _digest(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class Kind(NamedTuple):
    """One kind of robot: Apprise's schema for its addresses, its webhook, and the form of what it takes.

    ``longest`` is in bytes of UTF-8; ``code`` names the field of the answer that is 0 when all is well.
    """

    schema: str
    webhook: str
    path: str
    message: Callable[[str], dict[str, Any]]
    longest: int
    code: str
    sign: Signer = _no_signature


KINDS: Final = (
    Kind(
        "wecombot",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
        "/cgi-bin/webhook/send",
        lambda text: {"msgtype": "text", "text": {"content": text}},
        2048,
        "errcode",
    ),
    Kind(
        "dingtalk",
        "https://oapi.dingtalk.com/robot/send?access_token={token}",
        "/robot/send",
        lambda text: {"msgtype": "text", "text": {"content": text}},
        20_000,
        "errcode",
        _sign_dingtalk,
    ),
    Kind(
        "feishu",
        "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
        "/open-apis/bot/v2/hook/",
        lambda text: {"msg_type": "text", "content": {"text": text}},
        20_000,
        "code",
        _sign_feishu,
    ),
)


class Robot(NamedTuple):
    """A robot of a group: what kind it is, its webhook, and the secret that it wants signatures by, if it does."""

    kind: Kind
    webhook: str
    secret: str


def robot(address: str) -> Robot | None:
    """Return the robot behind an address; ``None`` for anything else."""
    parts = urlsplit(address)
    for kind in KINDS:
        if parts.scheme == kind.schema:
            return Robot(
                kind, kind.webhook.format(token=parts.netloc.rpartition("@")[2]), unquote(parts.username or "")
            )
        if parts.scheme in {"http", "https"} and parts.path.startswith(kind.path):
            query = dict(parse_qsl(parts.query))
            secret = query.pop("secret", "")
            return Robot(kind, urlunsplit(parts._replace(query=urlencode(query))), secret)
    return None


def name(address: str) -> str:
    """Return what an address may be called where its secret must not stand: always the same for the same address."""
    found = robot(address)
    kind = found.kind.schema if found else urlsplit(address).scheme
    return f"{kind}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def deliver(address: str, envelope: Envelope, *, timeout: float = TIMEOUT_SECONDS) -> None:
    """Say a message in a group.

    :raises OSError: when the group did not take it; try again later.
    :raises RefusedError: when the address is none.
    """
    found = robot(address)
    text = f"{envelope.subject}\n\n{envelope.body}"
    if found:
        _say(found, text, timeout)
    else:
        _through_apprise(address, envelope)


def _say(to: Robot, text: str, timeout: float) -> None:
    query, more = to.kind.sign(to.secret, time.time()) if to.secret else ({}, {})
    answer = _post(_with(to.webhook, query), {**more, **to.kind.message(_cut(text, to.kind.longest))}, timeout)
    if answer.get(to.kind.code) != 0:
        said = answer.get("errmsg") or answer.get("msg") or ""
        raise OSError(f"{to.kind.schema}: {answer.get(to.kind.code)} {said}")


def _with(url: str, query: Mapping[str, str]) -> str:
    if not query:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(query)]))))


def _cut(text: str, longest: int) -> str:
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - 3].decode(errors="ignore") + "…"


class _NoRedirect(HTTPRedirectHandler):
    """A webhook does not move; whoever says so is somebody else."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(url: str, message: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
    content = json.dumps(message, ensure_ascii=False).encode()
    request = Request(url, content, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 - http(s) by its making
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout) as response:
            answer = json.loads(response.read(LONGEST_ANSWER))
    except (HTTPException, ValueError) as error:
        raise OSError(f"no answer that can be read: {error}") from error
    if not isinstance(answer, dict):
        raise OSError(f"no answer that can be read: {answer!r}")
    return answer


def _through_apprise(address: str, envelope: Envelope) -> None:
    from apprise import Apprise  # noqa: PLC0415 - a quarter of a second that only who uses it pays

    service = Apprise.instantiate(address)
    if service is None:
        raise RefusedError("not an address of a chat service")
    if not service.notify(title=envelope.subject, body=envelope.body):
        raise OSError(f"{urlsplit(address).scheme}: not taken")
