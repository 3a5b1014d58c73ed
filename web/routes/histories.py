"""The history of a round, a page at a time, in words."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Response

from kit.i18n import say
from queries import histories
from rules.access import Act
from rules.texts import Text, _
from web.doors import Doors
from web.entries import Narrator, said
from web.frames import framed
from web.visit import Visit

doors: Final = Doors()

SIZE: Final = 100


@doors.get("/rounds/{code}/history", act=Act.SEE_HISTORY)
def history(visit: Visit, code: str) -> Response:
    """Show who did what, the latest first."""
    frame, query = framed(visit, code), visit.request.query_params
    asked = {"about": query.get("about", "").strip(), "deed": query.get("deed", "")}
    number = query.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and int(number[:6]) > 0 else 1
    chain = frame.the_round.id
    about = histories.known_as(visit.session, the_round=frame.the_round, said=asked["about"])
    found = histories.part(visit.session, chain=chain, about=about, deed=asked["deed"], page=page, size=SIZE)
    there = histories.deeds(visit.session, chain=chain)
    visit.saw("history", the_round=frame.the_round, subject=asked["about"])
    return visit.page(
        "history.html",
        frame=frame,
        lines=list(Narrator(frame, found.entries).lines()),
        found=found.found,
        page=page,
        pages=max(1, -(-found.found // SIZE)),
        asked=asked,
        deeds=[("", say(Text(_("全部")))), *((deed, said(deed)) for deed in there)],
        address=lambda n: "?" + urlencode({**{k: v for k, v in asked.items() if v}, "page": n}),
    )
