"""The form of a whole policy, part by part: BUNDLE.md's ``policy.yaml`` and the optional keys of the product."""

from collections.abc import Callable
from typing import Final

from forms import policy_checks
from forms.findings import Findings
from forms.policy_rules import ELIGIBILITY, SPECIAL_CHANNEL
from forms.shape_groups import ListOf, MapOf
from forms.shape_records import Field, Record
from forms.shape_values import (
    day,
    exactly,
    file_name,
    key,
    member,
    moment,
    name,
    number,
    one_of,
    truth,
    whole,
    words,
    zone,
)
from forms.stages import StageShape
from forms.weights import WEIGHT, check_sum
from forms.windows import check_window
from forms.yaml_nodes import Map, Node, get, text_of
from rules import policies as terms
from rules.scales import grade_key, rating_key
from rules.texts import _


def _scale(spelling: Callable[[str], str]) -> ListOf[str]:
    def identity(node: Node) -> str | None:
        text = text_of(node)
        return None if text is None else spelling(text)

    return ListOf(words(20), identity=identity)


def _check_final(node: Map, found: Findings) -> None:
    weights = get(node, "weights")
    if isinstance(weights, Map):
        check_sum([entry.value for entry in weights.entries.values()], weights, found)


POST: Final = Record(
    {
        "code": Field(name(), _("岗位代码")),
        "name": Field(words(100), _("岗位名称")),
        "track": Field(name(), _("序列"), about=_("如 management、expert")),
    },
    terms.Post,
)

QUOTA: Final = Record(
    {
        "seats": Field(whole(0, 100_000), _("名额")),
        "by": Field(one_of(["business_line"]), _("按什么分配")),
        "method": Field(
            member(terms.SeatMethod),
            _("分配方法"),
            about=_("sainte_lague：圣拉古法；dhondt：洪德法；largest_remainder：最大余数法"),
        ),
        "minimum": Field(whole(0, 100_000), _("每条业务线至少"), needed=False, about=_("默认 0")),
        "unused": Field(
            member(terms.Unused),
            _("用不完的名额"),
            needed=False,
            about=_("void：空缺（默认）；best_score：按成绩补给其他业务线；reapportion：重新分配"),
        ),
    },
    terms.Quota,
)

APPLICATIONS: Final = Record(
    {
        "opens_at": Field(moment(), _("报名开始")),
        "closes_at": Field(moment(), _("报名截止"), about=_("恰在截止时刻提交的仍算按时")),
        "materials": Field(
            ListOf(key(), least=0, identity=text_of),
            _("应提交的材料"),
            about=_("材料键，也是文件名；不需要材料则写 []"),
        ),
    },
    terms.ApplicationWindow,
    (check_window,),
)

FINAL: Final = Record(
    {
        "weights": Field(
            MapOf(name(judged=False), WEIGHT),
            _("各部分成绩的权重（%）"),
            about=_("恰好为 100；如 theory.exam、roleplay"),
        ),
        "pass_mark": Field(number(0, 100), _("总成绩合格线"), needed=False, about=_("默认 0")),
        "tie_break": Field(
            ListOf(name(judged=False), least=0),
            _("同分时依次比较"),
            needed=False,
            about=_("各部分成绩（高者优先）或 tenure（入职早者优先）"),
        ),
    },
    terms.Final,
    (_check_final,),
)

ROUNDING: Final = Record(
    {
        "digits": Field(whole(0, 9), _("小数位数"), needed=False, about=_("默认 2")),
        "mode": Field(
            member(terms.RoundingMode), _("舍入"), needed=False, about=_("half_up：四舍五入（默认）；truncate：截去")
        ),
    },
    terms.Rounding,
)

NOTICE: Final = Record(
    {
        "working_days": Field(whole(1, 99), _("公示几个工作日"), needed=False, about=_("默认 5")),
        "count_first_day": Field(truth(), _("发布当日是否计入"), needed=False, about=_("默认 false")),
        "show_scores": Field(truth(), _("公示中是否列出成绩"), needed=False, about=_("默认 false")),
    },
    terms.NoticePolicy,
)

