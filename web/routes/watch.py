"""What observers do in a round: recount it, check its history, take its bundle along to recount it themselves."""

import threading
from collections.abc import Callable
from typing import Final

from fastapi import Response
from sqlmodel import Session

from actions import proofs
from actions.proofs import Looked
from models.database import transaction
from models.rounds import Round
from queries import results
from queries import watching as checks
from rules.access import Act
from rules.texts import Text, _
from web import proof, watching
from web.actors import Actors
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.frames import Frame
from web.proof import Check
from web.visit import Visit

doors: Final = Doors()

_ONE_AT_A_TIME: Final = threading.Lock()
"""Recounting keeps one core busy for seconds; several at once would slow everybody down."""


@doors.get("/rounds/{code}/watch", act=Act.SEE_HISTORY)
def watch(visit: Visit, code: str, length: str = "", fingerprint: str = "") -> Response:
    """Show what observers look at, what they found, and what they signed."""
    return watching.shown(visit, visit.round_of(code), noted=(length, fingerprint))


@doors.post("/rounds/{code}/watch/recount", act=Act.SEE_HISTORY, lasts=True)
def recount(visit: Visit, code: str) -> Response:
    """Recount the round from its stored evidence and hold it against what was decided."""
    return _look(visit, code, checks.RECOUNTED, lambda session, the_round: [proof.recounted(session, the_round)])


@doors.post("/rounds/{code}/watch/check", act=Act.SEE_HISTORY, lasts=True)
def check_history(visit: Visit, code: str) -> Response:
    """Check the chain of the history, the books, the documents, the signatures and the kept files."""
    return _look(
        visit,
        code,
        checks.CHECKED,
        lambda session, the_round: [*proof.history(session, the_round), *proof.centre(session)],
    )


def _look(visit: Visit, code: str, deed: str, look: Callable[[Session, Round], list[Check]]) -> Response:
    the_round = visit.round_of(code)
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        busy = Text(_("另一次复核正在进行；请等它完成（通常几秒）再试"))
        return watching.shown(visit, the_round, status=409, fault=busy)
    try:
        with proof.as_of_now() as session:
            found = look(session, the_round)
    finally:
        _ONE_AT_A_TIME.release()
    looked = [Looked(Text(c.what), c.compared, c.findings) for c in found]
    with transaction() as session:
        entry = proofs.note(session, the_round=the_round, deed=deed, looked=looked, actor=visit.actor, now=visit.now)
    return visit.go("watch_found", code=the_round.code, number=entry.number)


@doors.get("/rounds/{code}/watch/checks/{number}", act=Act.SEE_HISTORY, name="watch_found")
def found(visit: Visit, code: str, number: int) -> Response:
    """Show what a recount or a check compared, and what it found."""
    the_round = visit.round_of(code)
    kept = checks.check(visit.session, round_id=the_round.id, number=number)
    if kept is None:
        raise NotFoundError(Text(_("留痕第 {n} 条不是一次复核或核对"), {"n": number}))
    entry, parts = kept
    visit.saw("watch_found", the_round=the_round)
    decided = len(results.of_round(visit.session, round_id=the_round.id))
    return visit.page(
        "watch_found.html",
        frame=Frame(visit, the_round),
        entry=entry,
        parts_found=parts,
        differing=sum(part.n for part in parts),
        recounted=entry.deed == checks.RECOUNTED,
        decided=decided,
        named=Actors(visit.session, [entry.actor]),
    )


@doors.get("/rounds/{code}/watch/bundle", act=Act.SEE_HISTORY, name="bundle")
def bundle(visit: Visit, code: str) -> Response:
    """Hand out all that the round was decided from, for whoever recounts it with a program of their own."""
    the_round = visit.round_of(code)
    if fault := proof.too_early(visit.session, the_round):
        return watching.shown(visit, the_round, status=409, fault=fault)
    visit.saw("bundle", the_round=the_round)
    return attachment(proof.bundle(the_round), name=f"{the_round.code}.zip", media_type="application/zip")
