"""Score sheets: save what is typed, file, decline, give back for correction. Only filing writes marks.

What is refused half-way is the caller's to take back: marks are written before the sheet is locked.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col

from actions import history, sheet_marks, sheet_saves
from actions.sheet_saves import Save
from models.rounds import Round
from models.sheets import Sheet
from queries import panels, sheets
from queries.desks import Desk
from queries.inboxes import Chair
from rules.policies import Policy
from rules.sheets import State, Written
from rules.texts import RuleError, Text, _, enumerated

DECLINES: Final = ("abstained", "recused")


def save(session: Session, *, desk: Desk, written: Mapping[str, Written], made: Save) -> int:
    """Keep a sheet as typed so far; return its version. A save of the same key was heard already and changes nothing.

    :raises ConflictError: when somebody (another window) has saved since its version.
    :raises RuleError: when the sheet is filed, taken away, or its stage is closed.
    """
    if (version := sheet_saves.heard(session, desk=desk, key=made.key)) is not None:
        return version
    _require_writable(desk, now=made.now)
    return sheet_saves.put(session, desk=desk, made=made, entries=sheet_saves.entries(written))


def file(
    session: Session, *, desk: Desk, written: Mapping[str, Written], marks: Mapping[str, Decimal], made: Save
) -> int:
    """File a complete sheet: its marks count from now on, and it is locked. Returns its version.

    :raises ConflictError: when somebody (another window) has saved since its version.
    :raises RuleError: when a mark is missing, or the sheet is filed already, taken away, or its stage is closed.
    """
    if (version := sheet_saves.heard(session, desk=desk, key=made.key)) is not None:
        return version
    _require_writable(desk, now=made.now)
    if missing := [c.name for c in desk.terms.criteria if c.key not in marks]:
        raise RuleError(Text(_("还没有评分：{names}"), {"names": enumerated(missing)}))
    sheet_marks.scored(session, desk=desk, marks=marks, written=written, made=made)
    said = {"entries": sheet_saves.entries(written), "state": "filed", "status": "scored", "filed_at": made.now}
    return sheet_saves.put(session, desk=desk, made=made, **said)


def decline(session: Session, *, desk: Desk, status: str, reason: str, made: Save) -> int:
    """File a sheet as declined: ``abstained`` or ``recused``, with the reason. Returns its version.

    :raises ConflictError: when somebody (another window) has saved since its version.
    :raises RuleError: when there is no reason, or the sheet is filed already, taken away, or its stage is closed.
    """
    if (version := sheet_saves.heard(session, desk=desk, key=made.key)) is not None:
        return version
    if status not in DECLINES:
        raise RuleError(Text(_("请选择弃评或回避")))
    history.require_reason(reason)
    _require_writable(desk, now=made.now, though_in_conflict=status == "recused")
    sheet_marks.declined(session, desk=desk, status=status, reason=reason.strip(), made=made)
    return sheet_saves.put(session, desk=desk, made=made, state="filed", status=status, filed_at=made.now)


def give_back(
    session: Session,
    *,
    the_round: Round,
    stage: str,
    staff_no: str,
    reviewer_no: str,
    reason: str,
    policy: Policy,
    actor: str,
    now: datetime,
) -> None:
    """Give a filed sheet back to its reviewer for correction; its marks stand until it is filed again.

    :raises RuleError: when it is not filed, or its stage is closed.
    """
    history.require_reason(reason)
    seat = panels.seats(session, round_id=the_round.id).get(reviewer_no)
    chairs = [Chair(the_round, reviewer_no, seat.name, seat.staff_no or reviewer_no)] if seat else []
    desk = sheets.desk(session, chairs=chairs, stage=stage, staff_no=staff_no, policy=policy)
    if desk is None or desk.state is not State.FILED:
        raise RuleError(Text(_("这份评分表没有提交，不需要更正")))
    if why := desk.shut(now=now, filed=True):
        raise RuleError(why)
    if desk.sheet is None:
        session.add(_imported(desk, actor, now))
        session.flush()
    counts = sheet_saves.entries(desk.written())  # a draft may have been left behind when the marks were brought in
    mine = sheet_saves.of_sheet(desk).values(entries=counts, state="returned", reason=reason)
    session.execute(mine.values(version=col(Sheet.version) + 1))
    detail: dict[str, object] = {"reviewer": reviewer_no, "candidate": staff_no, "reason": reason}
    history.record(
        session, chain=the_round.id, actor=actor, deed="sheet.returned", now=now, subject=stage, detail=detail
    )


def _require_writable(desk: Desk, *, now: datetime, though_in_conflict: bool = False) -> None:
    if why := desk.shut(now=now):
        raise RuleError(why)
    if desk.conflict and not though_in_conflict:
        raise RuleError(Text(_("您应当回避这位候选人：{why}"), {"why": desk.conflict}))


def _imported(desk: Desk, actor: str, now: datetime) -> Sheet:
    """Return a sheet for marks that came by another way than the pages."""
    return Sheet(
        **sheet_saves.place(desk),
        state="filed",
        status=desk.status,
        entries=sheet_saves.entries(desk.written()),
        saved_at=now,
        saved_by=actor,
        filed_at=now,
    )
