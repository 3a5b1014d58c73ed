"""The schema for editors: accepts what the check accepts, refuses what has the wrong form."""

from typing import Any

import jsonschema
import pytest
import yaml

from forms.policy_schema import schema
from kit.i18n import in_language
from tests.forms.sample_policy import NAMED_KEYS, SAMPLE, faults, put, renamed, without

SCHEMA = schema()
jsonschema.Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def as_editors_read(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def refuses(text: str) -> bool:
    return not VALIDATOR.is_valid(as_editors_read(text))


def test_the_sample_is_accepted() -> None:
    VALIDATOR.validate(as_editors_read(SAMPLE.read_text("utf-8")))


@pytest.mark.parametrize("path", NAMED_KEYS)
def test_schema_and_check_agree_about_every_key(path: str) -> None:
    assert refuses(renamed(path, path.rpartition("/")[2] + "zz"))
    text = without(path)
    if path != "eligibility/kpis/0/at_most":  # that one of two must stand is for the check alone
        assert refuses(text) == bool(faults(text))


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("version", "2"),
        ("code", "a/b"),
        ("title", "''"),
        ("post", "x"),
        ("as_of", "30.09.2026"),
        ("lines", "[phone]"),
        ("grades", "[]"),
        ("eligibility/tenure/counted_from", "birthday"),
        ("eligibility/tenure/months", "-1"),
        ("eligibility/tenure/months", "2.5"),
        ("eligibility/tenure/months", "'2.5'"),
        ("eligibility/kpis/0/at_most", "'1e2'"),
        ("special_channel/any_of", "[{}]"),
        ("special_channel/relaxes", "{ratings: {}}"),
        ("quota/method", "hare"),
        ("applications/opens_at", "'2026-10-12T09:00:00'"),
        ("stages/0/key", "final"),
        ("stages/0/kind", "interview"),
        ("stages/0/kind", "training"),
        ("stages/0/pass_mark", "100.5"),
        ("stages/0/panel/quorum", "0"),
        ("stages/0/criteria/0/max", "0"),
        ("stages/2/exam/areas/policy", "-30"),
        ("notice/count_first_day", "'yes'"),
    ],
)
def test_structural_faults_are_refused(path: str, raw: str) -> None:
    text = put({path: raw})
    assert refuses(text)
    assert faults(text)


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("version", "1"),
        ("post/code", "1001"),
        ("grades", "[1, 2, 3]"),
        ("final/pass_mark", "60.5"),
        ("eligibility/kpis/0/at_least", "-2"),
        ("notice/count_first_day", "true"),
        ("stages/0/advance", "{per_seat: 3}"),
        ("eligibility", "{}"),
        ("applications/materials", "[]"),
        ("stages/0/closes_at", "'2026-10-30T18:00:00+08:00'"),
    ],
)
def test_what_the_check_accepts_is_accepted(path: str, raw: str) -> None:
    text = put({path: raw})
    assert faults(text) == []
    assert not refuses(text)


def titles(node: Any) -> list[str]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node["title"]] if isinstance(node, dict) and isinstance(node.get("title"), str) else []
    return own + [title for child in inner for title in titles(child)]


def test_every_key_has_a_title_in_either_language() -> None:
    for language in ("zh", "en"):
        with in_language(language):
            assert all(titles(schema()))
    assert SCHEMA["properties"]["quota"]["properties"]["seats"]["title"] == "名额"
    assert SCHEMA["$schema"].endswith("2020-12/schema")
