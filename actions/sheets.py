"""Score sheets: declare interests, save drafts, file, decline, give back for correction. Only filing writes marks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert as core_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from actions import evidence, history
from kit.canonical import json_text
from models.rounds import Round
from models.sheets import Declaration, Sheet, SheetSave
from models.stages import Stage
from queries import panels, sheets
from queries.books import table_of
from queries.inboxes import Chair
from queries.sheets import Desk
from rules import course
from rules.policies import Policy
from rules.records import Mark
from rules.sheets import State, Written
from rules.texts import RuleError, Text, _, enumerated

DECLINES: Final = ("abstained", "recused")
LONGEST_KEY: Final = 64
KEPT: Final = timedelta(days=1)
"""So long it is remembered that a save was done, once its step is counted."""

_COMPLETED: Final = "评委本人提交评分表"
"""Why marks change that were taken in before but were no complete sheet: kept in the history as it stands."""


class ConflictError(RuleError):
    """A save over a newer one: nothing was written; whoever saves has to look at both."""

    def __init__(self) -> None:
        super().__init__(Text(_("这份评分表在别处保存过更新的内容；请对照两份内容，选定一份")))


def declare(session: Session, *, chair: Chair, statement: str, actor: str, now: datetime) -> None:
    """Note a reviewer's declaration of interest for a round; a second one changes nothing."""
    the_round = chair.the_round
    if session.get(Declaration, (the_round.id, chair.reviewer_no)):
        return
    _require_running(the_round)
    session.add(
        Declaration(
            round_id=the_round.id,
            reviewer_no=chair.reviewer_no,
            made_at=now,
            made_by=actor,
            statement=statement.strip(),
        )
    )
    detail: dict[str, object] = {"reviewer": chair.reviewer_no, "statement": statement.strip()}
    history.record(session, chain=the_round.id, actor=actor, deed="interest.declared", now=now, detail=detail)


def save(
    session: Session, *, desk: Desk, written: Mapping[str, Written], key: str, version: int, actor: str, now: datetime
) -> int:
    """Keep a sheet as typed so far; return its version. A save of the same key was heard already and changes nothing.

    :raises ConflictError: when somebody (another window) has saved since ``version``.
    :raises RuleError: when the sheet is filed, taken away, or its stage is closed.
    """
    done = _done(session, desk, key)
    if done is not None:
        return done
    require_open(desk, now=now)
    _require_no_conflict(desk)
    return _put(session, desk, key=key, version=version, actor=actor, now=now, entries=_entries(written))


def file(
    session: Session,
    *,
    desk: Desk,
    written: Mapping[str, Written],
    marks: Mapping[str, Decimal],
    key: str,
    version: int,
    actor: str,
    now: datetime,
) -> int:
    """File a complete sheet: its marks count from now on, and it is locked. Returns its version.

    :raises ConflictError: when somebody (another window) has saved since ``version``.
    :raises RuleError: when a mark is missing, or the sheet is filed already, taken away, or its stage is closed.
    """
    done = _done(session, desk, key)
    if done is not None:
        return done
    require_open(desk, now=now)
    _require_no_conflict(desk)
    if missing := [c.name for c in desk.terms.criteria if c.key not in marks]:
        raise RuleError(Text(_("还没有评分：{names}"), {"names": enumerated(missing)}))
    rows = [_row(desk, c, marks[c], "scored", written[c].comment) for c in desk.criteria]
    said: dict[str, object] = {"entries": _entries(written), "state": "filed", "status": "scored", "filed_at": now}
    reason = _corrected(desk)
    made = _put(session, desk, key=key, version=version, actor=actor, now=now, **said)
    _count(session, desk, rows, deed="sheet.filed", reason=reason, actor=actor, now=now)
    return made


