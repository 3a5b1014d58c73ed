"""Passwords that everybody tries first are refused; those that nobody would try are not."""

import pytest

from rules.passwords import SHORTEST, fault

ABOUT = ["wangfang01", "王芳", "001234"]

COMMON = [
    "Password1234!",
    "P@ssw0rd2024!!",
    "woaini1314520",
    "qwertyuiop123",
    "1qaz2wsx3edc",
    "aaaaaaaaaaaa",
    "123456789012",
    "847362910475",
    "abc123abc123",
    "Admin@123456",
    "welcome2kefu2026",
    "Zhongguo@2026!",
    "Summer98Winter97",
    "客服密码1234567890",
    "我爱你我爱你我爱你我爱你",
    "correct horse battery staple",
    "abcdefghijklmnop",
]


@pytest.mark.parametrize("password", COMMON)
def test_a_common_password_is_refused_and_what_is_better_is_said(password: str) -> None:
    assert "太常见" in str(fault(password, about=ABOUT))


@pytest.mark.parametrize(
    "password",
    [
        "昨天下雨我没带伞回家晚了",
        "violet anchor 72 pebble",
        "xK9#mP2$vL5q",
        "9#7K2$81x!4q",
        "  窗 外 有 三 棵 树 绿了 ",
    ],
)
def test_a_password_that_nobody_would_try_is_taken(password: str) -> None:
    assert fault(password, about=ABOUT) is None


@pytest.mark.parametrize("password", ["xk9 WangFang01 mp2", "窗外有三棵树，王芳在看书", "tulip 001234 harbour"])
def test_a_password_does_not_say_whose_it_is(password: str) -> None:
    assert "不能含有" in str(fault(password, about=ABOUT))


def test_a_password_has_twelve_characters_at_least_and_may_be_a_long_sentence() -> None:
    assert str(SHORTEST) in str(fault("xK9#mP2$vL5", about=ABOUT))
    assert fault("窗外有三棵树" * 20 + "，今年春天第一次开花", about=ABOUT) is None
    assert "最多" in str(fault("x9" * 129, about=ABOUT))


def test_an_empty_or_one_letter_name_forbids_nothing() -> None:
    assert fault("violet anchor 72 pebble", about=["", "a", "v"]) is None
