"""Letters: what people read, in Chinese, with the deadline in the round's own time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2.exceptions import UndefinedError

from kit import i18n
from messages import letters
from messages.letters import HERE, About, Late, span
from rules.policies import Organisation
from rules.texts import Text

CLOSES = datetime(2026, 10, 23, 10, 0, tzinfo=UTC)
BEFORE = About(
    title="第四季度<主管>竞聘",
    stage_name="面试",
    closes_at=CLOSES,
    due_at=CLOSES + timedelta(hours=48),
    time_zone="Asia/Shanghai",
    organisation=Organisation(name="星海客服中心", department="人力资源部", phone="010-5550"),
    now=CLOSES - timedelta(hours=24),
)
AFTER = replace(BEFORE, now=CLOSES + timedelta(hours=27))

VALUES: dict[str, dict[str, Any]] = {
    "opened_reviewer": {"name": "郑评委", "sheets": 3},
    "opened_candidate": {"name": "王芳"},
    "reminder_reviewer": {"name": "郑评委", "sheets": 3},
    "reminder_applicant": {"name": "王芳"},
    "taken_from": {"name": "郑评委", "sheets": 3, "other": "吴迪"},
    "taken_over": {"name": "吴迪", "sheets": 3, "other": "郑评委"},
    "hr_handed_over": {"name": "郑评委", "sheets": 3, "other": "吴迪"},
    "hr_reviewers": {"late": [Late("郑评委", 3, reachable=False), Late("吴迪", 2, stuck=Text("没有指定替补"))]},
    "hr_applications": {"applied": 30, "missing": 12, "unreachable": 2},
    "hr_results": {"candidates": 30, "missing": 4},
    "hr_no_panel": {},
    "hearing_answered": {"name": "王芳", "number": 3, "matter": "公示异议", "finding": "不成立"},
    "material_returned": {"name": "王芳", "slot": "案例总结"},
}


def test_a_reviewer_reads_what_is_open_until_when() -> None:
    letter = letters.write("reminder_reviewer", BEFORE, name="郑评委", sheets=3)
    assert letter.subject == "第四季度<主管>竞聘：“面试”即将截止，您还有 3 份评分表没有完成"
    assert letter.body == (
        "郑评委，您好：\n\n"
        "在“第四季度<主管>竞聘”的“面试”中，您还有 3 份评分表没有完成。\n"
        "截止时间：2026年10月23日（周五）18:00（北京时间）。"
        "逾期的在 2026年10月25日（周日）18:00（北京时间）之前仍可补交。\n\n"
        "如有疑问，请联系 010-5550。\n\n"
        "星海客服中心人力资源部\n"
        "（由竞聘系统自动发出，请勿直接回复。）\n"
    )


def test_a_late_reviewer_reads_how_late_and_what_still_counts() -> None:
    letter = letters.write("reminder_reviewer", AFTER, name="郑评委", sheets=1)
    assert letter.subject.endswith("“面试”已逾期，您还有 1 份评分表没有完成")
    assert "已于 2026年10月23日（周五）18:00（北京时间）截止，逾期 1 天 3 小时；" in letter.body
    assert "2026年10月25日（周日）18:00（北京时间）之前补交仍然有效。" in letter.body


def test_without_grace_nobody_is_promised_any() -> None:
    letter = letters.write("opened_reviewer", replace(BEFORE, due_at=CLOSES), name="郑评委", sheets=3)
    assert "截止时间：2026年10月23日（周五）18:00（北京时间）。\n" in letter.body
    assert "补交" not in letter.body


def test_without_a_deadline_and_an_organisation_the_letter_says_so_much_less() -> None:
    bare = replace(BEFORE, closes_at=None, due_at=None, organisation=Organisation())
    assert letters.write("opened_candidate", bare, name="王芳").body == (
        "王芳，您好：\n\n您参加的“第四季度<主管>竞聘”已进入“面试”。\n截止时间另行通知。\n\n"
        "（由竞聘系统自动发出，请勿直接回复。）\n"
    )


def test_the_time_is_that_of_the_round() -> None:
    elsewhere = replace(BEFORE, time_zone="Asia/Urumqi")
    assert "2026年10月23日（周五）16:00（Asia/Urumqi）" in letters.write("opened_candidate", elsewhere, name="王").body


def test_hr_reads_who_is_late_by_name_and_number_of_sheets() -> None:
    letter = letters.write("hr_reviewers", AFTER, **VALUES["hr_reviewers"])
    assert letter.subject == "第四季度<主管>竞聘：“面试”还有 2 位评委的 5 份评分表没有完成"
    assert "- 郑评委：3 份（没有邮箱，程序无法提醒）\n- 吴迪：2 份；没有指定替补\n" in letter.body


@pytest.mark.parametrize("kind", sorted(p.stem for p in HERE.glob("*.j2") if not p.stem.startswith("_")))
def test_every_letter_is_whole_and_an_omission_is_an_error(kind: str) -> None:
    for about in (BEFORE, AFTER):
        letter = letters.write(kind, about, **VALUES[kind])
        assert letter.subject.startswith("第四季度<主管>竞聘：")
        assert "\n" not in letter.subject
        assert letter.body.endswith("星海客服中心人力资源部\n（由竞聘系统自动发出，请勿直接回复。）\n")
        assert "\n\n\n" not in letter.body
        assert "None" not in letter.body
    for left_out in VALUES[kind]:
        given = {name: value for name, value in VALUES[kind].items() if name != left_out}
        with pytest.raises(UndefinedError):
            letters.write(kind, BEFORE, **given)


def test_what_people_typed_is_never_a_template() -> None:
    odd = replace(BEFORE, title="{{ 7*7 }}{title}", stage_name="&<b>")
    letter = letters.write("opened_candidate", odd, name="{name}<script>")
    assert letter.subject == "{{ 7*7 }}{title}：“&<b>”已经开始"
    assert letter.body.startswith("{name}<script>，您好：")


def test_a_letter_speaks_the_language_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    said = {"{title}：“{stage}”已经开始": "{title}: {stage} has begun", "报名": "Applications"}
    entries = "".join(f'msgid "{chinese}"\nmsgstr "{english}"\n\n' for chinese, english in said.items())
    (folder / "jingpin.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + entries)
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n.catalogue.cache_clear()
    with i18n.in_language("en"):
        letter = letters.write("opened_candidate", replace(BEFORE, title="Round 4", stage_name="报名"), name="x")
    i18n.catalogue.cache_clear()
    assert letter.subject == "Round 4: Applications has begun"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=59), "不到 1 小时"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=23, minutes=59), "23 小时"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=2, hours=4), "2 天 4 小时"),
    ],
)
def test_a_length_of_time_is_said_in_days_and_hours(length: timedelta, said: str) -> None:
    assert span(length) == said
