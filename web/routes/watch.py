"""What observers do in a round: recount it, check its history, sign it, receive objections. They write nothing else."""

import threading
from collections.abc import Callable
from typing import Final

from fastapi import Response
from sqlmodel import Session

from actions import objections, proofs
from actions.proofs import Looked
from kit.i18n import gettext
from models.database import transaction
from models.rounds import Round
from queries import hearings, results, signatures, watching
from queries import rounds as reads
from queries.signatures import Head
from rules import hearings as law
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import again, proof
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame
from web.proof import Check
from web.visit import Visit

doors: Final = Doors()

_ONE_AT_A_TIME: Final = threading.Lock()
"""Recounting keeps one core busy for seconds; several at once would slow everybody down."""

PEOPLE_A_SECOND: Final = 1000
"""How many people a recount gets through, measured with rounding down: for what the page says before it is asked."""


@doors.get("/rounds/{code}/watch", act=Act.SEE_HISTORY)
def watch(visit: Visit, code: str, length: str = "", fingerprint: str = "") -> Response:
    """Show what observers look at, what they found, and what they signed."""
    return _watch(visit, visit.round_of(code), noted=(length, fingerprint))


def _watch(
    visit: Visit,
    the_round: Round,
    *,
    status: int = 200,
    fault: Text | None = None,
    faults: dict[str, Text] | None = None,
    typed: str = "",
    noted: tuple[str, str] = ("", ""),
) -> Response:
    session = visit.session
    numbers = reads.numbers(session, round_id=the_round.id)
    visit.saw("watch", the_round=the_round)
    return visit.page(
        "watch.html",
        status=status,
        frame=Frame(visit, the_round),
        head=signatures.head(session, round_id=the_round.id),
        how=again.way(visit),
        signed=signatures.of_round(session, round_id=the_round.id),
        checks=watching.checks(session, round_id=the_round.id),
        CHECKS={watching.RECOUNTED: _("复核本轮"), watching.CHECKED: _("核对留痕")},
        objections=hearings.of_round(session, round_id=the_round.id, kind=law.OBJECTION),
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


@doors.post("/rounds/{code}/watch/recount", act=Act.SEE_HISTORY, lasts=True)
def recount(visit: Visit, code: str) -> Response:
    """Recount the round from its stored evidence and hold it against what was decided."""
    return _look(visit, code, watching.RECOUNTED, lambda session, the_round: [proof.recounted(session, the_round)])


@doors.post("/rounds/{code}/watch/check", act=Act.SEE_HISTORY, lasts=True)
def check_history(visit: Visit, code: str) -> Response:
    """Check the chain of the history, the books, the documents, the signatures and the kept files."""
    return _look(
        visit,
        code,
        watching.CHECKED,
        lambda session, the_round: [*proof.history(session, the_round), *proof.centre(session)],
    )


def _look(visit: Visit, code: str, deed: str, look: Callable[[Session, Round], list[Check]]) -> Response:
    the_round = visit.round_of(code)
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        busy = Text(_("另一次复核正在进行；请等它完成（通常几秒）再试"))
        return _watch(visit, the_round, status=409, fault=busy)
    try:
        with proof.as_of_now() as session:
            checks = look(session, the_round)
    finally:
        _ONE_AT_A_TIME.release()
    looked = [Looked(Text(c.what), c.compared, c.findings) for c in checks]
    with transaction() as session:
        entry = proofs.note(session, the_round=the_round, deed=deed, looked=looked, actor=visit.actor, now=visit.now)
    return visit.go("watch_found", code=the_round.code, number=entry.number)


@doors.get("/rounds/{code}/watch/checks/{number}", act=Act.SEE_HISTORY, name="watch_found")
def found(visit: Visit, code: str, number: int) -> Response:
    """Show what a recount or a check compared, and what it found."""
    the_round = visit.round_of(code)
    kept = watching.check(visit.session, round_id=the_round.id, number=number)
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
        recounted=entry.deed == watching.RECOUNTED,
        decided=decided,
    )


