"""Take in tables from a spreadsheet: template → upload → preview → import, or the file back with an error column.

To give a page the whole set of routes, say where and for what; that is all::

    intake.mount(
        doors, "/rounds/{code}/import/{book}", act=Act.ENTER_EVIDENCE, desk_of=intake.round_desk, name="round_import"
    )

``desk_of(visit, places)`` gets the places of the address and returns a ``Desk``: what is taken in, and how. There are
two ready ones: ``directory_desk`` (``book``) and ``round_desk`` (``code``, ``book``: reviewers, panels, marks,
attendance, exam, applications). The routes are called ``name`` (choose a file), ``name_template``, ``name_upload``,
``name_preview``, ``name_take_in``, ``name_hand_back``, ``name_drop``; link to the first:
``visit.url("round_import", code=…, book=…)``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from actions import evidence, people, uploads
from actions.books import ChangeError, Taken
from forms import headings
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.headings import HEADINGS
from forms.references import training_of
from forms.rows import Checked, check
from forms.tables import Table, read_table
from kit.canonical import digest
from kit.i18n import gettext, say
from kit.xlsx import Column, workbook
from kit.xlsx import Table as Sheet
from models.rounds import Round
from models.uploads import Upload
from queries import books, panels
from queries import people as directory
from queries import uploads as waiting
from queries.books import SortedOut
from reports import refusals
from reports.refusals import Refused
from rules import course
from rules.access import Act
from rules.policies import Policy
from rules.records import Personnel
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit

DIRECTORY: Final[Mapping[str, str]] = {
    "people": _("人员名册"),
    "ratings": _("绩效等级"),
    "incidents": _("服务事故"),
    "honours": _("荣誉"),
    "certificates": _("证书"),
    "kpis": _("业绩指标"),
}
ROUND: Final[Mapping[str, str]] = {
    "applications": _("报名"),
    "reviewers": _("评委"),
    "panels": _("评委安排"),
    "marks": _("评分"),
    "attendance": _("培训考勤"),
    "exam": _("考试成绩"),
}
BOOKS: Final[Mapping[str, str]] = {**DIRECTORY, **ROUND}

SHOWN: Final = 200
"""So many faults, and so many changed rows, are shown on the page; all faults stand in the file that goes back."""

MOST_BYTES: Final = 64 * 1024**2
"""A table of 50,000 people with everything about them fits ten times over."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TakeIn = Callable[[Session, Sequence[Any], str, datetime, str], Taken]
"""Takes rows in: session, rows, actor, now, reason for changes."""

Places = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one table is taken in. ``closed`` says why nothing can be taken in now, if so."""

    book: str
    take_in: TakeIn
    back: str
    crumbs: Sequence[tuple[str, str]]
    the_round: Round | None = None
    policy: Policy | None = None
    people: Collection[str] | None = None
    reviewers: Collection[str] | None = None
    not_after: datetime | None = None
    closed: Text | None = None
    siblings: Sequence[tuple[str, str]] = ()

    @property
    def round_id(self) -> UUID | None:
        """Return the round that the rows belong to; ``None`` for the directory of the centre."""
        return self.the_round.id if self.the_round else None


@dataclass(slots=True)
class Preview:
    """What a table would do: ``table`` is ``None`` when the file cannot be read at all."""

    table: Table | None
    read: Checked
    sorted_out: SortedOut = field(default_factory=lambda: SortedOut([], 0, []))
    absent: int = 0

    def seal(self) -> str:
        """Return what tells this preview from another, so that nobody agrees to what they have not seen."""
        said = (self.sorted_out.new, self.sorted_out.changed, self.sorted_out.same, len(self.read.faults), self.absent)
        return digest(repr(said).encode())


def directory_desk(visit: Visit, places: Places) -> Desk:
    """Return the desk of one of the directory's books."""
    book = _known(places["book"], DIRECTORY)
    known = {p.staff_no for p in books.rows(visit.session, book="people", everyone=True)}

    def take_in(session: Session, rows: Sequence[Any], actor: str, now: datetime, reason: str) -> Taken:
        personnel = Personnel(**{"people": [], book: rows})
        return people.take_in(session, personnel=personnel, actor=actor, now=now, change_reason=reason)[book]

    closed = Text(_("名册是空的；请先导入人员名册")) if book != "people" and not known else None
    return Desk(
        book=book,
        take_in=take_in,
        back=visit.url("people"),
        crumbs=[(visit.url("people"), gettext("人员")), (visit.url("people_imports"), gettext("导入"))],
        people=None if book == "people" else known,
        closed=closed,
        siblings=[(visit.url("people_import", book=key), gettext(word)) for key, word in DIRECTORY.items()],
    )


