"""Where typefaces come from: the employer's own folder, the fonts of Debian packages, and one font inside a package."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SUFFIXES: Final = (".ttf", ".otf", ".ttc", ".otc")
RESTRICTED: Final = 0x0002
FANG_PACKAGE, FANG_FILE = "texlive-lang-chinese", "FandolFang-Regular.otf"
DOWNLOAD_SECONDS: Final = 300


class Role(NamedTuple):
    """A style: the Debian font that serves it, and the names of employers' own fonts that serve it better."""

    name: str
    postscript: str
    family: str
    package: str
    weight: int = 400
    own: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return the kind of face (``kit.typefaces.Face``) that is made for it."""
        return {"Latin": "latin", "Half": "half", "Filler": "filler"}.get(self.name, "chinese")


NOTO, NOTO_MORE = "fonts-noto-cjk", "fonts-noto-cjk-extra"
TITLES = (
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "FZXBSJW--GB1-0",
    "FZXBSK--GBK1-0",
    "方正小标宋简体",
    "方正小标宋_GBK",
)
FANGS = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FZFangSong-Z02", "方正仿宋_GBK", "方正仿宋简体")
KAIS = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FZKai-Z03", "方正楷体_GBK", "方正楷体简体")
ROLES: Final = (
    Role("Song", "NotoSerifCJKsc-Regular", "Noto Serif CJK SC", NOTO, own=("SimSun", "宋体", "方正书宋_GBK")),
    Role("Title", "NotoSerifCJKsc-Black", "Noto Serif CJK SC Black", NOTO_MORE, own=TITLES),
    Role("Hei", "NotoSansCJKsc-Medium", "Noto Sans CJK SC Medium", NOTO_MORE, own=("SimHei", "黑体", "方正黑体_GBK")),
    Role("Kai", "LXGWWenKai-Regular", "LXGW WenKai", "fonts-lxgw-wenkai", own=KAIS),
    Role("Fang", "FandolFang-Regular", "FandolFang", "", own=FANGS),
    Role("Latin", "LiberationSerif", "Liberation Serif", "fonts-liberation"),
    Role("Latin", "LiberationSerif-Bold", "Liberation Serif", "fonts-liberation", weight=700),
)
# Stands in for 仿宋 as a whole, and, thinner, for the characters that a 仿宋 lacks.
INSTEAD_OF_FANG: Final = Role("Fang", "NotoSerifCJKsc-Light", "Noto Serif CJK SC Light", NOTO_MORE)
FILLER: Final = Role("Filler", "NotoSerifCJKsc-ExtraLight", "Noto Serif CJK SC ExtraLight", NOTO_MORE)
# The marks of the body's typeface, half an em wide, for where marks meet.
HALF: Final = Role("Half", "", "", "")
# Drawn from in full when the reduced faces lack a character.
RARE: Final = (
    Role("Rare", "NotoSerifCJKsc-Regular", "Noto Serif CJK SC", NOTO),
    Role("Rare", "NotoSansCJKsc-Regular", "Noto Sans CJK SC", NOTO),
)


class Source(NamedTuple):
    """A font file, the number of the font in it, what it calls itself, and whether it is the employer's own."""

    path: Path
    number: int
    family: str
    own: bool = False


def installed() -> Mapping[str, tuple[Path, int]]:
    """Return the file and index of every installed font by its PostScript name."""
    program = shutil.which("fc-list")
    if program is None:
        return {}
    environment = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    form = "%{postscriptname}\t%{file}\t%{index}\n"
    done = subprocess.run(  # noqa: S603 - the program's own full path and fixed arguments
        [program, "--format", form], capture_output=True, text=True, check=True, env=environment
    )
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: (Path(file), int(index)) for name, file, index in sorted(rows) if int(index) <= 0xFFFF}  # noqa: PLR2004 - higher bits are instances of a variable font


def own_files(folder: Path | None) -> list[Path]:
    """Return the font files of the employer's folder, in order."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def own_sources(folder: Path | None) -> Mapping[str, Source]:
    """Return the employer's fonts that serve a role, by the role's name, if their makers allow embedding."""
    found: dict[str, Source] = {}
    for path, index, font in _open_all(own_files(folder)):
        names = {str(n).casefold() for n in font["name"].names if n.nameID in (1, 4, 6, 16)}
        for role in ROLES:
            if role.name not in found and may_be_embedded(font) and names & {o.casefold() for o in role.own}:
                found[role.name] = Source(path, index, str(font["name"].getBestFamilyName()), own=True)
    return found


def refused(folder: Path | None) -> list[Path]:
    """Return the employer's fonts that cannot be used: broken, or not to be embedded in documents."""
    usable = {path for path, _, font in _open_all(own_files(folder)) if may_be_embedded(font)}
    return [path for path in own_files(folder) if path not in usable]


def may_be_embedded(font: "TTFont") -> bool:
    """Tell whether the maker of a font allows it inside documents."""
    return "OS/2" not in font or (font["OS/2"].fsType & 0x000F) != RESTRICTED


def _open_all(paths: list[Path]) -> Iterator[tuple[Path, int, "TTFont"]]:
    """Open every font of every file, one after the other; broken files are passed over."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # noqa: PLC0415 - slow to load, seldom needed

    for path in paths:
        kind = TTCollection if path.suffix.lower() in (".ttc", ".otc") else TTFont
        with path.open("rb") as file, suppress(TTLibError):
            fonts = kind(file, lazy=True)
            yield from ((path, index, font) for index, font in enumerate(getattr(fonts, "fonts", [fonts])))


def find(role: Role, own: Mapping[str, Source], fonts: Mapping[str, tuple[Path, int]]) -> Source | None:
    """Return what serves a role: the employer's own font, else the Debian package's, else nothing."""
    if role.name in own:
        return own[role.name]
    if role.postscript in fonts:
        path, index = fonts[role.postscript]
        return Source(path, index, role.family)
    return None


def fetch_fang(target: Path) -> Path | None:
    """Copy the free 仿宋 out of its Debian package into ``target``; ``None`` if it cannot be had here.

    The package is 49 MB and would pull in TeX when installed, so it is only unpacked.
    """
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if apt is None or dpkg is None:
        return None
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103, PTH101 - apt's unprivileged user downloads into it
        try:
            _run([apt, "download", "-q", FANG_PACKAGE], folder)
            _run([dpkg, "-x", *map(str, Path(folder).glob("*.deb")), "unpacked"], folder)
        except (subprocess.SubprocessError, OSError):
            return None
        found = sorted(Path(folder).rglob(FANG_FILE))
        return Path(shutil.copy(found[0], target)) if found else None


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS)  # noqa: S603 - fixed arguments
