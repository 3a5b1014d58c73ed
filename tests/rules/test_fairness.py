"""Which words point to what the law protects, and which honest words do not."""

import pytest

from rules.fairness import GROUNDS, hits
from rules.fairness_words import ENGLISH, KEYS, PHRASES

FORBIDDEN = {
    "sex": """限男性 仅限女性 仅男 限女 只招男 男性优先 女士优先 女职工岗位竞聘 性别 性别加分 性别：男 男女比例
        限男女各半 男 女员工 主管（限男性） gender sex male_only female_ratio xingbie ＧＥＮＤＥＲ 不要女性
        性别要求""",
    "marriage": """未婚 已婚 未婚未育优先 婚姻状况 婚育情况 离异除外 单身优先 两年内不婚 婚否 未婚员工服务之星
        marital_status maritalStatus Marital-Status hunyin married""",
    "birth": """已育优先 未育 三年内不生育 无生育计划 产假除外 怀孕者不得报名 孕期 不在哺乳期 育儿假 pregnancy
        maternity_leave""",
    "leave": "病假天数 请假次数 请假不超过3天 无请假记录 休假者扣分 sick_leave_days leave_days",
    "ethnicity": "汉族优先 限汉族 民族 少数民族加分 非汉族 民族成分 ethnicity race minzu",
    "religion": "不信教 宗教信仰 无宗教信仰者优先 信教者除外 religion zongjiao",
    "disability": "残疾 残疾人除外 无残疾 身体健全 残障人士不得 disability canji",
    "age": """35岁以下 三十五周岁以下 年龄 年龄要求 45岁及以上 90后优先 出生年月 年轻干部 age max_age date_of_birth
        birth_year nianling""",
    "household": "户籍 户口所在地 本地户籍优先 限本地人 籍贯 限沪籍户口 hukou huji",
    "attendance": "全勤奖 出勤率 缺勤 attendance_rate",
}
SENTENCES = {
    "sex": ["Women only", "no women", "限 男 性", "Male preferred", "gender requirement"],
    "marriage": ["Unmarried preferred", "Marital status"],
    "birth": ["Not pregnant", "no maternity leave", "Pregnancy test"],
    "leave": ["without sick leave", "Sick leave days"],
    "ethnicity": ["Han Chinese only", "ethnic group"],
    "religion": ["no religion", "Religious belief"],
    "disability": ["no disability", "able-bodied"],
    "age": ["under 35 years", "Age limit", "below the age of 40", "40 years old"],
    "household": ["Household registration", "Beijing hukou"],
    "attendance": ["Perfect attendance"],
}
HONEST = """
婚庆业务 女士 客户性别称谓礼仪 男女不限 不限男女 性别不限 不限性别 孕产客户关怀 母婴业务 婚姻登记咨询
离婚咨询业务 户籍业务咨询 服务之星 CCMP 巾帼文明岗 三八红旗手 女性客户优先接待 少数民族客户服务
残疾人客户服务 无障碍服务 语音服务 average_handling_time stage message_rate leave_message_rate
complaint_rate 问题分析能力 沟通技巧 客户情绪安抚 初级客服主管 management teamwork 客户导向思维
2026年第四季度初级客服主管内部竞聘 消除性别歧视 无性别限制 上班族优先接待 青年岗位能手 工龄 教育 已教育
培训出勤率 attendance theory.attendance customer_gender_etiquette case_age ticket_age service_age
language package middle Essex 0-3岁儿童产品咨询 60岁以上客户服务 老年客户服务 年龄识别 权限男装
女装业务线 男鞋 宗教场所客户 民族品牌知识 产品限时优惠 优先级判断 有限公司 极限压力测试 请假审批规范
wedding_services marriage_services man_hours single_call_resolution first_contact_resolution 质检岗表现
单身公寓业务 怀孕客户安抚 孕期咨询 客户的年龄 quality_desk deescalation 不要与女性客户争辩
"""
HONEST_SENTENCES = ["Leave no customer behind", "Married customers' hotline", "gender-neutral wording"]


def grounds(text: str) -> set[str]:
    return {hit.ground.key for hit in hits(text)}


@pytest.mark.parametrize("ground", FORBIDDEN)
def test_words_that_make_a_rule_of_a_protected_ground_are_found(ground: str) -> None:
    texts = [*FORBIDDEN[ground].split(), *SENTENCES[ground]]
    assert [text for text in texts if ground not in grounds(text)] == []


@pytest.mark.parametrize("text", [*HONEST.split(), *HONEST_SENTENCES])
def test_honest_words_are_left_alone(text: str) -> None:
    assert grounds(text) == set()


def test_every_ground_has_its_words_and_age_household_and_attendance_are_only_doubtful() -> None:
    names = {ground.key for ground in GROUNDS}
    assert PHRASES.keys() == ENGLISH.keys() == KEYS.keys() == names
    assert {g.key for g in GROUNDS if not g.forbidden} == {"age", "household", "attendance"}


def test_the_words_that_were_found_are_told() -> None:
    [hit] = hits("初级主管（限 男 性，三年经验）")
    assert hit.words == "限男性"
    assert "妇女权益保障法" in hit.ground.reason


def test_only_the_beginning_of_an_endless_text_is_looked_at() -> None:
    assert grounds("字" * 1_997 + "限男性") == {"sex"}
    assert grounds("字" * 1_999 + "限男性") == set()
    for piece in ("限", "男", "怀孕者", "性别", "不", "35岁", "a_", "客户"):  # would take hours if it were not so
        assert len(grounds(piece * 100_000)) < 2
