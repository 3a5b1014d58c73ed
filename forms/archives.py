"""A bundle's files, from a directory or a zip that nobody needs to trust."""

import stat
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, NamedTuple

from forms.characters import BREAKS, UNSEEN
from forms.faults import Fault, FormError
from rules.texts import Text, _

MOST_BYTES: Final = 1024**3
MOST_FILE: Final = 512 * 1024**2
MOST_FILES: Final = 200_000
MOST_RATIO: Final = 200
SMALL: Final = 10 * 1024**2
"""Below this size a high compression ratio is no bomb."""

LONGEST_NAME, LONGEST_PATH = 255, 1000
"""Bytes of a folder's or file's name, and of the whole: what file systems and databases take."""

MATERIALS: Final = "materials"
BY_THE_WAY: Final = {"__MACOSX", "Thumbs.db", "desktop.ini"}
"""What systems leave in folders without being asked."""


class Part(NamedTuple):
    """One file of a bundle: its name with ``/`` between folders, and its content."""

    name: str
    content: bytes


def parts(path: Path) -> Iterator[Part]:
    """Return every file of a bundle, in the order of their names; one folder around everything is looked into.

    :raises FormError: when there is no bundle here, or a file of it cannot or must not be read.
    """
    if path.is_dir():
        return _of_directory(path)
    if path.is_file():
        return iter(_of_zip(path))
    raise _refused(Text(_("没有这个目录或文件；应为数据包目录或 zip")), str(path))


def _refused(why: Text, name: str) -> FormError:
    return FormError([Fault(why, name)])


def _of_directory(path: Path) -> Iterator[Part]:
    root = path.resolve()
    files = [file for file in sorted(root.rglob("*")) if not _hidden(file.relative_to(root).as_posix())]
    for file in files:
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            raise _refused(Text(_("是链接，或不是普通文件；请换成文件本身")), file.relative_to(root).as_posix())
    files = [file for file in files if file.is_file()]
    names = [file.relative_to(root).as_posix() for file in files]
    if not files:
        raise _refused(Text(_("是空目录；应有 policy.yaml 和 people.csv 等文件")), str(path))
    _check_names(names)
    _check_sizes({name: file.stat().st_size for name, file in zip(names, files, strict=True)})
    top = _single_top(names)
    for name, file in zip(names, files, strict=True):
        yield Part(name.removeprefix(top), file.read_bytes())


def _hidden(name: str) -> bool:
    names = PurePosixPath(name).parts
    return any(n in BY_THE_WAY or n.startswith("~$") or (n.startswith(".") and n != "..") for n in names)


def _of_zip(path: Path) -> Sequence[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpacked(archive, path)
    except FormError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile and its decompressors raise whatever a broken file provokes
        text = Text(_("不是完好的 zip 文件（{what}）；请重新压缩，或直接给出目录"), {"what": type(error).__name__})
        raise _refused(text, path.name) from None


def _unpacked(archive: zipfile.ZipFile, path: Path) -> Sequence[Part]:
    entries = [(_name(info), info) for info in archive.infolist() if not info.is_dir()]
    entries = sorted(((name, info) for name, info in entries if not _hidden(name)), key=lambda entry: entry[0])
    names = [name for name, _info in entries]
    if not entries:
        raise _refused(Text(_("是空的 zip；应有 policy.yaml 和 people.csv 等文件")), path.name)
    if len(entries) > MOST_FILES:
        raise _refused(Text(_("文件太多（超过 {n} 个）"), {"n": MOST_FILES}), path.name)
    for name, info in entries:
        _check_entry(name, info)
    _check_names(names)
    _check_sizes({name: info.file_size for name, info in entries})
    top = _single_top(names)
    return [Part(name.removeprefix(top), _content(archive, info)) for name, info in entries]


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name; without the flag for UTF-8, macOS still means UTF-8, and Chinese Windows GB 18030."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030")
    name = name.replace("\\", "/")
    return name if name.startswith("/") else PurePosixPath(name).as_posix()


def _check_entry(name: str, info: zipfile.ZipInfo) -> None:
    strays = name.startswith("/") or ".." in PurePosixPath(name).parts or PureWindowsPath(name).drive
    if strays or stat.S_ISLNK(info.external_attr >> 16):
        raise _refused(Text(_("文件名指向数据包之外，或是链接，拒绝读取")), name)
    if info.flag_bits & 1:
        raise _refused(Text(_("zip 已加密；请解密后再导入")), name)
    if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        raise _refused(Text(_("解压后异常庞大，拒绝读取")), name)


def _check_names(names: Sequence[str]) -> None:
    seen: set[str] = set()
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    for name in names:
        if UNSEEN.search(name) or BREAKS.search(name):
            raise _refused(Text(_("文件名含有不可见字符，请改名")), name)
        if len(name.encode()) > LONGEST_PATH or any(len(n.encode()) > LONGEST_NAME for n in name.split("/")):
            raise _refused(Text(_("文件名太长，请改名")), name)
        if name in seen or name in folders:
            raise _refused(Text(_("有同名的文件或文件夹，请改名")), name)
        seen.add(name)


def _check_sizes(sizes: dict[str, int]) -> None:
    total = 0
    for name, size in sizes.items():
        total += size
        if size > MOST_FILE or total > MOST_BYTES:
            limits = {"file": MOST_FILE // 1024**2, "all": MOST_BYTES // 1024**2}
            raise _refused(Text(_("太大；单个文件不超过 {file} MB，全部不超过 {all} MB"), limits), name)


def _single_top(names: Collection[str]) -> str:
    """Return the one folder that everything lies in, with its slash; empty if there is none."""
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    top = tops.pop()
    return f"{top}/" if not tops and top and top != MATERIALS else ""


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise _refused(Text(_("解压后比声明的更大，拒绝读取")), info.filename)
    return content
