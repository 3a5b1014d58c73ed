"""Publishing a draft: its round is launched, and its rules are frozen."""

from typing import Final

from fastapi import Response

from actions import drafts
from forms import draft_policies
from kit.jinja import day_time
from models.drafts import Draft
from models.rounds import Round
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import draft_pages
from web.actors import Actors
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()


@doors.post("/drafts/{draft}/publish", act=Act.PREPARE_ROUNDS, name="publish_draft")
def publish(visit: Visit, draft: str) -> Response:
    """Launch the round of a draft; a second click goes to the round that the first one launched."""
    kept = draft_pages.found(visit, draft)
    if kept.state == "published":
        return _published_already(visit, kept)
    if visit.text("read") != "yes":
        return _refused(visit, kept, Text(_("请先确认已经核对公告，再发布")))
    trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
    try:
        made = _launched(visit, kept)
    except RuleError as error:
        trial.rollback()
        visit.session.refresh(kept)
        if kept.state == "published":
            return _published_already(visit, kept)
        return _refused(visit, kept, error.text)
    trial.commit()
    said = Text(_("已发布：{title}。规则已经冻结，资格审查随即开始"), {"title": made.title})
    return visit.go("board", code=made.code, said=said)


def _launched(visit: Visit, kept: Draft) -> Round:
    judged = draft_pages.sheet_of(kept).judged
    return drafts.publish(
        visit.session,
        draft=kept,
        policy=draft_policies.require_sound(judged).policy,
        policy_text=judged.text,
        version=draft_pages.seen_version(visit),
        actor=visit.actor,
        now=visit.now,
    )


def _refused(visit: Visit, kept: Draft, why: Text) -> Response:
    return draft_pages.show(visit, draft_pages.sheet_of(kept), "publish", fault=why)


def _published_already(visit: Visit, kept: Draft) -> Response:
    made = visit.session.get_one(Round, kept.round_id)
    who, at = Actors(visit.session, [kept.saved_by])(kept.saved_by), day_time(kept.saved_at, made.time_zone)
    said = Text(_("这份草稿已经由 {who} 在 {at} 发布，规则已经冻结"), {"who": who, "at": at})
    return visit.go("board", code=made.code, said=said)
