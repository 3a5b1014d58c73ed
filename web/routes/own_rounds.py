"""A candidate's own rounds: what one meets and misses, what is to be done, apply and take it back, receipts."""

import json
from typing import Any, Final

from fastapi import Response

from actions import applications, changes
from forms import uploads
from kit.settings import settings
from models.history import Entry
from queries import changes as standing
from queries import handovers
from reports import marks, privacy, requirements
from reports.words import heading, word
from rules import handovers as law
from rules import hearings as heard
from rules import outcomes
from rules.access import Act
from rules.changes import Change
from rules.policies import Deed
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.faults import NotFoundError
from web.own_course import course_of
from web.own_rounds import OwnRound, live_rounds, of_rounds, own_round
from web.own_todo import todo
from web.visit import Visit

doors: Final = Doors()

KINDS: Final = {"pass": "good", "relaxed": "good", "fail": "bad", "unknown": "wait"}
"""How a verdict looks."""


@doors.get("/my/rounds", act=Act.APPLY)
def own_rounds(visit: Visit) -> Response:
    """Show the rounds that are open to everybody, with what waits for oneself in each."""
    mine = of_rounds(visit, [the_round for the_round, _step in live_rounds(visit)])
    return visit.page("own_rounds.html", rounds=[(own, todo(own)) for own in mine])


@doors.get("/my/rounds/{code}", act=Act.APPLY, name="own_round")
def one_round(visit: Visit, code: str) -> Response:
    """Show one's own side of a round."""
    return shown(visit, own_round(visit, code))


def shown(visit: Visit, own: OwnRound, *, fault: Text | None = None, at: str = "", status: int = 200) -> Response:
    """Return the page of a round; ``fault`` stands at the form or slot called ``at``."""
    policy = own.policy
    return visit.page(
        "own_round.html",
        status=status,
        own=own,
        todo=todo(own),
        steps=course_of(own),
        rules=_rules(own),
        slots=[_slot(own, key) for key in policy.applications.materials],
        privacy=privacy.paragraphs(policy),
        receipts=handovers.receipts(visit.session, round_id=own.the_round.id, staff_no=own.staff_no),
        number=handovers.receipt_number,
        asked=_asked(visit, own),
        KINDS=KINDS,
        DEEDS=RECEIPTS,
        HEARINGS=heard,
        word=word,
        accept=uploads.ACCEPTED,
        most=settings().upload_mb,
        fault=fault,
        at=at,
        outcome_word=outcomes.said(own.policy, own.outcome or ""),
    )


def _rules(own: OwnRound) -> list[dict[str, Any]]:
    """Return each rule with what it asks; once screened, with one's own value, its source and the verdict.

    Those that are not met come first: they are what one looks for.
    """
    found = {v.rule: v for v in own.screened.verdicts} if own.screened else {}
    rules = []
    for rule in requirements.rules_of(own.policy):
        verdict = found.get(rule)
        rules.append(
            {
                "name": requirements.rule_name(rule),
                "wanted": requirements.requirement(own.policy, rule),
                "verdict": verdict.verdict if verdict else "",
                "word": marks.word(verdict.verdict) if verdict else "",
                "value": requirements.brief(verdict) if verdict else "",
                "source": requirements.source(verdict) if verdict else "",
            }
        )
    return sorted(rules, key=lambda rule: rule["verdict"] not in {"fail", "unknown"})


def _slot(own: OwnRound, key: str) -> dict[str, Any]:
    """Return a slot: its draft, what stands, all versions, and whether files are taken."""
    return {
        "key": key,
        "name": heading(key),
        "draft": own.slot(key, "draft"),
        "stands": own.slot(key, "handed_in", "returned"),
        "versions": [v for v in own.versions if v.slot == key],
        "open": own.may_hand_in(key),
        "states": law.STATES,
    }


def _asked(visit: Visit, own: OwnRound) -> bool:
    """Return whether one's own wish to withdraw waits for HR."""
    waiting = standing.proposals(visit.session, round_id=own.the_round.id, only_open=True)
    mine = [p for p in waiting if p.deed == Deed.WITHDRAW and p.proposed_by == visit.actor]
    return any(json.loads(p.arguments).get("staff_no") == own.staff_no for p in mine)


