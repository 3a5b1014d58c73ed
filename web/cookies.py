"""Cookies of ours: over https under a ``__Host-`` name, which no other host and no plain page can set."""

from fastapi import Request, Response

from kit.settings import settings


def secure(request: Request) -> bool:
    """Return whether people come by https: seen by us, or known because a proxy before us ends it."""
    return request.url.scheme == "https" or settings().address().startswith("https://")


def read(request: Request, name: str) -> str:
    """Return the value of a cookie; empty when there is none."""
    return request.cookies.get(_named(request, name), "")


def keep(answer: Response, request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser a cookie that no script reads; without ``seconds`` it ends with the browser."""
    answer.set_cookie(
        _named(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="lax",
    )


def drop(answer: Response, request: Request, name: str) -> None:
    """Take a cookie away from the browser."""
    answer.delete_cookie(_named(request, name), path="/", secure=secure(request), httponly=True, samesite="lax")


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if secure(request) else name
