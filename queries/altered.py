"""Say in words where rows differ from what the history tells of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, Final

from sqlmodel import SQLModel

from kit.jinja import day, day_time
from rules import course
from rules.texts import Text, _, enumerated

Rows = Mapping[Any, tuple[object, ...]]
"""Rows by their key, as the history tells them or as they are there."""

FIELDS: Final[Mapping[str, str]] = {
    "code": _("编号"),
    "mode": _("运行方式"),
    "title": _("名称"),
    "name": _("名称"),
    "kind": _("种类"),
    "state": _("状态"),
    "bundle_sha256": _("数据包的指纹"),
    "time_zone": _("时区"),
    "launched_at": _("启动时间"),
    "ended_at": _("结束时间"),
    "opens_at": _("计划开放时间"),
    "closes_at": _("截止时间"),
    "due_at": _("宽限期末"),
    "grace_hours": _("宽限小时数"),
    "generation": _("开放次数"),
    "opened_at": _("开放时间"),
    "closed_at": _("实际截止时间"),
    "tallied_at": _("清点时间"),
    "posted_on": _("公示日"),
    "first_day": _("公示首日"),
    "last_day": _("公示末日"),
}
"""What columns are called."""


def pairs(
    what: Text, told: Rows, stored: Rows, *, zone: str, called: Callable[..., object] | None = None
) -> Iterator[Text]:
    """Compare what the history tells with rows that are there, by key; names every one that differs.

    ``called`` says what the row of a key is called; without it, by its parts.
    """
    for key in [*told, *(k for k in stored if k not in told)]:
        said = {"what": what, "key": called(*key) if called else " / ".join(map(str, key))}
        if key not in stored:
            yield Text(_("{what}：{key} 被删去"), said)
        elif key not in told:
            yield Text(_("{what}：{key} 不在留痕中"), said)
        elif told[key] != stored[key]:
            values = {**said, **_apart(told[key], stored[key], zone)}
            yield Text(_("{what}：{key} 被改动过：留痕是 {told}，现在是 {now}"), values)


def _apart(told: Sequence[object], stored: Sequence[object], zone: str) -> dict[str, object]:
    """Return what two rows say where they differ."""
    different = [pair for pair in zip_longest(told, stored) if pair[0] != pair[1]]
    return {name: enumerated(_shown(pair[n], zone) for pair in different) for n, name in enumerate(("told", "now"))}


def differences(what: Text, told: Mapping[str, object], row: SQLModel, *, zone: str) -> Iterator[Text]:
    """Compare what the history tells with the columns of one row."""
    for field, expected in told.items():
        now = getattr(row, field)
        if now != expected:
            shown = [_state(v) if field == "state" else _shown(v, zone) for v in (expected, now)]
            said = {"what": what, "field": Text(FIELDS.get(field, field)), "told": shown[0], "now": shown[1]}
            yield Text(_("{what}的{field}被改动过：留痕是 {told}，现在是 {now}"), said)


def _state(value: object) -> Text:
    return Text(course.STATES.get(str(value), str(value)))


def _shown(value: object, zone: str) -> object:
    if value is None or value == "":
        return Text(_("（空）"))
    if isinstance(value, datetime):
        return day_time(value, zone)
    return day(value) if isinstance(value, date) else str(value)