def round_desk(visit: Visit, places: Places) -> Desk:
    """Return the desk of one of a round's books."""
    book, the_round = _known(places["book"], ROUND), visit.round_of(places["code"])
    policy = visit.policy_of(the_round)
    there = {p.staff_no for p in directory.frozen_part(visit.session, round_id=the_round.id, part="people")}
    reviewers = {r.reviewer_no for r in books.rows(visit.session, book="reviewers", round_id=the_round.id)}

    def take_in(session: Session, rows: Sequence[Any], actor: str, now: datetime, reason: str) -> Taken:
        return evidence.take_in(
            session, the_round=the_round, book=book, rows=rows, actor=actor, now=now, change_reason=reason
        )

    closed = None
    if not there:
        closed = Text(_("资格审查还没有完成，不能录入"))
    elif book in {"attendance", "exam"} and training_of(policy) is None:
        closed = Text(_("竞聘方案中没有培训环节，不使用考勤和考试成绩"))
    elif book in {"marks", "panels"} and not reviewers:
        closed = Text(_("本轮还没有评委；请先导入评委"))
    address = f"/rounds/{quote(the_round.code)}"
    return Desk(
        book=book,
        take_in=take_in,
        back=address,
        crumbs=[("/rounds", gettext("轮次")), (address, the_round.title)],
        the_round=the_round,
        policy=policy,
        people=there,
        reviewers=reviewers,
        not_after=visit.now if book == "applications" else None,
        closed=closed,
    )


def _known(book: str, among: Mapping[str, str]) -> str:
    if book not in among:
        raise NotFoundError(Text(_("没有这样的表：{book}"), {"book": book}))
    return book


