"""Uploaded PDFs: do they open without a password, and is there nothing in them that acts or hides."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from rules.texts import RuleError, Text, _

ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie"})
SCRIPTS: Final = frozenset({"/JS", "/JavaScript"})
FILES: Final = frozenset({"/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RichMediaContent", "/XFA"})
DEEPEST: Final = 40
MOST_UNPACKED: Final = 64 * 1024**2
"""Bytes that the lists of objects may come to, together; a long document has one or two millions."""

STREAM: Final = re.compile(rb">>\s*stream\r?\n")
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
HEAD: Final = 1024
"""Bytes before a stream in which its dictionary is looked for."""


def check_pdf(content: bytes) -> None:
    """Refuse a PDF that is encrypted, broken, without pages, or holds scripts, files or actions.

    :raises RuleError: saying which.
    """
    _check_lists(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            _check_document(document)
    except RuleError:
        raise
    except pikepdf.PasswordError:
        raise _locked() from None
    except Exception:  # noqa: BLE001 - the parser raises whatever a broken file provokes
        raise RuleError(Text(_("PDF 打不开，可能没有传完或已经损坏；请重新导出后再上传"))) from None


def _check_document(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise _locked()
    if not len(document.pages):
        raise RuleError(Text(_("PDF 里没有页面；请重新导出后再上传")))
    for found in document.objects:
        for name in _names(found, DEEPEST):
            _check_name(name)


def _locked() -> RuleError:
    return RuleError(Text(_("PDF 已加密；请去掉密码（另存或打印为 PDF）后再上传")))


def _check_name(name: str) -> None:
    if name in SCRIPTS:
        raise RuleError(Text(_("PDF 里有脚本（JavaScript），不能接收；请打印为 PDF 后再上传")))
    if name in FILES:
        raise RuleError(Text(_("PDF 里夹带了其他文件或表单程序，不能接收；请打印为 PDF，附件另行上传")))
    if name in ACTIONS:
        raise RuleError(Text(_("PDF 里有会自行启动的操作，不能接收；请打印为 PDF 后再上传")))


def _names(found: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - an object of a PDF may be anything
    """Yield the keys of a dictionary, its kinds of action, and those of all that lies directly in it."""
    if depth == 0:
        return
    if isinstance(found, pikepdf.Array):
        for one in found.as_list():
            yield from _names(one, depth - 1)
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in found.items():
            yield key
            if key in {"/S", "/Type"} and isinstance(value, pikepdf.Name):
                yield str(value)
            elif not getattr(value, "is_indirect", False):
                yield from _names(value, depth - 1)


def _check_lists(content: bytes) -> None:
    """Refuse a bomb: the parser unpacks the lists of objects whole, before anybody can ask how large they are."""
    unpacked = 0
    for match in STREAM.finditer(content):
        head = ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), content[max(0, match.start() - HEAD) : match.start()])
        if b"/ObjStm" not in head and b"/XRef" not in head:
            continue
        try:
            unpacked += len(zlib.decompressobj().decompress(content[match.end() :], MOST_UNPACKED))
        except zlib.error:
            continue  # not packed this way; the parser says whether it is sound
        if unpacked >= MOST_UNPACKED:
            raise RuleError(Text(_("PDF 解开后异常庞大，不能接收；请重新导出后再上传")))
