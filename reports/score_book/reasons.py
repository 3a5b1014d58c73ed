"""Why somebody got no further, in a few words."""

from collections.abc import Callable
from typing import Final

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.arithmetic import shown
from reports.entries import Entry, StageScore
from reports.moments import moment
from reports.requirements import names
from reports.score_book.view import ScoreBook
from reports.words import number, word
from rules.policies import StagePolicy


def leaving(view: ScoreBook, entry: Entry) -> str:
    """Return why a person got no further; nothing for somebody who got through."""
    if entry.outcome in BEFORE:
        return BEFORE[entry.outcome](view, entry)
    if entry.outcome == "eliminated:final":
        return _("低于合格线{mark}").format(mark=number(view.policy.final.pass_mark))
    stage = next((s for s in view.policy.stages if f"eliminated:{s.key}" == entry.outcome), None)
    score = entry.stages.get(stage.key) if stage else None
    return stage_reason(view, entry, stage, score) if stage and score else ""


def stage_reason(view: ScoreBook, entry: Entry, stage: StagePolicy, score: StageScore) -> str:
    """Return why a person left at a stage; a reason that is not known here stands as it is."""
    if score.left is None:
        return ""
    say = AT_A_STAGE.get(score.left)
    return say(view, entry, stage, score) if say else score.left


def _ineligible(_view: ScoreBook, entry: Entry) -> str:
    verdicts = entry.screened.verdicts if entry.screened else ()
    failed = names([v.rule for v in verdicts if v.verdict == "fail"])
    unknown = names([v.rule for v in verdicts if v.verdict == "unknown"])
    parts = [_("{rules}未达到要求").format(rules=failed)] if failed else []
    parts += [_("{rules}缺少记录").format(rules=unknown)] if unknown else []
    return _("；").join(parts)


def _late(view: ScoreBook, entry: Entry) -> str:
    closes = moment(view.policy.applications.closes_at, view.policy.time_zone)
    return _("{applied}报名，{closes}截止").format(applied=_applied(view, entry), closes=closes)


def _early(view: ScoreBook, entry: Entry) -> str:
    opens = moment(view.policy.applications.opens_at, view.policy.time_zone)
    return _("{applied}报名，{opens}开始").format(applied=_applied(view, entry), opens=opens)


def _withdrawn(view: ScoreBook, entry: Entry) -> str:
    return _("{applied}撤回").format(applied=_applied(view, entry))


def _applied(view: ScoreBook, entry: Entry) -> str:
    return moment(entry.applied_at, view.policy.time_zone) if entry.applied_at else "—"


BEFORE: Final[dict[str, Callable[[ScoreBook, Entry], str]]] = {
    "ineligible": _ineligible,
    "late": _late,
    "early": _early,
    "withdrawn": _withdrawn,
}


def _pass_mark(_view: ScoreBook, _entry: Entry, stage: StagePolicy, _score: StageScore) -> str:
    return _("低于合格线{mark}").format(mark=number(stage.pass_mark))


def _short_list(view: ScoreBook, entry: Entry, stage: StagePolicy, _score: StageScore) -> str:
    places = (stage.advance_per_seat or 0) * view.seats.get(entry.person.business_line, 0)
    return _("未入围本线前{places}名").format(places=places) if places else _("本线没有名额")


def _quorum(_view: ScoreBook, _entry: Entry, _stage: StagePolicy, score: StageScore) -> str:
    return _("有效评分表{counted}份，少于{quorum}份").format(**score.working)


def _no_result(_view: ScoreBook, _entry: Entry, _stage: StagePolicy, score: StageScore) -> str:
    missing = [word(area) for area, one in score.working["exam"]["areas"].items() if one["score"] is None]
    return _("没有{areas}的成绩").format(areas=joined(missing))


def _nothing_to_attend(_view: ScoreBook, _entry: Entry, _stage: StagePolicy, _score: StageScore) -> str:
    return _("没有应到的场次")


def _attendance(_view: ScoreBook, _entry: Entry, _stage: StagePolicy, score: StageScore) -> str:
    return _("出勤率低于{least}%").format(least=shown(score.working["attendance"]["at_least"]))


AT_A_STAGE: Final[dict[str, Callable[[ScoreBook, Entry, StagePolicy, StageScore], str]]] = {
    "pass_mark": _pass_mark,
    "short_list": _short_list,
    "quorum": _quorum,
    "no_result": _no_result,
    "nothing_to_attend": _nothing_to_attend,
    "attendance": _attendance,
}
