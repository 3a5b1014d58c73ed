"""One request by a program, as an operation of the API gets it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel import Session

from kit.canonical import digest, json_text
from models.rounds import Round
from queries.tokens import Bearer
from rules.access import Reach
from rules.texts import Text, _
from web.api.faults import ApiError
from web.asking import Asking
from web.downloads import attachment


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

    def versioned(self, body: BaseModel) -> Response:
        """Return an answer whose version is that of what it says."""
        return self.answer(body, tag=etag(body.model_dump(mode="json")))

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
