"""Bytes → the text of a YAML file: size, encoding and characters, before any YAML is read."""

import re
from typing import Final

from forms.findings import Findings
from rules.texts import Text, _

LARGEST: Final = 1_000_000
"""Bytes. A policy has a few thousand."""

MOST_LINES_TOLD: Final = 50
"""A picture that was renamed to .yaml needs no thousand faults."""

INVISIBLE: Final = re.compile(
    # What YAML does not print, and the rarer line ends that editors count differently, and a mark inside the text.
    "[^\x09\x0a\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff]"
)


def plain_text(content: str | bytes, found: Findings) -> str:
    """Return the text with line feeds for line ends, no byte-order mark; raise when characters cannot be read."""
    size = len(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        found.fault_on_line(Text(_("文件超过 {limit} 字节；竞聘方案不会这么大"), {"limit": LARGEST}), 1)
        found.refuse()
    text = content if isinstance(content, str) else _decoded(content, found)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _look_at_characters(text, found)
    if found.faults:
        found.refuse()
    return text


def _decoded(content: bytes, found: Findings) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found.fault_on_line(Text(_("不是 UTF-8 编码；请在编辑器里另存为 UTF-8")), line)
        found.refuse()


def _look_at_characters(text: str, found: Findings) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if match := INVISIBLE.search(line):
            code = f"U+{ord(match[0]):04X}"
            found.fault_on_line(Text(_("含有不可见字符 {code}；请删去"), {"code": code}), number)
        elif "\t" in line and not line.lstrip().startswith("#"):
            found.fault_on_line(Text(_("含有制表符（Tab）；YAML 请用空格缩进和分隔")), number)
        if len(found.faults) >= MOST_LINES_TOLD:
            return
