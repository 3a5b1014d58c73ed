"""What a few candidates handed in: a case summary and an improvement plan, each a page of plain text."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

from rules.records import Person


class Case(NamedTuple):
    """A case that a candidate may have had, and the plan that came of it."""

    title: str
    situation: str
    action: str
    result: str
    plan: str


CASES: Final[Mapping[str, Sequence[Case]]] = {
    "phone": (
        Case(
            "退款争议的二次来电",
            "{month}月，客户因退款迟迟未到账连续来电{n}次，前几次的答复口径不一，情绪激动，要求升级投诉。",
            "我先复述客户的损失和诉求，确认订单与支付渠道；查明款项停在渠道方，当场告知到账时限，并约定回电时间。",
            "按约回电两次，客户撤回升级要求。我把同类来电归为三种原因，写成一页说明在组内使用。",
            "1.统一退款进度的答复口径，由我在本周整理，班前会讲解；\n"
            "2.渠道超时的订单每日导出一次，由专人主动外呼；\n"
            "3.以退款类二次来电率衡量，三个月内由{before}%降到{after}%以下。",
        ),
        Case(
            "技术故障高峰时的来电分流",
            "{month}月的一个晚间，区域网络故障，一小时内涌入{n}00余通来电，排队时间明显变长。",
            "我与班长商定先登记、后排查的办法，用统一开场白告知影响范围和预计恢复时间，情绪激动的客户转由我处理。",
            "当晚没有新增升级投诉，次日全部回访完毕。",
            "1.编写故障场景的开场白和登记模板；\n"
            "2.建立故障登记到回访的闭环，责任到班组；\n"
            "3.以故障期间的投诉率衡量，目标由{before}‰降到{after}‰以下。",
        ),
        Case(
            "新资费上线首周的口径混乱",
            "{month}月新资费上线首周，{n}个班组对同一条款的解释不同，客户反复来电核对。",
            "我收集了一周的问法和答法，找产品岗逐条确认，写成一页问答，并请质检岗按同一口径抽检。",
            "次周同类来电明显减少，问答被收入知识库。",
            "1.新业务上线前三天完成问答初稿，由一线代表试读；\n"
            "2.上线首周每日收集新问题，当晚更新；\n"
            "3.以资费类重复来电率衡量，由{before}%降到{after}%以下。",
        ),
    ),
    "online": (
        Case(
            "多会话并行时的遗漏",
            "{month}月抽检发现，同时接待{n}个会话时，先来的客户容易被遗漏，满意度因此偏低。",
            "我记录了两周的响应间隔，发现遗漏集中在转派之后；于是用便签标出等待最久的会话，并在转派时写明承诺时限。",
            "个人平均响应间隔缩短近三成，班组随后采用了同一做法。",
            "1.把转派承诺时限写进会话模板；\n"
            "2.每周抽查二十个转派会话并公布结果；\n"
            "3.以转派后首次响应时间衡量，由{before}分钟降到{after}分钟以内。",
        ),
        Case(
            "自助入口失效引发的集中咨询",
            "{month}月，自助查询入口失效，半天内收到{n}00余条相同咨询，排队客户陆续离开。",
            "我提议先发统一说明再逐一跟进，并把离开的客户导出，恢复后由三人分头回访。",
            "当天回访完毕，多数客户自行查询成功，没有形成投诉。",
            "1.准备五种常见失效场景的统一说明；\n"
            "2.离开的会话当日回访，由值班人员负责；\n"
            "3.以未接待离开率衡量，由{before}%降到{after}%以下。",
        ),
    ),
    "vip": (
        Case(
            "专属客户的资费误解",
            "{month}月，一位专属客户对账单中的{n}笔费用提出异议，认为未经告知。",
            "我逐笔核对告知记录，承认其中一笔说明不清，给出更正方案，其余逐项解释依据。",
            "客户接受更正，并同意每季度由专人讲解账单。",
            "1.专属客户新增资费前由专员电话说明并留存记录；\n"
            "2.每季度提供一页账单说明；\n"
            "3.以账单类异议件数衡量，由每季度{before}件降到{after}件以内。",
        ),
    ),
}


def materials(candidates: Sequence[Person], count: int, chance: Random) -> dict[str, list[tuple[str, bytes]]]:
    """Return the files of a few of the candidates, named by material key; no case twice while there are others."""
    chosen = chance.sample(list(candidates), min(count, len(candidates)))
    decks = {line: chance.sample(cases, len(cases)) for line, cases in CASES.items()}
    found = {}
    for person in sorted(chosen, key=lambda p: p.staff_no):
        deck = decks[person.business_line]
        deck.append(deck.pop(0))
        found[person.staff_no] = _files(person, deck[-1], chance)
    return found


def _files(person: Person, case: Case, chance: Random) -> list[tuple[str, bytes]]:
    before = chance.randrange(12, 20)
    facts = {"month": chance.randrange(3, 9), "n": chance.randrange(3, 7), "before": before, "after": before // 2}
    summary = (
        f"案例总结：{case.title}\n竞聘人：{person.name}（{person.staff_no}）\n\n"
        f"一、情况\n{case.situation}\n\n二、做法\n{case.action}\n\n三、结果\n{case.result}\n"
    )
    plan = f"改进方案：{case.title}\n竞聘人：{person.name}（{person.staff_no}）\n\n{case.plan}\n"
    return [
        ("case_summary.txt", summary.format_map(facts).encode()),
        ("improvement_plan.txt", plan.format_map(facts).encode()),
    ]
