"""The words that make a rule out of what the law protects, by ground.

A list of words is never complete, and one that is too long refuses honest policies. So a word alone counts only where
it is the whole text (a criterion named 性别), has no honest use about candidates (未婚), or stands beside a word that
makes a condition of it (限、优先、除外、不超过 …). What the work is about passes: 婚庆业务, 客户性别称谓礼仪.
"""

import re
from typing import Final

NOT_WORK: Final = (
    "(?!(?:人士|人群|群体|者|类|相关|办理|变更|迁移|登记|证明)?"
    "(?:客户|用户|顾客|会员|旅客|乘客|儿童|老人|宝宝|业务|咨询|产品|服务|热线|专线|来电|诉求|称谓|礼仪|知识|识别))"
)
"""Not followed by a word that says: this is about the customers or the trade."""

NOT_SERVED: Final = "(?<!客户)(?<!用户)(?<!顾客)(?<!会员)(?<!客户的)(?<!用户的)(?<!顾客的)(?<!会员的)"

WHO: Final = "(?:员工|候选人|竞聘人|应聘者|申请人|本人|个人)?的?"
TAIL: Final = (
    "(?:状况|情况|状态|条件|要求|限制|因素|比例|得分|评分|加分|减分|扣分|优先|与否|天数|次数|时长|记录|等级|分|率)*"
)
LIMIT: Final = "(?<![不权期极无有])(?:仅|只|限|优先)(?:限|招收?|要|收|录用?|选拔?|聘用?|考虑)?(?:为|是)?"
THEN: Final = (
    "(?:优先|限定|专场|专岗|加分|减分|扣分|除外|不得|不能|不宜|不可|不予|不要|不招|不收|勿|谢绝|各半|名额|比例)"
)
TERM: Final = "(?:要求|限制|条件|加分|减分|扣分|优先|比例)"
NO_LIMIT: Final = "(?<!无)(?<!不设)(?<!没有)(?<!不作)(?<!不限)(?<!消除)(?<!禁止)"

PEOPLE: Final = "(?:男女|男|女)(?:性|士|生|员工|职工|同事|同志|候选人)?+"
BEARING: Final = "(?:怀孕|孕期|孕产期|产假|陪产假|育儿假|哺乳期?|生育|备孕|[二三]胎|[二三]孩)"
LEAVES: Final = "(?:休假|请假|病假|事假|年假|年休假|婚假|丧假|探亲假)"
PEOPLES: Final = "(?:汉|少数民|回|满|藏|维吾尔|维|蒙古|蒙|壮|苗|彝|朝鲜|土家)族"
DISABLED: Final = "(?:残疾|残障|身障)(?:人士|人|者|员工|职工)?+"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


PHRASES: Final = {
    "sex": _any(
        "^(?:男|女|男性|女性|[男女](?:员工|职工|同事))(?:组|类|线|队)?$",
        f"{LIMIT}{PEOPLE}{NOT_WORK}",
        f"(?:不要|不招收?|不收|谢绝|拒绝|排除){PEOPLE}{NOT_WORK}",
        f"{PEOPLE}(?:{THEN}|岗|竞聘){NOT_WORK}",
        f"^{WHO}性别{TAIL}$",
        f"{NOT_SERVED}{NO_LIMIT}性别{TERM}{NOT_WORK}",
        "性别(?:为|[:=])?[男女]",
    ),
    "marriage": _any(
        f"{NOT_SERVED}(?:未婚|已婚|离婚|离异|再婚|丧偶|婚否|单身(?=者|员工|人员|优先)){NOT_WORK}",
        f"^{WHO}(?:婚姻|婚育|婚恋){TAIL}$",
        f"{NOT_SERVED}{NO_LIMIT}(?:婚姻|婚育)(?:状况|情况|{TERM}){NOT_WORK}",
        "(?:不|暂不)(?:结婚|婚(?!庆))",
    ),
    "birth": _any(
        f"{NOT_SERVED}[未已](?:育|孕|生育|怀孕){NOT_WORK}",
        f"{BEARING}(?:者|人员|员工|女职工|期间|期|内|计划|状况|情况)*+(?:{THEN}|限制|要求){NOT_WORK}",
        f"{NOT_SERVED}(?:不|无|没有|未|非|禁止|暂无|年内)(?:得|在|休|处于|有|准备|打算|计划)?{BEARING}{NOT_WORK}",
        f"^{WHO}(?:{BEARING}|哺乳|婚育){TAIL}$",
    ),
    "leave": _any(
        f"^{WHO}{LEAVES}{TAIL}$",
        f"{LEAVES}(?:者|人员|员工|期间|天数|次数|时长|累计)*+(?:{THEN}|不超过|不多于|不满|少于|低于|超过|取消|限制)",
        f"(?:无|未|没有|不得){LEAVES}{NOT_WORK}",
    ),
    "ethnicity": _any(
        f"(?:{LIMIT}|非){PEOPLES}{NOT_WORK}",
        f"{PEOPLES}(?:员工|职工|候选人|同胞)?+{THEN}{NOT_WORK}",
        f"^{WHO}(?:民族|种族|族别){TAIL}$",
        f"{NOT_SERVED}{NO_LIMIT}(?:民族|种族)(?:成分|{TERM}){NOT_WORK}",
    ),
    "religion": _any(
        f"(?:不|无|非)(?:信教|信仰宗教|宗教信仰|宗教){NOT_WORK}",
        f"(?:信教|信仰宗教|有宗教信仰)(?:者|人员|员工)?+(?:{THEN})?{NOT_WORK}",
        f"^{WHO}宗教(?:信仰)?{TAIL}$",
        f"{NOT_SERVED}{NO_LIMIT}宗教(?:信仰)?{TERM}{NOT_WORK}",
    ),
    "disability": _any(
        f"(?:无|非|没有)(?:残疾|残障|身体缺陷){NOT_WORK}",
        f"{DISABLED}{THEN}{NOT_WORK}",
        "(?:四肢|身体)健全",
        f"^{WHO}(?:残疾|残障)(?:证|人)?{TAIL}$",
    ),
    "age": _any(
        f"[0-9一二三四五六七八九十]{{1,3}}周?岁(?:及?以[上下])?+的?+{NOT_WORK}",
        f"{NOT_SERVED}{NO_LIMIT}年龄[段层]?+{NOT_WORK}",
        f"[0-9]0后(?:优先|员工|干部|专场|竞聘|主管|骨干){NOT_WORK}",
        f"出生(?:年月|日期|年份|于){NOT_WORK}",
        "年轻(?:化|优先|干部)|超龄|大龄(?:员工|除外|优先)",
    ),
    "household": _any(
        f"{NOT_SERVED}{NO_LIMIT}(?:户籍|户口|籍贯){NOT_WORK}",
        f"{LIMIT}(?:本地|本市|本省|外地)(?:人|户|籍)",
        f"(?:本地|外地)人(?:员|士)?+{THEN}{NOT_WORK}",
    ),
    "attendance": _any("全勤", "(?<!培训)(?<!课程)(?<!参训)出勤率", "缺勤"),
}
"""Looked for in the text without its spaces."""

