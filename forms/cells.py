"""One cell of a table → an exact value. Each reader raises ``ValueError`` with a ``Text`` that says what is allowed."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rules.periods import parse
from rules.texts import Text, _

DECIMALS = 12
_NUMBER = re.compile(rf"(?:0|[1-9]\d{{0,14}})(?:\.\d{{1,{DECIMALS}}})?", re.ASCII)
_SIGNED = re.compile(rf"-?{_NUMBER.pattern}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Reader = Callable[[str], Any]


class CellError(ValueError):
    """A cell that cannot be read; ``text`` says what is allowed."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


def text(cell: str) -> str:
    """Read any text without control characters."""
    if _CONTROL.search(cell):
        raise CellError(Text(_("含有不可见的控制字符，请删去")))
    return cell


@lru_cache(maxsize=65536)
def day(cell: str) -> date:
    """Read ``YYYY-MM-DD``."""
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        raise CellError(Text(_("没有这一天，请核对日期"))) from None
    raise CellError(Text(_("应为 YYYY-MM-DD 形式的日期，如 2026-09-30")))


def instant(cell: str) -> datetime:
    """Read an ISO 8601 date-time with an offset."""
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or len(cell) < len("2026-10-12T09:00Z"):
        raise CellError(Text(_("应为带时区的时间，如 2026-10-12T09:00:00+08:00")))
    return at


@lru_cache(maxsize=65536)
def number(cell: str) -> Decimal:
    """Read a plain decimal that is not negative."""
    if not _NUMBER.fullmatch(cell):
        raise CellError(Text(_("应为普通小数，如 7.5（不写正负号、空格、逗号、科学记数法）")))
    return Decimal(cell)


@lru_cache(maxsize=65536)
def signed(cell: str) -> Decimal:
    """Read a plain decimal, negative ones too."""
    if not _SIGNED.fullmatch(cell):
        raise CellError(Text(_("应为普通小数，如 0.60（不写空格、逗号、科学记数法）")))
    return Decimal(cell)


def upto(most: Decimal) -> Reader:
    """Return a reader of numbers from 0 to ``most``."""

    def read(cell: str) -> Decimal:
        value = number(cell)
        if value > most:
            raise CellError(Text(_("超出范围，应在 0 到 {most} 之间"), {"most": format(most, "f")}))
        return value

    return read


def one_of(*words: str) -> Reader:
    """Return a reader of certain words."""
    allowed = frozenset(words)

    def read(cell: str) -> str:
        if cell not in allowed:
            raise CellError(Text(_("只能是 {words}"), {"words": "、".join(words)}))
        return cell

    return read


def known(what: str, names: frozenset[str]) -> Reader:
    """Return a reader of names that must be known; ``what`` is the kind of thing, already marked for translation."""

    def read(cell: str) -> str:
        if cell not in names:
            shown = "、".join(sorted(names)[:12]) if len(names) <= 12 else ""  # noqa: PLR2004 - as many as fit a line
            raise CellError(
                Text(_("没有这个{what}；有：{shown}"), {"what": Text(what), "shown": shown})
                if shown
                else Text(_("没有这个{what}"), {"what": Text(what)})
            )
        return cell

    return read


def whole(most: int) -> Reader:
    """Return a reader of whole numbers from 1 to ``most``."""

    def read(cell: str) -> int:
        if not re.fullmatch(r"[1-9]\d{0,5}", cell, re.ASCII) or int(cell) > most:
            raise CellError(Text(_("应为 1 到 {most} 的整数"), {"most": most}))
        return int(cell)

    return read


@lru_cache(maxsize=4096)
def period(cell: str) -> str:
    """Read a period and return it as written."""
    try:
        return parse(cell).text
    except ValueError:
        raise CellError(Text(_("应为 2026、2026H1、2026Q3 或 2026-09 形式的周期"))) from None
