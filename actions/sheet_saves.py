"""Put a score sheet away: once for each key, and only over the version that was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, Update
from sqlalchemy import insert as core_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from kit.canonical import json_text
from models.sheets import Sheet, SheetSave
from models.stages import Stage
from queries.books import table_of
from queries.desks import Desk
from rules.sheets import Written
from rules.texts import RuleError, Text, _

LONGEST_KEY: Final = 64
KEPT: Final = timedelta(days=1)
"""So long it is remembered that a save was done, once its step is counted."""


class ConflictError(RuleError):
    """A save over a newer one: nothing was written; whoever saves has to look at both."""

    def __init__(self) -> None:
        super().__init__(Text(_("这份评分表在别处保存过更新的内容；请对照两份内容，选定一份")))


@dataclass(frozen=True, slots=True)
class Save:
    """One save: ``key`` is its own, ``version`` that of the content that it was typed over."""

    key: str
    version: int
    actor: str
    now: datetime


def heard(session: Session, *, desk: Desk, key: str) -> int | None:
    """Return the version that a save of this key made; ``None``: there was none yet.

    :raises RuleError: when the key is none of ours, or belongs to another sheet.
    """
    if not key or len(key) > LONGEST_KEY:
        raise RuleError(Text(_("这次保存没有编号；请刷新页面后再试")))
    found = session.get(SheetSave, key)
    if found is None:
        return None
    if any(getattr(found, name) != value for name, value in place(desk).items()):
        raise RuleError(Text(_("这次保存没有编号；请刷新页面后再试")))
    return found.version


def put(session: Session, *, desk: Desk, made: Save, **values: object) -> int:
    """Write a sheet if nobody has since its version was read, and note the save by its key; return the new version.

    :raises ConflictError: when somebody (another window) has.
    """
    fields = {"version": made.version + 1, "saved_at": made.now, "saved_by": made.actor, **values}
    first = made.version == 0 and desk.sheet is None
    if not (_begun(session, desk, fields) if first else _over(session, desk, made.version, fields)):
        raise ConflictError
    note = {"key": made.key, **place(desk), "version": made.version + 1, "saved_at": made.now}
    session.execute(core_insert(table_of(SheetSave)), note)
    return made.version + 1


def _begun(session: Session, desk: Desk, fields: Mapping[str, object]) -> bool:
    """Write a sheet of which there was none; return whether there still was none."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"state": "draft", "status": "scored", "reason": "", "entries": "{}", "filed_at": None}
    query = insert(table_of(Sheet)).values({**fresh, **place(desk), **fields}).on_conflict_do_nothing()
    # psycopg does not count the rows of such an INSERT: it gives back what it wrote
    return session.execute(query.returning(table_of(Sheet).c.version)).first() is not None


def _over(session: Session, desk: Desk, version: int, fields: Mapping[str, object]) -> bool:
    """Write over a sheet of a version that is not filed; return whether there was one."""
    mine = of_sheet(desk).where(col(Sheet.version) == version, col(Sheet.state) != "filed")
    done = session.execute(mine.values(**fields))
    return isinstance(done, CursorResult) and done.rowcount > 0


def place(desk: Desk) -> dict[str, Any]:
    """Return what names a sheet."""
    return {
        "round_id": desk.chair.the_round.id,
        "stage": desk.stage.key,
        "staff_no": desk.candidate.staff_no,
        "reviewer_no": desk.chair.reviewer_no,
    }


def of_sheet(desk: Desk) -> Update:
    """Return an UPDATE of one sheet, without values yet."""
    return update(Sheet).where(*(getattr(Sheet, name) == value for name, value in place(desk).items()))


def entries(written: Mapping[str, Written]) -> str:
    """Return what was typed as it is kept: criterion → mark and comment."""
    return json_text({key: [w.mark, w.comment] for key, w in written.items()})


def forget(session: Session, *, round_id: UUID, now: datetime) -> None:
    """Forget which saves were done, of steps that are counted and of days gone by: no browser asks again.

    A save that does come after all finds the step closed.
    """
    counted = select(Stage.key).where(Stage.round_id == round_id, col(Stage.tallied_at).is_not(None))
    old = delete(SheetSave).where(col(SheetSave.round_id) == round_id, col(SheetSave.stage).in_(counted))
    session.execute(old.where(col(SheetSave.saved_at) < now - KEPT))
