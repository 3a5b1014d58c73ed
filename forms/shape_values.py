"""The single values that a policy is made of: texts, keys, exact numbers, dates, choices."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from forms.shapes import Refused, Value
from rules.texts import Text, _, enumerated

E = TypeVar("E", bound=StrEnum)

DIGITS: Final = 12
"""Most digits before and after the point: far more than any rule needs, and no arithmetic suffers."""

NUMBER: Final = re.compile(rf"(0|[1-9][0-9]{{0,{DIGITS - 1}}})(\.[0-9]{{1,{DIGITS}}})?")
WHOLE: Final = re.compile(rf"0|[1-9][0-9]{{0,{DIGITS - 1}}}")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
)
YEARS: Final = range(1900, 3000)
"""Far enough from both ends of the calendar that counting months cannot leave it."""

FOR_FILES: Final = re.compile(r'[/\\:*?"<>|]')


def words(longest: int, *, judged: bool = True) -> Value[str]:
    """Return a text that people read; blanks at its ends are dropped."""

    def convert(text: str) -> str:
        text = text.strip()
        _bounded(text, longest)
        return text

    # Digits alone are a text too; an editor takes them for a number.
    return Value(convert, {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": longest}, judged)


def name(longest: int = 64, *, judged: bool = True) -> Value[str]:
    """Return a text that other places refer to, so its exact spelling counts."""

    def convert(text: str) -> str:
        _bounded(text, longest)
        if text != text.strip():
            raise Refused(Text(_("开头和结尾不能有空格")))
        return text

    return Value(convert, words(longest).json, judged)


def _bounded(text: str, longest: int) -> None:
    if not text:
        raise Refused(Text(_("不能为空")))
    if len(text) > longest:
        raise Refused(Text(_("太长：最多 {limit} 个字"), {"limit": longest}))
    # Line ends, controls and characters that only turn or hide the text around them.
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text):
        raise Refused(Text(_("不能含换行、控制字符或不可见字符")))


def file_name(longest: int = 64) -> Value[str]:
    """Return a text that becomes part of file names."""

    def convert(text: str) -> str:
        name(longest).convert(text)
        if FOR_FILES.search(text) or text.startswith((".", "-")) or text.endswith("."):
            raise Refused(Text(_('会用作文件名：不能含 / \\ : * ? " < > |，不能以 . 或 - 开头')))
        return text

    return Value(convert, {**words(longest).json, "pattern": r'^[^./\\:*?"<>|-][^/\\:*?"<>|]*$'}, judged=True)


def key(*, reserved: Iterable[str] = ()) -> Value[str]:
    """Return a key: letters, digits, ``_`` and ``-``, beginning with a letter or digit."""
    taken = tuple(reserved)

    def convert(text: str) -> str:
        _bounded(text, 64)
        if not (text[0].isalnum() and all(c.isalnum() or c in "_-" for c in text)):
            raise Refused(Text(_("只能含字母、数字、_ 和 -，并以字母或数字开头")))
        if text in taken:
            raise Refused(Text(_("{names} 另有用途，请换一个"), {"names": enumerated(taken)}))
        return text

    return Value(convert, {**words(64).json, "not": {"enum": list(taken)}}, judged=True)


def whole(low: int, high: int) -> Value[int]:
    """Return a whole number between two bounds, both included."""

    def convert(text: str) -> int:
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise Refused(Text(_("应为 {low} 到 {high} 的整数"), {"low": low, "high": high}))
        return int(text)

    json = {"type": ["integer", "string"], "minimum": low, "maximum": high, "pattern": f"^(?:{WHOLE.pattern})$"}
    return Value(convert, json)


def number(low: int, high: int, *, above: bool = False, signed: bool = False) -> Value[Decimal]:
    """Return an exact number between two bounds, both included unless it must be ``above`` the lower one."""
    allowed = (
        _("应大于 {low}、不超过 {high}，写成普通小数（如 0.60）")
        if above
        else _("应为 {low} 到 {high} 的普通小数（如 0.60）")
    )
    pattern = re.compile(f"-?(?:{NUMBER.pattern})" if signed else NUMBER.pattern)

    def convert(text: str) -> Decimal:
        if not pattern.fullmatch(text) or not low <= Decimal(text) <= high or (above and Decimal(text) == low):
            raise Refused(Text(allowed, {"low": low, "high": high}))
        return Decimal(text)

    least = "exclusiveMinimum" if above else "minimum"
    return Value(
        convert, {"type": ["number", "string"], least: low, "maximum": high, "pattern": f"^(?:{pattern.pattern})$"}
    )


def day() -> Value[date]:
    """Return a date that exists."""

    def convert(text: str) -> date:
        try:
            value = date.fromisoformat(text) if DAY.fullmatch(text) else None
        except ValueError:
            value = None
        if value is None or value.year not in YEARS:
            raise Refused(Text(_("应为存在的日期，写成 YYYY-MM-DD（如 2026-09-30）")))
        return value

    return Value(convert, {"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"})


def moment() -> Value[datetime]:
    """Return an instant: a date-time with an offset."""

    def convert(text: str) -> datetime:
        try:
            value = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
        except ValueError:
            value = None
        if value is None or value.year not in YEARS:
            raise Refused(Text(_("应为带时区偏移的 ISO 8601 时间（如 2026-10-12T09:00:00+08:00）")))
        return value

    return Value(convert, {"type": "string", "format": "date-time", "pattern": f"^{MOMENT.pattern}$"})


def one_of(names: Iterable[str]) -> Value[str]:
    """Return one of some words."""
    allowed = tuple(names)

    def convert(text: str) -> str:
        if text not in allowed:
            raise Refused(Text(_("应为 {names}"), {"names": _listed(allowed)}))
        return text

    return Value(convert, {"enum": list(allowed)})


def member(kind: type[E]) -> Value[E]:
    """Return a member of an enumeration, written by its value."""
    plain = one_of(m.value for m in kind)
    return Value(lambda text: kind(plain.convert(text)), plain.json)


def _listed(names: tuple[str, ...]) -> Text:
    if len(names) == 1:
        return Text("{only}", {"only": names[0]})
    return Text(_("{names} 之一"), {"names": enumerated(names)})


def exactly(only: int) -> Value[int]:
    """Return a number that can be nothing else."""
    plain = one_of([str(only)])
    return Value(lambda text: int(plain.convert(text)), {"enum": [only, str(only)]})


def truth() -> Value[bool]:
    """Return yes or no, written ``true`` or ``false``."""
    plain = one_of(["true", "false"])
    return Value(lambda text: plain.convert(text) == "true", {"enum": [True, False, "true", "false"]})


def zone() -> Value[str]:
    """Return the name of a time zone of the IANA database."""

    def convert(text: str) -> str:
        _bounded(text, 64)
        try:
            ZoneInfo(text)
        except (KeyError, ValueError, OSError):
            raise Refused(Text(_("应为 IANA 时区名（如 Asia/Shanghai）"))) from None
        return text

    return Value(convert, {"type": "string", "minLength": 1})
