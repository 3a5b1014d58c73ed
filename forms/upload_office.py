"""Uploaded Word, Excel and PowerPoint files: a sound zip with the right members, and nothing that acts."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Final

from rules.texts import RuleError, Text, _

MAIN: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
TYPES: Final = "[Content_Types].xml"
MOST_MEMBERS, MOST_BYTES, MOST_RATIO, SMALL = 5_000, 300 * 1024**2, 200, 10 * 1024**2
ACTS: Final = re.compile(
    r"(?:vbaproject|vbadata|activex|oleobject)[^/]*$|/activex/|\.(?:exe|dll|js|vbs|bat|cmd)$", re.IGNORECASE
)
RELATION: Final = re.compile(rb"<[^>]*Relationship\s[^>]*>")
FETCHED: Final = re.compile(rb"/(?:attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)
ELSEWHERE: Final = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)


def office_kind(content: bytes) -> str:
    """Return which kind of Office file it is.

    :raises RuleError: for any other zip, a broken or encrypted one, one that unpacks beyond measure, or with macros.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _looked_into(archive)
    except RuleError:
        raise
    except Exception:  # noqa: BLE001 - zipfile and its decompressors raise whatever a broken file provokes
        raise RuleError(Text(_("文件已经损坏，或没有传完；请重新保存后再上传"))) from None


def _looked_into(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    names = {m.filename for m in members}
    kind = next((kind for main, kind in MAIN.items() if main in names), None)
    if kind is None or TYPES not in names:
        raise RuleError(Text(_("是压缩包，不是 Word、Excel 或 PowerPoint 文件；请解压后逐个上传")))
    _check_sizes(members)
    for member in members:
        _check_member(member)
    _check_contents(archive, names)
    if archive.testzip() is not None:
        raise RuleError(Text(_("文件已经损坏，或没有传完；请重新保存后再上传")))
    return kind


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    vast = any(m.file_size > SMALL and m.file_size > MOST_RATIO * max(m.compress_size, 1) for m in members)
    if vast or len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_BYTES:
        raise RuleError(Text(_("解压后异常庞大，不能接收；请重新保存，或另存为 PDF")))


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise RuleError(Text(_("内部的文件名指向文件之外，不能接收；请重新保存后再上传")))
    if member.flag_bits & 1:
        raise RuleError(Text(_("文件已加密；请去掉密码后再上传")))
    if ACTS.search(name):
        raise RuleError(Text(_("含有宏、控件或内嵌的程序，不能接收；请另存为不含宏的格式或 PDF")))


def _check_contents(archive: zipfile.ZipFile, names: set[str]) -> None:
    types = archive.read(TYPES)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise RuleError(Text(_("含有宏、控件或内嵌的程序，不能接收；请另存为不含宏的格式或 PDF")))
    for name in names:
        if not name.endswith((".rels", ".xml")):
            continue
        part = archive.read(name)
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise RuleError(Text(_("内部含有不该有的声明，不能接收；请重新保存，或另存为 PDF")))
        if any(FETCHED.search(one) and ELSEWHERE.search(one) for one in RELATION.findall(part)):
            raise RuleError(Text(_("打开时会从别处取内容（模板或链接的对象），不能接收；请另存为 PDF")))
