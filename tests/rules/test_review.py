"""Review stages: which sheets count, how they are trimmed, and their mean."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policies import Criterion, Panel, Rounding, RoundingMode, TrimLevel
from rules.records import Evidence, Mark, Reviewer
from rules.review import Review
from rules.scoring import Scored
from tests.rules.factories import criterion, mark, marks, review

TOTAL, CRITERION = TrimLevel
TRIMMED = Panel(drop_high=1, drop_low=1)
TWO = (criterion("speech", "60", "10"), criterion("tact", "40", "100"))

values = st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=9)
panels = st.builds(
    Panel,
    drop_high=st.integers(0, 2),
    drop_low=st.integers(0, 2),
    trim_from=st.integers(5, 7),
    trim_level=st.sampled_from(TrimLevel),
)


def scored(
    rows: list[Mark],
    *criteria: Criterion,
    panel: Panel | None = None,
    reviewers: tuple[Reviewer, ...] = (),
    rounding: Rounding | None = None,
) -> Scored:
    """Return how the interview of person 1 is scored."""
    stage = review("interview", *criteria, panel=panel)
    evidence = Evidence(reviewers=reviewers, marks=rows)
    return Review().score(stage, evidence, ["1"], rounding or Rounding())["1"]


def component(rows: list[Mark], *criteria: Criterion, **how: Any) -> str:
    return str(scored(rows, *criteria, **how).components["interview"])


def sheets(*rows: tuple[str, str]) -> list[Mark]:
    """Return the sheets of R1, R2 … on the two criteria."""
    return [
        mark(f"R{n}", value, key)
        for n, row in enumerate(rows, 1)
        for key, value in zip(("speech", "tact"), row, strict=True)
    ]


def why_not(result: Scored) -> list[str | None]:
    return [sheet["why_not"] for sheet in result.working["sheets"]]


def test_a_total_weighs_each_mark_by_its_highest() -> None:
    assert component(sheets(("8", "50")), *TWO) == "68.00"  # 60 · 8/10 + 40 · 50/100
    assert component(sheets(("10", "100")), *TWO) == "100.00"
    assert component(sheets(("0", "0")), *TWO) == "0.00"


def test_the_component_is_the_mean_of_the_totals() -> None:
    assert component(sheets(("8", "50"), ("9", "75")), *TWO) == "76.00"
    assert component(marks("70", "80", "85")) == "78.33"


def test_marks_are_read_exactly_and_only_the_mean_is_rounded() -> None:
    assert component(marks("59.99", "60", "60")) == "60.00"  # 59.9966…
    assert component(marks("59.99", "60", "60"), rounding=Rounding(2, RoundingMode.TRUNCATE)) == "59.99"
    assert component(marks("0.1", "0.2"), rounding=Rounding(4)) == "0.1500"
    halves = criterion("speech", "100", "200")
    assert component(marks("1", "0"), halves, rounding=Rounding(0)) == "0"  # 0.25; each rounded first: 0.5


def test_of_five_sheets_the_highest_and_the_lowest_total_are_left_out() -> None:
    assert component(marks("60", "70", "80", "85", "100"), panel=TRIMMED) == "78.33"


def test_fewer_sheets_than_trim_from_are_all_kept() -> None:
    assert component(marks("60", "70", "80", "90"), panel=TRIMMED) == "75.00"
    assert component(marks("60", "70", "80", "99"), panel=TRIMMED) == "77.25"
    assert component(marks("60", "70", "80", "99"), panel=replace(TRIMMED, trim_from=4)) == "75.00"


def test_only_sheets_that_count_reach_trim_from() -> None:
    rows = [*marks("60", "70", "80", "90"), mark("R5", None, status="abstained")]
    assert component(rows, panel=TRIMMED) == "75.00"


def test_of_several_level_sheets_only_one_is_left_out() -> None:
    assert component(marks("70", "70", "80", "90", "90"), panel=TRIMMED) == "80.00"
    dropped = [
        sheet["dropped"] for sheet in scored(marks("70", "70", "80", "90", "90"), panel=TRIMMED).working["sheets"]
    ]
    assert sorted(map(str, dropped)) == ["None", "None", "None", "high", "low"]


@pytest.mark.parametrize(
    ("high", "low", "mean"), [(2, 0, "70.00"), (0, 2, "90.00"), (2, 1, "75.00"), (0, 0, "80.00"), (1, 0, "75.00")]
)
def test_more_or_other_ends_may_be_left_out(high: int, low: int, mean: str) -> None:
    panel = Panel(drop_high=high, drop_low=low)
    for level in TrimLevel:
        assert component(marks("60", "70", "80", "90", "100"), panel=replace(panel, trim_level=level)) == mean


def test_by_criterion_each_criterion_loses_its_own_highest_and_lowest() -> None:
    rows = sheets(("0", "100"), ("10", "0"), ("5", "50"), ("5", "50"), ("8", "80"))
    # Speech: 5, 5, 8 are left, 60 % of the mean; tact: 50, 50, 80, 40 %. Whole sheets: 40, 60, 50, 50, 80.
    assert component(rows, *TWO, panel=replace(TRIMMED, trim_level=CRITERION)) == "60.00"
    assert component(rows, *TWO, panel=TRIMMED) == "53.33"


def test_trimming_by_criterion_names_whose_marks_were_left_out() -> None:
    working = scored(
        sheets(*[("5", str(n)) for n in (9, 7, 8, 6, 5)]), *TWO, panel=replace(TRIMMED, trim_level=CRITERION)
    ).working
    assert working["dropped"]["tact"] == {"low": ["R5"], "high": ["R1"]}
    assert working["n"] == 3


@pytest.mark.parametrize("level", TrimLevel)
def test_the_mean_of_every_criterion_is_shown_in_hundredths_of_its_highest(level: TrimLevel) -> None:
    criteria = (criterion("speech", "100", "10"), criterion("tact", "0", "5"))
    panel = replace(TRIMMED, trim_from=3, trim_level=level)
    rows = sheets(("1", "5"), ("5", "1"), ("10", "3"))
    means = scored(rows, *criteria, panel=panel).working["criteria"]
    assert means == {"speech": "50", "tact": "20" if level is TOTAL else "60"}


def test_nothing_is_called_trimmed_where_nothing_is_left_out() -> None:
    untrimmed = scored(marks("1", "2", "3", "4", "5"), panel=Panel(trim_level=CRITERION)).working
    assert untrimmed["trimmed"] is False
    assert untrimmed["sum"] == "15"
    assert scored(marks("1", "2", "3", "4", "5"), panel=TRIMMED).working["trimmed"] is True


@pytest.mark.parametrize("status", ["abstained", "recused"])
def test_a_sheet_with_one_row_abstained_or_recused_does_not_count(status: str) -> None:
    rows = [*sheets(("8", "50")), mark("R2", "10", "speech"), mark("R2", "100", "tact", status=status)]
    assert component(rows, *TWO) == "68.00"
    assert why_not(scored(rows, *TWO)) == [None, status]


def test_recusal_is_named_before_abstention() -> None:
    rows = [mark("R1", None, "speech", status="abstained"), mark("R1", None, "tact", status="recused")]
    assert why_not(scored(rows, *TWO)) == ["recused"]


def test_an_incomplete_sheet_never_counts_its_gap_as_zero() -> None:
    missing = [*sheets(("8", "50")), mark("R2", "10", "speech")]
    without_a_mark = [*missing, mark("R2", None, "tact")]
    for rows in (missing, without_a_mark):
        assert component(rows, *TWO) == "68.00"
        assert why_not(scored(rows, *TWO)) == [None, "incomplete"]


def test_nobody_scores_themselves() -> None:
    reviewers = (
        Reviewer("R1", "评委一", staff_no="1"),
        Reviewer("R2", "评委二", staff_no="2"),
        Reviewer("R3", "评委三"),
    )
    assert component(marks("100", "60", "70"), reviewers=reviewers) == "65.00"
    assert why_not(scored(marks("100", "60", "70"), reviewers=reviewers)) == ["self", None, None]


def test_an_unknown_identity_is_nobody() -> None:
    assert component(marks("100"), reviewers=(Reviewer("R1", "评委一"),)) == "100.00"


def test_fewer_sheets_than_the_quorum_leave_the_candidate_without_the_component() -> None:
    result = scored(marks("80", "90"), panel=Panel(quorum=3))
    assert (result.components, result.left) == ({}, "quorum")
    assert (result.working["counted"], result.working["quorum"]) == (2, 3)
    assert component(marks("80", "90", "70"), panel=Panel(quorum=3)) == "80.00"


def test_a_candidate_without_any_sheet_leaves_by_the_quorum() -> None:
    assert scored([]).left == "quorum"


def test_the_planned_number_of_reviewers_limits_nothing() -> None:
    assert component(marks("70", "80", "90"), panel=Panel(reviewers=1)) == "80.00"
    assert component(marks("70"), panel=Panel(reviewers=5)) == "70.00"


def test_marks_of_other_stages_and_other_people_do_not_count() -> None:
    rows = [*marks("80"), *marks("0", no="2"), mark("R1", "0")._replace(stage="materials")]
    assert component(rows) == "80.00"


def test_every_candidate_of_the_stage_is_scored_and_nobody_else() -> None:
    evidence = Evidence(marks=[*marks("80"), *marks("70", no="2"), *marks("60", no="3")])
    result = Review().score(review(), evidence, ["1", "3"], Rounding())
    assert {no: str(one.components["interview"]) for no, one in result.items()} == {"1": "80.00", "3": "60.00"}


def test_a_review_stage_produces_one_component_that_is_also_its_gate() -> None:
    stage = review("roleplay")
    assert Review().components(stage) == (Review().gate(stage),) == ("roleplay",)


def test_the_arithmetic_of_every_sheet_is_kept() -> None:
    working = scored(sheets(("8", "50"), ("7.5", "30")), *TWO).working
    assert working["sheets"][1] == {
        "reviewer": "R2",
        "marks": {"speech": "7.5", "tact": "30"},
        "total": "57",
        "why_not": None,
        "dropped": None,
    }
    assert (working["sum"], working["n"], working["mean"], working["value"]) == ("125", 2, "62.5", "62.50")


def test_a_score_of_many_decimals_is_kept_as_people_read_it() -> None:
    assert scored(marks("0"), rounding=Rounding(9)).working["value"] == "0.000000000"


def _kept(totals: list[Decimal], panel: Panel) -> list[Decimal]:
    ordered = sorted(totals)
    if len(totals) < panel.trim_from:
        return ordered
    return ordered[panel.drop_low : len(ordered) - panel.drop_high]


@given(values, panels)
def test_the_component_is_the_mean_of_what_is_left(totals: list[Decimal], panel: Panel) -> None:
    kept = _kept(totals, panel)
    mean = Fraction(scored(marks(*map(str, totals)), panel=panel).working["mean"])
    assert mean == Fraction(sum(kept)) / len(kept)


@given(values, panels, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_who_gave_which_sheet_matters(
    totals: list[Decimal], panel: Panel, chance: Random
) -> None:
    rows = marks(*map(str, totals))
    other = chance.sample(totals, len(totals))
    again = chance.sample(marks(*map(str, other)), len(totals))
    assert component(rows, panel=panel) == component(again, panel=panel)


@given(values, panels)
def test_a_mean_lies_between_the_lowest_and_the_highest_sheet(totals: list[Decimal], panel: Panel) -> None:
    assert min(totals) <= Decimal(component(marks(*map(str, totals)), panel=panel)) <= max(totals)


@given(values, panels, st.data())
def test_a_better_mark_never_makes_a_score_worse(totals: list[Decimal], panel: Panel, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(totals) - 1))
    better = [*totals[:at], data.draw(st.decimals(totals[at], 100, places=1)), *totals[at + 1 :]]
    before, after = (Decimal(component(marks(*map(str, t)), panel=panel)) for t in (totals, better))
    assert after >= before


@given(values, panels)
def test_a_sheet_that_does_not_count_changes_nothing(totals: list[Decimal], panel: Panel) -> None:
    rows = marks(*map(str, totals))
    more = [*rows, mark("R98", "0", status="recused"), mark("R99", "100", status="abstained"), mark("R97", None)]
    assert component(more, panel=panel) == component(rows, panel=panel)


pairs = st.tuples(st.integers(0, 10).map(str), st.integers(0, 100).map(str))


@given(st.lists(pairs, min_size=1, max_size=8), panels)
def test_without_trimming_it_does_not_matter_by_what_is_trimmed(rows: list[tuple[str, str]], panel: Panel) -> None:
    never = replace(panel, trim_from=9)
    by_total, by_criterion = (
        component(sheets(*rows), *TWO, panel=replace(never, trim_level=level)) for level in TrimLevel
    )
    assert by_total == by_criterion


@given(st.lists(pairs, min_size=1, max_size=8), panels)
def test_by_criterion_the_score_is_the_weighted_sum_of_trimmed_means(rows: list[tuple[str, str]], panel: Panel) -> None:
    panel = replace(panel, trim_level=CRITERION)
    speech, tact = (_kept([Decimal(row[n]) for row in rows], panel) for n in (0, 1))
    exactly = Fraction(6 * sum(speech)) / len(speech) + Fraction(sum(tact)) * 2 / 5 / len(tact)
    assert Fraction(scored(sheets(*rows), *TWO, panel=panel).working["mean"]) == exactly