def decline(
    session: Session, *, desk: Desk, status: str, reason: str, key: str, version: int, actor: str, now: datetime
) -> int:
    """File a sheet as declined: ``abstained`` or ``recused``, with the reason. Returns its version.

    :raises RuleError: when there is no reason, or the sheet is filed already, taken away, or its stage is closed.
    """
    done = _done(session, desk, key)
    if done is not None:
        return done
    if status not in DECLINES:
        raise RuleError(Text(_("请选择弃评或回避")))
    history.require_reason(reason)
    require_open(desk, now=now)
    if status == "abstained":
        _require_no_conflict(desk)
    rows = [_row(desk, c, None, status, reason.strip()) for c in desk.criteria]
    corrected = _corrected(desk)
    said: dict[str, object] = {"state": "filed", "status": status, "filed_at": now}
    made = _put(session, desk, key=key, version=version, actor=actor, now=now, **said)
    _count(session, desk, rows, deed="sheet.declined", reason=corrected, actor=actor, now=now)
    return made


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
    if seat is None:
        raise RuleError(Text(_("这份评分表没有提交，不需要更正")))
    chair = Chair(the_round, reviewer_no, seat.name, seat.staff_no or reviewer_no)
    desk = sheets.desk(session, chairs=[chair], stage=stage, staff_no=staff_no, policy=policy)
    if desk is None or desk.state is not State.FILED:
        raise RuleError(Text(_("这份评分表没有提交，不需要更正")))
    require_open(desk, now=now, filed=True)
    if desk.sheet is None:
        session.add(_imported(desk, actor, now))
        session.flush()
    mine = _of_sheet(desk).values(state="returned", reason=reason, version=Sheet.version + 1)
    session.execute(mine)
    detail: dict[str, object] = {"reviewer": reviewer_no, "candidate": staff_no, "reason": reason}
    history.record(
        session, chain=the_round.id, actor=actor, deed="sheet.returned", now=now, subject=stage, detail=detail
    )


def require_open(desk: Desk, *, now: datetime, filed: bool = False) -> None:
    """Refuse to write on a sheet that is not to be written on now; ``filed``: one that is filed, to be given back.

    :raises RuleError: saying why.
    """
    _require_running(desk.chair.the_round)
    name = {"name": course.said(desk.stage.name)}
    if desk.declaration is None and not filed:
        raise RuleError(Text(_("请先申报利害关系，再打开评分表")))
    if desk.taken_away:
        raise RuleError(Text(_("这份评分表已改由其他评委完成，不能再填写")))
    if desk.stage.state == "pending":
        raise RuleError(Text(_("“{name}”还没有开放，不能评分"), name))
    if desk.stage.state != "open" or (desk.stage.due_at is not None and desk.stage.due_at < now):
        raise RuleError(Text(_("“{name}”已经截止，不能再评分"), name))
    if desk.left:
        raise RuleError(Text(_("候选人已不在本环节，这份评分表不再需要")))
    if desk.state is State.FILED and not filed:
        raise RuleError(Text(_("这份评分表已经提交并锁定；确需改动的，请申请更正")))


def _require_no_conflict(desk: Desk) -> None:
    if desk.conflict:
        raise RuleError(Text(_("您应当回避这位候选人：{why}"), {"why": desk.conflict}))


def forget_saves(session: Session, *, round_id: UUID, now: datetime) -> None:
    """Forget which saves were done, of steps that are counted and of days gone by: no browser asks again.

    A save that does come after all finds the step closed.
    """
    counted = select(Stage.key).where(Stage.round_id == round_id, col(Stage.tallied_at).is_not(None))
    old = delete(SheetSave).where(col(SheetSave.round_id) == round_id, col(SheetSave.stage).in_(counted))
    session.execute(old.where(col(SheetSave.saved_at) < now - KEPT))


def _require_running(the_round: Round) -> None:
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))


def _done(session: Session, desk: Desk, key: str) -> int | None:
    """Return the version that a save of this key made; ``None``: there was none yet.

    :raises RuleError: when the key is none of ours, or belongs to another sheet.
    """
    if not key or len(key) > LONGEST_KEY:
        raise RuleError(Text(_("这次保存没有编号；请刷新页面后再试")))
    found = session.get(SheetSave, key)
    if found is None:
        return None
    chair = desk.chair
    theirs = (found.round_id, found.stage, found.staff_no, found.reviewer_no)
    if theirs != (chair.the_round.id, desk.stage.key, desk.candidate.staff_no, chair.reviewer_no):
        raise RuleError(Text(_("这次保存没有编号；请刷新页面后再试")))
    return found.version