@doors.post("/my/rounds/{code}/application", act=Act.APPLY)
def apply(visit: Visit, code: str) -> Response:
    """Apply in one's own name; nobody else's number is read from anywhere."""
    own = own_round(visit, code)
    if visit.text("consent") != "yes":
        fault = Text(_("请先阅读个人信息的说明，并勾选同意"))
        return shown(visit, own, fault=fault, at="apply", status=422)
    try:
        entry = applications.apply(
            visit.session,
            the_round=own.the_round,
            staff_no=own.staff_no,
            consent=privacy.text(own.policy),
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return shown(visit, own, fault=error.text, at="apply", status=409)
    return _receipt_of(visit, code, entry)


@doors.get("/my/rounds/{code}/withdrawal", act=Act.APPLY)
def withdrawal(visit: Visit, code: str) -> Response:
    """Show what taking one's own application back means, before it is done."""
    return _withdrawal(visit, own_round(visit, code))


def _withdrawal(visit: Visit, own: OwnRound, *, fault: Text | None = None, reason: str = "") -> Response:
    status = 409 if fault else 200
    return visit.page(
        "own_withdrawal.html", status=status, own=own, asked=_asked(visit, own), fault=fault or "", reason=reason
    )


@doors.post("/my/rounds/{code}/withdrawal", act=Act.APPLY)
def withdraw(visit: Visit, code: str) -> Response:
    """Take one's own application back while applications are open; afterwards ask HR to."""
    own, reason = own_round(visit, code), visit.text("reason")
    try:
        if not own.may_apply:
            return _ask_to_withdraw(visit, own, reason)
        entry = applications.withdraw(
            visit.session,
            the_round=own.the_round,
            staff_no=own.staff_no,
            reason=reason,
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return _withdrawal(visit, own, fault=error.text, reason=reason)
    return _receipt_of(visit, code, entry)


def _ask_to_withdraw(visit: Visit, own: OwnRound, reason: str) -> Response:
    """Note the wish as a proposal: it counts everything anew, so HR looks at it and agrees."""
    change = Change(deed=Deed.WITHDRAW, reason=reason, staff_no=own.staff_no)
    if not own.is_in:
        raise RuleError(Text(_("您已经不在本轮评审中，不需要撤回")))
    proposal = changes.propose(
        visit.session, the_round=own.the_round, change=change, terms=visit.terms_of(own.the_round)
    )
    said = Text(_("已向人力资源提出撤回（第 {number} 号），同意后生效"), {"number": proposal.number})
    return visit.go("own_round", said=said, code=own.the_round.code)


def _receipt_of(visit: Visit, code: str, entry: Entry) -> Response:
    return visit.go("receipt", code=code, number=handovers.receipt_number(entry))


RECEIPTS: Final = {
    "application.submitted": _("提交报名"),
    "application.withdrawn": _("撤回报名"),
    "materials.taken_in": _("提交材料"),
    "materials.taken_back": _("撤回材料"),
    "hearing.raised": _("提出申请或异议"),
    "result.confirmed": _("确认结果"),
}
"""What receipts are for."""


@doors.get("/my/rounds/{code}/receipts/{number}", act=Act.APPLY)
def receipt(visit: Visit, code: str, number: str) -> Response:
    """Show the receipt of something that one did oneself, to print."""
    own = own_round(visit, code)
    entry = handovers.receipt(visit.session, round_id=own.the_round.id, staff_no=own.staff_no, number=number)
    if entry is None:
        raise NotFoundError(Text(_("没有编号为 {number} 的回执"), {"number": number}))
    detail = json.loads(entry.detail)
    return visit.page(
        "own_receipt.html",
        own=own,
        entry=entry,
        number=number,
        what=Text(RECEIPTS[entry.deed]),
        files=detail.get("files", []),
        hearing=detail.get("number", ""),
        word=word,
    )
