"""The English catalogue is complete: every text of the code, nothing else, with the same places."""

import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from kit import i18n

ROOT = Path(__file__).parents[2]


@cache
def texts_of_the_code() -> set[str]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, directory_filter=lambda d: not Path(d).name.startswith("."))
    return {m if isinstance(m, str) else m[0] for _file, _line, m, _comments, _context in found} - {""}


@cache
def english() -> dict[str, str]:
    with (ROOT / "locale/en/LC_MESSAGES/jingpin.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and not m.fuzzy}


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}


def test_the_code_has_texts() -> None:
    assert len(texts_of_the_code()) > 200


def test_every_text_is_translated() -> None:
    assert {t for t in texts_of_the_code() if not english().get(t)} == set()


def test_nothing_is_left_over() -> None:
    assert set(english()) - texts_of_the_code() == set()


@pytest.mark.parametrize("text", sorted(english()) if (ROOT / "locale/en/LC_MESSAGES/jingpin.po").exists() else [])
def test_a_translation_has_the_same_places(text: str) -> None:
    if "{" in text:
        assert places(english()[text]) == places(text)


def test_the_language_can_be_chosen() -> None:
    with i18n.in_language("en_GB.UTF-8"):
        assert i18n.language() == "en"
    assert i18n.gettext("没有这句话") == "没有这句话"
