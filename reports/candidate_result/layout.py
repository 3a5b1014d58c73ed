"""A candidate's view as HTML and as a paper to render."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from kit.i18n import gettext as _
from kit.i18n import in_language, language, prose
from kit.jinja import day, environment
from kit.pdf import Paper
from reports import marks, pdf, requirements, words
from reports.candidate_result import calculation, standing
from reports.candidate_result.parts import parts
from reports.candidate_result.verdicts import verdict
from reports.candidate_result.view import CandidateResult
from reports.charts import TEMPLATES
from reports.entries import StageScore
from reports.official.contact import contact
from reports.words import number
from rules.policies import Policy, StagePolicy
from rules.screening import Screened
from rules.stages import KINDS

HERE: Final = Path(__file__).parent
MARKS: Final = {"pass": "✓", "relaxed": "✓", "fail": "×", "unknown": "？"}


class Figure(NamedTuple):
    """A number that stands out, with what it is and what it is measured against."""

    label: str
    value: str
    note: str = ""


class Rule(NamedTuple):
    """One rule of eligibility: what it asks, what was found, in which records, and the verdict as mark and word."""

    name: str
    requirement: str
    reason: str
    source: str
    verdict: str


def html(view: CandidateResult, *, spoken: str = "zh") -> str:
    """Return the document as HTML; in Chinese whatever language the operator speaks, unless asked otherwise."""
    with in_language(spoken):
        return _html(view)


def _html(view: CandidateResult) -> str:
    template = environment(HERE, TEMPLATES).get_template("candidate_result.html")
    return template.render(lang="zh-CN" if language() == "zh" else language(), **values(view))


def values(view: CandidateResult) -> dict[str, Any]:
    """Return what the document says, in the language in force: for whatever else shows the same result."""
    return {
        "view": view,
        "person": view.entry.person,
        "title": _title(view),
        "line": view.line,
        "issued": day(view.issued),
        "verdict": verdict(view),
        "figures": list(_figures(view)),
        "rules": list(rules(view.policy, view.entry.screened)),
        "channel": _channel(view),
        "parts": list(parts(view)),
        "calculation": calculation.calculation(view),
        "ranking": calculation.ranking(view),
        "tie_steps": calculation.tie_steps(view),
        "strengths": standing.strengths(view),
        "standing": standing.standing(view),
        "key": _key(view),
        "recount": _recount(view),
    }


def paper(view: CandidateResult, *, spoken: str = "zh") -> Paper:
    """Return the paper to render; see ``html`` for the language."""
    organisation = view.policy.organisation
    with in_language(spoken):
        title = _title(view)
    return pdf.paper(
        html(view, spoken=spoken),
        title=title,
        issued=view.issued,
        author=organisation.name or organisation.department,
        styles=(HERE / "candidate_result.css",),
    )


def _title(view: CandidateResult) -> str:
    person = view.entry.person
    return _("个人竞聘结果 {name} {staff_no}").format(name=person.name, staff_no=person.staff_no)


def _figures(view: CandidateResult) -> Iterator[Figure]:
    if view.entry.final is not None:
        yield from _final_figures(view)
    elif view.entry.stages:
        yield from _stage_figures(view)
    else:
        yield from _screening_figures(view)


def _final_figures(view: CandidateResult) -> Iterator[Figure]:
    entry, contest = view.entry, view.contest
    mark = view.policy.final.pass_mark
    yield Figure(_("综合成绩"), f"{entry.final:f}", _("合格线{mark}").format(mark=number(mark)) if mark else "")
    if entry.rank is not None:
        yield Figure(_("全体名次"), str(entry.rank), _("共{count}人").format(count=contest.all_ranked))
        yield Figure(_("本线名次"), str(contest.line_rank), _("共{count}人").format(count=contest.ranked))
    yield _seats(view)


def _seats(view: CandidateResult) -> Figure:
    contest = view.contest
    return Figure(_("本线名额"), str(contest.seats), _("{count}人参加竞聘").format(count=contest.taking_part))


def _stage_figures(view: CandidateResult) -> Iterator[Figure]:
    done = [stage for stage in view.policy.stages if stage.key in view.entry.stages]
    last, score = done[-1], view.entry.stages[done[-1].key]
    place = _("共{count}个环节").format(count=len(view.policy.stages))
    yield Figure(_("到达环节"), _("第{number}个").format(number=len(done)), place)
    yield _missed(last, score)
    yield _seats(view)


def _missed(stage: StagePolicy, score: StageScore) -> Figure:
    """Return the number that decided at a stage."""
    if score.left == "attendance":
        least = _("要求{least}").format(least=number(stage.terms.attendance_at_least))
        return Figure(_("出勤率（%）"), str(score.working["attendance"]["value"]), least)
    if score.left == "quorum":
        least = _("要求{least}份").format(least=score.working["quorum"])
        return Figure(_("有效评分表（份）"), str(score.working["counted"]), least)
    value = score.components.get(KINDS[stage.kind].gate(stage))
    mark = _("合格线{mark}").format(mark=number(stage.pass_mark)) if stage.pass_mark else ""
    return Figure(_("该环节成绩"), "—" if value is None else f"{value:f}", mark)


def _screening_figures(view: CandidateResult) -> Iterator[Figure]:
    screened, applied = view.entry.screened, view.entry.applied_at
    if screened:
        met = sum(v.verdict in {"pass", "relaxed"} for v in screened.verdicts)
        yield Figure(_("资格条件"), f"{met} / {len(screened.verdicts)}", _("达到要求的项数"))
    if screened and screened.qualifies_on:
        qualifies = screened.qualifies_on
        year = _("{year}年起").format(year=qualifies.year)
        yield Figure(_("可达到条件之日"), day(qualifies, year=False), year)
    if applied:
        label = _("撤回时间") if view.entry.outcome == "withdrawn" else _("报名时间")
        local = applied.astimezone(ZoneInfo(view.policy.time_zone))
        yield Figure(label, day(local, year=False), f"{local:%H:%M:%S}")


def rules(policy: Policy, screened: Screened | None) -> Iterator[Rule]:
    """Return the rules of eligibility with their verdicts on one person, in the order of the policy."""
    found = {v.rule: v for v in screened.verdicts} if screened else {}
    for rule in requirements.rules_of(policy):
        if one := found.get(rule):
            yield Rule(
                requirements.rule_name(rule),
                requirements.requirement(policy, rule),
                requirements.brief(one),
                requirements.source(one),
                f"{_(MARKS[one.verdict])} {marks.word(one.verdict)}",
            )


def _channel(view: CandidateResult) -> str:
    screened = view.entry.screened
    if screened is None or not screened.eligible:
        return ""
    if screened.channel == "special":
        return _("经特殊通道符合资格：只放宽工龄一项，其余条件与所有人相同。")
    return ""


def _key(view: CandidateResult) -> str:
    """Return how to read the sheets of all stages."""
    manner = words.rounding(view.policy.rounding)
    text = _("评分表合计＝各项权重×得分÷满分之和，成绩{manner}。评分表按合计从高到低排列，各环节的“评委1”不是同一人；")
    struck = _("划去的不计入。成绩一行的各项是计入的评分表的均分（百分制），只供参考。")
    return prose(text.format(manner=manner), struck)


def _recount(view: CandidateResult) -> list[str]:
    until = _("公示期最后一日24:00")
    if view.notice:
        until = _("公示期最后一日（{day}）24:00").format(day=day(view.notice.last_day))
    text = _("对成绩、名次或者资格结论有异议的，可以在{until}前以书面或者当面方式申请复核，写明理由。").format(
        until=until
    )
    whom = contact(view.policy.organisation)
    to = _("受理：{contact}。").format(contact=whom) if whom else _("申请由发布竞聘公告的单位受理。")
    return [
        prose(text, to),
        _("复核按封存的原始评分表、考试和出勤记录以及公布的方案重新计算，监督组参加，结果书面答复本人。"),
        _("本报告只供本人查阅：评委的姓名和编号不公开，评分表不按评委编号排列，其他竞聘人的姓名和成绩不出现在报告中。"),
    ]
