"""The score sheet: fill it in, save it, file it, decline it, ask for a correction; the candidate's files beside it."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from actions import changes
from actions import sheets as writing
from actions.sheets import ConflictError
from forms import sheets as forms
from forms.sheets import SheetRead
from kit.i18n import say
from queries import changes as proposals
from queries import dossiers, sheets
from queries.sheets import Desk
from rules import sheets as law
from rules.access import Act
from rules.changes import Change
from rules.policies import Deed
from rules.sheets import State
from rules.texts import RuleError, Text, _
from web import reviewing
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
    return _page(visit, desk)


@doors.post(f"{HERE}/draft", act=Act.SCORE)
def save_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Keep a sheet as typed so far."""
    desk, typed = _typed(visit, code, stage, staff_no)

    def save() -> Response:
        said = _save_of(visit)
        version = writing.save(visit.session, desk=desk, written=typed.written, **said)
        if _by_script(visit):
            return _heard(visit, desk, typed, version)
        return visit.go(
            "review_sheet",
            code=code,
            stage=stage,
            staff_no=staff_no,
            said=Text(_("已保存 {time}"), {"time": _clock(desk, visit.now)}),
        )

    return _tried(visit, desk, typed, save, in_one=True)


@doors.post(f"{HERE}/file", act=Act.SCORE)
def file_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """File a complete sheet and go on to the next."""
    desk, typed = _typed(visit, code, stage, staff_no)
    faults = forms.complete(typed, desk.terms.criteria)
    if faults:
        if _by_script(visit):
            return JSONResponse({"faults": {key: say(text) for key, text in faults.items()}}, status_code=422)
        return _page(visit, desk, typed=typed, faults=faults, status=422)

    def file() -> Response:
        said = _save_of(visit)
        writing.file(visit.session, desk=desk, written=typed.written, marks=typed.marks, **said)
        return _on(visit, desk, Text(_("已提交 {name} 的评分表"), {"name": desk.candidate.name}))

    return _tried(visit, desk, typed, file)


