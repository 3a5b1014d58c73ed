"""The private fontconfig file: roles of typefaces mapped to the reduced faces, and what stands in for a character."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

REDUCED: Final = " Reduced"
HALF: Final = " Half"
# What a role falls back to, in order, when its face lacks a character.
FALLBACKS: Final = {
    "Song": ("Noto Serif CJK SC",),
    "Title": ("Noto Serif CJK SC",),
    "Hei": ("Noto Sans CJK SC",),
    "Kai": ("Song", "Noto Serif CJK SC"),
    "Fang": ("Filler", "Noto Serif CJK SC"),
    "Latin": (),
    "Half": (),
}


def configuration(folder: Path, families: Mapping[str, str]) -> str:
    """Return the file for the fonts in a folder; ``families`` by role, without the suffix of reduced ones."""
    made = {role: family + REDUCED for role, family in families.items()}
    parts = [f"<dir>{escape(str(folder))}</dir>", f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>"]
    for role, spare in FALLBACKS.items():
        chain = [made[role]] if role in made else []
        parts.append(_alias(role, [*chain, *(made.get(name, name) for name in spare)]))
    parts.append(_edit("append_last", ["Noto Serif CJK SC", "Noto Sans CJK SC"]))
    return '<?xml version="1.0"?>\n<fontconfig>\n' + "\n".join(parts) + "\n</fontconfig>\n"


def _alias(role: str, chain: list[str]) -> str:
    return _edit("assign", chain, f'<test name="family"><string>{role}</string></test>')


def _edit(mode: str, names: list[str], test: str = "") -> str:
    strings = "".join(f"<string>{escape(name)}</string>" for name in names)
    edit = f'<edit name="family" mode="{mode}" binding="strong">{strings}</edit>'
    return f'<match target="pattern">{test}{edit}</match>'
