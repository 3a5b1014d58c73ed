"""Whatever the bytes of a policy.yaml are: a policy, or faults with lines; never a traceback."""

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forms import policies
from kit.i18n import in_language, say
from tests.forms.sample_policy import SAMPLE, faults, line_of, policy, put, refused, tree

TEXT = SAMPLE.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", " ", "\n---\n", "~", "\ufeff", b"", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(text: str | bytes) -> None:
    assert [line for line, _ in faults(text)] == [1]
    assert "文件是空的" in faults(text)[0][1]


@pytest.mark.parametrize("text", ["- version: 1\n", "[]", "hello", "42", "'x'", "true", "|\n  version: 1\n"])
def test_something_else_than_a_map_is_refused(text: str) -> None:
    [(line, what)] = faults(text)
    assert line == 1
    assert "此处应为“键: 值”的映射" in what


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated() -> None:
    plain = policy(TEXT)
    assert policy("\ufeff" + TEXT) == plain
    assert policies.read(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()).policy == plain
    assert policies.read(TEXT.replace("\n", "\r")).policy == plain


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    text = put({"quota/method": "hare"})
    assert [line for line, _ in faults(text.replace("\n", end))] == [line_of(text, "hare")]


CHARACTERS = {
    "\0": "U+0000",
    "\x1b": "U+001B",
    "\x85": "U+0085",
    "\u2028": "U+2028",
    "\ufeff": "U+FEFF",
    "\ud800": "U+D800",
}


@pytest.mark.parametrize("character", CHARACTERS)
def test_invisible_characters_are_told_with_their_code_and_line(character: str) -> None:
    text = TEXT.replace("电话客服", f"电话{character}客服").replace("name: 沟通技巧", f"name: 沟通{character}技巧")
    assert [line for line, _ in faults(text)] == [line_of(TEXT, "电话客服"), line_of(TEXT, "name: 沟通技巧")]
    assert all(CHARACTERS[character] in what for _, what in faults(text))


@pytest.mark.parametrize("escape", [r"\0", r"\x1b", r"\ud800", r"\u2028", r"\N", r"\UFFFFFFFF", r"\U00110000", r"\q"])
def test_escapes_bring_no_such_character_in_either(escape: str) -> None:
    text = put({"post/name": f'"主{escape}管"'})
    assert [line for line, _ in faults(text)] == [line_of(text, "name:")]


def test_tabs_are_told_line_by_line_but_not_in_remarks() -> None:
    text = TEXT.replace("  code: SUP1", "\tcode: SUP1").replace("seats: 12", "seats:\t12")
    assert [line for line, _ in faults(text)] == [line_of(text, "\tcode"), line_of(text, "seats:\t12")]
    assert policy("#\ta remark\n  #\tanother\n" + TEXT)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5hkscs"])
def test_another_encoding_is_told(encoding: str) -> None:
    [(line, what)] = faults(TEXT.encode(encoding, "replace"))
    assert line == (1 if encoding == "utf-16" else line_of(TEXT, "title"))
    assert "UTF-8" in what


MAGIC = [
    "!!python/object/apply:os.system [ls]",
    "!!python/name:os.system",
    "!!str 主管",
    "!local 主管",
    "! 主管",
    "!<tag:yaml.org,2002:str> 主管",
    "&a 主管",
    "*a",
    "&a [*a]",
    "{<<: *a}",
    "!!binary aGVsbG8=",
]


@pytest.mark.parametrize("magic", MAGIC)
def test_tags_and_references_are_refused(magic: str) -> None:
    text = put({"post/name": magic})
    assert {line for line, _ in faults(text)} == {line_of(text, magic)}
    assert "不接受" in faults(text)[0][1]


def test_an_anchor_is_refused_though_the_rest_is_sound() -> None:
    text = TEXT.replace("post:\n", "post: &post\n")
    [(line, what)] = faults(text)
    assert (line, "锚点" in what) == (line_of(text, "post: &post"), True)


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    text = TEXT.replace("  seats: 12\n", "  seats: 12\n  by: business_line\n  seats: 13\n")
    first = line_of(text, "seats: 12")
    assert faults(text)[0] == (first + 2, f"键“seats”重复；第 {first} 行已有")
    assert ("键“by”重复" in faults(text)[1][1], faults(text)[1][0]) == (True, first + 3)


@pytest.mark.parametrize("key", ["? [a, b]\n: 1", "? {a: b}\n: 1", "{a: b}: 1"])
def test_a_key_is_one_word(key: str) -> None:
    assert (line_of(TEXT + key, key), "键必须是一个词，不能是列表或映射") in faults(TEXT + key)


