"""Supplements to a published policy: what may still change, seen before it is published, and readable for ever."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Response

from actions import supplements
from forms import draft_fields, draft_policies, draft_sources
from forms.differences import differences
from forms.draft_tree import Tree
from kit.i18n import gettext, say
from models.documents import Blob
from models.drafts import Supplement
from models.rounds import Round
from queries import decided, stages
from queries import drafts as reads
from rules import course
from rules import supplements as law
from rules.access import Act
from rules.policies import Policy
from rules.texts import RuleError, Text, _
from web import drafting
from web.doors import Doors
from web.frames import framed
from web.routes.drafts import DEEDS
from web.visit import Visit

doors: Final = Doors()

ROOTS: Final = frozenset(
    {
        "organisation",
        "reminders",
        "second_person",
        "confirmations",
        "notice",
        "applications",
        "stages",
    }
)


@dataclass(slots=True)
class Changed:
    """What is typed for a supplement: the tree of the policy with the changes, and the checks of it."""

    the_round: Round
    sheet: drafting.Sheet
    before: Tree


@doors.get("/rounds/{code}/supplements", act=Act.SEE_ROUND, name="supplements")
def every(visit: Visit, code: str) -> Response:
    """Show every supplement with what it changed."""
    the_round = visit.round_of(code)
    found = reads.supplements(visit.session, round_id=the_round.id)
    return visit.page(
        "supplements.html",
        frame=framed(visit, code),
        supplements=[(one, _difference(visit, one, the_round.time_zone)) for one in found],
        papers=decided.supplement_papers(visit.session, round_id=the_round.id),
        running=the_round.state == "running" and the_round.mode == course.LIVE,
    )


def _difference(visit: Visit, one: Supplement, zone: str) -> list[tuple[str, str, str]]:
    texts = [visit.session.get_one(Blob, sha256).content for sha256 in (one.policy_before, one.policy_after)]
    before, after = (draft_sources.from_yaml(text, file="policy.yaml") for text in texts)
    return differences(before, after, zone=zone)


@doors.get("/rounds/{code}/supplements/new", act=Act.STEER_ROUND, name="new_supplement")
def new(visit: Visit, code: str) -> Response:
    """Show what may still change."""
    return _form(visit, _changed(visit, code))


@doors.post("/rounds/{code}/supplements", act=Act.STEER_ROUND, name="publish_supplement")
def publish(visit: Visit, code: str) -> Response:
    """Show what a supplement would change, or publish it once that was seen; or add or remove a reminder."""
    made = _changed(visit, code)
    deed, _colon, path = visit.text("do").partition(":")
    if deed in {"add", "remove"} and path.startswith("reminders"):
        made.sheet.tree = drafting.rearranged(made.sheet.tree, deed, path)
    if deed in {"add", "remove", "back"}:
        return _form(visit, made)
    found = made.sheet.judged.read
    if found is None:
        return _form(visit, made, faults=[text for _place, text in _all_faults(made.sheet)], status=422)
    standing = supplements.standing(visit.session, the_round=made.the_round)
    refused = law.refusals(visit.policy_of(made.the_round), found.policy, standing, now=visit.now)
    if refused:
        return _form(visit, made, faults=[say(text) for text in refused], status=409)
    return _published(visit, made, found.policy) if deed == "publish" else _preview(visit, made)


def _published(visit: Visit, made: Changed, after: Policy) -> Response:
    if visit.text("before") != made.the_round.policy_sha256:
        text = Text(_("别人刚刚发布了另一份补充公告；请核对后再发布"))
        return _preview(visit, made, fault=text, status=409)
    trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
    try:
        done = supplements.publish(
            visit.session,
            the_round=made.the_round,
            after=after,
            policy_text=made.sheet.judged.text,
            title=visit.text("title"),
            reason=visit.text("reason"),
            terms=visit.terms_of(made.the_round),
        )
    except RuleError as error:
        trial.rollback()
        return _preview(visit, made, fault=error.text, status=409)
    trial.commit()
    said = Text(_("已发布第 {n} 号补充公告"), {"n": done.number})
    return visit.go("supplements", code=made.the_round.code, said=said)


def _changed(visit: Visit, code: str) -> Changed:
    the_round = visit.round_of(code)
    before = draft_sources.from_yaml(the_round.policy_text, file="policy.yaml")
    typed = {name: visit.texts(name) for name in visit.typed}
    tree = draft_fields.typed(before, typed, ROOTS)
    tree["_saved"] = sorted(drafting.ASKED)
    sheet = drafting.Sheet(None, tree, draft_policies.judged(tree), 0)
    return Changed(the_round, sheet, before)


def _all_faults(sheet: drafting.Sheet) -> list[tuple[str, str]]:
    return [fault for step in drafting.STEPS for fault in sheet.faults(step.key)]


def _form(visit: Visit, made: Changed, *, faults: list[str] | None = None, status: int = 200) -> Response:
    states = {step.key: step.state for step in stages.of_round(visit.session, round_id=made.the_round.id)}
    policy = visit.policy_of(made.the_round)
    pending = [
        (f"stages[{number}]", stage.name)
        for number, stage in enumerate(policy.stages, 1)
        if states.get(stage.key) == law.PENDING
    ]
    if states.get(course.APPLICATIONS) == law.PENDING:
        pending.insert(0, ("applications", gettext(course.NAMES[course.APPLICATIONS])))
    return visit.page(
        "supplement_new.html", status=status, faults=faults or [], pending=pending, **_values(visit, made)
    )


def _preview(visit: Visit, made: Changed, *, fault: Text | None = None, status: int = 200) -> Response:
    typed = [(name, value) for name in visit.typed for value in visit.texts(name)]
    return visit.page(
        "supplement_preview.html",
        status=status,
        fault=fault,
        rows=differences(made.before, made.sheet.tree, zone=made.the_round.time_zone),
        typed=[(name, value) for name, value in typed if name not in {"csrf", "do", "title", "reason", "before"}],
        **_values(visit, made),
    )


def _values(visit: Visit, made: Changed) -> dict[str, Any]:
    return {
        "frame": framed(visit, made.the_round.code),
        "sheet": made.sheet,
        "deeds": [(deed.value, gettext(word)) for deed, word in DEEDS.items()],
        "title": visit.text("title"),
        "reason": visit.text("reason"),
    }
