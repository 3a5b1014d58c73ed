"""The result announcement: who is to be appointed, what stays open, until when and where to object; nothing else."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forms import calendar
from kit import fonts, pdf
from kit.jinja import masked
from kit.settings import settings
from reports.official import announcement, layout
from reports.official.announcement import Announcement, Chosen, Level
from rules.policies import Organisation, Policy
from rules.workdays import notice_period
from tests.reports.decided import sample
from tests.reports.official_text import headings, said
from tests.reports.reading import runs_of, text_of

PEOPLE = (
    Chosen("00038", "于彤", "phone", "电话客服 二组", "Ⅱ级", Decimal("98.88"), 1),
    Chosen("00045", "买买提·吐尔逊·阿卜杜拉", "online", "在线客服 三组", "Ⅲ级", Decimal("94.23"), 3),
    Chosen("00026", "玥堃赟㛃", "phone", "电话客服 一组", "Ⅱ级", Decimal("95.00"), 2),
)


def view(*chosen: Chosen, policy: Policy | None = None, posted: date = date(2026, 10, 19), **more: Any) -> Announcement:
    found = policy or sample().policy
    terms = found.notice
    days = calendar.official_calendar()
    period = notice_period(
        posted, working_days=terms.working_days, count_first_day=terms.count_first_day, calendar=days
    )
    return Announcement(found, chosen, period, posted, **more)


def text(*chosen: Chosen, **more: Any) -> str:
    return said(announcement.document(view(*chosen, **more)))


def showing_scores(**more: Any) -> Policy:
    return replace(sample().policy, notice=replace(sample().policy.notice, show_scores=True, **more))


def test_the_announcement_of_the_sample_reads_from_title_to_objection() -> None:
    found = text(*PEOPLE)
    assert "2026年第四季度初级客服主管内部竞聘拟任人选公示" in found
    assert (
        "按照《关于开展2026年第四季度初级客服主管内部竞聘的公告》确定的规则，经报名、资格审查、材料审核、潜力测评、理论强化培训、实战模拟、跨部门轮岗，"
        "拟确定下列3名同志任初级客服主管，现予公示。"
    ) in found
    assert headings(announcement.document(view(*PEOPLE))) == ["拟任人选", "公示时间与异议反映"]
    assert "公示时间为2026年10月19日至2026年10月26日，共5个工作日（发布当日不计入）。" in found
    assert "请在2026年10月26日24:00前以书面、电话或者当面方式实名反映" in found
    assert "异议由发布本文件的单位受理。" in found


def test_everybody_stands_with_name_masked_number_unit_grade_and_post() -> None:
    found = text(*PEOPLE)
    assert "序号 姓名 工号 现所在单位 现职级 拟任岗位" in found
    assert "1 玥堃赟㛃 0***6 电话客服 一组 Ⅱ级 初级客服主管" in found
    assert "3 买买提·吐尔逊·阿卜杜拉 0***5 在线客服 三组 Ⅲ级 初级客服主管" in found
    assert not re.search(r"\d{5}(?!\d)", found.replace("2026", ""))
    assert "工号只显示首尾部分，其余以“***”隐去。" in found


def test_without_scores_the_order_tells_no_rank() -> None:
    found = text(*PEOPLE)
    order = [line.split()[1] for line in found.splitlines() if re.match(r"\d ", line)]
    assert order == ["玥堃赟㛃", "于彤", "买买提·吐尔逊·阿卜杜拉"]  # by line, then by staff number
    assert "名单按业务线排列，同一业务线内按工号排列，排列先后不代表名次。" in found
    for score in ("98.88", "94.23", "综合成绩 名次", "名次\n"):
        assert score not in found


def test_scores_and_ranks_are_shown_only_if_the_policy_says_so() -> None:
    found = text(*PEOPLE, policy=showing_scores())
    assert "序号 姓名 工号 现所在单位 现职级 拟任岗位 综合成绩 名次" in found
    order = [line.split()[1] for line in found.splitlines() if re.match(r"\d ", line)]
    assert order == ["于彤", "玥堃赟㛃", "买买提·吐尔逊·阿卜杜拉"]
    assert "初级客服主管 98.88 1" in found
    assert "不代表名次" not in found


@pytest.mark.parametrize(
    ("posted", "counted", "last"),
    [
        (date(2026, 2, 12), True, "2026年2月25日"),
        (date(2026, 2, 12), False, "2026年2月26日"),
        (date(2026, 4, 29), True, "2026年5月8日"),
        (date(2026, 4, 29), False, "2026年5月9日"),
        (date(2026, 9, 28), True, "2026年10月9日"),
        (date(2026, 9, 28), False, "2026年10月10日"),
    ],
)
def test_both_dates_and_the_number_of_working_days_stand_in_it(posted: date, counted: bool, last: str) -> None:  # noqa: FBT001 - a case
    policy = replace(sample().policy, notice=replace(sample().policy.notice, count_first_day=counted))
    found = text(*PEOPLE, policy=policy, posted=posted)
    first = f"{posted.year}年{posted.month}月{posted.day}日"
    how = "计入" if counted else "不计入"
    assert f"公示时间为{first}至{last}，共5个工作日（发布当日{how}）。" in found
    assert f"请在{last}24:00前" in found


def test_objections_go_where_the_policy_says() -> None:
    centre = Organisation("江南中心", "人力资源部", "王敏", "010-88886666", "jiandu@example.cn", "一号楼")
    found = text(*PEOPLE, policy=replace(sample().policy, organisation=centre))
    assert "受理：人力资源部，联系人王敏，电话010-88886666，电子邮箱jiandu@example.cn，地址一号楼。" in found


def test_level_people_are_counted_and_never_named() -> None:
    found = text(*PEOPLE, level=[Level("vip", 3, 1)], vacant={"phone": 2, "online": 0, "vip": 0})
    assert "未确定的名额" in found
    assert (
        "VIP专属服务有3名人员综合成绩以及规定的各比较项全部相同，多于剩余的1个名额。按照规定，1个名额予以保留，通过加试确定人选，加试结果另行公示。"
        in found
    )
    assert "电话客服2个名额暂无人选，在加试结束前予以保留。" in found
    assert "各业务线有2名人员综合成绩以及" in text(*PEOPLE, level=[Level("", 2, 1)])


def test_vacant_seats_are_named_by_line_or_together() -> None:
    found = text(*PEOPLE, vacant={"phone": 4, "online": 0, "vip": 1})
    assert "空缺的名额\n电话客服4个、VIP专属服务1个名额没有合格人选，予以空缺。" in found
    assert "另有2个名额没有合格人选，予以空缺。" in text(*PEOPLE, vacant={"": 2})
    for none in ({}, {"phone": 0}, {"": 0}):
        assert "空缺" not in text(*PEOPLE, vacant=none)


def test_a_round_without_anybody_is_announced_too() -> None:
    found = text(vacant={"phone": 7, "online": 4, "vip": 1})
    assert "2026年第四季度初级客服主管内部竞聘结果公示" in found
    assert "没有人员符合任用条件，本次竞聘不产生拟任人选，现将结果予以公示。" in found
    assert "拟任人选名单" not in found
    assert "电话客服7个、在线客服4个、VIP专属服务1个名额没有合格人选，予以空缺。" in found
    tied = text(level=[Level("vip", 2, 1)])
    assert "目前没有可以直接确定的拟任人选" in tied
    no_seats = replace(sample().policy, quota=replace(sample().policy.quota, seats=0))
    assert "因没有可供任用的名额，本次竞聘不产生拟任人选" in text(policy=no_seats)


def test_no_word_of_a_probation_that_the_law_does_not_allow() -> None:
    for found in (text(*PEOPLE), text()):
        assert "试用" not in found


@pytest.mark.parametrize(
    ("number", "shown"),
    [("00023", "0***3"), ("7", "***"), ("12", "***2"), ("12345678", "12***78"), ("A1234567890", "A1***90")],
)
def test_at_least_half_of_a_number_is_hidden_and_its_length_too(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_sixty_people_stand_on_several_pages_under_a_repeated_head() -> None:
    many = [Chosen(f"{n:05d}", f"候选{n}", "phone", "电话客服 某某组", "Ⅱ级", Decimal(90), n) for n in range(1, 61)]
    document = announcement.document(view(*many, policy=showing_scores()))
    content = pdf.render(
        layout.paper(document, time_zone="Asia/Shanghai"), fonts.prepare(settings().cache, settings().fonts)
    )
    pages = runs_of(content)
    with_names = [page for page in pages if any(run.text.startswith("候选") for run in page)]
    assert len(with_names) >= 3
    assert all(any(run.text == "姓名" for run in page) for page in with_names)
    assert re.findall(r"候选\d+", text_of(content)) == [f"候选{n}" for n in range(1, 61)]
    assert "拟确定下列60名同志" in text_of(content).replace("\n", "")


def test_a_name_is_printed_as_it_is() -> None:
    odd = [replace(PEOPLE[0], name=name) for name in ("<script>x</script>", "{{7*7}}", "玥堃赟㛃")]
    document = announcement.document(view(*odd))
    content = pdf.render(
        layout.paper(document, time_zone="Asia/Shanghai"), fonts.prepare(settings().cache, settings().fonts)
    )
    printed = text_of(content).replace("\n", "")
    for one in odd:
        assert one.name in printed
