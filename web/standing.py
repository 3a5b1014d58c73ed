"""What a round waits for, in one sentence, and what stands against its going on."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kit.jinja import day_time, deadline
from messages.letters import span
from models.rounds import Round
from models.stages import Stage
from queries.boards import Row, Workload
from rules import course
from rules.texts import Text, _, enumerated
from web.frames import blocked

FEW = 3


class Standing(NamedTuple):
    """A sentence; ``kind`` is the look of its note; ``late`` names who is late, and ``ask`` whether to remind."""

    text: Text
    kind: str = ""
    late: Text | None = None
    ask: bool = False


def of_ended(the_round: Round) -> Standing | None:
    """Say that a round is over; ``None`` while it is running."""
    at = day_time(the_round.ended_at, the_round.time_zone) if the_round.ended_at else ""
    if the_round.state == "cancelled":
        return Standing(Text(_("本轮已于 {at} 取消；已有的记录和文档都保留"), {"at": at}), "bad")
    if the_round.state == "finished":
        return Standing(Text(_("本轮已于 {at} 全部完成"), {"at": at}), "good")
    return None


def of_still(stage: Stage | None, zone: str, now: datetime) -> Standing | None:
    """Say why nobody is waited for: the step is not open, or is being counted; ``None`` when it is open."""
    if stage is None:
        return Standing(Text(_("各环节都已完成，正在归档")))
    name = course.said(stage.name)
    if why := blocked(stage):
        return Standing(Text(_("“{name}”受阻：{why}"), {"name": name, "why": why}), "bad")
    if stage.state == "pending":
        if stage.opens_at and stage.opens_at > now:
            said = {"name": name, "at": day_time(stage.opens_at, zone, year=False)}
            return Standing(Text(_("“{name}”将于 {at} 开放"), said))
        return Standing(Text(_("“{name}”即将自动开始"), {"name": name}))
    if stage.state == "closed":
        return Standing(Text(_("“{name}”已截止，正在自动清点"), {"name": name}))
    return None


def of_reviewers(stage: Stage, rows: Sequence[Row], work: Sequence[Workload], zone: str, now: datetime) -> Standing:
    """Say for how many reviewers and sheets a step waits, until when, and who is late."""
    waiting = [w for w in work if w.open]
    sheets = sum(len(w.open) for w in waiting)
    missing = sum(row.state == "open" for row in rows)
    name = course.said(stage.name)
    if not waiting and missing:
        said = {"name": name, "n": missing}
        return Standing(
            Text(_("“{name}”有 {n} 位候选人的评分还不齐，但没有评委分到他们；请安排评委分组"), said), "wait"
        )
    if not waiting:
        return Standing(
            Text(_("“{name}”的评分表已全部完成{until}"), {"name": name, "until": _until(stage, zone)}), "good"
        )
    said = {"reviewers": len(waiting), "sheets": sheets, "until": _until(stage, zone)}
    text = Text(_("等待 {reviewers} 位评委的 {sheets} 份评分{until}"), said)
    return Standing(text, "wait", late=_late([w.seat.name for w in waiting], stage, now), ask=True)


def _until(stage: Stage, zone: str) -> Text | str:
    if stage.closes_at is None:
        return Text(_("，没有设截止时间"))
    return Text(_("，截止 {at}"), {"at": deadline(stage.closes_at, zone, year=False)})


def _late(names: Sequence[str], stage: Stage, now: datetime) -> Text | None:
    if stage.closes_at is None or stage.closes_at > now:
        return None
    shown: object = enumerated(names[:FEW])
    who = shown if len(names) <= FEW else Text(_("{names}等 {n} 人"), {"names": shown, "n": len(names)})
    return Text(_("{who}已逾期 {span}"), {"who": who, "span": span(now - stage.closes_at)})


def of_applications(stage: Stage, rows: Sequence[Row], zone: str) -> Standing:
    """Say how many have applied and how many could still."""
    applied = sum(row.state == "done" for row in rows)
    missing = sum(row.state == "missing" for row in rows)
    said = {"applied": applied, "missing": missing, "until": _until(stage, zone)}
    return Standing(
        Text(_("等待报名：已报名 {applied} 人，符合条件而未报名 {missing} 人{until}"), said), "", ask=missing > 0
    )


def of_training(stage: Stage, rows: Sequence[Row], zone: str) -> Standing:
    """Say for how many people attendance or examination are not complete."""
    missing = sum(row.state == "open" for row in rows)
    if not missing:
        return Standing(Text(_("考勤和考试成绩已录入齐全{until}"), {"until": _until(stage, zone)}), "good")
    said = {"n": missing, "until": _until(stage, zone)}
    return Standing(Text(_("等待录入 {n} 位候选人的考勤或考试成绩{until}"), said), "wait")


def of_decision(*, missing: int, held: int) -> Standing:
    """Say how many people have still to confirm, and who stands in the way."""
    if held:
        said = {"held": held}
        return Standing(Text(_("等待审定；{held} 位候选人暂缓处理中，解除之前不能审定"), said), "wait")
    return Standing(Text(_("等待审定：还需 {n} 人确认"), {"n": missing}), "wait")


def of_notice(stage: Stage, zone: str, now: datetime, *, held: int, objections: int) -> Standing:
    """Say until when the notice runs, and what keeps it from ending."""
    until = deadline(stage.closes_at, zone, year=False) if stage.closes_at else ""
    said = {"until": until, "n": objections, "held": held}
    over = stage.closes_at is not None and stage.closes_at <= now
    if objections:
        text = _("公示中，至 {until}；{n} 件异议还没有答复，答复之前公示不结束")
        if over:
            text = _("公示期已于 {until} 届满；{n} 件异议还没有答复，全部答复之后公示结束")
        if held:
            text = _("公示中，至 {until}；{n} 件异议还没有答复，{held} 位候选人暂缓处理中，办完之前公示不结束")
        return Standing(Text(text, said), "bad" if over else "wait")
    if held:
        text = _("公示中，至 {until}；{held} 位候选人暂缓处理中，解除之前公示不结束")
        if over:
            text = _("公示期已于 {until} 届满；{held} 位候选人暂缓处理中，解除之后公示结束")
        return Standing(Text(text, said), "bad" if over else "wait")
    return Standing(Text(_("公示中，至 {until}；期满后自动办结"), said))
