"""Templates: nothing goes wrong quietly, and Chinese dates, numerals and masks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from kit.i18n import in_language
from kit.jinja import day, day_time, deadline, environment, masked, numeral, plain


def render(tmp_path: Path, source: str, **values: object) -> str:
    (tmp_path / "t.html").write_text(source, encoding="utf-8")
    return environment(tmp_path).get_template("t.html").render(**values)


def test_everything_is_escaped(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ name }}", name="<script>") == "&lt;script&gt;"


def test_what_people_typed_is_never_a_template(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ name }}", name="{{7*7}}") == "{{7*7}}"


@pytest.mark.parametrize("source", ["{{ name }}", "{{ person.name }}", "{% if name %}{% endif %}"])
def test_a_missing_value_is_an_error(tmp_path: Path, source: str) -> None:
    with pytest.raises(UndefinedError):
        render(tmp_path, source, person={})


def test_none_is_never_printed(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        render(tmp_path, "{{ score }}", score=None)


def test_dates_are_chinese() -> None:
    assert day(date(2026, 10, 9)) == "2026年10月9日"
    assert day(date(2026, 10, 9), year=False) == "10月9日"


def test_a_time_is_shown_in_its_zone_with_the_day_of_the_week() -> None:
    instant = datetime(2026, 10, 21, 10, 0, tzinfo=UTC)
    assert day_time(instant, "Asia/Shanghai") == "2026年10月21日（周三）18:00"
    assert day_time(instant, "Asia/Shanghai", year=False) == "10月21日（周三）18:00"


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_numerals(number: int, text: str) -> None:
    assert numeral(number) == text


def test_numerals_are_digits_in_english() -> None:
    with in_language("en"):
        assert numeral(12) == "12"


@pytest.mark.parametrize("number", [0, 100, -1])
def test_a_numeral_that_cannot_be_said_is_an_error(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        numeral(number)


def test_numbers_keep_their_digits() -> None:
    assert [plain(Decimal(n)) for n in ("90.10", "1E+2", "0.00")] == ["90.10", "100", "0.00"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("12345678", "12***78"), ("1234567", "1***67"), ("00023", "0***3"), ("12", "***2"), ("7", "***"), ("", "***")],
)
def test_masks(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text(alphabet="0123456789AB", max_size=30))
def test_a_mask_hides_at_least_half_and_the_length(number: str) -> None:
    shown = masked(number).replace("***", "", 1)
    assert len(shown) <= min(4, len(number) / 2)


def test_a_deadline_at_midnight_ends_the_day_before() -> None:
    midnight = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    assert deadline(midnight, "Asia/Shanghai") == "2026年12月1日（周二）24:00"
    assert day_time(midnight, "Asia/Shanghai") == "2026年12月2日（周三）00:00"
    assert deadline(midnight + timedelta(minutes=1), "Asia/Shanghai", year=False) == "12月2日（周三）00:01"
