"""What the law forbids is refused wherever a policy says it; what is doubtful is warned of."""

import pytest

from tests.forms.sample_policy import faults, line_of, policy, put, warnings

PLACES = (
    "title",
    "post/name",
    "post/code",
    "post/track",
    "lines/phone",
    "grades/0",
    "ratings/0",
    "eligibility/ratings/neutral/0",
    "eligibility/incidents/none_of/0",
    "eligibility/kpis/0/key",
    "special_channel/any_of/0/honour",
    "special_channel/any_of/1/certificate",
    "applications/materials/0",
    "stages/0/name",
    "stages/0/key",
    "stages/3/criteria/0/name",
    "stages/3/criteria/0/key",
)


@pytest.mark.parametrize("path", PLACES)
def test_a_forbidden_rule_is_refused_wherever_it_stands(path: str) -> None:
    for words in ("限男性", "未婚", "已育优先"):
        text = put({path: words})
        told = [(line, what) for line, what in faults(text) if "法律不允许" in what]
        assert [line for line, _ in told] == [line_of(text, words)]
        assert told[0][1].endswith("》）；请删去")


@pytest.mark.parametrize("path", PLACES)
def test_a_doubtful_rule_is_warned_of_and_taken(path: str) -> None:
    text = put({path: "35岁以下"})
    [(line, what)] = warnings(text)
    assert line == line_of(text, "35岁以下")
    assert "年龄" in what


def test_the_keys_that_the_author_chooses_are_judged_too() -> None:
    for path, areas in (("lines", "{male: 男, female: 女}"), ("stages/2/exam/areas", "{gender: 100}")):
        assert "法律不允许" in faults(put({path: areas}))[0][1]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("gender", "妇女权益保障法"),
        ("marital_status", "婚姻状况"),
        ("性别", "妇女权益保障法"),
        ("ethnicity", "民族"),
        ("religion", "宗教信仰"),
        ("disability", "残疾人保障法"),
        ("no_sick_leave", "依法休假"),
        ("max_age", "年龄"),
        ("hukou", "户籍"),
        ("户籍", "户籍"),
    ],
)
def test_an_unknown_key_carries_what_the_law_says_to_it(key: str, reason: str) -> None:
    for path in ("eligibility", "special_channel", "stages/0/panel"):
        text = put({f"{path}/{key}": "x"})
        [(line, what)] = faults(text)
        assert line == line_of(text, f"{key}: x")
        assert what.startswith(f"不认识的键“{key}”")
        assert reason in what.partition("；此处允许：")[2]


def test_an_ordinary_unknown_key_carries_no_lecture() -> None:
    assert "请注意" not in faults(put({"quota/extra": "x"}))[0][1]


@pytest.mark.parametrize("words", ["婚庆业务", "女士", "客户性别称谓礼仪", "不限男女", "孕产客户关怀", "户籍业务咨询"])
def test_what_the_work_is_about_passes(words: str) -> None:
    assert warnings(put({"stages/3/criteria/0/name": words, "lines/phone": words, "title": words})) == []


def test_who_issues_the_documents_is_no_rule() -> None:
    assert policy(put({}) + "organisation: {name: 未婚青年联谊会}\n").organisation.name == "未婚青年联谊会"
