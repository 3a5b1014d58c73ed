"""The launch notice (竞聘公告): the whole policy in words, so that the rules are known before the first application."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from kit.i18n import gettext as _
from kit.i18n import in_language, prose
from kit.jinja import day, day_time, joined
from reports.internal import seats as sharing
from reports.official import finals
from reports.official.blocks import Block, Heading, Official, Paragraph, Table
from reports.official.conditions import conditions, numbered, special_channel
from reports.official.contact import contact, objections
from reports.official.stages import stage_blocks
from reports.official.titles import notice_title
from reports.words import METHODS, word
from rules import unused_seats
from rules.policies import Policy


@dataclass(frozen=True, slots=True)
class LaunchNotice:
    """The frozen policy with its hash; seats and heads of each line where they are known already."""

    policy: Policy
    policy_sha256: str
    issued_on: date
    seats: Mapping[str, int] | None = None
    heads: Mapping[str, int] | None = None


def document(view: LaunchNotice, *, language: str = "zh") -> Official:
    """Return the notice; in Chinese whatever language the operator speaks, unless asked otherwise."""
    with in_language(language):
        return _document(view, language)


def _document(view: LaunchNotice, language: str) -> Official:
    policy = view.policy
    parts = (_opening, _seats, _entry, _applying, _course, _final, _notice)
    return Official(
        title=notice_title(policy.title),
        blocks=tuple(chain.from_iterable(part(view) for part in parts)),
        organisation=policy.organisation,
        issued_on=view.issued_on,
        number=policy.organisation.document_number,
        language=language,
        notes=(_made_from(view),),
        whole=(policy.post.name, *policy.lines.values()),
    )


def _made_from(view: LaunchNotice) -> str:
    text = _("（本公告由竞聘方案{code}生成，方案校验值（SHA-256）：{digest}。）")
    return text.format(code=view.policy.code, digest=view.policy_sha256)


def _opening(view: LaunchNotice) -> Iterator[Block]:
    policy = view.policy
    lines = joined(list(policy.lines.values()))
    text = (
        _("根据工作需要，面向{lines}等业务线开展{post}内部竞聘。")
        if len(policy.lines) > 1
        else _("根据工作需要，面向{lines}业务线开展{post}内部竞聘。")
    )
    yield Paragraph(
        prose(
            text.format(lines=lines, post=policy.post.name),
            _("竞聘坚持公开、平等、竞争、择优，规则在报名开始前公布，公布后不因人而异。现将有关事项公告如下："),
        )
    )


def _seats(view: LaunchNotice) -> Iterator[Block]:
    policy, quota = view.policy, view.policy.quota
    yield Heading(_("竞聘岗位与名额"))
    text = _("竞聘岗位为{post}（岗位编号{code}，{track}），名额共{seats}个。")
    sentence = text.format(
        post=policy.post.name, code=policy.post.code, track=word(policy.post.track), seats=quota.seats
    )
    shared = _("名额按各业务线人数以{method}分配。").format(method=_(METHODS[quota.method]))
    yield Paragraph(prose(sentence, shared, sharing.method(policy), _(unused_seats.RULES[quota.unused])))
    if view.seats is None:
        yield Paragraph(_("各业务线的具体名额以资格审查所用的人数计算，随资格审查结果公布。"))
    else:
        yield _seat_table(view, view.seats)


def _seat_table(view: LaunchNotice, seats: Mapping[str, int]) -> Table:
    lines, heads = view.policy.lines, view.heads
    title = _("各业务线名额")
    if heads is None:
        rows = [(name, str(seats.get(key, 0))) for key, name in lines.items()]
        return Table(title, (_("业务线"), _("名额")), rows, (60, 40), (_("合计"), str(sum(seats.values()))))
    rows3 = [(name, str(heads.get(key, 0)), str(seats.get(key, 0))) for key, name in lines.items()]
    total = (_("合计"), str(sum(heads.values())), str(sum(seats.values())))
    return Table(title, (_("业务线"), _("人数"), _("名额")), rows3, (50, 25, 25), total)


def _entry(view: LaunchNotice) -> Iterator[Block]:
    policy = view.policy
    yield Heading(_("报名条件"))
    wanted, special = conditions(policy), special_channel(policy)
    if special:
        yield Heading(_("基本条件"), level=2)
    if wanted:
        yield Paragraph(_("截至{day}，报名人员应当同时符合下列条件：").format(day=day(policy.as_of)))
        yield from map(Paragraph, numbered(wanted))
    else:
        yield Paragraph(_("截至{day}在册的人员均可报名，不设其他条件。").format(day=day(policy.as_of)))
    if special:
        yield Heading(_("特殊通道"), level=2)
        yield from map(Paragraph, special)
        yield Heading(_("资格审查"), level=2)
    yield Paragraph(
        _(
            "资格审查以{day}的记录为准，对每名人员逐条得出结论，并列明依据的数值、标准和来源。记录不全、无法判断的条件不视为符合。本人可以查看自己的逐条结论，对结论有异议的，可以要求人工复核。"
        ).format(day=day(policy.as_of))
    )


def _applying(view: LaunchNotice) -> Iterator[Block]:
    policy, window = view.policy, view.policy.applications
    yield Heading(_("报名办法"))
    opens, closes = (day_time(t, policy.time_zone) for t in (window.opens_at, window.closes_at))
    text = _(
        "报名时间为{opens}至{closes}（{zone}）。报名以系统收到的时间为准，提前或者逾期的无效；多次报名的，以最后一次为准；报名后可以撤回。"
    )
    zone = _("北京时间") if policy.time_zone == "Asia/Shanghai" else policy.time_zone
    yield Paragraph(text.format(opens=opens, closes=closes, zone=zone))
    if window.materials:
        materials = joined([word(m) for m in window.materials])
        yield Paragraph(_("报名时应当提交：{materials}。材料应当真实，由本人完成。").format(materials=materials))
    if people := contact(policy.organisation):
        yield Paragraph(_("报名咨询：{contact}。").format(contact=people))


def _course(view: LaunchNotice) -> Iterator[Block]:
    policy = view.policy
    yield Heading(_("竞聘程序"))
    if not policy.stages:
        yield Paragraph(_("本次竞聘不设评审环节。"))
        return
    names = _("、").join(stage.name for stage in policy.stages)
    text = (
        _("竞聘依次进行{stages}{count}个环节，前一环节合格的进入下一环节。")
        if len(policy.stages) > 1
        else _("竞聘设{stages}一个环节。")
    )
    recusal = _(
        "评委与竞聘人有亲属、直接管理、带教或者其他利害关系的应当回避。有评分项未评的、弃评或者回避的以及评委对本人的评分表不计入成绩，计入成绩的为有效评分表。"
    )
    yield Paragraph(prose(text.format(stages=names, count=len(policy.stages)), recusal))
    for stage in policy.stages:
        yield from stage_blocks(policy, stage)


def _final(view: LaunchNotice) -> Iterator[Block]:
    policy = view.policy
    yield Heading(_("综合成绩与人选确定"))
    formula = _("综合成绩＝{formula}。").format(formula=finals.formula(policy))
    yield Paragraph(prose(formula, finals.rounding(policy)))
    yield Paragraph(finals.choice(policy))
    yield Paragraph(finals.ties(policy))


def _notice(view: LaunchNotice) -> Iterator[Block]:
    policy, notice = view.policy, view.policy.notice
    yield Heading(_("公示与任职"))
    calendar = _("工作日以国务院办公厅公布的节假日安排为准，起止日期在公示中写明。")
    if notice.show_scores:
        shown = _("公示内容为姓名、现所在单位和职级、拟任岗位以及隐去部分数字的工号，并公布综合成绩和名次。")
    else:
        shown = _("公示内容为姓名、现所在单位和职级、拟任岗位以及隐去部分数字的工号，不公布成绩。")
    yield Paragraph(prose(_period(policy), calendar, shown))
    yield Paragraph(objections(policy.organisation))
    appointed = _("公示期满没有异议，或者异议经核查不成立的，发布任职通知。")
    yield Paragraph(prose(appointed, _trial(policy)))
    yield Paragraph(_("本公告所列规则自发布之日起固定。确需变更的，以编号的补充公告列明变更内容。"))


def _period(policy: Policy) -> str:
    text = _("综合成绩和人选经审定后公示，公示期为{days}个工作日，{counted}。")
    if policy.confirmations > 1:
        text = _("综合成绩和人选经{count}人审定后公示，公示期为{days}个工作日，{counted}。")
    counted = _("发布当日计入") if policy.notice.count_first_day else _("发布当日不计入")
    return text.format(count=policy.confirmations, days=policy.notice.working_days, counted=counted)


def _trial(policy: Policy) -> str:
    months = policy.appointment.trial_months
    return _("任职考察期为{months}个月，自任职之日起计算。").format(months=months) if months else ""
