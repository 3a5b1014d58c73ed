"""The observers' signatures under a round's history."""

from typing import Final

from fastapi import Response

from actions import proofs
from queries import signatures
from queries.signatures import Head
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import again, watching
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()


@doors.post("/rounds/{code}/watch/sign", act=Act.SIGN_HISTORY)
def sign_history(visit: Visit, code: str) -> Response:
    """Sign the round's history as it was shown; its owner shows once more to be there."""
    the_round = visit.round_of(code)
    statement = visit.text("statement")
    if fault := again.fault(visit):
        return watching.shown(visit, the_round, status=422, faults={again.FIELD: fault}, typed=statement)
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
        return watching.shown(visit, the_round, status=409, faults={"statement": error.text}, typed=statement)
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
    name = f"signature-{one.length}.txt"
    return attachment(bytes(answer.body), name=name, media_type="text/plain; charset=utf-8")
