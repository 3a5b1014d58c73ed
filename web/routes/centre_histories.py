"""The history of the centre: what belongs to no round, the directory, drafts, accounts and tokens among it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi import Response

from kit.i18n import gettext
from kit.jinja import joined
from models.history import Entry
from queries import audit
from rules.access import ROLES, Act
from rules.texts import _
from web.actors import Actors
from web.doors import Doors
from web.entries import Line, said
from web.entry_words import FACTS
from web.routes.histories import Asked, shown
from web.visit import Visit

doors: Final = Doors()

ZONE: Final = "Asia/Shanghai"
CENTRES: Final = {**FACTS, "n": _("人数"), "roles": _("角色"), "scopes": _("用途"), "login": _("登录名")}
"""What of an entry's detail is shown in words."""


@doors.get("/history", act=Act.SEE_VIEWINGS, name="centre_history")
def centre_history(visit: Visit) -> Response:
    """Show who did what that belongs to no round, the latest first."""
    asked = Asked.of(visit)
    found = asked.part(visit, chain=audit.CENTRE)
    visit.saw("centre_history", subject=asked.about)
    lines = list(_lines(visit, found.entries))
    return visit.page("centre_history.html", zone=ZONE, **shown(visit, asked, found, lines, chain=audit.CENTRE))


def _lines(visit: Visit, entries: Sequence[Entry]) -> Iterator[Line]:
    named = Actors(visit.session, [login for entry in entries for login in (entry.actor, entry.subject)])
    for entry in entries:
        facts = [
            (gettext(CENTRES[key]), _said(key, value))
            for key, value in json.loads(entry.detail).items()
            if key in CENTRES and value not in (None, "", [], 0)
        ]
        yield Line(entry, named(entry.actor), said(entry.deed), named(entry.subject), facts)


def _said(key: str, value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if isinstance(value, list):
        return joined([_said(key, one) for one in value])
    return gettext(ROLES[value]) if value in ROLES else str(value)
