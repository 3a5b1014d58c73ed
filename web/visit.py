"""A visit: who asks for what, in which transaction, and how the answer is made."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData

from kit.i18n import say
from kit.settings import settings
from models.rounds import Round
from queries.accounts import Who
from rules.access import Act, Reach, Role, reach
from rules.texts import RuleError, Text, _
from web import cookies
from web.asking import Asking
from web.looks import TEMPLATES, asset

THEME_COOKIE: Final = "jingpin_theme"
THEMES: Final = ("light", "dark")
"""What may be chosen instead of what the system says."""

SAID: Final = "jingpin_said"
"""A cookie that carries what is to be said on the next page, once."""

LINKS: Final[tuple[tuple[Act, str, str], ...]] = (
    (Act.USE_ACCOUNT, "/", _("首页")),
    (Act.APPLY, "/my/rounds", _("我的竞聘")),
    (Act.SCORE, "/reviews", _("评分")),
    (Act.SEE_ROUND, "/rounds", _("轮次")),
    (Act.READ_NOTICES, "/notices", _("公示")),
    (Act.SEE_PEOPLE, "/people", _("人员")),
    (Act.PREPARE_ROUNDS, "/drafts", _("筹备")),
    (Act.SEE_VIEWINGS, "/viewings", _("查阅记录")),
    (Act.SEE_VIEWINGS, "/history", _("中心留痕")),
    (Act.MANAGE_ACCOUNTS, "/accounts", _("账号")),
)
"""What stands at the top of every page, with the act that opens it."""


@dataclass(slots=True)
class Visit(Asking):
    """One request by somebody; ``reach`` says how far the act reaches for them, ``session`` is the transaction.

    A GET only reads; a POST writes, and what it wrote is committed before its answer leaves. A ``new_secret`` of the
    session goes to the browser with the answer.
    """

    request: Request
    session: Session
    act: Act
    reach: Reach
    who: Who | None
    typed: FormData
    now: datetime
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[Callable[[Session], object]] = field(default_factory=list)
    new_secret: str = ""

    @property
    def me(self) -> Who:
        """Return who is signed in; only for acts that need it."""
        if self.who is None:
            raise RuntimeError(f"{self.act} is open to all: nobody may be signed in")
        return self.who

    @property
    def actor(self) -> str:
        """Return whom the history names."""
        return self.me.login

    def may(self, act: Act) -> bool:
        """Return whether whoever asks may do an act at all: for links and buttons."""
        return self.who is not None and reach(act, self.who.roles) is not None

    @property
    def theme(self) -> str:
        """Return the theme that this browser chose: light, dark, or empty for what its system says."""
        return theme_of(self.request)

    @property
    def here(self) -> str:
        """Return the address of this page, to come back to; the start page's for an answer to a POST."""
        url = self.request.url
        if self.request.method != "GET":
            return "/"
        return url.path + (f"?{url.query}" if url.query else "")

    @property
    def idle_minutes(self) -> int:
        """Return after how long without a click whoever is signed in is signed out."""
        return settings().session_idle_minutes

    def links(self) -> list[tuple[Act, str, str]]:
        """Return the links at the top that whoever asks may follow: act, address, word (untranslated)."""
        return [link for link in LINKS if link[0] is Act.USE_ACCOUNT or self.may(link[0])]

    def is_role(self, role: Role) -> bool:
        """Return whether whoever asks has a role."""
        return self.who is not None and role in self.who.roles

    def saw(self, page: str, *, the_round: Round | None = None, subject: str = "") -> None:
        """Note that whoever asks sees something personal; written when the page was made."""
        self.seen.append((page, the_round.code if the_round else "", subject))

    def leave(self, note: Callable[[Session], object]) -> None:
        """Note something that reading the page leaves behind; written when the page was made, if it is handed out."""
        if self.request.method == "GET":
            self.notes.append(note)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - a template's values
        """Return a page."""
        said = _said(self.request)
        text = TEMPLATES.get_template(template).render(
            visit=self, url=self.url, asset=asset, said=said, Act=Act, Role=Role, **values
        )
        response = HTMLResponse(text, status_code=status)
        if said:
            cookies.drop(response, self.request, SAID)
        return response

    def part(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - a template's values
        """Return a piece of a page, for a script that puts it in place."""
        text = TEMPLATES.get_template(template).render(
            visit=self, url=self.url, asset=asset, Act=Act, Role=Role, **values
        )
        return HTMLResponse(text, status_code=status)

    def go(
        self, route: str, *, said: Text | None = None, query: Mapping[str, str] | None = None, **places: object
    ) -> Response:
        """Send the browser on to a page of ours after a POST; ``said`` is shown there once."""
        url = self.url(route, **places)
        if query:
            url += "?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in query.items())
        response = RedirectResponse(url, status_code=303)
        if said:
            cookies.keep(response, self.request, SAID, quote(json.dumps({"text": say(said)})), seconds=60)
        return response

    def url(self, route: str, **places: object) -> str:
        """Return the path of a route of ours by its name, with its places filled in, whatever characters they have."""
        quoted = {name: quote(value, safe="") if isinstance(value, str) else value for name, value in places.items()}
        return str(self.request.app.url_path_for(route, **quoted))

    def text(self, name: str) -> str:
        """Return what was typed into a field, without blanks around it; empty when the field is not there."""
        value = self.typed.get(name)
        return _said_by(value) if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return what was typed into fields of the same name, or ticked."""
        return [_said_by(value) for value in self.typed.getlist(name) if isinstance(value, str)]


def _said_by(typed: str) -> str:
    """Return what somebody typed, without blanks around it and without NUL, which PostgreSQL cannot keep."""
    return typed.replace("\0", "").strip()


def _said(request: Request) -> dict[str, str] | None:
    try:
        found = json.loads(unquote(cookies.read(request, SAID)))
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("text"), str) else None


def theme_of(request: Request) -> str:
    """Return the theme that a browser chose, or nothing."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def ours(path: str) -> str:
    """Return a path to go on to, if it is one of ours: never another site's address."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def instant() -> datetime:
    """Return now."""
    return datetime.now(UTC)


def refused(error: RuleError) -> str:
    """Return why a rule refused, in the language in force."""
    return say(error.text)
