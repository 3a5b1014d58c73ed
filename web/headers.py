"""What every answer carries: a strict content policy, no sniffing, no framing; and how large a request may be."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 64 * 1024**2
"""The largest request: a spreadsheet, or a candidate's file with what surrounds it."""

ALWAYS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
FOR_EVER: Final = "public, max-age=31536000, immutable"


class Headers:
    """ASGI middleware: headers on every answer, and a limit on every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _length(scope) > MOST_BYTES:
            await _refuse(send, 413, "文件太大 / The file is too large")
            return
        if not scope["path"].startswith("/api/") and _has_nul(scope):  # the API says so in its own words
            await _refuse(send, 400, "地址有误 / No such address")
            return
        kept = scope["path"].startswith("/static/") and b"v=" in scope.get("query_string", b"")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.update(HTTPS_ONLY)
                found = kept and message["status"] == 200  # noqa: PLR2004 - a missing file is not kept for ever
                headers.setdefault("Cache-Control", FOR_EVER if found else "no-store")
            await send(message)

        await self._app(scope, _limited(receive), with_headers)


def _length(scope: Scope) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


def _has_nul(scope: Scope) -> bool:
    """Return whether an address has a NUL, which PostgreSQL cannot keep or look for."""
    return b"%00" in scope.get("raw_path", b"") + scope.get("query_string", b"")


def _limited(receive: Receive) -> Receive:
    """Return what reads a request, and stops when more comes than was said."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            return {"type": "http.disconnect"}
        return message

    return limited


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
