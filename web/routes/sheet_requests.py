"""What a reviewer may ask for instead of scoring: to abstain, to stand back, to correct a filed sheet."""

from typing import Final

from fastapi import Response

from actions import changes
from actions import sheets as writing
from forms import sheets as forms
from rules import sheets as law
from rules.access import Act
from rules.texts import Text, _
from web import reviewing, sheet_answers, sheet_page
from web.doors import Doors
from web.routes.score_sheets import HERE
from web.visit import Visit

doors: Final = Doors()


@doors.post(f"{HERE}/decline", act=Act.SCORE)
def decline_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Abstain from a sheet, or recuse oneself from it, with a reason."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    reason, status = visit.text("reason"), visit.text("status")
    unchosen = None if status in writing.DECLINES else Text(_("请选择弃评或回避"))
    if fault := forms.reason(reason) or unchosen:
        return sheet_page.show(visit, desk, said={"decline": fault}, status=422)

    def decline() -> Response:
        made = sheet_answers.save_of(visit, version=desk.version)
        writing.decline(visit.session, desk=desk, status=status, reason=reason, made=made)
        return sheet_answers.on(visit, desk, Text(_("已登记：{what}"), {"what": Text(law.STATUSES[status])}))

    return sheet_answers.tried(visit, desk, None, decline)


@doors.post(f"{HERE}/correction", act=Act.SCORE)
def ask_correction(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Ask for a filed sheet to be given back; somebody of HR has to agree."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    reason = visit.text("reason")
    if fault := forms.reason(reason):
        return sheet_page.show(visit, desk, said={"correction": fault}, status=422)

    def ask() -> Response:
        the_round = desk.chair.the_round
        change = sheet_page.correction(desk, reason)
        changes.ask(visit.session, the_round=the_round, change=change, terms=visit.terms_of(the_round))
        said = Text(_("已申请更正，等待人力资源同意；同意之前原评分仍然有效"))
        return visit.go("review_sheet", code=code, stage=stage, staff_no=staff_no, said=said)

    return sheet_answers.tried(visit, desk, None, ask)
