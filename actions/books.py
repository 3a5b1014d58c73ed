"""Take rows into the books: new ones in, equal ones left alone, changed ones only with a reason."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session

from actions import documents, history
from kit import canonical
from models.books import BOOKS, Book
from models.rounds import Round
from queries import books
from rules.texts import RuleError, Text, _

CHUNK = 5000


class Taken(NamedTuple):
    """How many rows were new, equal to what was there, or changed."""

    new: int
    same: int
    changed: int


class ChangeError(RuleError):
    """Rows that differ from what is already there, where a change needs a reason; ``rows`` holds new and old."""

    def __init__(self, rows: Sequence[tuple[Any, Any]]) -> None:
        self.rows = rows
        super().__init__(Text(_("{n} 行与已录入的内容不同；确需更正的，请说明理由"), {"n": len(rows)}))


def take_in(
    session: Session,
    *,
    book: str,
    rows: Iterable[Any],
    actor: str,
    now: datetime,
    the_round: Round | None = None,
    change_reason: str | None = None,
) -> Taken:
    """Take rows (of unique key) into a book; what was taken is kept as evidence with the history's entry.

    :raises ChangeError: when rows differ from what is there and no ``change_reason`` is given.
    """
    entry = BOOKS[book]
    round_id = the_round.id if the_round and entry.of_round else None
    new, same, changed = books.sorted_out(session, book=book, given=rows, round_id=round_id)
    if changed and not (change_reason or "").strip():
        raise ChangeError(changed)
    if new or changed:
        _insert(session, entry, new, round_id)
        _update(session, entry, [row for row, _old in changed], round_id)
        history.record(
            session,
            chain=round_id or history.CENTRE,
            actor=actor,
            deed=f"{book}.taken_in",
            now=now,
            detail={"new": len(new), "changed": len(changed), "reason": change_reason or ""},
            evidence=documents.keep(session, canonical.pack([*new, *(row for row, _old in changed)], entry.record)),
        )
    return Taken(len(new), same, len(changed))


def _insert(session: Session, entry: Book, rows: Sequence[Any], round_id: UUID | None) -> None:
    table = books.table_of(entry.table)
    fields = entry.record._fields
    fixed: dict[str, object] = {"round_id": round_id} if round_id else {}
    if "active" in table.c:
        fixed["active"] = True
    for part in batched_rows(rows):
        session.execute(insert(table), [{**fixed, **dict(zip(fields, row, strict=True))} for row in part])


def _update(session: Session, entry: Book, rows: Sequence[Any], round_id: UUID | None) -> None:
    table = books.table_of(entry.table)
    values = [f for f in entry.record._fields if f not in entry.key]
    if not rows or not values:
        return
    query = update(table).values({f: bindparam(f"new_{f}") for f in values})
    for field in entry.key:
        query = query.where(table.c[field] == bindparam(f"key_{field}"))
    if round_id:
        query = query.where(table.c.round_id == round_id)
    given = [{f"{'key' if f in entry.key else 'new'}_{f}": v for f, v in row._asdict().items()} for row in rows]
    session.connection().execute(query, given)


def batched_rows(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Return rows in portions that a database takes well at once."""
    rest = iter(rows)
    while part := list(islice(rest, CHUNK)):
        yield part
