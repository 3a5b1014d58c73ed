"""What reviewers write beside their marks: short, about what was seen, in the tone of the mark."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

ABSTAINED: Final = ("临时处理线上故障，未全程观察，弃评", "中途离席，观察不充分，弃评")
KIN: Final = "系亲属，主动回避"


class Tones(NamedTuple):
    """Sentences for a good, a middling and a weak performance."""

    good: Sequence[str]
    fair: Sequence[str]
    weak: Sequence[str]


SENTENCES: Final[Mapping[str, Tones]] = {
    "analysis": Tones(
        ("把重复来电拆成三类原因，数据扎实", "能从个案追到流程缺口", "根因找得准，论证有前后对比"),
        ("现象描述清楚，原因分析略浅", "有数据，但口径没有说明", "结构完整，结论偏保守"),
        ("停留在描述经过，没有分析", "把责任归于客户，缺少自查", "数据与结论对不上"),
    ),
    "initiative": Tones(
        ("方案已在本组试行，有效果数据", "主动牵头整理了知识库词条", "措施具体，写明了负责人和期限"),
        ("措施可行，缺少衡量办法", "想法不错，推广条件没有考虑", "改进点偏少，但都能落地"),
        ("多为口号，没有步骤", "照搬现有流程，没有新意", "方案与案例脱节"),
    ),
    "communication": Tones(
        ("表达有条理，先结论后依据", "善于复述确认，听得进追问", "用语得体，说得让人信服"),
        ("表达清楚，略显紧张", "条理尚可，举例偏少", "语速偏快，重点不够突出"),
        ("答非所问，需多次追问", "铺垫过长，没有落到要点", "术语堆砌，客户难以听懂"),
    ),
    "adaptability": Tones(
        ("追问之下思路不乱", "能迅速调整方案并说明取舍", "临场变题应对从容"),
        ("能应对，反应稍慢", "基本能调整，取舍理由不足", "变题后略有停顿"),
        ("坚持原有说法，没有调整", "压力下情绪外露", "变题后没有形成方案"),
    ),
    "customer_focus": Tones(
        ("始终从客户损失出发考虑", "能兼顾客户感受与制度底线", "主动想到后续回访"),
        ("有客户意识，落实办法偏少", "关注解决结果，安抚略少", "能想到客户，未谈成本"),
        ("更多考虑免责", "把规定当作答复的全部", "没有关注客户情绪"),
    ),
    "refund": Tones(
        ("先共情再核实，给出两种方案供选择", "依据条款解释，客户愿意接受", "及时止损，未作越权承诺"),
        ("流程正确，解释略生硬", "处理稳妥，节奏偏慢", "方案单一，客户勉强接受"),
        ("口头承诺超出权限", "反复引用条款，激化情绪", "没有核对订单即作答复"),
    ),
    "outage": Tones(
        ("告知进展和时限，情绪很快平复", "先安抚后排查，步骤清楚", "主动登记并约定回电时间"),
        ("安抚到位，排查步骤有遗漏", "说明清楚，未给出时限", "回应及时，语气略急"),
        ("一味请客户等待", "推给技术部门，没有跟进", "误判故障范围"),
    ),
    "multitasking": Tones(
        ("按紧急程度排序，记录完整", "来电与在线并行，没有遗漏", "懂得求助和转派"),
        ("顺序合理，记录有缺项", "能并行，偶有混淆", "效率尚可，交接不够清楚"),
        ("顾此失彼，漏掉一位客户", "没有优先级，逐个处理", "记录混乱，无法交接"),
    ),
    "quality_desk": Tones(
        ("抽检尺度与质检组一致", "评语中肯，能指出改法", "两周内独立完成抽检任务"),
        ("抽检认真，速度偏慢", "尺度略宽，经提醒后改正", "评语偏简单"),
        ("漏检较多", "尺度前后不一", "未完成规定的抽检量"),
    ),
    "operations_desk": Tones(
        ("排班建议被采用", "能读懂话务预测并提出调整", "与班组协调顺畅"),
        ("报表按时完成，分析偏少", "熟悉流程，协调不够主动", "学得快，仍需带教"),
        ("报表有误，未自查", "不熟悉排班规则", "与班组沟通不足"),
    ),
}
SILENT: Final = Tones(("表现突出",), ("表现平稳",), ("有待提高",))
GOOD, WEAK = 0.82, 0.66
"""Shares of the highest mark from which the tone is good, below which it is weak."""


def remark(criterion: str, share: float, chance: Random) -> str:
    """Return a sentence about a criterion for a mark that is such a share of the highest one."""
    tones = SENTENCES.get(criterion, SILENT)
    return chance.choice(tones.good if share >= GOOD else tones.weak if share < WEAK else tones.fair)
