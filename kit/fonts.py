"""The typefaces that documents are set in: found once, reduced once, then used from a cache and from nowhere else.

Style sheets name roles (``Song Title Hei Kai Fang Latin``); a private fontconfig file maps each role to the
face that was found. A document therefore looks the same wherever the font set has the same version, whatever else
is installed there.
"""

import ctypes
import fcntl
import json
import os
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from kit import fontmaking, fontsources
from kit.fontmaking import FontError
from kit.fontsources import FILLER, INSTEAD_OF_FANG, RARE, ROLES, Role
from kit.i18n import gettext as _

LIBRARIES: Final = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})


class Problem(NamedTuple):
    """What is wrong with the fonts, what to do, and whether documents cannot be made until it is done."""

    text: str
    remedy: str
    serious: bool


@dataclass(frozen=True)
class FontSet:
    """Prepared fonts in a folder of the cache."""

    folder: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Return what was found for each role."""
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return found

    @property
    def version(self) -> str:
        """Return a short hash: two font sets of one version set the same document in the same bytes."""
        return str(self.manifest["version"])

    @property
    def families(self) -> Mapping[str, str]:
        """Return the real family behind each role."""
        return {face["role"]: face["family"] for face in self.manifest["faces"]}

    @property
    def substitutes(self) -> Mapping[str, str]:
        """Return the roles that another style had to stand in for, with its family."""
        return dict(self.manifest["substitutes"])

    @cached_property
    def _drawable(self) -> frozenset[int]:
        ranges = json.loads((self.folder / "coverage.json").read_text(encoding="utf-8"))
        return frozenset(c for first, last in ranges for c in range(first, last + 1))

    def undrawable(self, text: str) -> list[str]:
        """Return the characters for which no font has a shape."""
        odd = {c for c in set(text) if ord(c) not in self._drawable}
        return sorted(c for c in odd if unicodedata.category(c) not in INVISIBLE)

    def activate(self) -> None:
        """Make this process draw with these fonts alone; must happen before pango is loaded."""
        os.environ["FONTCONFIG_FILE"] = str(self.folder / "fonts.conf")


def prepare(
    cache_dir: Path,
    own_fonts: Path | None = None,
    *,
    again: bool = False,
    tell: Callable[[str], None] = lambda _text: None,
) -> FontSet:
    """Return the font set, making it first if it is not in the cache (a minute; afterwards a millisecond).

    ``again`` makes it anew, for instance after a font was installed.

    :raises FontError: naming the packages to install.
    """
    folder = cache_dir / f"fonts-{_key(own_fonts)}"
    if not again and _complete(folder):
        return FontSet(folder)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _alone(cache_dir / "fonts.lock"):
        if again or not _complete(folder):
            _make(folder, own_fonts, tell)
    return FontSet(folder)


def check(own_fonts: Path | None = None) -> list[Problem]:
    """Return what is missing or odd about fonts and the libraries that set text."""
    found = fontsources.installed()
    problems = [
        _missing(r)
        for r in (*ROLES, INSTEAD_OF_FANG, FILLER, *RARE)
        if r.package and not fontsources.find(r, {}, found)
    ]
    problems += [_no_library(file, package) for file, package in LIBRARIES.items() if not _loads(file)]
    if own_fonts is not None and not own_fonts.is_dir():
        problems.append(
            Problem(_("自有字体文件夹不存在：{path}").format(path=own_fonts), _("更正设置或建立该文件夹"), serious=True)
        )
    for path in fontsources.refused(own_fonts):
        text = _("自有字体无法使用（文件损坏或不允许嵌入文档）：{path}").format(path=path)
        problems.append(Problem(text, _("换用允许嵌入的字体"), serious=False))
    return list(dict.fromkeys(problems))


def _missing(role: Role) -> Problem:
    text = _("缺少字体 {family}").format(family=role.family)
    return Problem(text, f"apt-get install {role.package}", serious=True)


def _no_library(file: str, package: str) -> Problem:
    text = _("缺少系统库 {file}").format(file=file)
    if "subset" in file:
        text += _("：没有它，每份文档要慢几十倍")
    return Problem(text, f"apt-get install {package}", serious=True)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _key(own_fonts: Path | None) -> str:
    rows = [f"{p.name} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in fontsources.own_files(own_fonts)]
    return sha256("\n".join([fontmaking.RECIPE, *rows]).encode()).hexdigest()[:12]


def _complete(folder: Path) -> bool:
    return (folder / "manifest.json").exists() and all(p.exists() for p in (folder / "rare").iterdir())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(folder: Path, own_fonts: Path | None, tell: Callable[[str], None]) -> None:
    if serious := [p for p in check(own_fonts) if p.serious]:
        raise FontError("\n".join(f"{p.text}。{p.remedy}" for p in serious))
    work = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        fontmaking.fill(work, folder, own_fonts, tell)
        old = work.with_suffix(".old")
        if folder.exists():
            folder.rename(old)
        work.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _warm(folder)


def _warm(folder: Path) -> None:
    if program := shutil.which("fc-cache"):
        environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        subprocess.run([program], env=environment, capture_output=True, check=False)  # noqa: S603 - no arguments
