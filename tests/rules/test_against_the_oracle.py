"""The law against a second implementation of its text: hundreds of drawn rounds, and the sample, in every result."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import bundles
from forms.bundles import Bundle
from rules.policies import SeatMethod, Unused
from rules.ranking import place
from rules.rounds import decide, results_json
from tests.rules import centres, oracle
from tests.rules.factories import person, policy, quota

ROUNDS = 300
SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"


class Drawn(NamedTuple):
    """A round that was drawn, its policy as written, everybody's line, and what law and oracle say of it."""

    seed: int
    policy: dict[str, Any]
    lines: dict[str, str]
    found: dict[str, Any]
    expected: dict[str, Any]


def decided(bundle: Bundle) -> dict[str, Any]:
    """Return what the law decides, with the keys of an expected.json and no others."""
    found = results_json(bundle.policy, decide(bundle.policy, bundle.personnel, bundle.evidence))
    shown = ("staff_no", "eligible", "channel", "verdicts")
    return {**found, "screening": [{key: one[key] for key in shown} for one in found["screening"]]}


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[Drawn]:
    return list(_rounds(tmp_path_factory.mktemp("rounds")))


def _rounds(parent: Path) -> Iterator[Drawn]:
    for seed in range(ROUNDS):
        folder = parent / str(seed)
        folder.mkdir()
        centres.write(folder, seed)
        policy = yaml.load((folder / "policy.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - it gives texts only
        bundle = bundles.read(folder)
        lines = {person.staff_no: person.business_line for person in bundle.personnel.people}
        yield Drawn(seed, policy, lines, decided(bundle), oracle.decide(folder))


@pytest.fixture(scope="module")
def results(rounds: list[Drawn]) -> list[dict[str, Any]]:
    return [result for one in rounds for result in one.expected["results"]]


@pytest.mark.parametrize("part", ["code", "screening", "quota", "results"])
def test_the_law_and_its_text_agree_on_every_round(rounds: list[Drawn], part: str) -> None:
    assert {one.seed: one.found[part] for one in rounds if one.found[part] != one.expected[part]} == {}


def test_the_text_alone_gives_the_samples_result() -> None:
    assert oracle.decide(SAMPLE) == json.loads((SAMPLE / "expected.json").read_text("utf-8"))


def test_the_law_says_nothing_that_the_text_does_not_know(rounds: list[Drawn]) -> None:
    for one in rounds:
        assert one.found.keys() == one.expected.keys() == {"code", "screening", "quota", "results"}


def test_every_outcome_is_among_the_drawn_rounds_many_times(results: list[dict[str, Any]]) -> None:
    outcomes = Counter(result["outcome"] for result in results)
    wanted = ["selected", "tied", "reserve", "withdrawn", "early", "late", "ineligible"]
    wanted += [f"eliminated:{key}" for key in ("final", "theory", "materials", "interview")]
    assert {outcome for outcome in wanted if outcomes[outcome] < 20} == set()


def test_every_verdict_is_among_the_drawn_rounds_many_times(rounds: list[Drawn]) -> None:
    verdicts = Counter(pair for one in rounds for s in one.expected["screening"] for pair in s["verdicts"].items())
    rules = ("grade", "ratings", "incidents", "tenure", "kpi:complaints", "kpi:praise")
    wanted = [(rule, verdict) for rule in rules for verdict in ("pass", "fail", "unknown")]
    assert {pair for pair in (*wanted, ("tenure", "relaxed")) if verdicts[pair] < 20} == set()
    channels = Counter(s["channel"] for one in rounds for s in one.expected["screening"])
    assert channels["special"] >= 20


def test_every_combination_of_seats_is_drawn(rounds: list[Drawn]) -> None:
    quotas = Counter((q["method"], q.get("unused", "void")) for q in (one.policy["quota"] for one in rounds))
    assert len(quotas) == 9
    assert min(quotas.values()) >= 10
    assert {q.get("minimum") for q in (one.policy["quota"] for one in rounds)} == {None, "0", "1", "2"}


def test_every_way_of_trimming_and_rounding_is_drawn(rounds: list[Drawn]) -> None:
    stages = list(chain.from_iterable(one.policy["stages"] for one in rounds))
    panels = [stage.get("panel", {}) for stage in stages if stage["kind"] == "review"]
    dropping = [p for p in panels if int(p.get("drop_high", 0)) + int(p.get("drop_low", 0))]
    assert min(Counter(p.get("trim_level", "total") for p in dropping).values()) >= 50
    assert {p.get("trim_from") for p in dropping} == {None, "2", "3", "4", "5", "6"}
    assert {p.get("quorum") for p in panels} == {None, "1", "2", "3"}
    assert sum("advance" in stage for stage in stages) >= 50
    roundings = [one.policy["rounding"] for one in rounds]
    assert {r.get("digits") for r in roundings} == {None, "0", "1", "2", "3", "7"}
    assert {r.get("mode") for r in roundings} == {None, "half_up", "truncate"}


def test_shared_ranks_and_chains_are_among_the_drawn_rounds(rounds: list[Drawn]) -> None:
    shared = [len({r["rank"] for r in ranked}) < len(ranked) for one in rounds if (ranked := _ranked(one))]
    assert shared.count(True) >= 20
    assert shared.count(False) >= 20
    assert Counter("tie_break" in one.policy["final"] for one in rounds).keys() == {True, False}


def _ranked(one: Drawn) -> list[dict[str, Any]]:
    return [result for result in one.expected["results"] if result["rank"]]


def test_somebody_takes_a_seat_that_another_line_could_not_fill(rounds: list[Drawn]) -> None:
    moved = Counter(one.policy["quota"].get("unused", "void") for one in rounds if _more_than_its_seats(one))
    assert moved.keys() == {"best_score", "reapportion"}
    assert min(moved.values()) >= 3


def _more_than_its_seats(one: Drawn) -> bool:
    taken = Counter(one.lines[r["staff_no"]] for r in one.expected["results"] if r["outcome"] == "selected")
    return any(n > one.expected["quota"][line] for line, n in taken.items())


lines_of_five = st.sampled_from(centres.LINES)
finalists = st.lists(st.tuples(lines_of_five, st.sampled_from(["58", "60", "61", "62", "63"])), max_size=14)


@settings(max_examples=200)
@given(
    finalists,
    st.fixed_dictionaries({line: st.integers(1, 9) for line in centres.LINES}),
    st.fixed_dictionaries({line: st.integers(0, 3) for line in centres.LINES}),
    st.sampled_from(SeatMethod),
    st.sampled_from(Unused),
)
def test_the_law_and_its_text_give_the_same_people_a_seat(
    finalists: list[tuple[str, str]], heads: dict[str, int], seats: dict[str, int], method: SeatMethod, unused: Unused
) -> None:
    people = {str(n): person(str(n), business_line=line) for n, (line, _score) in enumerate(finalists)}
    scores = {str(n): score for n, (_line, score) in enumerate(finalists)}
    terms = policy(quota=quota(method=method, unused=unused))
    placed, _working = place(terms, people, {no: {"interview": Decimal(s)} for no, s in scores.items()}, seats, heads)
    text = {"code": terms.code, "quota": {"method": method.value, "unused": unused.value}}
    text["final"] = {"weights": {"interview": "100"}}
    found: dict[str, dict[str, Any]] = {
        no: {"components": {"interview": Fraction(score)}, "outcome": None} for no, score in scores.items()
    }
    oracle.finish(text, {no: {"business_line": one.business_line} for no, one in people.items()}, heads, seats, found)
    assert {no: (one.rank, one.outcome) for no, one in placed.items()} == {
        no: (one["rank"], one["outcome"]) for no, one in found.items()
    }
