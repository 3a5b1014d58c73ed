"""Requests for a human check and objections: raise, answer, take back; acknowledge one's own result.

What people wrote is kept as a file of its own, which the history names by its hash: a purge can remove the words, and
the chain still holds.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from actions import documents, history
from models.hearings import Acknowledgement, Hearing
from models.history import Entry
from models.results import Result
from models.rounds import Round
from queries import hearings, stages
from queries import results as standing
from queries.books import table_of
from rules import course
from rules import hearings as law
from rules.texts import RuleError, Text, _


def raise_own(
    session: Session, *, the_round: Round, kind: str, staff_no: str, ground: str, actor: str, now: datetime
) -> Hearing:
    """Take in a request or an objection of a candidate; one that says the same and is open is not taken twice.

    :raises RuleError: when nothing is written, or it is not heard now.
    """
    ground = law.require_words(ground, missing=Text(_("请写明事实和理由")))
    steps = {s.key: s for s in stages.locked(session, round_id=the_round.id)}
    notice = steps[course.NOTICE]
    eligible = standing.eligibility_of(session, round_id=the_round.id, staff_no=staff_no)
    result = session.get(Result, (the_round.id, staff_no))
    rejected = law.turned_away(eligible=eligible, outcome=result.outcome if result else None)
    law.require_heard(kind=kind, notice=notice.state, ends_at=notice.closes_at, rejected=rejected, now=now)
    for mine in hearings.of_person(session, round_id=the_round.id, staff_no=staff_no):
        if (mine.kind, mine.state) != (kind, "open"):
            continue
        if mine.ground == ground:
            return mine
        raise RuleError(
            Text(_("您的第 {number} 号申请还没有答复；需要补充的，请先撤回再提交"), {"number": mine.number})
        )
    return take_in(
        session,
        the_round=the_round,
        kind=kind,
        staff_no=staff_no,
        raised_by=staff_no,
        channel="pages",
        ground=ground,
        actor=actor,
        now=now,
    )


def take_in(
    session: Session,
    *,
    the_round: Round,
    kind: str,
    ground: str,
    actor: str,
    now: datetime,
    staff_no: str = "",
    raised_by: str = "",
    channel: str = "",
    arrived_at: datetime | None = None,
) -> Hearing:
    """Take in a request or an objection that came in by whatever way, under the next number of its round.

    ``arrived_at``: when it came in, if that was before it was written down.
    """
    stages.locked(session, round_id=the_round.id)  # numbers are given one after the other
    hearing = Hearing(
        round_id=the_round.id,
        number=hearings.next_number(session, round_id=the_round.id),
        kind=kind,
        staff_no=staff_no,
        raised_by=raised_by,
        channel=channel,
        ground=law.require_words(ground, missing=Text(_("请写明事实和理由"))),
        received_by=actor,
        received_at=arrived_at or now,
    )
    session.add(hearing)
    _record(session, the_round, hearing, "hearing.raised", actor, now, words=hearing.ground)
    return hearing


def take_back(session: Session, *, the_round: Round, hearing: Hearing, actor: str, now: datetime) -> bool:
    """Take back one's own request; false when it is answered or taken back already."""
    session.refresh(hearing, with_for_update=True)
    if hearing.state != "open":
        return False
    hearing.state = "withdrawn"
    session.add(hearing)
    _record(session, the_round, hearing, "hearing.withdrawn", actor, now)
    return True


def answer(
    session: Session,
    *,
    the_round: Round,
    hearing: Hearing,
    upheld: bool,
    words: str,
    actor: str,
    now: datetime,
    actor_staff_no: str | None = None,
) -> Hearing:
    """Answer a request or an objection, once.

    :raises RuleError: when there is no answer in words, it concerns whoever answers, or it is no longer open.
    """
    words = law.require_words(words, missing=Text(_("请写明答复：查了什么、依据什么、结论是什么")))
    answerer, concerned = (actor, actor_staff_no or ""), (hearing.staff_no, hearing.raised_by, hearing.received_by)
    law.require_apart(answerer=answerer, concerned=concerned if hearing.channel == "pages" else concerned[:2])
    session.refresh(hearing, with_for_update=True)
    if hearing.state != "open":
        raise RuleError(Text(_("第 {number} 号已经答复或撤回"), {"number": hearing.number}))
    hearing.state, hearing.answer, hearing.upheld = "answered", words, upheld
    hearing.answered_by, hearing.answered_at = actor, now
    session.add(hearing)
    _record(session, the_round, hearing, "hearing.answered", actor, now, words=words)
    return hearing


def acknowledge(
    session: Session, *, the_round: Round, staff_no: str, generation: int, confirmed: bool, actor: str, now: datetime
) -> bool:
    """Note that a candidate has seen, or confirms, their own result; false when that is noted already."""
    place = {"round_id": the_round.id, "staff_no": staff_no, "generation": generation}
    first = _first_seen(session, place, now)
    mine = session.get_one(Acknowledgement, tuple(place.values()), with_for_update=True, populate_existing=True)
    if mine.confirmed_at or not (confirmed or first):
        return False
    mine.confirmed_at = now if confirmed else None
    session.add(mine)
    deed = "result.confirmed" if confirmed else "result.seen"
    detail: dict[str, object] = {"generation": generation}
    history.record(session, chain=the_round.id, actor=actor, deed=deed, now=now, subject=staff_no, detail=detail)
    return True


def _first_seen(session: Session, place: Mapping[str, object], now: datetime) -> bool:
    """Write down when a result was seen first; false when that is noted already, by another tab perhaps."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    query = insert(table_of(Acknowledgement)).values(**place, seen_at=now).on_conflict_do_nothing()
    # psycopg does not count the rows of such an INSERT: it gives back what it wrote
    return session.execute(query.returning(table_of(Acknowledgement).c.staff_no)).first() is not None


def _record(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, hearing: Hearing, deed: str, actor: str, now: datetime, *, words: str = ""
) -> Entry:
    detail: dict[str, object] = {"number": hearing.number, "kind": hearing.kind}
    if deed == "hearing.raised":
        detail |= {"channel": hearing.channel, "raised_by": hearing.raised_by, "arrived_at": hearing.received_at}
    if deed == "hearing.answered":
        detail |= {"upheld": hearing.upheld}
    evidence = documents.keep(session, words.encode()) if words else None
    return history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed=deed,
        now=now,
        subject=hearing.staff_no,
        detail=detail,
        evidence=evidence,
    )
