"""The typefaces that documents are set in: found once, reduced once, then used from a cache and from nowhere else.

Style sheets name roles (``Song Title Hei Kai Fang Light Latin``); a private fontconfig file maps each role to the
face that was found. A document therefore looks the same wherever the font set has the same version, whatever else
is installed there.
"""

import ctypes
import fcntl
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from kit import fontconfig, fontsources
from kit.fontsources import HALF, RARE, ROLES, Role, Source
from kit.i18n import gettext as _

RECIPE: Final = "2"  # raise it when the reduced fonts would come out differently
LIBRARIES: Final = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})


class FontError(Exception):
    """Documents cannot be set; says what is missing and how to get it."""


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
    problems = [_missing(r) for r in (*ROLES, *RARE) if r.package and not fontsources.find(r, {}, found)]
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
    return sha256("\n".join([RECIPE, *rows]).encode()).hexdigest()[:12]


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
    (work / "rare").mkdir(parents=True)
    try:
        _fill(work, folder, own_fonts, tell)
        old = work.with_suffix(".old")
        if folder.exists():
            folder.rename(old)
        work.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _warm(folder)


def _fill(work: Path, folder: Path, own_fonts: Path | None, tell: Callable[[str], None]) -> None:
    sources = _sources(work, own_fonts, tell)
    tell(_("正在精简 {count} 种字体，约需一分钟……").format(count=len(sources)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faces = list(pool.map(lambda item: _reduced(work, *item), sources.items()))
    _link_rare(work, own_fonts)
    substitutes = {} if any(f["role"] == "Fang" for f in faces) else {"Fang": _family(faces, "Light")}
    families = {str(f["role"]): str(f["family"]) for f in faces}
    version = sha256("".join(f["sha256"] for f in faces).encode()).hexdigest()[:12]
    _write_json(work / "coverage.json", _coverage(work))
    (work / "fonts.conf").write_text(fontconfig.configuration(folder, families), encoding="utf-8")
    _write_json(work / "manifest.json", {"version": version, "faces": faces, "substitutes": substitutes})


def _sources(work: Path, own_fonts: Path | None, tell: Callable[[str], None]) -> dict[Role, Source]:
    own, fonts = fontsources.own_sources(own_fonts), dict(fontsources.installed())
    fang = next(role for role in ROLES if role.name == "Fang")
    if fontsources.find(fang, own, fonts) is None:
        tell(_("正在从 Debian 软件包 {package} 中取出仿宋字体……").format(package=fontsources.FANG_PACKAGE))
        if path := fontsources.fetch_fang(work / fontsources.FANG_FILE):
            fonts[fang.postscript] = (path, 0)
        else:
            tell(_("取不到仿宋字体，以细宋体代替；文档会注明所用字体。"))
    found = {role: source for role in ROLES if (source := fontsources.find(role, own, fonts))}
    by_name = {role.name: source for role, source in found.items()}
    body = by_name.get("Fang", by_name["Light"])
    return {**found, HALF: body._replace(family=body.family + " Half")}


def _reduced(work: Path, role: Role, source: Source) -> dict[str, Any]:
    target = work / f"{role.name}-{role.weight}.ttf"
    job = [
        str(source.path),
        str(source.number),
        str(target),
        source.family + fontconfig.REDUCED,
        str(role.weight),
        role.kind,
    ]
    command = [sys.executable, "-m", "kit.typefaces", *job]
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise FontError(_("字体文件无法处理：{path}").format(path=source.path) + "\n" + done.stderr[-2000:])
    digest = sha256(target.read_bytes()).hexdigest()
    return {"role": role.name, "weight": role.weight, "family": source.family, "own": source.own, "sha256": digest}


def _link_rare(work: Path, own_fonts: Path | None) -> None:
    fonts = fontsources.installed()
    paths = [fonts[role.postscript][0] for role in RARE] + fontsources.own_files(own_fonts)
    for number, path in enumerate(paths):
        (work / "rare" / f"{number}-{path.name}").symlink_to(path.resolve())


def _coverage(work: Path) -> list[tuple[int, int]]:
    from kit import typefaces  # noqa: PLC0415 - fontTools is slow to load and only needed here

    files = [*work.glob("*.ttf"), *(work / "rare").iterdir()]
    codes = sorted(frozenset().union(*(typefaces.characters(path) for path in files)))
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def _family(faces: list[dict[str, Any]], role: str) -> str:
    return next(str(face["family"]) for face in faces if face["role"] == role)


def _warm(folder: Path) -> None:
    if program := shutil.which("fc-cache"):
        environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        subprocess.run([program], env=environment, capture_output=True, check=False)  # noqa: S603 - no arguments


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
