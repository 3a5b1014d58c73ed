"""Take in tables from a spreadsheet: template → upload → preview → import, or the file back with an error column.

To give a page the whole set of routes, say where and for what; that is all::

    intake.mount(
        doors, "/rounds/{code}/import/{book}", act=Act.ENTER_EVIDENCE, desk_of=round_desk, name="round_import"
    )

``desk_of(visit, places)`` gets the places of the address and returns a ``Desk``: what is taken in, and how. There are
two ready ones in ``web.intake_desks``: ``directory_desk`` (``book``) and ``round_desk`` (``code``, ``book``: reviewers,
panels, marks, attendance, exam, applications). The routes are called ``name`` (choose a file), ``name_template``,
``name_upload``, ``name_preview``, ``name_take_in``, ``name_hand_back``, ``name_drop``; link to the first:
``visit.url("round_import", code=…, book=…)``.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import Response
from starlette.datastructures import UploadFile

from actions import people, uploads
from actions.books import ChangeError
from forms import headings
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.headings import HEADINGS
from forms.tables import read_table
from kit.i18n import gettext
from kit.xlsx import workbook
from kit.xlsx_tables import Column
from kit.xlsx_tables import Table as Sheet
from models.uploads import Upload
from queries import uploads as waiting
from reports import refusals
from reports.refusals import Refused
from rules.access import Act
from rules.books import BOOKS
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.intake_desks import Desk, Places
from web.intake_previews import Preview, changed_cells, look, placed, problems
from web.visit import Visit

SHOWN: Final = 200
"""So many faults, and so many changed rows, are shown on the page; all faults stand in the file that goes back."""

MOST_BYTES: Final = 64 * 1024**2
"""A table of 50,000 people with everything about them fits ten times over."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        return attachment(content, name=gettext("{table}（模板）.xlsx").format(table=name), media_type=XLSX)

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
        desk = self._desk(visit)
        kept = self._kept(visit, desk)
        return self._show(visit, desk, kept, look(visit.session, desk, kept))

    def take_in(self, visit: Visit) -> Response:
        """Take in all rows, or the good ones; what differs from what was previewed is previewed again."""
        desk = self._desk(visit)
        kept = self._kept(visit, desk)
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
        desk = self._desk(visit)
        kept = self._kept(visit, desk)
        seen = look(visit.session, desk, kept)
        if seen.table is None:
            raise NotFoundError(Text(_("这个文件无法读取，不能带问题返回")))
        back = Refused(seen.table.header, seen.table.rows, problems(desk.book, seen.read.faults))
        stem = kept.name.rsplit(".", 1)[0]
        if visit.request.query_params.get("as") == "csv":
            name = gettext("{file}（问题）.csv").format(file=stem)
            return attachment(refusals.as_csv(back), name=name, media_type="text/csv; charset=utf-8")
        content = refusals.as_xlsx(back, name=gettext(BOOKS[desk.book]), issued=visit.now)
        return attachment(content, name=gettext("{file}（问题）.xlsx").format(file=stem), media_type=XLSX)

    def drop(self, visit: Visit) -> Response:
        """Drop the table without taking anything in."""
        desk = self._desk(visit)
        uploads.drop(visit.session, book=desk.book, round_id=desk.round_id, actor=visit.actor)
        return visit.go(self._name, said=Text(_("已放弃，没有导入任何内容")), **self._places(visit))

    def _desk(self, visit: Visit) -> Desk:
        return self._desk_of(visit, visit.request.path_params)

    def _places(self, visit: Visit) -> dict[str, Any]:
        return {key: value for key, value in visit.request.path_params.items() if key != "upload"}

    def _kept(self, visit: Visit, desk: Desk) -> Upload:
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
            faults=[placed(f, heads) for f in seen.read.faults[:SHOWN]],
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