class _Counter:
    """The routes of one kind of desk."""

    def __init__(self, desk_of: Callable[[Visit, Places], Desk], name: str) -> None:
        self._desk_of, self._name = desk_of, name

    def choose(self, visit: Visit) -> Response:
        """Show where to hand in a table, and what its columns are."""
        return self._choose(visit, self._desk(visit))

    def template(self, visit: Visit) -> Response:
        """Hand out the table to fill in, with a row as an example."""
        desk = self._desk(visit)
        heads = HEADINGS[desk.book]
        columns = [Column(heads[c.name].word, 18) for c in SPECS[desk.book].columns]
        name = gettext(BOOKS[desk.book])
        sheet = Sheet(name, columns, [headings.example(desk.book)])
        content = workbook([sheet], title=name, issued=visit.now)
        return _file(content, XLSX, gettext("{table}（模板）.xlsx").format(table=name))

    def upload(self, visit: Visit) -> Response:
        """Keep the table that was handed in and go on to its preview; a file that cannot be read is refused here."""
        desk = self._desk(visit)
        given = visit.typed.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            return self._choose(visit, desk, faults=[Fault(Text(_("请先选择要导入的文件")))])
        if desk.closed:
            return self._choose(visit, desk)
        name = given.filename.replace("\\", "/").rsplit("/", 1)[-1][:200]
        content = given.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            text = Text(_("文件太大（超过 {most} MB）"), {"most": MOST_BYTES // 1024**2})
            return self._choose(visit, desk, faults=[Fault(text, name)])
        try:
            read_table(content, name=name)
        except FormError as error:
            return self._choose(visit, desk, faults=error.faults)
        kept = uploads.hold(
            visit.session,
            book=desk.book,
            round_id=desk.round_id,
            name=name,
            content=content,
            actor=visit.actor,
            now=visit.now,
        )
        return visit.go(f"{self._name}_preview", **visit.request.path_params, upload=kept.id)

    def preview(self, visit: Visit) -> Response:
        """Show what the table would do, and what is wrong with it."""
        desk, kept = self._desk(visit), self._kept(visit)
        return self._show(visit, desk, kept, look(visit.session, desk, kept))

    def take_in(self, visit: Visit) -> Response:
        """Take in all rows, or the good ones; what differs from what was previewed is previewed again."""
        desk, kept = self._desk(visit), self._kept(visit)
        seen = look(visit.session, desk, kept)
        if visit.text("seal") != seen.seal():
            text = Text(_("预览之后，系统中的数据又有变化；请再核对一遍，然后导入"))
            return self._show(visit, desk, kept, seen, fault=text, status=409)
        if seen.read.faults and visit.text("rows") != "good":
            return self._show(visit, desk, kept, seen, fault=Text(_("还有问题没有处理，没有导入任何一行")), status=409)
        try:
            return self._taken(visit, desk, kept, seen)
        except ChangeError:
            text = Text(_("有 {n} 行与已录入的不同：请写明更正的理由"), {"n": len(seen.sorted_out.changed)})
            return self._show(visit, desk, kept, seen, reason_fault=text, status=409)
        except RuleError as error:
            return self._show(visit, desk, kept, seen, fault=error.text, status=409)

    def _taken(self, visit: Visit, desk: Desk, kept: Upload, seen: Preview) -> Response:
        trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
        try:
            taken = desk.take_in(visit.session, seen.read.records, visit.actor, visit.now, visit.text("reason"))
            gone = self._leave(visit, desk, seen)
        except RuleError:
            trial.rollback()
            raise
        trial.commit()
        uploads.drop(visit.session, book=desk.book, round_id=desk.round_id, actor=visit.actor)
        said = {"new": taken.new, "changed": taken.changed, "same": taken.same, "gone": len(gone), "file": kept.name}
        text = _("已导入 {file}：新增 {new} 行，更正 {changed} 行，已有 {same} 行")
        if gone:
            text = _("已导入 {file}：新增 {new} 行，更正 {changed} 行，已有 {same} 行；记为离职 {gone} 人")
        return visit.go(self._name, said=Text(text, said), **self._places(visit))

    def _leave(self, visit: Visit, desk: Desk, seen: Preview) -> list[str]:
        """Mark who is not in a whole list of people as having left, if that was asked for."""
        if desk.book != "people" or not visit.text("whole") or seen.read.faults:
            return []
        staying = [person.staff_no for person in seen.read.records]
        return people.leave(visit.session, staying=staying, actor=visit.actor, now=visit.now)

    def hand_back(self, visit: Visit) -> Response:
        """Hand the table back with one more column that says what is wrong with each row."""
        desk, kept = self._desk(visit), self._kept(visit)
        seen = look(visit.session, desk, kept)
        if seen.table is None:
            raise NotFoundError(Text(_("这个文件无法读取，不能带问题返回")))
        back = Refused(seen.table.header, seen.table.rows, problems(desk.book, seen.read.faults))
        stem = kept.name.rsplit(".", 1)[0]
        if visit.request.query_params.get("as") == "csv":
            name = gettext("{file}（问题）.csv").format(file=stem)
            return _file(refusals.as_csv(back), "text/csv; charset=utf-8", name)
        content = refusals.as_xlsx(back, name=gettext(BOOKS[desk.book]), issued=visit.now)
        return _file(content, XLSX, gettext("{file}（问题）.xlsx").format(file=stem))

    def drop(self, visit: Visit) -> Response:
        """Drop the table without taking anything in."""
        desk = self._desk(visit)
        uploads.drop(visit.session, book=desk.book, round_id=desk.round_id, actor=visit.actor)
        return visit.go(self._name, said=Text(_("已放弃，没有导入任何内容")), **self._places(visit))

    def _desk(self, visit: Visit) -> Desk:
        return self._desk_of(visit, visit.request.path_params)

    def _places(self, visit: Visit) -> dict[str, Any]:
        return {key: value for key, value in visit.request.path_params.items() if key != "upload"}

    def _kept(self, visit: Visit) -> Upload:
        desk = self._desk(visit)
        try:
            asked = UUID(visit.request.path_params["upload"])
        except ValueError:
            asked = UUID(int=0)
        found = waiting.mine(visit.session, upload_id=asked, actor=visit.actor, book=desk.book, round_id=desk.round_id)
        if found is None:
            raise NotFoundError(Text(_("这个文件已经导入、放弃，或放置超过一天；请重新选择文件")))
        return found

    def _choose(self, visit: Visit, desk: Desk, *, faults: Sequence[Fault] = ()) -> Response:
        return visit.page(
            "intake_choose.html",
            status=422 if faults else 200,
            desk=desk,
            title=gettext(BOOKS[desk.book]),
            heads=HEADINGS[desk.book],
            spec=SPECS[desk.book],
            faults=faults,
            here=self._name,
            places=self._places(visit),
        )

    def _show(
        self,
        visit: Visit,
        desk: Desk,
        kept: Upload,
        seen: Preview,
        *,
        fault: Text | None = None,
        reason_fault: Text | None = None,
        status: int = 200,
    ) -> Response:
        visit.saw("intake", the_round=desk.the_round)
        heads = HEADINGS[desk.book]
        return visit.page(
            "intake_preview.html",
            status=status,
            desk=desk,
            title=gettext(BOOKS[desk.book]),
            kept=kept,
            seen=seen,
            n=len(seen.read.records),
            faults=[_placed(f, heads) for f in seen.read.faults[:SHOWN]],
            more_faults=max(len(seen.read.faults) - SHOWN, 0),
            changes=changed_cells(desk.book, seen.sorted_out.changed[:SHOWN]),
            more_changes=max(len(seen.sorted_out.changed) - SHOWN, 0),
            fault=fault,
            reason_fault=reason_fault,
            here=self._name,
            places=self._places(visit),
        )


def mount(doors: Doors, path: str, *, act: Act, desk_of: Callable[[Visit, Places], Desk], name: str) -> None:
    """Open the routes of a desk at a path; they are called ``name`` and ``name_…``."""
    counter = _Counter(desk_of, name)
    one = path + "/{upload}"
    doors.get(path, act=act, name=name)(counter.choose)
    doors.post(path, act=act, name=f"{name}_upload")(counter.upload)
    doors.get(f"{path}/template.xlsx", act=act, name=f"{name}_template")(counter.template)
    doors.get(one, act=act, name=f"{name}_preview")(counter.preview)
    doors.post(one, act=act, name=f"{name}_take_in")(counter.take_in)
    doors.get(f"{one}/faults", act=act, name=f"{name}_hand_back")(counter.hand_back)
    doors.post(f"{one}/drop", act=act, name=f"{name}_drop")(counter.drop)


def look(session: Session, desk: Desk, kept: Upload) -> Preview:
    """Read and check a waiting table, and compare its good rows with what is there."""
    spec = SPECS[desk.book]
    try:
        table = headings.without_example(headings.understood(read_table(kept.content, name=kept.name), spec), spec)
    except FormError as error:
        return Preview(None, Checked(faults=list(error.faults)))
    read = check(table, spec, people=desk.people, policy=desk.policy, reviewers=desk.reviewers)
    if desk.not_after:
        _refuse_future(read, kept.name, desk.not_after)
    if desk.book == "panels" and desk.the_round and desk.the_round.mode == course.LIVE:
        _refuse_recused(session, read, kept.name, desk.the_round)
    found = books.sorted_out(session, book=desk.book, given=read.records, round_id=desk.round_id)
    return Preview(table, read, found, _absent(session, desk, read))


def _absent(session: Session, desk: Desk, read: Checked) -> int:
    """Return how many people who are here a list of people does not name."""
    if desk.book != "people" or read.faults or not read.records:
        return 0
    given = {person.staff_no for person in read.records}
    return sum(person.staff_no not in given for person in books.rows(session, book="people"))


def _refuse_future(read: Checked, name: str, now: datetime) -> None:
    """Move applications of a time that is still to come from the good rows to the faults."""
    text = Text(_("申请时间还没有到；请核对日期和时区"))
    _refuse(
        read,
        lambda line, row: (
            Fault(text, name, line, "applied_at", row.applied_at.isoformat()) if row.applied_at > now else None
        ),
    )


def _refuse_recused(session: Session, read: Checked, name: str, the_round: Round) -> None:
    """Move rows whose reviewer must stand back from the candidate from the good rows to the faults."""
    found = panels.recusals(session, round_id=the_round.id, rows=read.records)
    _refuse(
        read,
        lambda line, row: Fault(found[row], name, line, "reviewer_no", row.reviewer_no) if row in found else None,
    )


def _refuse(read: Checked, fault_of: Callable[[int, Any], Fault | None]) -> None:
    """Move rows that have a fault from the good rows to the faults."""
    rows = [(line, row, fault_of(line, row)) for line, row in zip(read.lines, read.records, strict=True)]
    read.faults += [fault for _line, _row, fault in rows if fault]
    good = [(line, row) for line, row, fault in rows if not fault]
    read.lines[:], read.records[:] = [line for line, _row in good], [row for _line, row in good]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A fault as the page shows it."""

    line: int | None
    column: str
    value: str
    what: Text


def _placed(fault: Fault, heads: Mapping[str, headings.Heading]) -> _Placed:
    name = fault.column or ""
    column = gettext(heads[name].word) if name in heads else name
    return _Placed(fault.line, column, (fault.value or "")[:80], fault.text)


def changed_cells(book: str, changed: Sequence[tuple[Any, Any]]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return for each changed row its key, and column, old and new of each cell that differs."""
    key = SPECS[book].key
    return [
        (
            " / ".join(str(getattr(new, name)) for name in key),
            [
                (gettext(HEADINGS[book][name].word), _shown(old_value), _shown(new_value))
                for name, new_value, old_value in zip(new._fields, new, old, strict=True)
                if new_value != old_value
            ],
        )
        for new, old in changed
    ]


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def problems(book: str, faults: Sequence[Fault]) -> dict[int, str]:
    """Return what is wrong with each row, in words; what is wrong with the whole table stands at row 1."""
    heads = HEADINGS[book]
    found: dict[int, list[str]] = {}
    for fault in faults:
        placed = _placed(fault, heads)
        text = Text(_("“{column}”{what}"), {"column": placed.column, "what": fault.text})
        found.setdefault(fault.line or 1, []).append(say(text if placed.column else fault.text))
    return {line: gettext("；").join(texts) for line, texts in found.items()}


def _file(content: bytes, kind: str, name: str) -> Response:
    """Return a file to download under a Chinese name."""
    return Response(
        content, media_type=kind, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )
