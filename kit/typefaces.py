"""One typeface, reduced for documents: fewer characters, TrueType outlines, the same line height as its neighbours.

A reduced typeface makes a document three times smaller and a quarter faster; equal ascent and descent keep the
line pitch constant when typefaces are mixed, which the official page grid needs.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from kit.outlines import quadratic

ASCENT, DESCENT = 0.88, 0.12

# Characters of the national standard table of 2013 (通用规范汉字表) that GBK lacks: they occur in names.
NAME_CHARACTERS = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃"
    "䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮鿍鿎鿏鿔𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶"
    "𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽹𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨"
    "𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯"
    "𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕"
    "𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
SYMBOLS = "✓✗☐○●◎■□▲△▼▽★☆→←↑↓≤≥±×÷√∑∞⅓⅔½¼¾"  # also those that GBK lacks
# These belong to Chinese text although Latin typefaces have them too: always one em wide, never from a Latin face.
WIDE = "—…·“”‘’"
OPENING, CLOSING = "（《「『【〔“‘〈", "，。、；：？！）》」』】〕”’〉"
BLANKS = frozenset(map(ord, " \u00a0\u3000"))  # a blank is drawn from the face of the word before it
FILLER_SCALE = 0.93
LEGAL_NAMES = (0, 7, 8, 9, 13, 14)  # copyright, maker, licence


class Face(NamedTuple):
    """What is made: a family of its own, of one weight.

    ``kind`` is ``chinese``, ``latin`` (digits and letters only), ``half`` (marks only, half an em wide) or
    ``filler`` (what another face lacks, a little smaller).
    """

    family: str
    weight: int = 400
    kind: str = "chinese"


class Fitted(NamedTuple):
    """A glyph's new width, and how its outline is scaled and shifted."""

    width: float
    x_scale: float = 1
    y_scale: float = 1
    right: float = 0
    up: float = 0

    def transform(self) -> tuple[float, ...] | None:
        """Return the matrix for a pen; ``None`` if the outline stays as it is."""
        same = self[1:] == (1, 1, 0, 0)
        return None if same else (self.x_scale, 0, 0, self.y_scale, self.right, self.up)


Fit = Callable[[float, float], Fitted]  # from a glyph's width and the em


def repertoire(kind: str) -> frozenset[int]:
    """Return the characters of a kind of face."""
    if kind == "half":
        return frozenset(map(ord, OPENING + CLOSING))
    return latin_characters() if kind == "latin" else chinese_characters()


@cache
def chinese_characters() -> frozenset[int]:
    """Return the repertoire: all of GBK, ASCII, name characters and symbols."""
    leads, trails = range(0x81, 0xFF), range(0x40, 0xFF)
    gbk = (bytes((lead, trail)).decode("gbk", "ignore") for lead in leads for trail in trails)
    text = "".join(gbk) + NAME_CHARACTERS + SYMBOLS
    return frozenset(map(ord, text)) | frozenset(range(0x20, 0x7F))


@cache
def latin_characters() -> frozenset[int]:
    """Return ASCII and the Latin letters with accents, without the signs that Chinese text uses wide."""
    letters = {c for c in range(0xA1, 0x250) if chr(c).isalpha()}
    return frozenset(range(0x20, 0x7F)) | letters | frozenset(map(ord, "\u00a0–‑€£"))


def reduce(source: Path, index: int, target: Path, face: Face, *, without: frozenset[int] = frozenset()) -> None:
    """Write the reduced typeface, without some characters; the same bytes each time.

    Glyphs are drawn into a new font one by one: five times as fast as subsetting the source and converting it.
    """
    with TTFont(source, fontNumber=index, lazy=True) as old:
        wanted = repertoire(face.kind) - without | BLANKS
        cmap = {code: glyph for code, glyph in sorted(old.getBestCmap().items()) if code in wanted}
        glyphs = dict.fromkeys([".notdef", *cmap.values()])
        new = FontBuilder(old["head"].unitsPerEm, isTTF=True)
        new.setupGlyphOrder(list(glyphs))
        new.setupCharacterMap(cmap)
        outlines, widths = _drawn(old, glyphs, _fitting(face.kind, cmap))
        new.setupGlyf(outlines)
        new.setupHorizontalMetrics({g: (w, getattr(outlines[g], "xMin", 0)) for g, w in widths.items()})
        _finish(new, old, face)
        new.font.save(target)


