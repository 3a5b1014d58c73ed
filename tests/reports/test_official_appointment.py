"""The appointment notice: who takes up the post, from when, and on what trial."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reports.official import appointment
from reports.official.appointment import Appointee, AppointmentNotice
from rules.policies import AppointmentPolicy, Organisation, Policy
from rules.workdays import NoticePeriod
from tests.reports.decided import sample
from tests.reports.official_text import said

PEOPLE = (
    Appointee("00045", "冯杰磊", "online", "在线客服 三组", "Ⅲ级"),
    Appointee("00038", "于彤", "phone", "电话客服 二组", "Ⅱ级"),
)
PERIOD = NoticePeriod(date(2026, 10, 19), date(2026, 10, 26), (date(2026, 10, 20),))


def text(policy: Policy | None = None, *, on: date = date(2026, 10, 27), **more: Any) -> str:
    view = AppointmentNotice(policy or sample().policy, PEOPLE, on, on, **more)
    return said(appointment.document(view))


def on_trial(months: int) -> Policy:
    return replace(sample().policy, appointment=AppointmentPolicy(months))


def test_the_notice_says_who_is_appointed_from_when_after_which_notice() -> None:
    found = text(period=PERIOD)
    assert "关于初级客服主管任职的通知" in found
    assert (
        "经2026年第四季度初级客服主管内部竞聘，并经2026年10月19日至2026年10月26日公示，决定任命下列2名同志为初级客服主管，自2026年10月27日起任职。"
    ) in found
    assert "1 于彤 0***8 电话客服 二组 Ⅱ级 初级客服主管\n2 冯杰磊 0***5 在线客服 三组 Ⅲ级 初级客服主管" in found
    assert "并经" not in text()


@pytest.mark.parametrize(
    ("months", "on", "last"),
    [
        (3, date(2026, 10, 27), "2027年1月26日"),
        (6, date(2026, 8, 31), "2027年2月28日"),
        (1, date(2027, 1, 31), "2027年2月28日"),
        (12, date(2028, 2, 29), "2029年2月28日"),
    ],
)
def test_a_trial_has_its_lawful_name_and_both_its_dates(months: int, on: date, last: str) -> None:
    found = text(on_trial(months), on=on)
    first = f"{on.year}年{on.month}月{on.day}日"
    assert f"上述人员实行任职考察期{months}个月，自{first}至{last}。" in found
    assert "试用" not in found


def test_without_a_trial_nothing_is_said_of_one() -> None:
    assert "考察期" not in text()


def test_whom_to_ask_is_said_if_it_is_known() -> None:
    centre = Organisation("江南中心", "人力资源部", "王敏", "010-88886666")
    assert "联系方式：人力资源部，联系人王敏，电话010-88886666。" in text(replace(sample().policy, organisation=centre))
    assert "联系方式" not in text()
