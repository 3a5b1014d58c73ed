"""A file that somebody uploads: what it really is, by its content, and whether it may be kept.

The name decides nothing but what the file is called; it is cleaned, and its ending follows the content. Nothing is ever
run, drawn or unpacked to disk here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final, NamedTuple

from forms.upload_images import check_image
from forms.upload_office import office_kind
from forms.upload_pdf import check_pdf
from rules.texts import RuleError, Text, _

LONGEST_STEM: Final = 80
UNWANTED: Final = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
SPACES: Final = re.compile(r"\s+")
MARKUP: Final = re.compile(rb"<\s*(?:!doctype|html|head|body|svg|script|iframe|object|embed|\?xml)\b", re.IGNORECASE)
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
LOOKED_AT: Final = 64 * 1024
"""Bytes of a text in which markup is looked for."""

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "jpg": "image/jpeg",
        "png": "image/png",
        "txt": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8",
    }
)
"""The kinds that are taken, by the ending that a file of that kind gets."""

ACCEPTED: Final = ",".join(f".{ending}" for ending in (*MEDIA_TYPES, "jpeg"))
"""What the browser offers to choose from."""


class Upload(NamedTuple):
    """A checked file; ``kind`` is a key of ``MEDIA_TYPES``."""

    name: str
    kind: str
    media_type: str
    content: bytes


def read(name: str, content: bytes, *, most_mb: int) -> Upload:
    """Return an uploaded file under a clean name.

    :raises RuleError: when it is empty, too large, of a kind that is not taken, broken, or holds what could act.
    """
    if not content:
        raise RuleError(Text(_("文件是空的；请选择有内容的文件")))
    if len(content) > most_mb * 1024**2:
        said = {"most": most_mb, "size": -(-len(content) // 1024**2)}
        raise RuleError(Text(_("文件太大：{size} MB，最多 {most} MB；请压缩图片或拆分后再上传"), said))
    kind = _kind(name, content)
    return Upload(clean_name(name, kind), kind, MEDIA_TYPES[kind], content)


def clean_name(name: str, kind: str) -> str:
    """Return a name without folders, unseen characters and what file systems mind; it ends as its content asks."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    seen = SPACES.sub(" ", UNWANTED.sub("_", seen)).strip(" .")
    path = PurePosixPath(seen)
    known = path.suffix.lower().removeprefix(".") in {*MEDIA_TYPES, "jpeg"}
    stem = (path.stem if known else seen)[:LONGEST_STEM].strip(" .")
    return f"{stem or 'file'}.{kind}"


def _kind(name: str, content: bytes) -> str:
    for start, look in _STARTS.items():
        if content.startswith(start):
            return look(content)
    return _text_kind(name, content)


def _pdf(content: bytes) -> str:
    check_pdf(content)
    return "pdf"


def _image(kind: str) -> Callable[[bytes], str]:
    def look(content: bytes) -> str:
        check_image(content, kind)
        return kind

    return look


def _old_office(_content: bytes) -> str:
    raise RuleError(Text(_("是旧版或加密的 Office 文件；请去掉密码，另存为 .docx、.xlsx、.pptx 或 PDF 再上传")))


def _text_kind(name: str, content: bytes) -> str:
    text = _decoded(content)
    if text is None or CONTROLS.search(text):
        raise RuleError(
            Text(_("不是可以接收的文件；请上传 PDF、Word（.docx）、Excel（.xlsx）、PPT（.pptx）、JPG、PNG、TXT 或 MD"))
        )
    if MARKUP.search(content[:LOOKED_AT]):
        raise RuleError(Text(_("内容是网页、SVG 或 XML，可能含有脚本，不能接收；请另存为 PDF 再上传")))
    return "md" if name.lower().endswith((".md", ".markdown")) else "txt"


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_STARTS: Final[Mapping[bytes, Callable[[bytes], str]]] = MappingProxyType(
    {
        b"%PDF-": _pdf,
        b"PK": office_kind,
        b"\xff\xd8\xff": _image("jpg"),
        b"\x89PNG\r\n\x1a\n": _image("png"),
        b"\xd0\xcf\x11\xe0": _old_office,
    }
)
