"""The outcome in plain sentences: what was decided, why, and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kit.i18n import gettext as _
from kit.i18n import prose
from kit.jinja import day
from reports import outcomes, words
from reports.candidate_result import leaving
from reports.candidate_result.view import CandidateResult, ExtraTest
from reports.moments import moment
from reports.requirements import names

GOOD: Final = {"selected"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome in a word, in a sentence, and what follows from it."""

    word: str
    where: str
    sentence: str
    next: str
    good: bool


def verdict(view: CandidateResult) -> Verdict:
    """Return the outcome of a view in words."""
    outcome = view.entry.outcome
    say = SENTENCES.get(outcome, _eliminated)
    sentence, following = say(view)
    word, _colon, where = outcomes.outcome(view.policy, outcome).partition(_("："))
    return Verdict(word, where, sentence, following, good=outcome in GOOD)


def _selected(view: CandidateResult) -> tuple[str, str]:
    text = _("{place}，进入{line}的{seats}个名额，列为{post}拟任人选。")
    if view.by_unused:
        text = _("{place}。{line}的{seats}个名额已满，您取得一个空余名额（见“名次与名额”），列为{post}拟任人选。")
        if not view.contest.seats:
            text = _("{place}。{line}本轮没有名额，您取得一个空余名额（见“名次与名额”），列为{post}拟任人选。")
    following = _("{notice}。公示期满没有异议，或者异议经核查不成立的，发布任职通知。").format(notice=_notice(view))
    if months := view.policy.appointment.trial_months:
        following = prose(following, _("任职考察期为{months}个月。").format(months=months))
    seats = view.contest.seats
    sentence = text.format(place=_place(view), line=view.line, seats=seats, post=view.policy.post.name)
    return sentence, following


def _reserve(view: CandidateResult) -> tuple[str, str]:
    contest = view.contest
    if not contest.seats:
        text = _("{place}。{line}本轮没有名额，您进入后备名单。")
    elif contest.held:
        text = _(
            "{place}。{line}的{seats}个名额由名次在前的人员取得，其中{held}个待同分人员加试后确定，您进入后备名单。"
        )
    else:
        text = _("{place}。{line}的{seats}个名额由名次在前的人员取得，您进入后备名单。")
    sentence = text.format(place=_place(view), line=view.line, seats=contest.seats, held=contest.held)
    return sentence, _("有人放弃任职，或者公示异议成立而空出名额的，按名次从后备名单递补，届时另行通知。")


def _tied(view: CandidateResult) -> tuple[str, str]:
    test = view.contest.extra_test or ExtraTest(0, 0)
    text = _("{place}。按公布的顺序逐项比较后，您与另外{others}人仍然完全相同，而剩余名额只有{seats}个，由加试决定。")
    if not view.policy.final.tie_break:
        text = _("{place}。您与另外{others}人成绩相同，而剩余名额只有{seats}个，由加试决定。")
    sentence = text.format(place=_place(view), others=test.others, seats=test.seats)
    return sentence, _("加试的时间、内容和办法另行通知您。加试结果确定之前，这些名额一直保留。")


def _place(view: CandidateResult) -> str:
    entry, contest = view.entry, view.contest
    text = _("您的综合成绩为{final}分，在完成全部环节的{ranked}人中列第{rank}名")
    if contest.level:
        text = _("您的综合成绩为{final}分，在完成全部环节的{ranked}人中并列第{rank}名")
    return text.format(final=f"{entry.final:f}", ranked=contest.all_ranked, rank=entry.rank)


def _notice(view: CandidateResult) -> str:
    if view.notice is None:
        return _("接下来公示{count}个工作日").format(count=view.policy.notice.working_days)
    text = _("接下来公示{count}个工作日（{first}至{last}）")
    period = view.notice
    return text.format(
        count=len(period.working_days),
        first=day(period.first_day),
        last=day(period.last_day, year=period.last_day.year != period.first_day.year),
    )


def _below_final(view: CandidateResult) -> tuple[str, str]:
    text = _("您完成了全部环节，综合成绩为{final}分，低于{mark}分的合格线，未能入选。")
    final = "" if view.entry.final is None else f"{view.entry.final:f}"
    return text.format(final=final, mark=words.number(view.policy.final.pass_mark)), _encouragement()


def _eliminated(view: CandidateResult) -> tuple[str, str]:
    key = view.entry.outcome.removeprefix("eliminated:")
    stage = next(s for s in view.policy.stages if s.key == key)
    return leaving.sentence(view, stage, view.entry.stages[key]), _encouragement()


def _encouragement() -> str:
    return _("下文逐项列出得分、计算过程和与全体人员的对照，可以作为今后准备的参考；符合条件时可以参加下一轮竞聘。")


def _ineligible(view: CandidateResult) -> tuple[str, str]:
    screened = view.entry.screened
    verdicts = screened.verdicts if screened else ()
    failed = names([v.rule for v in verdicts if v.verdict == "fail"])
    unknown = names([v.rule for v in verdicts if v.verdict == "unknown"])
    parts = [_("{rules}未达到要求").format(rules=failed)] if failed else []
    parts += [_("{rules}缺少记录、无法判断").format(rules=unknown)] if unknown else []
    why = _("，").join(parts) or _("资格条件未全部满足")
    text = _("按{day}的人事记录，您的{why}，因此未进入评审环节。").format(day=day(view.policy.as_of), why=why)
    if screened and screened.qualifies_on:
        later = _("如果其他情况不变，您自{day}起符合全部条件。").format(day=day(screened.qualifies_on))
        text = prose(text, later)
    return text, _("结论由程序按公布的规则和人事记录得出。记录有误或者缺漏的，可以附上证明材料，申请由人工复核。")


def _late(view: CandidateResult) -> tuple[str, str]:
    text = _("您的报名时间是{applied}，晚于截止时间{closes}，因此未进入评审环节。")
    return _timed(view, text), _off_time()


def _early(view: CandidateResult) -> tuple[str, str]:
    text = _("您的报名时间是{applied}，早于开始时间{opens}，此后没有再次提交，因此未进入评审环节。")
    return _timed(view, text), _off_time()


def _timed(view: CandidateResult, text: str) -> str:
    window, zone = view.policy.applications, view.policy.time_zone
    applied = moment(view.entry.applied_at, zone) if view.entry.applied_at else "—"
    return text.format(applied=applied, opens=moment(window.opens_at, zone), closes=moment(window.closes_at, zone))


def _off_time() -> str:
    return _("提交记录有误的，可以附上证明材料，申请由人工复核。符合条件时可以参加下一轮竞聘。")


def _withdrawn(_view: CandidateResult) -> tuple[str, str]:
    text = _("您撤回了报名，本轮不再参加后续环节。")
    return text, _("撤回报名不影响您参加下一轮竞聘。")


SENTENCES: Final[dict[str, Callable[[CandidateResult], tuple[str, str]]]] = {
    "selected": _selected,
    "reserve": _reserve,
    "tied": _tied,
    "eliminated:final": _below_final,
    "ineligible": _ineligible,
    "late": _late,
    "early": _early,
    "withdrawn": _withdrawn,
}
