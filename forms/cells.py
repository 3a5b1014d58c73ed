"""One cell of a table → an exact value. Each reader raises ``CellError`` with a ``Text`` that says what is allowed.

Blanks around a text, a word or a date are dropped; around a number they are an error, as everything else is that is
no plain decimal.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from forms.characters import BREAKS, UNSEEN, code
from rules.periods import parse
from rules.texts import Text, _, enumerated

INTEGERS, DECIMALS = 15, 12
"""Most digits before and after the point; sign, digits and point fit the column that keeps them."""

LONGEST_NUMBER, LONGEST_LINE, LONGEST_PROSE = 64, 200, 10_000
"""Most characters of a staff number, of a text of one line, of a remark."""

SHOWN = 12
"""As many names as fit a line of a message."""

_NUMBER: Final = re.compile(rf"(?:0|[1-9]\d{{0,{INTEGERS - 1}}})(?:\.\d{{1,{DECIMALS}}})?", re.ASCII)
_SIGNED: Final = re.compile(rf"-?{_NUMBER.pattern}", re.ASCII)
_LENGTHY: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)", re.ASCII
)
_FOR_FILES: Final = re.compile(r'[/\\:*?"<>|]')

Reader = Callable[[str], Any]


class CellError(ValueError):
    """A cell that cannot be read; ``text`` says what is allowed."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


def line(cell: str) -> str:
    """Read a text of one line."""
    if found := BREAKS.search(cell.strip()):
        raise CellError(Text(_("不能换行或含制表符（{code}），请删去"), {"code": code(found[0])}))
    return _text(cell, LONGEST_LINE)


def prose(cell: str) -> str:
    """Read a text that may have several lines, each ended as on this system."""
    return _text(cell.replace("\r\n", "\n").replace("\r", "\n"), LONGEST_PROSE)


def number_of_person(cell: str) -> str:
    """Read the number of a member of staff or of a reviewer: a text, and the name of a folder in a bundle."""
    text = line(cell)
    if len(text) > LONGEST_NUMBER:
        raise CellError(Text(_("太长：最多 {limit} 个字"), {"limit": LONGEST_NUMBER}))
    if _FOR_FILES.search(text) or text.startswith("."):
        raise CellError(Text(_('会用作文件夹名：不能含 / \\ : * ? " < > |，也不能以 . 开头')))
    return text


def _text(cell: str, longest: int) -> str:
    text = cell.strip()
    if found := UNSEEN.search(text):
        raise CellError(Text(_("含有不可见字符 {code}，请删去"), {"code": code(found[0])}))
    if len(text) > longest:
        raise CellError(Text(_("太长：最多 {limit} 个字"), {"limit": longest}))
    return text


def day(cell: str) -> date:
    """Read ``YYYY-MM-DD``."""
    text = cell.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise CellError(Text(_("没有这一天，请核对日期"))) from None
    raise CellError(Text(_("应为 YYYY-MM-DD 形式的日期，如 2026-09-30")))


def instant(cell: str) -> datetime:
    """Read an ISO 8601 date-time with an offset, to the microsecond at most."""
    text = cell.strip()
    if not _INSTANT.fullmatch(text):
        raise CellError(Text(_("应为带时区的时间，如 2026-10-12T09:00:00+08:00")))
    try:
        at = datetime.fromisoformat(text.upper())
        at.astimezone(UTC)  # which the first and the last day of the calendar do not survive
    except (ValueError, OverflowError):
        raise CellError(Text(_("没有这个时刻，请核对日期、时间和时区"))) from None
    return at


def number(cell: str) -> Decimal:
    """Read a plain decimal that is not negative."""
    if not _NUMBER.fullmatch(cell):
        raise _no_number(cell, _("应为普通小数，如 7.5（不写正负号、空格、逗号、科学记数法）"))
    return Decimal(cell)


def signed(cell: str) -> Decimal:
    """Read a plain decimal, negative ones too."""
    if not _SIGNED.fullmatch(cell):
        raise _no_number(cell, _("应为普通小数，如 0.60（不写空格、逗号、科学记数法）"))
    return Decimal(cell)


def _no_number(cell: str, allowed: str) -> CellError:
    whole, _point, decimals = cell.lstrip("-").partition(".")
    if _LENGTHY.fullmatch(cell) and (len(whole) > INTEGERS or len(decimals) > DECIMALS):
        most = {"integers": INTEGERS, "decimals": DECIMALS}
        return CellError(Text(_("位数太多：整数最多 {integers} 位，小数最多 {decimals} 位，请先舍入"), most))
    return CellError(Text(allowed))


def upto(most: Decimal) -> Reader:
    """Return a reader of numbers from 0 to ``most``."""

    def read(cell: str) -> Decimal:
        value = number(cell)
        if value > most:
            raise too_much(most)
        return value

    return read


def too_much(most: Decimal) -> CellError:
    """Return what is said of a number above ``most``."""
    return CellError(Text(_("超出范围，应在 0 到 {most} 之间"), {"most": format(most, "f")}))


def one_of(*words: str) -> Reader:
    """Return a reader of certain words."""
    allowed = frozenset(words)

    def read(cell: str) -> str:
        if (text := cell.strip()) not in allowed:
            raise CellError(Text(_("只能是 {words}"), {"words": enumerated(words)}))
        return text

    return read


def whole(cell: str) -> int:
    """Read a whole number from 1."""
    if not _WHOLE.fullmatch(cell):
        raise CellError(Text(_("应为从 1 起的整数")))
    return int(cell)


def period(cell: str) -> str:
    """Read a period and return it as written."""
    try:
        return parse(cell.strip()).text
    except ValueError:
        raise CellError(Text(_("应为 2026、2026H1、2026Q3 或 2026-09 形式的周期"))) from None


def known(read: Reader, unknown: Text, values: Collection[Any]) -> Reader:
    """Return a reader of values that must be among ``values``; of others it says ``unknown``."""

    def look(cell: str) -> Any:  # noqa: ANN401 - what the other reader returns
        if (value := read(cell)) not in values:
            raise CellError(unknown)
        return value

    return look


def no_such(what: Text, names: Iterable[Any]) -> Text:
    """Return what is said of a name that is none of ``names``."""
    shown = enumerated(list(names)[:SHOWN])
    return Text(_("没有这个{what}；有：{shown}"), {"what": what, "shown": shown})
