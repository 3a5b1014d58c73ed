"""Who did something, by name. What is kept names logins, which stay; pages say whose they are."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlmodel import Session

from kit.i18n import say
from queries import actors
from rules.texts import Text, _

SYSTEM: Final[Mapping[str, str]] = {"conductor": _("系统"), "clock": _("系统（到时）")}
"""Who acts when nobody clicks."""


class Actors:
    """The names of those who act on a page, read at once; one of no account stands as it was kept."""

    def __init__(self, session: Session, logins: Iterable[str | None]) -> None:
        wanted = {login for login in logins if login} - set(SYSTEM)
        self._names = actors.names(session, logins=wanted) if wanted else {}

    def __call__(self, login: str | None) -> str:
        """Return who it is, with the login where another has the same name."""
        if not login:
            return ""
        if login in SYSTEM:
            return say(Text(SYSTEM[login]))
        name, shared = self._names.get(login, (login, False))
        return say(Text(_("{name}（{login}）"), {"name": name, "login": login})) if shared else name