@doors.post("/rounds/{code}/watch/sign", act=Act.SIGN_HISTORY)
def sign_history(visit: Visit, code: str) -> Response:
    """Sign the round's history as it was shown; its owner shows once more to be there."""
    the_round = visit.round_of(code)
    statement = visit.text("statement")
    if fault := again.fault(visit):
        return _watch(visit, the_round, status=422, faults={again.FIELD: fault}, typed=statement)
    length = visit.text("length")
    seen = Head(int(length) if length.isdecimal() and len(length) < 10 else 0, visit.text("head"))  # noqa: PLR2004 - fits an integer
    name = f"{visit.me.name}（{visit.me.login}）"
    try:
        with visit.session.begin_nested():
            proofs.sign(
                visit.session,
                the_round=the_round,
                seen=seen,
                statement=statement,
                name=name,
                actor=visit.actor,
                now=visit.now,
            )
    except RuleError as error:
        return _watch(visit, the_round, status=409, faults={"statement": error.text}, typed=statement)
    return visit.go("watch", code=the_round.code, said=Text(_("已签名；请把指纹另外保存一份")))


@doors.get("/rounds/{code}/watch/signatures/{number}", act=Act.SEE_HISTORY, name="signature")
def signature(visit: Visit, code: str, number: int) -> Response:
    """Hand out a signature as a small text, to be kept elsewhere: whoever rewrites our database cannot reach it."""
    the_round = visit.round_of(code)
    signed = signatures.of_round(visit.session, round_id=the_round.id)
    if not 1 <= number <= len(signed):
        raise NotFoundError(Text(_("没有第 {n} 个签名"), {"n": number}))
    one = signed[number - 1].signature
    answer = visit.part("watch_signature.j2", the_round=the_round, signature=one)
    return Response(
        bytes(answer.body),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="signature-{one.length}.txt"'},
    )


@doors.get("/rounds/{code}/watch/objections/new", act=Act.RECEIVE_OBJECTIONS)
def new_objection(visit: Visit, code: str) -> Response:
    """Show the form for an objection that came in by letter, telephone or in person."""
    return _objection(visit, visit.round_of(code), {})


def _objection(
    visit: Visit, the_round: Round, typed: dict[str, str], *, status: int = 200, fault: Text | None = None
) -> Response:
    frame = Frame(visit, the_round)
    return visit.page(
        "watch_objection.html",
        status=status,
        frame=frame,
        notice=frame.step("_notice"),
        typed=typed,
        fault=fault,
        ways=[("", gettext("请选择")), *((key, gettext(word)) for key, word in law.CHANNELS.items())],
    )


@doors.post("/rounds/{code}/watch/objections", act=Act.RECEIVE_OBJECTIONS)
def receive_objection(visit: Visit, code: str) -> Response:
    """Take in an objection; HR answers it on their own page."""
    the_round = visit.round_of(code)
    typed = {name: visit.text(name) for name in ("channel", "raised_by", "staff_no", "ground")}
    try:
        with visit.session.begin_nested():
            made = objections.receive(visit.session, the_round=the_round, **typed, actor=visit.actor, now=visit.now)
    except RuleError as error:
        return _objection(visit, the_round, typed, status=422, fault=error.text)
    said = Text(_("已登记为第 {number} 号异议，由人力资源答复"), {"number": made.number})
    return visit.go("watch", code=the_round.code, said=said)


@doors.get("/rounds/{code}/watch/objections/{number}", act=Act.SEE_HISTORY, name="objection")
def objection(visit: Visit, code: str, number: int) -> Response:
    """Show an objection with its answer."""
    the_round = visit.round_of(code)
    hearing = hearings.by_number(visit.session, round_id=the_round.id, number=number)
    if hearing is None:
        raise NotFoundError(Text(_("没有第 {number} 号异议"), {"number": number}))
    visit.saw("objection", the_round=the_round, subject=hearing.staff_no)
    return visit.page(
        "watch_heard.html",
        frame=Frame(visit, the_round),
        hearing=hearing,
        CHANNELS={**law.CHANNELS, "pages": _("本系统")},
        STATES=law.STATES,
        FINDINGS=law.FINDINGS,
    )