def _put(session: Session, desk: Desk, *, key: str, version: int, actor: str, now: datetime, **values: object) -> int:
    """Write a sheet if nobody has since ``version``, and note the save by its key; return the new version."""
    fields = {"version": version + 1, "saved_at": now, "saved_by": actor, **values}
    place = _place(desk)
    if version == 0 and desk.sheet is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        fresh = {"state": "draft", "status": "scored", "reason": "", "entries": "{}", "filed_at": None}
        query = insert(table_of(Sheet)).values({**fresh, **place, **fields}).on_conflict_do_nothing()
        # psycopg does not count the rows of such an INSERT: it gives back what it wrote
        won = session.execute(query.returning(table_of(Sheet).c.version)).first() is not None
    else:
        mine = _of_sheet(desk).where(col(Sheet.version) == version, col(Sheet.state) != "filed")
        won = bool(session.execute(mine.values(**fields)).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
    if not won:
        raise ConflictError
    heard = {"key": key, **place, "version": version + 1, "saved_at": now}
    session.execute(core_insert(table_of(SheetSave)), heard)
    return version + 1


def _place(desk: Desk) -> dict[str, Any]:
    return {
        "round_id": desk.chair.the_round.id,
        "stage": desk.stage.key,
        "staff_no": desk.candidate.staff_no,
        "reviewer_no": desk.chair.reviewer_no,
    }


def _of_sheet(desk: Desk):  # type: ignore[no-untyped-def] # noqa: ANN202 - SQLAlchemy's own type of an UPDATE
    mine = update(Sheet)
    for name, value in _place(desk).items():
        mine = mine.where(getattr(Sheet, name) == value)
    return mine


def _row(desk: Desk, criterion: str, mark: Decimal | None, status: str, comment: str) -> Mark:
    no, reviewer_no = desk.candidate.staff_no, desk.chair.reviewer_no
    return Mark(desk.stage.key, no, reviewer_no, criterion, mark, status, comment or None)


def _count(
    session: Session, desk: Desk, rows: Sequence[Mark], *, deed: str, reason: str, actor: str, now: datetime
) -> None:
    """Write the marks that count from now on, and say in the history what they were before."""
    the_round = desk.chair.the_round
    evidence.take_in(
        session,
        the_round=the_round,
        book="marks",
        rows=rows,
        actor=actor,
        now=now,
        change_reason=reason or _COMPLETED,
    )
    changed = {r.criterion: [_said(desk.marks.get(r.criterion)), _said(r)] for r in rows}
    detail: dict[str, object] = {
        "reviewer": desk.chair.reviewer_no,
        "candidate": desk.candidate.staff_no,
        "marks": changed,
        "reason": reason,
    }
    history.record(session, chain=the_round.id, actor=actor, deed=deed, now=now, subject=desk.stage.key, detail=detail)


def _corrected(desk: Desk) -> str:
    """Return why a sheet that was given back is corrected; empty for one that is filed for the first time."""
    return desk.sheet.reason if desk.sheet and desk.state is State.RETURNED else ""


def _said(mark: Mark | None) -> str | None:
    if mark is None:
        return None
    return f"{mark.mark:f}" if mark.mark is not None else mark.status


def _entries(written: Mapping[str, Written]) -> str:
    return json_text({key: [w.mark, w.comment] for key, w in written.items()})


def _imported(desk: Desk, actor: str, now: datetime) -> Sheet:
    """Return a sheet for marks that came by another way than the pages."""
    return Sheet(
        **_place(desk),
        state="filed",
        status=desk.status,
        entries=_entries(desk.written()),
        saved_at=now,
        saved_by=actor,
        filed_at=now,
    )
