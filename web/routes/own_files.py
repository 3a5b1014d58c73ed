"""A candidate's own files: upload as drafts, hand in, take back, fetch."""

from typing import Final
from uuid import UUID

from fastapi import Response
from starlette.datastructures import UploadFile

from actions import handovers as actions
from forms import uploads
from forms.uploads import Upload
from kit.settings import settings
from queries import handovers
from reports.words import heading
from rules.access import Act
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.own_rounds import own_round
from web.routes.own_rounds import shown
from web.visit import Visit

doors: Final = Doors()


@doors.post("/my/rounds/{code}/materials/{slot}", act=Act.APPLY)
def upload(visit: Visit, code: str, slot: str) -> Response:
    """Keep an uploaded file as a draft; with the button that hands in, hand it in at once."""
    own = own_round(visit, code)
    try:
        file = _read(visit)
        actions.upload(
            visit.session,
            the_round=own.the_round,
            policy=own.policy,
            staff_no=own.staff_no,
            slot=slot,
            file=(file.name, file.media_type, file.content),
            now=visit.now,
        )
    except RuleError as error:
        return shown(visit, own, fault=error.text, at=slot, status=422)
    if visit.text("then") == "hand_in":
        return _hand_in(visit, code, [slot], at=slot)
    return visit.go("own_round", said=Text(_("{slot}已保存为草稿，还没有提交"), {"slot": heading(slot)}), code=code)


def _read(visit: Visit) -> Upload:
    """Return the file that was sent; no more of it is read than may be kept.

    :raises RuleError: when there is none, or it is not to be kept.
    """
    sent, most = visit.typed.get("file"), settings().upload_mb
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise RuleError(Text(_("请先选择文件")))
    return uploads.read(sent.filename, sent.file.read(most * 1024**2 + 1), most_mb=most)


@doors.post("/my/rounds/{code}/handover", act=Act.APPLY)
def hand_in(visit: Visit, code: str) -> Response:
    """Hand in the drafts of the slots that were named, of all if none was."""
    return _hand_in(visit, code, visit.texts("slot"), at="materials")


def _hand_in(visit: Visit, code: str, slots: list[str], *, at: str) -> Response:
    own = own_round(visit, code)
    wanted = slots or [s for s in own.policy.applications.materials if own.slot(s, "draft")]
    try:
        entry = actions.hand_in(
            visit.session,
            the_round=own.the_round,
            policy=own.policy,
            staff_no=own.staff_no,
            slots=wanted,
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return shown(visit, own_round(visit, code), fault=error.text, at=at, status=409)
    if entry is None:
        return visit.go("own_round", said=Text(_("没有待提交的草稿；已提交的不受影响")), code=code)
    return visit.go("receipt", code=code, number=handovers.receipt_number(entry))


@doors.post("/my/rounds/{code}/materials/{slot}/back", act=Act.APPLY)
def take_back(visit: Visit, code: str, slot: str) -> Response:
    """Take back what was handed in for a slot."""
    own = own_round(visit, code)
    try:
        entry = actions.take_back(
            visit.session,
            the_round=own.the_round,
            policy=own.policy,
            staff_no=own.staff_no,
            slot=slot,
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return shown(visit, own, fault=error.text, at=slot, status=409)
    text = _("{slot}已撤回；截止前可以重新提交") if entry else _("{slot}没有可以撤回的文件")
    return visit.go("own_round", said=Text(text, {"slot": heading(slot)}), code=code)


@doors.get("/my/rounds/{code}/files/{handover_id}", act=Act.APPLY)
def own_file(visit: Visit, code: str, handover_id: UUID) -> Response:
    """Fetch a version of one's own file."""
    own = own_round(visit, code)
    found = handovers.own_version(
        visit.session, round_id=own.the_round.id, staff_no=own.staff_no, handover_id=handover_id
    )
    if found is None:
        raise NotFoundError(Text(_("没有这个文件")))
    content = handovers.content(visit.session, sha256=found.sha256)
    return attachment(content, name=found.name, media_type=found.media_type)
