"""The observers' page of a round: what was checked, what was signed, what was objected to."""

from typing import Final

from fastapi import Response
from sqlmodel import Session

from models.rounds import Round
from queries import hearings, signatures, watching
from queries import rounds as reads
from rules import hearings as law
from rules.texts import Text, _
from web import again, proof
from web.actors import Actors
from web.called import Called
from web.frames import Frame
from web.visit import Visit

PEOPLE_A_SECOND: Final = 1000
"""How many people a recount gets through, measured with rounding down: for what the page says before it is asked."""


def shown(
    visit: Visit,
    the_round: Round,
    *,
    status: int = 200,
    fault: Text | None = None,
    faults: dict[str, Text] | None = None,
    typed: str = "",
    noted: tuple[str, str] = ("", ""),
) -> Response:
    """Return the page; ``fault`` stands on top, ``faults`` at the fields of the signature."""
    session, frame = visit.session, Frame(visit, the_round)
    numbers = reads.numbers(session, round_id=the_round.id)
    checks = watching.checks(session, round_id=the_round.id)
    objections = hearings.of_round(session, round_id=the_round.id, kind=law.OBJECTION)
    visit.saw("watch", the_round=the_round)
    return visit.page(
        "watch.html",
        status=status,
        frame=frame,
        head=signatures.head(session, round_id=the_round.id),
        how=again.way(visit),
        signed=signatures.of_round(session, round_id=the_round.id),
        checks=checks,
        CHECKS={watching.RECOUNTED: _("复核本轮"), watching.CHECKED: _("核对留痕")},
        objections=objections,
        called=Called(frame, [h.staff_no for h in objections]),
        named=Actors(session, [done.entry.actor for done in checks]),
        no_bundle=proof.too_early(session, the_round),
        STATES=law.STATES,
        seconds=1 + numbers["screened"] // PEOPLE_A_SECOND,
        numbers=numbers,
        fault=fault,
        faults=faults or {},
        typed=typed,
        noted=noted,
        noted_found=_noted(session, the_round, *noted),
    )


def _noted(session: Session, the_round: Round, length: str, fingerprint: str) -> bool | None:
    """Return whether the history still has a fingerprint that somebody noted down; ``None`` when none is asked for."""
    wanted = "".join(fingerprint.split()).casefold()
    if not wanted:
        return None
    if not length.strip().isdecimal() or len(length) > 9:  # noqa: PLR2004 - more than any history has
        return False
    return signatures.hash_at(session, round_id=the_round.id, length=int(length)) == wanted
