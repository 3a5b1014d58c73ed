"""Audit: the chains of the history, the kept files, and whether the books still say what was taken in.

Every function returns findings in words; an empty list means that all is as it was.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from kit import canonical
from models.applications import Handover, Material
from models.books import BOOKS
from models.documents import Blob, Document, Frozen
from models.history import Chain, Entry
from models.people import Person
from queries import books
from rules import deeds
from rules.books import BOOKS as NAMES
from rules.texts import Text, _

CENTRE = "centre"


def entries(session: Session, *, chain: UUID | str) -> Iterator[Entry]:
    """Return a chain's entries in order."""
    yield from session.exec(select(Entry).where(Entry.chain == str(chain)).order_by(col(Entry.number)))


def last_entry_at(session: Session, *, chain: UUID | str) -> datetime | None:
    """Return the time of a chain's latest entry."""
    latest = select(Entry.at).where(Entry.chain == str(chain)).order_by(col(Entry.number).desc()).limit(1)
    return session.exec(latest).first()


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
        missing = range(number + 1, entry.number)
        found += [Text(_("留痕第 {n} 条缺失"), {"n": n}) for n in missing]
        follows = bool(missing) or entry.previous == head  # what came before a missing one cannot be known
        if not follows or entry.hash != fingerprint(entry):
            said = {"n": entry.number, "deed": deeds.said(entry.deed), "actor": entry.actor}
            found.append(Text(_("留痕第 {n} 条（{deed}，{actor}）被改动过"), said))
        head, number = entry.hash, entry.number
    end = session.get(Chain, str(chain)) or Chain(name=str(chain))
    if end.length > number:
        found.append(Text(_("留痕的结尾被删去：应有 {wanted} 条，只有 {n} 条"), {"wanted": end.length, "n": number}))
    elif (end.length, end.head) != (number, head):
        found.append(Text(_("留痕的结尾被改动过：应有 {wanted} 条，现有 {n} 条"), {"wanted": end.length, "n": number}))
    return found


def file_findings(session: Session) -> list[Text]:
    """Check every kept file against its own hash, and whether all that is named is still there."""
    changed: list[str] = []
    lost: list[str] = []
    there: set[str] = set()
    for blob in session.exec(select(Blob).execution_options(yield_per=50)):
        there.add(blob.sha256)
        if canonical.digest(blob.content) != blob.sha256 or blob.size != len(blob.content):
            changed.append(blob.sha256)
    for column in (Entry.evidence, Document.sha256, Frozen.sha256, Material.sha256, Handover.sha256):
        named = {sha256 for sha256 in session.exec(select(column).distinct()) if sha256}
        lost += sorted(named - there)
        there |= named  # one that is missing is told once
    known = _files(session, [*changed, *lost])
    return [
        *(Text(_("{file}的内容被改动过"), {"file": known[sha256]}) for sha256 in changed),
        *(Text(_("{file}缺失"), {"file": known[sha256]}) for sha256 in lost),
    ]


def _files(session: Session, hashes: Sequence[str]) -> dict[str, Text]:
    """Return what kept files are: a document or a material by name and owner, or what an entry of a history names."""
    known = {sha256: Text(_("存档文件 {sha256}"), {"sha256": sha256}) for sha256 in hashes}
    if not hashes:
        return known
    entries = select(Entry.evidence, Entry.number, Entry.deed).where(col(Entry.evidence).in_(hashes))
    for sha256, number, deed in session.exec(entries.order_by(col(Entry.number).desc())):
        said = {"n": number, "deed": deeds.said(deed), "sha256": sha256}
        known[sha256 or ""] = Text(_("存档文件 {sha256}（留痕第 {n} 条，{deed}）"), said)
    papers = ((Material, _("材料“{name}”（{owner}，{sha256}）")), (Document, _("文档“{name}”（{owner}，{sha256}）")))
    for table, what in papers:
        rows = select(table.sha256, table.name, table.staff_no).where(col(table.sha256).in_(hashes))
        for sha256, name, owner in session.exec(rows):
            known[sha256] = Text(what, {"name": name, "owner": owner or Text(_("本轮")), "sha256": sha256})
    return known


def book_findings(session: Session, *, chain: UUID | str, round_id: UUID | None) -> list[Text]:
    """Compare the books with what the history says was taken in, row by row; names every row that differs."""
    found: list[Text] = []
    told, away = _as_told(session, chain, found)
    people = dict(session.exec(select(Person.staff_no, Person.name)).all())
    for book, entry in BOOKS.items():
        if entry.of_round != (round_id is not None):
            continue
        rows = books.rows(session, book=book, round_id=round_id, everyone=True)
        found += _differences(book, told.get(book, {}), {_key(book, r): r for r in rows}, people)
    if round_id is None:
        found += _absences(session, away)
    return found


def _as_told(session: Session, chain: UUID | str, found: list[Text]) -> tuple[dict[str, dict[Any, Any]], set[str]]:
    """Return the rows as they were taken in, and who is away; what cannot be read any more goes to ``found``."""
    told: dict[str, dict[Any, Any]] = {}
    away: set[str] = set()
    for entry in entries(session, chain=chain):
        book, _dot, deed = entry.deed.partition(".")
        if book not in BOOKS or deed not in {"taken_in", "left", "returned"}:
            continue
        rows = _kept_rows(session, entry, book)
        if rows is None:
            said = {"n": entry.number, "deed": deeds.said(entry.deed)}
            found.append(Text(_("留痕第 {n} 条（{deed}）录入的原件读不出来"), said))
        elif deed == "taken_in":
            told.setdefault(book, {}).update({_key(book, r): r for r in rows})
        elif deed == "left":
            away |= {r.staff_no for r in rows}
        else:
            away -= {r.staff_no for r in rows}
    return told, away


def _kept_rows(session: Session, entry: Entry, book: str) -> list[Any] | None:
    blob = session.get(Blob, entry.evidence or "")
    try:
        return canonical.unpack(blob.content, BOOKS[book].record) if blob else None
    except (zlib.error, ValueError, ArithmeticError, KeyError, StopIteration):  # whatever changed bytes provoke
        return None


def _key(book: str, row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of any book
    return tuple(getattr(row, f) for f in BOOKS[book].key)


def _differences(book: str, told: dict[Any, Any], there: dict[Any, Any], people: Mapping[str, str]) -> Iterator[Text]:
    for key in [*told, *(k for k in there if k not in told)]:
        if key in told and key in there and told[key] == there[key]:
            continue
        named = zip(BOOKS[book].key, key, strict=True)
        row = (f"{people[k]} {k}" if field == "staff_no" and k in people else str(k) for field, k in named)
        said: dict[str, object] = {"book": Text(NAMES[book]), "row": " / ".join(row)}
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
        yield Text(_("人员名册：{staff_no} 的在职状态被改动过"), {"staff_no": staff_no})
