"""One's own application, by one's own token: for an app of the centre that candidates use."""

from typing import Annotated, Final

from fastapi import Path, Response

from actions import applications
from kit.canonical import digest
from models.rounds import Round
from models.stages import Stage
from queries import handovers, stages
from reports import privacy
from rules import course
from rules import handovers as law
from rules.access import Act
from rules.handovers import Step
from rules.scopes import Scope
from rules.texts import RuleError, Text, _
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.faults import ApiError
from web.api.shapes.applications import OwnApplicationOut, OwnApplyBody, WithdrawBody
from web.api.shapes.common import Code
from web.faults import NotFoundError

doors: Final = ApiDoors("applications")
OWN: Final = "/my/rounds/{code}/application"


@doors.door(
    "GET",
    OWN,
    act=Act.APPLY,
    scope=Scope.OWN_APPLICATION,
    says=_("读取本人在一轮中的报名，以及报名前须同意的个人信息说明"),
    answer=OwnApplicationOut,
    refusals=("not_found", "conflict"),
)
def get_own_application(call: Call, code: Annotated[Code, Path()]) -> Response:
    """Read where one's own application stands, and the notice to agree to before applying."""
    return _answer(call, _round(call, code))


@doors.door(
    "PUT",
    OWN,
    act=Act.APPLY,
    scope=Scope.OWN_APPLICATION,
    says=_("本人报名。agreed 是本人读过并同意的个人信息说明的 SHA-256（notice_sha256）；说明有变的，须重新同意。"),
    answer=OwnApplicationOut,
    refusals=("bad_request", "not_found", "conflict", "precondition_failed"),
)
def put_own_application(call: Call, code: Annotated[Code, Path()], body: OwnApplyBody) -> Response:
    """Apply in one's own name, agreeing to the notice on personal data; the same again changes nothing."""
    the_round = _round(call, code)
    notice = privacy.text(call.policy_of(the_round))
    if body.agreed != digest(notice.encode()):
        text = Text(_("个人信息说明与您同意的不同；请重新读取，由本人阅读并同意"))
        raise ApiError("precondition_failed", text, where="body.agreed")
    applications.apply(
        call.session, the_round=the_round, staff_no=_own(call), consent=notice, actor=call.actor, now=call.now
    )
    return _answer(call, the_round)


@doors.door(
    "POST",
    f"{OWN}/withdrawal",
    act=Act.APPLY,
    scope=Scope.OWN_APPLICATION,
    says=_("本人撤回报名；报名开放期间可用"),
    answer=OwnApplicationOut,
    refusals=("bad_request", "not_found", "conflict"),
)
def withdraw_own_application(call: Call, code: Annotated[Code, Path()], body: WithdrawBody) -> Response:
    """Take one's own application back, while applications are open."""
    the_round = _round(call, code)
    reason = body.reason or ""
    applications.withdraw(
        call.session, the_round=the_round, staff_no=_own(call), reason=reason, actor=call.actor, now=call.now
    )
    return _answer(call, the_round)


def _round(call: Call, code: str) -> Round:
    """Return a round that concerns people: a rehearsal or a replay is not there for a candidate."""
    the_round = call.round_of(code)
    if the_round.mode != course.LIVE:
        raise NotFoundError(Text(_("没有编号为“{code}”的竞聘轮次"), {"code": code}))
    return the_round


def _own(call: Call) -> str:
    if not call.bearer.staff_no:
        raise RuleError(Text(_("您的账号没有对应的工号，不能参加竞聘；请系统管理员补上工号")))
    return call.bearer.staff_no


def _answer(call: Call, the_round: Round) -> Response:
    mine = handovers.application(call.session, round_id=the_round.id, staff_no=_own(call))
    given = handovers.receipts(call.session, round_id=the_round.id, staff_no=_own(call))
    step = next(s for s in stages.of_round(call.session, round_id=the_round.id) if s.key == course.APPLICATIONS)
    notice = privacy.text(call.policy_of(the_round))
    body = OwnApplicationOut(
        status="none" if mine is None else mine.status,  # type: ignore[arg-type] # the database knows no other
        applied_at=mine.applied_at if mine else None,
        open=_is_open(call, the_round, step),
        closes_at=step.closes_at,
        notice=notice,
        notice_sha256=digest(notice.encode()),
        receipt=next((handovers.receipt_number(e) for e in given if e.deed.startswith("application.")), None),
    )
    return call.answer(body)


def _is_open(call: Call, the_round: Round, step: Stage) -> bool:
    opens_at = step.opens_at or the_round.launched_at
    try:
        law.require_applications(Step(step.state, step.closes_at, step.due_at), opens_at=opens_at, now=call.now)
    except RuleError:
        return False
    return the_round.state == "running"
