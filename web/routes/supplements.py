"""Supplements to a published policy: what may still change, seen before it is published, and readable for ever."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Response

from actions import changes, documents, supplements
from forms import draft_fields, draft_files, draft_policies
from forms.differences import differences
from forms.draft_tree import Tree
from kit.canonical import digest
from kit.i18n import gettext, say
from models.drafts import Supplement
from models.rounds import Round
from queries import decided, stages
from queries import drafts as reads
from rules import course
from rules import supplements as law
from rules.access import Act
from rules.changes import DEEDS, Change
from rules.policies import Deed, Policy
from rules.texts import RuleError, Text, _
from web import drafting, supplementing
from web.doors import Doors
from web.drafting_steps import ASKED, STEPS
from web.frames import framed
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
        supplements=supplementing.each(visit.session, found, zone=the_round.time_zone),
        papers=decided.supplement_papers(visit.session, round_id=the_round.id),
        running=the_round.state == "running" and the_round.mode == course.LIVE,
    )


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
    change = _change(visit, made, found.policy)
    if deed == "publish" and (done := _published_already(visit, made, change)):
        return _told(visit, made, done)
    standing = supplements.standing(visit.session, the_round=made.the_round)
    refused = law.refusals(visit.policy_of(made.the_round), found.policy, standing, now=visit.now)
    if refused:
        return _form(visit, made, faults=[say(text) for text in refused], status=409)
    return _asked(visit, made, change) if deed == "publish" else _preview(visit, made)


def _change(visit: Visit, made: Changed, after: Policy) -> Change:
    return Change(
        Deed.SUPPLEMENT,
        visit.text("reason"),
        title=visit.text("title"),
        policy_before=visit.text("before"),
        policy_after=digest(made.sheet.judged.text),
        after=after,
    )


def _published_already(visit: Visit, made: Changed, change: Change) -> Supplement | None:
    """Return the supplement that a first click published."""
    last = next(reversed(reads.supplements(visit.session, round_id=made.the_round.id)), None)
    same = last and (last.policy_before, last.policy_after) == (change.policy_before, change.policy_after)
    return last if same else None


def _asked(visit: Visit, made: Changed, change: Change) -> Response:
    """Publish, or propose it if the policy wants a second person."""
    terms = visit.terms_of(made.the_round)
    trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
    try:
        documents.keep(visit.session, made.sheet.judged.text)
        proposal = changes.ask(visit.session, the_round=made.the_round, change=change, terms=terms)
    except RuleError as error:
        trial.rollback()
        return _preview(visit, made, fault=error.text, status=409)
    trial.commit()
    if proposal:
        said = Text(_("方案要求第二人同意：已提出第 {n} 号提议，请另一位同事同意"), {"n": proposal.number})
        return visit.go("proposals", code=made.the_round.code, said=said)
    return _told(visit, made, reads.supplements(visit.session, round_id=made.the_round.id)[-1])


def _told(visit: Visit, made: Changed, done: Supplement) -> Response:
    said = Text(_("已发布第 {n} 号补充公告"), {"n": done.number})
    return visit.go("supplements", code=made.the_round.code, said=said)


def _changed(visit: Visit, code: str) -> Changed:
    the_round = visit.round_of(code)
    before = draft_files.from_yaml(the_round.policy_text)
    typed = {name: visit.texts(name) for name in visit.typed}
    tree = draft_fields.typed(before, typed, ROOTS)
    tree["_saved"] = sorted(ASKED)
    sheet = drafting.Sheet(None, tree, draft_policies.judged(tree), 0)
    return Changed(the_round, sheet, before)


def _all_faults(sheet: drafting.Sheet) -> list[tuple[str, str]]:
    return [fault for step in STEPS for fault in sheet.faults(step.key)]


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
        "second": Deed.SUPPLEMENT in visit.policy_of(made.the_round).second_person,
        "deeds": [(deed.value, gettext(word)) for deed, word in DEEDS.items()],
        "title": visit.text("title"),
        "reason": visit.text("reason"),
    }
