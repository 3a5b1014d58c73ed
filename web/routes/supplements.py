"""Supplements to a published policy: what may still change, seen before it is published, and readable for ever."""

from typing import Final

from fastapi import Response

from actions import changes, documents, supplements
from kit.i18n import say
from models.drafts import Supplement
from queries import decided
from queries import drafts as reads
from rules import course
from rules import supplements as law
from rules.access import Act
from rules.changes import Change
from rules.texts import RuleError, Text, _
from web import drafting, supplement_pages, supplementing
from web.actors import Actors
from web.doors import Doors
from web.frames import framed
from web.supplement_pages import Changed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/supplements", act=Act.SEE_ROUND, name="supplements")
def every(visit: Visit, code: str) -> Response:
    """Show every supplement with what it changed."""
    the_round = visit.round_of(code)
    found = reads.supplements(visit.session, round_id=the_round.id)
    return visit.page(
        "supplements.html",
        frame=framed(visit, code),
        supplements=supplementing.each(visit.session, found, zone=the_round.time_zone),
        named=Actors(visit.session, [one.made_by for one in found]),
        papers=decided.supplement_papers(visit.session, round_id=the_round.id),
        running=the_round.state == "running" and the_round.mode == course.LIVE,
    )


@doors.get("/rounds/{code}/supplements/new", act=Act.STEER_ROUND, name="new_supplement")
def new(visit: Visit, code: str) -> Response:
    """Show what may still change."""
    return supplement_pages.changed(visit, code).form()


@doors.post("/rounds/{code}/supplements", act=Act.STEER_ROUND, name="publish_supplement")
def publish(visit: Visit, code: str) -> Response:
    """Show what a supplement would change, or publish it once that was seen; or add or remove a reminder."""
    made = supplement_pages.changed(visit, code)
    deed, _colon, path = visit.text("do").partition(":")
    if deed in {"add", "remove"} and path.startswith("reminders"):
        made.sheet.tree = drafting.rearranged(made.sheet.tree, deed, path)
    if deed in {"add", "remove", "back"}:
        return made.form()
    found = made.sheet.judged.read
    if found is None:
        return made.form(faults=made.faults, status=422)
    change = made.change(found.policy)
    if deed == "publish" and (done := _published_already(visit, made, change)):
        return _told(visit, made, done)
    standing = supplements.standing(visit.session, the_round=made.the_round)
    refused = law.refusals(visit.policy_of(made.the_round), found.policy, standing, now=visit.now)
    if refused:
        return made.form(faults=[say(text) for text in refused], status=409)
    return _asked(visit, made, change) if deed == "publish" else made.preview()


def _published_already(visit: Visit, made: Changed, change: Change) -> Supplement | None:
    """Return the supplement that a first click published."""
    last = next(reversed(reads.supplements(visit.session, round_id=made.the_round.id)), None)
    same = last and (last.policy_before, last.policy_after) == (change.policy_before, change.policy_after)
    return last if same else None


def _asked(visit: Visit, made: Changed, change: Change) -> Response:
    """Publish, or propose it if the policy wants a second person."""
    needed = {
        "title": (change.title, _("请写明补充公告的标题")),
        "reason": (change.reason, _("请写明理由：它会记入留痕")),
    }
    if missing := {name: Text(text) for name, (typed, text) in needed.items() if not typed}:
        return made.preview(missing=missing)
    terms = visit.terms_of(made.the_round)
    trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
    try:
        documents.keep(visit.session, made.sheet.judged.text)
        proposal = changes.ask(visit.session, the_round=made.the_round, change=change, terms=terms)
    except RuleError as error:
        trial.rollback()
        return made.preview(fault=error.text)
    trial.commit()
    if proposal:
        said = Text(_("方案要求第二人同意：已提出第 {n} 号提议，请另一位同事同意"), {"n": proposal.number})
        return visit.go("proposals", code=made.the_round.code, said=said)
    return _told(visit, made, reads.supplements(visit.session, round_id=made.the_round.id)[-1])


def _told(visit: Visit, made: Changed, done: Supplement) -> Response:
    said = Text(_("已发布第 {n} 号补充公告"), {"n": done.number})
    return visit.go("supplements", code=made.the_round.code, said=said)
