"""Audit: the chains of the history, the kept files, and whether the books still say what was taken in.

Every function returns findings in words; an empty list means that all is as it was.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from kit import canonical
from models.books import BOOKS
from models.documents import Blob
from models.history import Chain, Entry
from models.people import Person
from queries import books
from rules.texts import Text, _

CENTRE = "centre"


def entries(session: Session, *, chain: UUID | str) -> Iterator[Entry]:
    """Return a chain's entries in order."""
    yield from session.exec(select(Entry).where(Entry.chain == str(chain)).order_by(col(Entry.number)))


def fingerprint(entry: Entry) -> str:
    """Return the hash of an entry: over all that it says and the hash before it."""
    at = entry.at.isoformat(timespec="microseconds")
    said = [entry.chain, entry.number, at, entry.actor, entry.deed, entry.subject, entry.detail, entry.evidence]
    return canonical.digest(canonical.json_text([*said, entry.previous]).encode())


def chain_findings(session: Session, *, chain: UUID | str) -> list[Text]:
    """Check one chain: numbers without a gap, each hash over its own entry and the one before, the end as noted."""
    found: list[Text] = []
    head, number = "", 0
    for entry in entries(session, chain=chain):
        number += 1
        if entry.number != number:
            found.append(Text(_("留痕第 {n} 条缺失"), {"n": number}))
            number = entry.number
        if entry.previous != head or entry.hash != fingerprint(entry):
            said = {"n": entry.number, "deed": entry.deed, "actor": entry.actor}
            found.append(Text(_("留痕第 {n} 条（{deed}，{actor}）被改动过"), said))
        head = entry.hash
    end = session.get(Chain, str(chain))
    if end and (end.length, end.head) != (number, head):
        found.append(Text(_("留痕的结尾被删去：应有 {wanted} 条，只有 {n} 条"), {"wanted": end.length, "n": number}))
    return found


def file_findings(session: Session) -> list[Text]:
    """Check every kept file against its own hash."""
    query = select(Blob).execution_options(yield_per=50)
    wrong = [b.sha256 for b in session.exec(query) if canonical.digest(b.content) != b.sha256]
    return [Text(_("存档文件 {sha256} 的内容被改动过"), {"sha256": sha256}) for sha256 in wrong]


def book_findings(session: Session, *, chain: UUID | str, round_id: UUID | None) -> list[Text]:
    """Compare the books with what the history says was taken in, row by row; names every row that differs."""
    found: list[Text] = []
    told, away = _as_told(session, chain)
    for book, entry in BOOKS.items():
        if entry.of_round != (round_id is not None):
            continue
        rows = books.rows(session, book=book, round_id=round_id, everyone=True)
        found += _differences(book, told.get(book, {}), {_key(book, r): r for r in rows})
    if round_id is None:
        found += _absences(session, away)
    return found


def _as_told(session: Session, chain: UUID | str) -> tuple[dict[str, dict[Any, Any]], set[str]]:
    told: dict[str, dict[Any, Any]] = {}
    away: set[str] = set()
    for entry in entries(session, chain=chain):
        book, _dot, deed = entry.deed.partition(".")
        if entry.evidence is None or deed not in {"taken_in", "left", "returned"}:
            continue
        rows = canonical.unpack(session.get_one(Blob, entry.evidence).content, BOOKS[book].record)
        if deed == "taken_in":
            told.setdefault(book, {}).update({_key(book, r): r for r in rows})
        elif deed == "left":
            away |= {r.staff_no for r in rows}
        else:
            away -= {r.staff_no for r in rows}
    return told, away


def _key(book: str, row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of any book
    return tuple(getattr(row, f) for f in BOOKS[book].key)


def _differences(book: str, told: dict[Any, Any], there: dict[Any, Any]) -> Iterator[Text]:
    for key in [*told, *(k for k in there if k not in told)]:
        said = {"book": book, "row": " / ".join(str(k) for k in key)}
        if key not in there:
            yield Text(_("{book}：{row} 这一行被删去"), said)
        elif key not in told:
            yield Text(_("{book}：{row} 这一行不是录入的"), said)
        elif fields := _changed_fields(told[key], there[key]):
            before, now = (_shown(row, fields) for row in (told[key], there[key]))
            yield Text(
                _("{book}：{row} 这一行被改动过：录入的是 {before}，现在是 {now}"),
                {**said, "before": before, "now": now},
            )


def _changed_fields(told: Any, there: Any) -> list[str]:  # noqa: ANN401 - rows of any book
    # An empty text and no text are the same empty cell.
    return [f for f in told._fields if _cell(told, f) != _cell(there, f)]


def _cell(row: Any, field: str) -> Any:  # noqa: ANN401 - a cell of any book
    value = getattr(row, field)
    return None if value == "" else value


def _shown(row: Any, fields: list[str]) -> str:  # noqa: ANN401 - a row of any book
    return " ".join(f"{f}={'' if getattr(row, f) is None else getattr(row, f)}" for f in fields)


def _absences(session: Session, away: set[str]) -> Iterator[Text]:
    wrong = set(session.exec(select(Person.staff_no).where(col(Person.active).is_(False)))) ^ away
    for staff_no in sorted(wrong):
        yield Text(_("people：{staff_no} 的在职状态被改动过"), {"staff_no": staff_no})
