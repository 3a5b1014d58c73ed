"""The history of a round, a page at a time, in words."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Response

from kit.i18n import say
from models.rounds import Round
from queries import histories
from rules.access import Act
from rules.texts import Text, _
from web.doors import Doors
from web.entries import Line, Narrator, said
from web.frames import framed
from web.visit import Visit

doors: Final = Doors()

SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are looked for: about whom, which deed, on which page."""

    about: str
    deed: str
    page: int

    @classmethod
    def of(cls, visit: Visit) -> "Asked":
        """Return what the address asks for."""
        query = visit.request.query_params
        number = query.get("page", "1")
        page = int(number) if number.isascii() and number.isdecimal() and int(number[:6]) > 0 else 1
        return cls(query.get("about", "").strip(), query.get("deed", ""), page)

    def part(self, visit: Visit, *, chain: UUID | str, the_round: Round | None = None) -> histories.Part:
        """Return the entries of a chain that are looked for."""
        about = histories.known_as(visit.session, the_round=the_round, said=self.about)
        return histories.part(visit.session, chain=chain, about=about, deed=self.deed, page=self.page, size=SIZE)

    def address(self, page: int) -> str:
        """Return the way to another page of the same."""
        asked = {key: value for key, value in (("about", self.about), ("deed", self.deed)) if value}
        return "?" + urlencode({**asked, "page": page})


@doors.get("/rounds/{code}/history", act=Act.SEE_HISTORY)
def history(visit: Visit, code: str) -> Response:
    """Show who did what, the latest first."""
    frame, asked = framed(visit, code), Asked.of(visit)
    chain = frame.the_round.id
    found = asked.part(visit, chain=chain, the_round=frame.the_round)
    visit.saw("history", the_round=frame.the_round, subject=asked.about)
    lines = list(Narrator(frame, found.entries).lines())
    return visit.page("history.html", frame=frame, **shown(visit, asked, found, lines, chain=chain))


def shown(visit: Visit, asked: Asked, found: histories.Part, lines: list[Line], *, chain: UUID | str) -> dict[str, Any]:
    """Return what a page shows of a history."""
    there = histories.deeds(visit.session, chain=chain)
    return {
        "lines": lines,
        "found": found.found,
        "page": asked.page,
        "pages": max(1, -(-found.found // SIZE)),
        "asked": asked,
        "deeds": [("", say(Text(_("全部")))), *((deed, said(deed)) for deed in there)],
        "address": asked.address,
    }