APPOINTMENT: Final = Record(
    {
        "trial_months": Field(
            whole(1, 12), _("任职考察期（月）"), needed=False, about=_("默认没有考察期；法定的试用期不适用于在职人员")
        ),
    },
    terms.AppointmentPolicy,
)

ORGANISATION: Final = Record(
    {
        "name": Field(words(100, judged=False), _("单位名称"), needed=False),
        "department": Field(words(100, judged=False), _("承办部门"), needed=False),
        "contact": Field(words(60, judged=False), _("联系人"), needed=False),
        "phone": Field(words(60, judged=False), _("联系电话"), needed=False),
        "email": Field(words(120, judged=False), _("电子邮箱"), needed=False),
        "address": Field(words(200, judged=False), _("地址"), needed=False),
        "document_number": Field(words(60, judged=False), _("发文字号"), needed=False),
    },
    terms.Organisation,
)


def _rung(
    *, before_hours: int | None = None, after_hours: int = 0, to: tuple[terms.Audience, ...] = (terms.Audience.WAITING,)
) -> terms.Rung:
    return terms.Rung(after_hours if before_hours is None else -before_hours, to)


RUNG: Final = Record(
    {
        "before_hours": Field(whole(1, 720), _("截止前几小时"), needed=False),
        "after_hours": Field(whole(0, 720), _("截止后几小时"), needed=False, about=_("在宽限期内才会发生")),
        "to": Field(
            ListOf(member(terms.Audience), identity=text_of),
            _("通知谁"),
            needed=False,
            about=_("waiting：还没有完成的人（默认）；hr：人力资源；substitute：改由替补评委完成"),
        ),
    },
    _rung,
    (policy_checks.check_rung,),
)

STAGES: Final = ListOf(StageShape(), identity=lambda node: text_of(get(node, "key")))

POLICY: Final = Record(
    {
        "version": Field(exactly(1), _("格式版本"), about=_("现为 1")),
        "code": Field(file_name(), _("轮次编号")),
        "title": Field(words(200), _("轮次名称")),
        "post": Field(POST, _("竞聘岗位")),
        "as_of": Field(day(), _("资格审查基准日")),
        "lines": Field(MapOf(name(), words(60), plain_keys=True), _("业务线"), about=_("业务线键: 名称")),
        "grades": Field(_scale(grade_key), _("职级"), about=_("从低到高")),
        "ratings": Field(_scale(rating_key), _("绩效等级"), about=_("从低到高")),
        "eligibility": Field(ELIGIBILITY, _("资格条件"), about=_("每条都可以不写；都不要则写 {}")),
        "special_channel": Field(SPECIAL_CHANNEL, _("特殊通道"), needed=False),
        "quota": Field(QUOTA, _("名额")),
        "applications": Field(APPLICATIONS, _("报名")),
        "stages": Field(STAGES, _("环节"), about=_("按进行的次序")),
        "final": Field(FINAL, _("总成绩")),
        "rounding": Field(ROUNDING, _("舍入规则"), needed=False),
        "notice": Field(NOTICE, _("公示"), needed=False),
        "appointment": Field(APPOINTMENT, _("任职"), needed=False),
        "organisation": Field(ORGANISATION, _("单位信息"), needed=False, about=_("印在文件上；各项都可以不写")),
        "time_zone": Field(zone(), _("时区"), needed=False, about=_("默认 Asia/Shanghai")),
        "reminders": Field(
            ListOf(RUNG, least=0), _("提醒与催办"), needed=False, about=_("截止前后依次做什么；每一步只做一次")
        ),
        "second_person": Field(
            ListOf(member(terms.Deed), least=0, identity=text_of),
            _("须第二人同意的操作"),
            needed=False,
            about=_("如 reopen、cancel；一人提出，另一人同意后才生效"),
        ),
        "confirmations": Field(whole(1, 2), _("结果由几人确认"), needed=False, about=_("1（默认）或 2")),
    },
    terms.Policy,
    policy_checks.ALL,
)
