"""Fonts: found or loudly missed, the employer's own first, reduced the same way each time, every name drawable."""

import json
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from kit import fontconfig, fonts, fontsources, typefaces
from kit.fonts import FontError, FontSet
from kit.settings import settings
from kit.typefaces import Face


@pytest.fixture(scope="module")
def prepared() -> FontSet:
    return fonts.prepare(settings().cache, settings().fonts)


def a_font(path: Path, name: str, *, allowed: bool = True) -> Path:
    """Write a small font of an employer."""
    pen = TTGlyphPen(None)
    for move in ((0, 0), (500, 0), (500, 500)):
        (pen.lineTo if pen.points else pen.moveTo)(move)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "jia"])
    font.setupCharacterMap({ord("甲"): "jia"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "jia": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "jia": (1000, 0)})
    font.setupHorizontalHeader()
    font.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    font.setupOS2(fsType=0 if allowed else 2)
    font.setupPost()
    font.save(path)
    return path


def test_this_machine_has_what_documents_need() -> None:
    assert [p for p in fonts.check() if p.serious] == []


def test_missing_fonts_are_a_loud_error_that_names_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FontError) as error:
        fonts.prepare(tmp_path)
    for package in ("fonts-noto-cjk", "fonts-noto-cjk-extra", "fonts-lxgw-wenkai", "fonts-liberation"):
        assert f"apt-get install {package}" in str(error.value)
    assert not list(tmp_path.glob("fonts-*"))


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fonts.LIBRARIES, "libsurely-not-there.so.9", "libsurely-not-there9")
    problems = [p for p in fonts.check() if "libsurely-not-there.so.9" in p.text]
    assert [(p.remedy, p.serious) for p in problems] == [("apt-get install libsurely-not-there9", True)]


def test_without_a_package_manager_there_is_no_free_fang_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fontsources.fetch_fang(tmp_path) is None


def test_fonts_are_prepared_once(prepared: FontSet) -> None:
    told: list[str] = []
    again = fonts.prepare(settings().cache, settings().fonts, tell=told.append)
    assert (again, told) == (prepared, [])


def test_every_role_has_a_family(prepared: FontSet) -> None:
    assert {"Song", "Title", "Hei", "Kai", "Fang", "Half", "Latin"} <= prepared.families.keys()


def test_a_substitute_is_recorded(prepared: FontSet) -> None:
    stands_in = "Fang" in prepared.substitutes
    assert stands_in == (prepared.families["Fang"] == fontsources.INSTEAD_OF_FANG.family)


def test_names_are_drawable_and_pictures_are_not(prepared: FontSet) -> None:
    assert prepared.undrawable("玥堃赟 𠮷 欧阳㛃 阿卜杜拉·买买提 “一——二……” Ⅱ ① ✓ Zoë\n") == []
    assert prepared.undrawable("好😀") == ["😀"]


def test_the_employers_own_font_comes_first(tmp_path: Path) -> None:
    path = a_font(tmp_path / "fz.ttf", "FangSong_GB2312")
    own = fontsources.own_sources(tmp_path)
    found = fontsources.find(next(r for r in fontsources.ROLES if r.name == "Fang"), own, fontsources.installed())
    assert found is not None
    assert (found.path, found.family, found.own) == (path, "FangSong_GB2312", True)


def test_own_fonts_that_must_not_be_embedded_or_are_broken_are_refused(tmp_path: Path) -> None:
    forbidden = a_font(tmp_path / "a.ttf", "SimHei", allowed=False)
    broken = tmp_path / "b.ttf"
    broken.write_bytes(b"not a font")
    assert fontsources.own_sources(tmp_path) == {}
    assert fontsources.refused(tmp_path) == [forbidden, broken]
    assert [p.serious for p in fonts.check(tmp_path) if "嵌入" in p.text] == [False, False]


def test_another_folder_of_own_fonts_is_another_font_set(tmp_path: Path) -> None:
    before = fonts._key(tmp_path)
    a_font(tmp_path / "fz.ttf", "FangSong_GB2312")
    assert fonts._key(tmp_path) != before


def test_a_missing_folder_of_own_fonts_is_said(tmp_path: Path) -> None:
    assert [p for p in fonts.check(tmp_path / "nowhere") if p.serious and "nowhere" in p.text]


def test_reduced_faces_share_their_height_and_carry_no_layout(prepared: FontSet) -> None:
    for path in prepared.folder.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            em = font["head"].unitsPerEm
            assert (font["hhea"].ascent / em, font["hhea"].descent / em) == pytest.approx((0.88, -0.12), abs=0.001)
            assert not {"GSUB", "GPOS", "kern", "CFF "} & set(font.keys())


def test_signs_of_chinese_text_fill_a_whole_em_and_never_come_from_the_latin_face(prepared: FontSet) -> None:
    with TTFont(prepared.folder / "Song-400.ttf") as song:
        for sign in typefaces.WIDE:
            assert song["hmtx"][song.getBestCmap()[ord(sign)]][0] == song["head"].unitsPerEm
    assert not set(map(ord, typefaces.WIDE)) & typefaces.characters(prepared.folder / "Latin-400.ttf")


def test_half_marks_are_half_as_wide(prepared: FontSet) -> None:
    with TTFont(prepared.folder / "Half-400.ttf") as half:
        widths = {half["hmtx"][g][0] for g in half.getBestCmap().values()}
        assert widths == {half["head"].unitsPerEm // 2}


def test_reducing_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    path, number = fontsources.installed()["LiberationSerif"]
    for target in ("a.ttf", "b.ttf"):
        typefaces.reduce(path, number, tmp_path / target, Face("Test", kind="latin"))
    assert (tmp_path / "a.ttf").read_bytes() == (tmp_path / "b.ttf").read_bytes()


def test_a_font_can_be_reduced_without_what_another_has(tmp_path: Path) -> None:
    path, number = fontsources.installed()["LiberationSerif"]
    typefaces.reduce(path, number, tmp_path / "a.ttf", Face("Test", kind="latin"), without=frozenset({ord("a")}))
    left = typefaces.characters(tmp_path / "a.ttf")
    assert (ord("a") in left, ord("b") in left) == (False, True)


def test_the_configuration_survives_a_folder_with_odd_characters(tmp_path: Path) -> None:
    text = fontconfig.configuration(tmp_path / "a & <b>", {"Fang": "X & Y"})
    assert "a &amp; &lt;b&gt;" in text
    assert "X &amp; Y Reduced" in text


def test_the_manifest_says_which_fonts_a_version_stands_for(prepared: FontSet) -> None:
    manifest = json.loads((prepared.folder / "manifest.json").read_text())
    assert prepared.version == manifest["version"]
    assert all(len(face["sha256"]) == 64 for face in manifest["faces"])
