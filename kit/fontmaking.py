"""How a font set is made: every role's font reduced side by side, and a note of what was found."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from kit import fontconfig, fontsources
from kit.fontsources import FILLER, HALF, INSTEAD_OF_FANG, RARE, ROLES, Role, Source
from kit.i18n import gettext as _

RECIPE: Final = "4"  # raise it when the reduced fonts would come out differently
ROOT: Final = Path(__file__).resolve().parent.parent


class FontError(Exception):
    """Documents cannot be set; says what is missing and how to get it."""


def fill(work: Path, folder: Path, own_fonts: Path | None, tell: Callable[[str], None]) -> None:
    """Make the font set in ``work``, to be moved to ``folder`` afterwards."""
    with TemporaryDirectory() as unpacked:
        sources, substitutes = _sources(Path(unpacked), own_fonts, tell)
        tell(_("正在精简 {count} 种字体，约需一两分钟……").format(count=len(sources)))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            faces = list(pool.map(lambda role: _reduced(work, role, sources), sources))
    _link_rare(work / "rare", own_fonts)
    families = {str(f["role"]): str(f["family"]) for f in faces}
    version = sha256("".join(f["sha256"] for f in faces).encode()).hexdigest()[:12]
    _write_json(work / "coverage.json", _coverage(work))
    (work / "fonts.conf").write_text(fontconfig.configuration(folder, families), encoding="utf-8")
    _write_json(work / "manifest.json", {"version": version, "faces": faces, "substitutes": substitutes})


FANG: Final = next(role for role in ROLES if role.name == "Fang")


def _sources(
    unpacked: Path, own_fonts: Path | None, tell: Callable[[str], None]
) -> tuple[dict[Role, Source], dict[str, str]]:
    """Return the source of every role, and the roles that another style stands in for."""
    own, fonts = fontsources.own_sources(own_fonts), fontsources.installed()
    fang = fontsources.find(FANG, own, fonts) or _fetched(unpacked, tell)
    found = {role: source for role in ROLES if (source := fontsources.find(role, own, fonts))}
    if fang is None:
        found[FANG] = _sure(INSTEAD_OF_FANG, fonts)
        substitutes = {FANG.name: INSTEAD_OF_FANG.family}
    else:
        found |= {FANG: fang, FILLER: _sure(FILLER, fonts)}
        substitutes = {}
    found[HALF] = found[FANG]._replace(family=found[FANG].family + fontconfig.HALF)
    return found, substitutes


def _fetched(unpacked: Path, tell: Callable[[str], None]) -> Source | None:
    tell(_("正在从 Debian 软件包 {package} 中取出仿宋字体……").format(package=fontsources.FANG_PACKAGE))
    if path := fontsources.fetch_fang(unpacked):
        return Source(path, 0, FANG.family)
    tell(_("取不到仿宋字体，以细宋体代替；文档会注明所用字体。"))
    return None


def _sure(role: Role, fonts: Mapping[str, tuple[Path, int]]) -> Source:
    source = fontsources.find(role, {}, fonts)
    if source is None:
        raise FontError(_("缺少字体 {family}").format(family=role.family) + f"。apt-get install {role.package}")
    return source


def _reduced(work: Path, role: Role, sources: Mapping[Role, Source]) -> dict[str, Any]:
    """Reduce one font in a process of its own, so that several cores work and its memory is given back."""
    source, fang = sources[role], sources[FANG]
    target = work / f"{role.name}-{role.weight}.ttf"
    face = json.dumps([source.family + fontconfig.REDUCED, role.weight, role.kind])
    job = [source.path, source.number, target, face]
    beside = [fang.path, fang.number] if role == FILLER else []
    command = [sys.executable, "-m", "kit.typefaces", *map(str, job + beside)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise FontError(_("字体文件无法处理：{path}").format(path=source.path) + "\n" + done.stderr[-2000:])
    digest = sha256(target.read_bytes()).hexdigest()
    return {"role": role.name, "weight": role.weight, "family": source.family, "own": source.own, "sha256": digest}


def _link_rare(folder: Path, own_fonts: Path | None) -> None:
    folder.mkdir()
    fonts = fontsources.installed()
    paths = [fonts[role.postscript][0] for role in RARE] + fontsources.own_files(own_fonts)
    for number, path in enumerate(paths):
        (folder / f"{number}-{path.name}").symlink_to(path.resolve())


def _coverage(work: Path) -> list[tuple[int, int]]:
    """Return the ranges of characters that some font draws."""
    from kit import typefaces  # noqa: PLC0415 - fontTools is slow to load and only needed here

    files = [*work.glob("*.ttf"), *(work / "rare").iterdir()]
    ranges: list[tuple[int, int]] = []
    for code in sorted(frozenset().union(*(typefaces.characters(path) for path in files))):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