SERVED_BEHIND: Final = r"(?!\s+(?:customers?|clients?|callers?|users?|couples?|products?))"

ENGLISH: Final = {
    "sex": _any(
        rf"\b(?:only|no|prefer(?:ably|red)?)\s+(?:men|women|males?|females?)\b{SERVED_BEHIND}",
        r"\b(?:men|women|males?|females?)\s+(?:only|preferred|excluded)\b",
        r"\bgender\s+(?:requirement|limit|quota|bonus)",
    ),
    "marriage": _any(rf"\b(?:un)?married\b{SERVED_BEHIND}", r"\bmarital\s+status\b"),
    "birth": _any(
        rf"\b(?:not|non|no)[\s-]+pregnan(?:t|cy)\b{SERVED_BEHIND}",
        r"\bpregnan(?:t|cy)\s+(?:excluded|test|status)\b",
        r"\b(?:no|without)\s+(?:children|maternity\s+leave)\b",
    ),
    "leave": _any(
        r"\b(?:no|without|never)\s+(?:taken\s+)?(?:(?:sick|annual|personal|family|parental)\s+)?leave\b(?!\s+a\b)",
        r"\b(?:sick|personal|maternity|parental|family)\s+leave\s+(?:days|record|count)",
    ),
    "ethnicity": _any(r"\bhan\s+(?:chinese\s+)?(?:only|preferred)\b", r"\bethnic(?:ity|\s+(?:group|origin))\b"),
    "religion": _any(r"\bno\s+religion\b", r"\breligious\s+(?:belief|affiliation)s?\b"),
    "disability": _any(
        r"\b(?:no|without)\s+disabilit", r"\bable[\s-]bodied\b", r"\bdisabled\s+(?:people\s+)?excluded\b"
    ),
    "age": _any(
        r"\b(?:under|below|over|above)\s+(?:the\s+)?age\b",
        r"\b(?:under|below|over|above)\s+[0-9]{2}\s+years\b",
        r"\bage\s+(?:limit|under|below|over|[0-9])",
        r"\byears?\s+old\b",
    ),
    "household": _any(r"\bhukou\b", r"\bhousehold\s+registration\b"),
    "attendance": _any(r"\bperfect\s+attendance\b", r"\babsenteeism\b"),
}
"""Looked for in the text as it is."""

KEYS: Final = {
    "sex": _any("_(?:gender|sex|males?|females?|women|xingbie)_"),
    "marriage": _any("_(?:marital|married|unmarried|marriage|divorced|hunyin|hunfou)_"),
    "birth": _any(
        "_(?:pregnan(?:t|cy)|maternity|paternity|childbirth|childbearing|childless|fertility|breastfeeding)_",
        "_(?:shengyu|huaiyun|hunyu)_",
    ),
    "leave": _any(
        "_(?:sick|annual|personal|parental|family|medical)_leaves?_",
        "_leaves?_(?:days?|count|hours|times|records?|taken)_",
        "_on_leave_",
    ),
    "ethnicity": _any("_(?:ethnic|ethnicity|race|racial|minzu)_"),
    "religion": _any("_(?:religion|religious|zongjiao)_"),
    "disability": _any("_(?:disability|disabilities|handicap|handicapped|canji)_"),
    "age": _any("_(?:age|birth_(?:date|year)|birthdate|date_of_birth|dob|nianling)_"),
    "household": _any("_(?:hukou|household|domicile|native_place|birthplace|huji)_"),
    "attendance": _any("_(?:attendance_rate|absenteeism|absence|perfect_attendance)_"),
}
"""Looked for in the words of a key, joined by underlines."""

SERVED: Final = frozenset(
    f"{word}{plural}"
    for word in ("customer", "client", "caller", "user", "ticket", "case", "queue", "service", "product", "hotline")
    for plural in ("", "s")
) | {"backlog", "support", "business", "wedding"}
"""A key with one of these words is about the work."""
