"""What the YAML parser complains about, said so that somebody who never heard of YAML can mend it."""

from typing import Final

import yaml

from rules.texts import Text, _

HINTS: Final = (
    ("mapping values are not allowed here", _("此处不能有冒号：值里有“: ”时要加引号，或检查上一行的缩进")),
    ("could not find expected ':'", _("缺少冒号：应写成“键: 值”，冒号后空一格")),
    ("expected <block end>", _("缩进不一致：同一层的各行要左对齐")),
    ("found unexpected end of stream", _("引号没有闭合")),
    ("expected ',' or", _("方括号或花括号没有闭合，或缺少逗号")),
    ("that cannot start any token", _("值以特殊字符开头时要加引号")),
    ("expected the node content", _("此处缺少值，或括号多余")),
    ("found unknown escape character", _("双引号里的反斜杠要写成“\\\\”，或改用单引号")),
    ("expected alphabetic or numeric character", _("值以 *、& 等特殊字符开头时要加引号")),
    ("expected '<document start>'", _("文件应由“键: 值”组成")),
)


def explained(error: yaml.MarkedYAMLError) -> Text:
    """Return a hint for a known problem, a plain statement for the others."""
    problem = error.problem or ""
    for beginning, hint in HINTS:
        if beginning in problem:
            return Text(_("不是合规的 YAML：{hint}"), {"hint": Text(hint)})
    return Text(_("不是合规的 YAML"))


def line_of(error: yaml.MarkedYAMLError, otherwise: int) -> int:
    """Return the line to mend: for what is never closed the line where it was opened, not the end of the file."""
    marks = [error.problem_mark, error.context_mark]
    if "end of stream" in (error.problem or "") or "a flow" in (error.context or ""):
        marks.reverse()
    return next((mark.line + 1 for mark in marks if mark), otherwise)
