"""The documents of a round: listed with their versions, opened, fetched."""

from itertools import groupby
from typing import Final
from uuid import UUID

from fastapi import Response

from kit.i18n import say
from models.documents import Document
from queries import decided, panels
from rules.access import Act, Reach
from rules.texts import Text, _
from web.doors import Doors
from web.downloads import PDF, attachment, opened
from web.faults import ForbiddenError, NotFoundError
from web.frames import framed
from web.visit import Visit

doors: Final = Doors()

SHOWN: Final = 200
"""So many candidates' own documents are listed at once."""


@doors.get("/rounds/{code}/documents", act=Act.SEE_DOCUMENTS)
def documents(visit: Visit, code: str, q: str = "") -> Response:
    """List the documents of a round, and those of its candidates, the latest version first."""
    _require_all(visit)
    frame = framed(visit, code)
    everything = decided.documents(visit.session, round_id=frame.the_round.id)
    own = [d for d in everything if d.staff_no]
    people = panels.persons(visit.session, staff_nos={d.staff_no for d in own})
    names = {no: person.name for no, person in people.items()}
    wanted = [d for d in own if q.strip() in f"{d.name} {names.get(d.staff_no, '')}"]
    visit.saw("documents", the_round=frame.the_round)
    return visit.page(
        "documents.html",
        frame=frame,
        of_round=_by_name([d for d in everything if not d.staff_no]),
        of_people=_by_name(wanted)[:SHOWN],
        names=names,
        found=len(_by_name(wanted)),
        own=len(own),
        q=q,
    )


def _require_all(visit: Visit) -> None:
    if visit.reach is not Reach.ALL:
        raise ForbiddenError(visit.act, Text(_("您可以在“我的竞聘”取得自己的文档")))


def _by_name(found: list[Document]) -> list[list[Document]]:
    """Return documents as groups of one name each, in the order of their names, the latest version first."""
    found = sorted(found, key=lambda d: (d.name, -d.version))
    return [list(group) for _name, group in groupby(found, key=lambda d: d.name)]


@doors.get("/rounds/{code}/documents/{document_id}", act=Act.SEE_DOCUMENTS)
def document(visit: Visit, code: str, document_id: UUID, save: bool = False) -> Response:  # noqa: FBT001, FBT002 - a word of the address
    """Open a document in the browser, if it is a PDF, or fetch it."""
    _require_all(visit)
    frame = framed(visit, code)
    found = visit.session.get(Document, document_id)
    if found is None or found.round_id != frame.the_round.id:
        raise NotFoundError(Text(_("没有这份文档")))
    visit.saw("document", the_round=frame.the_round, subject=found.staff_no)
    content, name = decided.content(visit.session, document=found), _named(found)
    if save or found.media_type != PDF:
        return attachment(content, name=name, media_type=found.media_type)
    return opened(content, name=name)


def _named(found: Document) -> str:
    if found.version == 1:
        return found.name
    stem, _dot, ending = found.name.rpartition(".")
    return say(Text(_("{name}（第 {n} 版）"), {"name": stem, "n": found.version})) + f".{ending}"