@doors.post(f"{HERE}/decline", act=Act.SCORE)
def decline_sheet(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Abstain from a sheet, or recuse oneself from it, with a reason."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    reason, status = visit.text("reason"), visit.text("status")
    fault = forms.reason(reason)
    if fault is None and status not in writing.DECLINES:
        fault = Text(_("请选择弃评或回避"))
    if fault:
        return _page(visit, desk, decline_fault=fault, status=422)

    def decline() -> Response:
        said = _save_of(visit) | {"version": desk.version}
        writing.decline(visit.session, desk=desk, status=status, reason=reason, **said)
        return _on(visit, desk, Text(_("已登记：{what}"), {"what": Text(law.STATUSES[status])}))

    return _tried(visit, desk, None, decline)


@doors.post(f"{HERE}/correction", act=Act.SCORE)
def ask_correction(visit: Visit, code: str, stage: str, staff_no: str) -> Response:
    """Ask for a filed sheet to be given back; somebody of HR has to agree."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    reason = visit.text("reason")
    if fault := forms.reason(reason):
        return _page(visit, desk, correction_fault=fault, status=422)

    def ask() -> Response:
        terms = visit.terms_of(desk.chair.the_round)
        change = _correction(desk, reason)
        changes.ask(visit.session, the_round=desk.chair.the_round, change=change, terms=terms)
        said = Text(_("已申请更正，等待人力资源同意；同意之前原评分仍然有效"))
        return visit.go("review_sheet", code=code, stage=stage, staff_no=staff_no, said=said)

    return _tried(visit, desk, None, ask)


@doors.get(f"{HERE}/materials/{{name}}", act=Act.SCORE)
def review_material(visit: Visit, code: str, stage: str, staff_no: str, name: str) -> Response:
    """Hand out one file of the candidate whose sheet this is."""
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    the_round = desk.chair.the_round
    content = None
    if _may_read(desk):
        content = dossiers.file(visit.session, round_id=the_round.id, staff_no=staff_no, name=name)
    if content is None:
        raise NotFoundError(Text(_("没有这份材料，或您不能查阅")))
    visit.saw("material", the_round=the_round, subject=staff_no)
    there = dossiers.files(visit.session, round_id=the_round.id, staff_no=staff_no)
    kind = next((f.media_type for f in there if f.name == name), "") or HARMLESS
    return attachment(content, name=name, media_type=kind)


def _may_read(desk: Desk) -> bool:
    """Return whether the candidate's dossier is open to this reviewer: to score, while the round runs."""
    running = desk.chair.the_round.state == "running"
    return running and desk.declaration is not None and desk.conflict is None and not desk.taken_away


def _typed(visit: Visit, code: str, stage: str, staff_no: str) -> tuple[Desk, SheetRead]:
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    if visit.text("reviewer_no") != desk.chair.reviewer_no:  # another reviewer's page, or an unsent sheet of theirs
        raise NotFoundError(reviewing.NOT_YOURS)
    fields = {name: value for name, value in visit.typed.items() if isinstance(value, str)}
    return desk, forms.read(fields, desk.terms.criteria)


def _by_script(visit: Visit) -> bool:
    return "x-csrf" in visit.request.headers


def _save_of(visit: Visit) -> dict[str, Any]:
    version = visit.text("version")
    return {
        "key": visit.text("key"),
        "version": int(version) if version.isdecimal() and len(version) <= 9 else -1,  # noqa: PLR2004 - no sheet is saved so often
        "actor": visit.actor,
        "now": visit.now,
    }


def _tried(
    visit: Visit, desk: Desk, typed: SheetRead | None, call: Callable[[], Response], *, in_one: bool = False
) -> Response:
    """Do something whole or not at all; what was refused is said, with what was typed.

    ``in_one``: what is done is one write, so there is nothing to take back when it is refused.
    """
    try:
        with nullcontext() if in_one else visit.session.begin_nested():
            return call()
    except ConflictError as error:
        visit.session.expire_all()
        newer = reviewing.desk_of(visit, desk.chair.the_round.code, desk.stage.key, desk.candidate.staff_no)
        return _told(visit, "sheet_conflict", newer, typed, error.text)
    except RuleError as error:
        return _told(visit, "sheet_refused", desk, typed, error.text)


def _told(visit: Visit, name: str, desk: Desk, typed: SheetRead | None, why: Text) -> Response:
    """Return a page, or its piece for a script, that says why not, with both contents side by side."""
    mine = typed.written if typed else {}
    theirs = desk.written()
    values: dict[str, Any] = {
        **_names(desk),
        "why": why,
        "mine": mine,
        "theirs": theirs,
        "theirs_json": json.dumps({key: list(pair) for key, pair in theirs.items()}, ensure_ascii=False),
        "key": secrets.token_urlsafe(16),
        "rows": [c for c in desk.terms.criteria if c.key in mine],
    }
    if _by_script(visit):
        return visit.part(f"{name}_part.html", status=409, **values)
    return visit.page("sheet_unsaved.html", status=409, part=f"{name}_part.html", **values)


def _heard(visit: Visit, desk: Desk, typed: SheetRead, version: int) -> Response:
    said = {
        "version": version,
        "saved": _clock(desk, visit.now),
        "total": f"{_total(visit, desk, typed):f}",
        "faults": {key: say(text) for key, text in typed.faults.items()},
    }
    return JSONResponse(said)


def _on(visit: Visit, desk: Desk, said: Text) -> Response:
    """Send the browser, or the script, on to the next sheet."""
    visit.session.flush()
    after = reviewing.next_address(visit, desk)
    made = visit.go("reviews", said=said)
    if _by_script(visit):
        answer: Response = JSONResponse({"next": after})
    else:
        answer = RedirectResponse(after, status_code=303)
    answer.raw_headers += [(name, value) for name, value in made.raw_headers if name == b"set-cookie"]
    return answer


def _clock(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(desk.chair.the_round.time_zone)):%H:%M}"


