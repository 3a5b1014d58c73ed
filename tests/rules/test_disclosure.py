"""What a candidate may know of their own result before the notice."""

import pytest

from rules.disclosure import disclosed, published

KEYS = ["materials", "interview"]


def steps(**states: str) -> list[tuple[str, str]]:
    order = ["_screening", "_applications", *KEYS, "_final", "_decision", "_notice", "_archive"]
    return [(key, states.get(key.strip("_"), "pending")) for key in order]


def told(outcome: str | None, **states: str) -> str | None:
    return disclosed(outcome, steps=steps(**states), stage_keys=KEYS)


@pytest.mark.parametrize("outcome", ["selected", "reserve", "tied", "eliminated:final", "eliminated:interview"])
def test_the_notice_says_it_and_nothing_before(outcome: str) -> None:
    before = {"applications": "done", "materials": "done", "interview": "done", "final": "done", "decision": "done"}
    assert told(outcome, **before) is None
    assert told(outcome, **before, notice="open") == outcome


def test_a_result_that_was_withdrawn_is_not_known_again() -> None:
    assert not published(steps(decision="open"))
    assert published(steps(notice="done"))


@pytest.mark.parametrize("outcome", ["ineligible", "late", "early", "withdrawn"])
def test_what_the_records_say_is_known_once_applications_are_counted(outcome: str) -> None:
    assert told(outcome, applications="closed") is None
    assert told(outcome, applications="done") == outcome


def test_who_left_at_a_stage_knows_when_the_others_are_called_to_the_next() -> None:
    assert told("eliminated:materials", applications="done", materials="done") is None
    assert (
        told("eliminated:materials", applications="done", materials="done", interview="open") == "eliminated:materials"
    )


def test_who_is_in_is_in() -> None:
    assert told(None, applications="done", materials="done", interview="open") is None