def test_one_file_is_one_policy() -> None:
    assert "只能有一份方案" in faults(TEXT + "---\n" + TEXT)[0][1]
    assert faults(TEXT + "---\n" + TEXT)[0][0] == TEXT.count("\n") + 1
    assert policy("---\n" + TEXT + "...\n") == policy(TEXT)


SYNTAX = [
    ("title: a: b", 1, "冒号"),
    ("version: 1\ncode", 2, "缺少冒号"),
    ("version: 1\n code: x", 2, "缩进"),
    ("version: 1\npost:\n  code: a\n name: b", 4, "缩进"),
    ("version: 1\ntitle: '竞聘\npost: x\n", 2, "引号没有闭合"),
    ('version: 1\ntitle: "竞聘\npost: x\n', 2, "引号没有闭合"),
    ("version: 1\ngrades: [a, b\npost: x\n", 2, "括号"),
    ("version: 1\ngrades: [a, b}\n", 2, "括号"),
    ("version: 1\ntitle: @a", 2, "特殊字符"),
    ("version: 1\ntitle: %a", 2, "特殊字符"),
    ("version: 1\ntitle: *", 2, "特殊字符"),
    ("%YAML 2.0\n---\nversion: 1", 1, "不是合规的 YAML"),
    (f"%YAML {'9' * 5000}.1\n---\nversion: 1", 1, "不是合规的 YAML"),
    ("version: 1\n... x", 2, "不是合规的 YAML"),
    ("title: |x\n  a", 1, "不是合规的 YAML"),
]


@pytest.mark.parametrize(("text", "line", "hint"), SYNTAX)
def test_what_is_no_yaml_is_told_with_its_line_and_a_hint(text: str, line: int, hint: str) -> None:
    told = faults(text)
    assert (told[0][0], hint in told[0][1]) == (line, True), told


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[" * 5000, "嵌套太深"),
        ("{a: " * 5000, "嵌套太深"),
        ("- " * 5000, "嵌套太深"),
        ("".join(" " * n + "a:\n" for n in range(200)), "嵌套太深"),
        ("title: x\n" * 30_000, "内容太长"),
        ("#" * 1_000_001, "超过 1000000 字节"),
        (b"\xff" * 1_000_001, "超过 1000000 字节"),
        ("title: " + "竞" * 400_000, "超过 1000000 字节"),
    ],
)
def test_depth_length_and_size_have_a_limit(text: str | bytes, what: str) -> None:
    assert what in faults(text)[-1][1]
    assert all(line for line, _ in faults(text))


def sound_or_faulty(content: str | bytes) -> None:
    told = refused(content)
    lines = [fault.line for fault in told]
    assert all(line and line >= 1 for line in lines)
    assert lines == sorted(line or 0 for line in lines)
    for language in ("zh", "en"):
        with in_language(language):
            assert all(say(fault.whole()).encode() for fault in told)


FUZZ = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
PIECES = st.sampled_from(
    [
        *("\n", "  ", "- ", ": ", "? ", "{", "}", "[", "]", "'", '"', "&a", "*a", "!!python/none", "|", ">", "#", "\r"),
        *("---\n", "...\n", "%TAG ! a\n", "<<", "\t", "\0", "\\", "0o7", "1e3", "~", "null", "限男性", "{x}", "{0}"),
        *("%s", "\x85", "𠮷"),
    ]
)


@FUZZ
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b'"\\ud800"')
def test_no_bytes_end_in_a_traceback(content: bytes) -> None:
    sound_or_faulty(content)


@FUZZ
@given(st.lists(PIECES | st.text(max_size=5), max_size=30))
def test_no_pieces_of_yaml_end_in_a_traceback(pieces: list[str]) -> None:
    sound_or_faulty("".join(pieces))


@FUZZ
@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.lists(PIECES | st.text(max_size=5), max_size=4))
def test_no_damage_to_the_sample_ends_in_a_traceback(at: int, length: int, pieces: list[str]) -> None:
    sound_or_faulty(TEXT[:at] + "".join(pieces) + TEXT[at + length :])


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.binary(max_size=3)
)
WORDS = st.sampled_from(
    ["key", "kind", "review", "training", "weight", "months", "at_least", "theory.exam", "60", "100"]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@FUZZ
@given(st.data())
def test_no_value_at_any_place_ends_in_a_traceback(data: st.DataObject) -> None:
    root = tree()
    node: Any = root
    while True:
        step = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[step], dict | list) or not node[step] or data.draw(st.booleans()):
            break
        node = node[step]
    node[step] = data.draw(ANYTHING)
    sound_or_faulty(yaml.safe_dump(root, allow_unicode=True))


def test_messages_are_not_disturbed_by_braces_in_the_input() -> None:
    [fault] = refused(put({"quota/method": "'{method} {0} %s'"}))
    assert "{method} {0} %s" in say(fault.whole())
