"""The score sheet: show it with the candidate's dossier, save it, file it."""

from typing import Final

from fastapi import Response

from actions import sheets as writing
from forms import sheets as forms
from queries import dossiers
from rules.access import Act
from rules.texts import Text, _
from web import reviewing, sheet_answers, sheet_page
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

HERE: Final = "/reviews/{code}/{stage}/{staff_no}"
HARMLESS: Final = "application/octet-stream"


@doors.get(HERE, act=Act.SCORE)
def review_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Show a score sheet with the candidate's dossier."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    if desk.declaration is None:
        return visit.go("review_round", code=code, said=Text(_("请先申报利害关系，再打开评分表")))
    return sheet_page.show(visit, desk)


@doors.get(f"{HERE}/materials/{{name}}", act=Act.SCORE)
def review_material(visit: Visit, code: str, stage: str, staff_no: str, name: str) -> Response:
    """Hand out one file of the candidate whose sheet this is."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    round_id = desk.chair.the_round.id
    readable = sheet_page.may_read(desk)
    content = dossiers.file(visit.session, round_id=round_id, staff_no=staff_no, name=name) if readable else None
    if content is None:
        raise NotFoundError(Text(_("没有这份材料，或您不能查阅")))
    visit.saw("material", the_round=desk.chair.the_round, subject=staff_no)
    there = dossiers.files(visit.session, round_id=round_id, staff_no=staff_no)
    kind = next((f.media_type for f in there if f.name == name), "") or HARMLESS
    return attachment(content, name=name, media_type=kind)


@doors.post(f"{HERE}/draft", act=Act.SCORE)
def save_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Keep a sheet as typed so far."""
    desk, typed = sheet_answers.read(visit, code, stage, staff_no)

    def save() -> Response:
        made = sheet_answers.save_of(visit)
        version = writing.save(visit.session, desk=desk, written=typed.written, made=made)
        return sheet_answers.heard(visit, desk, typed, version)

    return sheet_answers.tried(visit, desk, typed, save, in_one=True)


@doors.post(f"{HERE}/file", act=Act.SCORE)
def file_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """File a complete sheet and go on to the next."""
    desk, typed = sheet_answers.read(visit, code, stage, staff_no)
    if faults := forms.complete(typed, desk.terms.criteria):
        return sheet_answers.incomplete(visit, desk, typed, faults)

    def file() -> Response:
        made = sheet_answers.save_of(visit)
        writing.file(visit.session, desk=desk, written=typed.written, marks=typed.marks, made=made)
        return sheet_answers.on(visit, desk, Text(_("已提交 {name} 的评分表"), {"name": desk.candidate.name}))

    return sheet_answers.tried(visit, desk, typed, file)