def _fitting(kind: str, cmap: Mapping[int, str]) -> dict[str, Fit]:
    """Return how glyphs are fitted into another width or size, by their names."""
    if kind == "chinese":
        return {cmap[ord(c)]: _whole for c in WIDE if ord(c) in cmap}
    if kind == "half":
        return {g: _right_half if chr(c) in OPENING else _left_half for c, g in cmap.items()}
    return dict.fromkeys(cmap.values(), _smaller) if kind == "filler" else {}


def _whole(width: float, em: float) -> Fitted:
    """Centre a sign in a whole em; a dash is stretched instead, so that two of them join."""
    stretch = em / width if width > em / 2 else 1
    return Fitted(em, x_scale=stretch, right=(em - width * stretch) / 2)


def _left_half(_width: float, em: float) -> Fitted:
    return Fitted(em / 2)


def _right_half(_width: float, em: float) -> Fitted:
    return Fitted(em / 2, right=-em / 2)


def _smaller(width: float, em: float) -> Fitted:
    """Bring a glyph nearer to the smaller face of 仿宋, around the middle of the em."""
    lost = 1 - FILLER_SCALE
    middle = em * (ASCENT - DESCENT) / 2
    return Fitted(width, FILLER_SCALE, FILLER_SCALE, right=width * lost / 2, up=middle * lost)


def _drawn(old: Any, glyphs: Iterable[str], fits: Mapping[str, Fit]) -> tuple[dict[str, Any], dict[str, int]]:  # noqa: ANN401 - fontTools carries no types
    """Return outlines and widths."""
    shapes, em = old.getGlyphSet(), old["head"].unitsPerEm
    outlines, widths = {}, {}
    for glyph in glyphs:
        fitted = fits.get(glyph, _as_it_is)(shapes[glyph].width, em)
        outlines[glyph] = _outline(old, shapes, glyph, fitted.transform())
        widths[glyph] = round(fitted.width)
    return outlines, widths


def _as_it_is(width: float, _em: float) -> Fitted:
    return Fitted(width)


def _outline(old: Any, shapes: Any, glyph: str, transform: tuple[float, ...] | None) -> Any:  # noqa: ANN401 - fontTools carries no types
    draw = shapes[glyph].draw
    if "glyf" not in old:
        return quadratic(
            lambda pen: draw(TransformPen(pen, transform) if transform else pen), old["head"].unitsPerEm / 1000
        )
    if not transform and not old["glyf"][glyph].isComposite():
        return old["glyf"][glyph]
    pen = TTGlyphPen(None)
    draw(DecomposingFilterPen(TransformPen(pen, transform) if transform else pen, shapes))
    return pen.glyph()


def _finish(new: FontBuilder, old: Any, face: Face) -> None:  # noqa: ANN401 - fontTools carries no types
    em, bold = old["head"].unitsPerEm, face.weight >= 700  # noqa: PLR2004 - CSS's number for bold
    up, down, style = round(em * ASCENT), round(em * DESCENT), "Bold" if bold else "Regular"
    new.setupHorizontalHeader(ascent=up, descent=-down, lineGap=0)
    metrics = {"sTypoAscender": up, "sTypoDescender": -down, "sTypoLineGap": 0, "usWinAscent": up, "usWinDescent": down}
    kept = {"fsType": old["OS/2"].fsType, "panose": old["OS/2"].panose, "sFamilyClass": old["OS/2"].sFamilyClass}
    new.setupOS2(**metrics, **kept, usWeightClass=face.weight, fsSelection=0x20 if bold else 0x40)
    new.setupNameTable({"familyName": face.family, "styleName": style, "fullName": f"{face.family} {style}"})
    new.font["name"].setName(f"{face.family.replace(' ', '')}-{style}", 6, 3, 1, 0x409)
    for entry in (n for n in old["name"].names if n.nameID in LEGAL_NAMES):
        new.font["name"].setName(str(entry), entry.nameID, entry.platformID, entry.platEncID, entry.langID)
    new.setupPost(keepGlyphNames=False)
    head = new.font["head"]
    head.created = head.modified = old["head"].modified
    head.macStyle = int(bold)
    new.font.recalcTimestamp = False


def characters(path: Path, index: int = 0) -> frozenset[int]:
    """Return the characters that a font file draws."""
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap())


def main(source: str, index: str, target: str, face: str, *beside: str) -> None:
    """Reduce one typeface to a ``face`` (JSON); without the characters of the font (file, number) ``beside``."""
    gc.disable()  # a million short-lived points, none of them in cycles
    without = characters(Path(beside[0]), int(beside[1])) if beside else frozenset()
    reduce(Path(source), int(index), Path(target), Face(*json.loads(face)), without=without)


if __name__ == "__main__":
    main(*sys.argv[1:])
