"""A bundle's files, from a directory or a zip that nobody needs to trust."""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from forms.faults import Fault, FormError
from rules.texts import Text, _

MOST_BYTES = 1024**3
MOST_FILE = 512 * 1024**2
MOST_FILES = 200_000
MOST_RATIO = 200
SMALL = 10 * 1024**2
"""Below this size a high compression ratio is no bomb."""


class Part(NamedTuple):
    """One file of a bundle: its name with ``/`` between folders, and its content."""

    name: str
    content: bytes


def parts(path: Path) -> Iterator[Part]:
    """Return every file of a bundle, in the order of their names.

    :raises FormError: when there is no bundle here, or a file of it cannot or must not be read.
    """
    if path.is_dir():
        yield from _of_directory(path)
    elif path.is_file():
        yield from _of_zip(path)
    else:
        raise _refused(Text(_("没有这个目录或文件；应为数据包目录或 zip")), str(path))


def _refused(why: Text, name: str) -> FormError:
    return FormError([Fault(why, name)])


def _of_directory(path: Path) -> Iterator[Part]:
    root = path.resolve()
    files = sorted(p for p in root.rglob("*") if not p.is_dir() and not _hidden(p.relative_to(root).as_posix()))
    if not files:
        raise _refused(Text(_("是空目录；应有 policy.yaml 和 people.csv 等文件")), str(path))
    total = 0
    for file in files:
        name = file.relative_to(root).as_posix()
        if not file.resolve().is_relative_to(root) or not file.is_file():
            raise _refused(Text(_("是指向数据包之外的链接，或不是普通文件")), name)
        total = _bounded(name, file.stat().st_size, total)
        yield Part(name, file.read_bytes())


def _hidden(name: str) -> bool:
    names = PurePosixPath(name).parts
    return any(n == "__MACOSX" or (n.startswith(".") and n != "..") for n in names)


def _bounded(name: str, size: int, total: int) -> int:
    if size > MOST_FILE or total + size > MOST_BYTES:
        raise _refused(Text(_("太大；单个文件不超过 {file} MB，全部不超过 {all} MB"), _limits()), name)
    return total + size


def _limits() -> dict[str, int]:
    return {"file": MOST_FILE // 1024**2, "all": MOST_BYTES // 1024**2}


def _of_zip(path: Path) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not _hidden(i.filename)]
            _check(infos, path)
            top = _single_top(infos)
            for info in sorted(infos, key=lambda i: i.filename):
                yield Part(info.filename.removeprefix(top), _content(archive, info))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        text = Text(_("不是完好的 zip 文件（{what}）；请重新压缩，或直接给出目录"), {"what": type(error).__name__})
        raise _refused(text, path.name) from None


def _check(infos: list[zipfile.ZipInfo], path: Path) -> None:
    if not infos:
        raise _refused(Text(_("是空的 zip；应有 policy.yaml 和 people.csv 等文件")), path.name)
    if len(infos) > MOST_FILES:
        raise _refused(Text(_("文件太多（超过 {n} 个）"), {"n": MOST_FILES}), path.name)
    total, seen = 0, set()
    for info in infos:
        name = info.filename
        if _strays(name) or stat.S_ISLNK(info.external_attr >> 16):
            raise _refused(Text(_("文件名指向数据包之外，或是链接，拒绝读取")), name)
        if info.flag_bits & 1:
            raise _refused(Text(_("zip 已加密；请解密后再导入")), name)
        if name in seen:
            raise _refused(Text(_("zip 中有同名文件")), name)
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise _refused(Text(_("解压后异常庞大，拒绝读取")), name)
        total = _bounded(name, info.file_size, total)
        seen.add(name)


def _strays(name: str) -> bool:
    parts_of_name = PurePosixPath(name).parts
    return name.startswith(("/", "\\")) or ".." in parts_of_name or "\\" in name or ":" in name or "\0" in name


def _single_top(infos: list[zipfile.ZipInfo]) -> str:
    """Return the one folder that everything lies in, with its slash; empty if there is none."""
    tops = {i.filename.partition("/")[0] if "/" in i.filename else "" for i in infos}
    top = tops.pop()
    return f"{top}/" if not tops and top and top != "materials" else ""


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise _refused(Text(_("解压后比声明的更大，拒绝读取")), info.filename)
    return content