def _total(visit: Visit, desk: Desk, typed: SheetRead) -> Any:  # noqa: ANN401 - a decimal
    return law.total(typed.marks, desk.terms.criteria, visit.policy_of(desk.chair.the_round).rounding)


def _correction(desk: Desk, reason: str) -> Change:
    return Change(
        Deed.CORRECT,
        reason,
        stage=desk.stage.key,
        staff_no=desk.candidate.staff_no,
        reviewer_no=desk.chair.reviewer_no,
    )


def _asked(visit: Visit, desk: Desk) -> bool:
    """Return whether a correction of this sheet was asked for and nobody has answered yet."""
    wanted = _correction(desk, "")
    there = proposals.proposals(visit.session, round_id=desk.chair.the_round.id, only_open=True)
    asked = (changes.change_of(p) for p in there if p.deed == Deed.CORRECT.value)
    return any(
        (c.stage, c.staff_no, c.reviewer_no) == (wanted.stage, wanted.staff_no, wanted.reviewer_no) for c in asked
    )


def _names(desk: Desk) -> dict[str, Any]:
    places = {"code": desk.chair.the_round.code, "stage": desk.stage.key, "staff_no": desk.candidate.staff_no}
    return {"desk": desk, "places": places, "the_round": desk.chair.the_round, "State": State}


def _page(
    visit: Visit,
    desk: Desk,
    *,
    typed: SheetRead | None = None,
    faults: Mapping[str, Text] | None = None,
    decline_fault: Text | None = None,
    correction_fault: Text | None = None,
    status: int = 200,
) -> Response:
    the_round, person = desk.chair.the_round, desk.candidate
    policy = visit.policy_of(the_round)
    shut = _shut(visit, desk)
    read = typed or forms.read(_as_fields(desk), desk.terms.criteria)
    statement = desk.declaration.statement if desk.declaration else ""
    may_read = _may_read(desk)
    if may_read:
        visit.saw("score_sheet", the_round=the_round, subject=person.staff_no)
    piles = reviewing.piles_of(visit, [desk.chair], policy)
    pile = next((p for p in piles if p.stage.key == desk.stage.key), None)
    filed = desk.state is State.FILED
    return visit.page(
        "sheet.html",
        status=status,
        **_names(desk),
        rounding=policy.rounding,
        lines=policy.lines,
        shut=shut,
        writable=shut is None and desk.conflict is None,
        written=read.written,
        faults=faults if faults is not None else read.faults,
        total=_total(visit, desk, read),
        done=len(read.marks),
        steps=law.steps,
        statuses=law.STATUSES,
        states=law.STATES,
        key=secrets.token_urlsafe(16),
        saved_at=_clock(desk, desk.sheet.saved_at) if desk.sheet else "",
        warning=law.named_in(statement, person),
        own=reviewing.named(visit, pile, statement) if pile else [],
        may_read=may_read,
        files=dossiers.files(visit.session, round_id=the_round.id, staff_no=person.staff_no) if may_read else [],
        applied_at=dossiers.applied_at(visit.session, round_id=the_round.id, staff_no=person.staff_no),
        numbers=sheets.numbers(visit.session, desk=desk) if filed else None,
        asked=_asked(visit, desk) if filed else False,
        decline_fault=decline_fault,
        correction_fault=correction_fault,
        given={name: visit.text(name) for name in ("reason", "status")},
    )


def _as_fields(desk: Desk) -> dict[str, str]:
    written = desk.written()
    marks = {f"mark.{key}": one.mark for key, one in written.items()}
    return marks | {f"comment.{key}": one.comment for key, one in written.items()}


def _shut(visit: Visit, desk: Desk) -> Text | None:
    """Return why nothing may be written on the sheet now; ``None``: it may."""
    try:
        writing.require_open(desk, now=visit.now)
    except RuleError as error:
        return error.text
    return None
