"""Objections that reach the observers by letter, by telephone or in person: they receive them, HR answers."""

from datetime import datetime

from sqlmodel import Session

from actions import hearings
from models.hearings import Hearing
from models.rounds import Round
from queries import hearings as heard
from queries import panels
from rules.hearings import CHANNELS, OBJECTION
from rules.texts import RuleError, Text, _

LONGEST_NAME = 100


class FaultyError(RuleError):
    """What was typed cannot be taken in; ``field`` says where."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(text)
        self.field = field


def receive(
    session: Session,
    *,
    the_round: Round,
    channel: str,
    raised_by: str,
    staff_no: str,
    ground: str,
    arrived_at: datetime,
    actor: str,
    now: datetime,
) -> Hearing:
    """Take in an objection in writing; one that says the same and is still open is not taken twice.

    ``arrived_at`` is when it reached whoever took it down: a letter of the last day is in time, whenever it is read.

    :raises FaultyError: when the way it came is unknown, nothing is written, it has not arrived yet, or it concerns
        somebody who is not there.
    """
    if channel not in CHANNELS:
        raise FaultyError("channel", Text(_("请选择异议是怎样收到的")))
    if arrived_at > now:
        raise FaultyError("arrived_at", Text(_("收到的时间还没有到；请核对日期和时刻")))
    if len(raised_by) > LONGEST_NAME:
        raise FaultyError("raised_by", Text(_("太长：最多 {limit} 个字"), {"limit": LONGEST_NAME}))
    if staff_no and not panels.persons(session, staff_nos=[staff_no]):
        text = Text(_("名册中没有工号 {staff_no}；请核对，或留空并在内容中写明"), {"staff_no": staff_no})
        raise FaultyError("staff_no", text)
    said = ground.strip()
    for there in heard.of_round(session, round_id=the_round.id, kind=OBJECTION, only_open=True):
        if (there.ground, there.raised_by, there.staff_no, there.channel) == (said, raised_by, staff_no, channel):
            return there
    return hearings.take_in(
        session,
        the_round=the_round,
        kind=OBJECTION,
        staff_no=staff_no,
        raised_by=raised_by,
        channel=channel,
        ground=said,
        arrived_at=arrived_at,
        actor=actor,
        now=now,
    )
