"""The example centre: the same bytes each time, a bundle without a fault, and every case worth showing in it."""

import filecmp
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from demo import centre
from demo.centre import Centre
from forms import bundles
from forms.bundles import Bundle
from kit.i18n import say
from rules import rounds
from rules.rounds import Decision
from rules.stages import KINDS


@pytest.fixture(scope="module")
def made() -> Centre:
    return centre.make()


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return bundles.read(centre.BUNDLE)


@pytest.fixture(scope="module")
def decision(bundle: Bundle) -> Decision:
    return rounds.decide(bundle.policy, bundle.personnel, bundle.evidence)


@pytest.fixture(scope="module")
def names(bundle: Bundle) -> dict[str, str]:
    return {p.staff_no: p.name for p in bundle.personnel.people}


@pytest.fixture(scope="module")
def lines(bundle: Bundle) -> dict[str, str]:
    return {p.staff_no: p.business_line for p in bundle.personnel.people}


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_committed_bundle_is_what_the_generator_writes_byte_for_byte(made: Centre, tmp_path: Path) -> None:
    centre.write(tmp_path, made)
    assert tree(tmp_path) == tree(centre.BUNDLE), "remove demo/bundle, then: jingpin demo --generate demo/bundle"
    _same, different, _odd = filecmp.cmpfiles(tmp_path, centre.BUNDLE, tree(tmp_path), shallow=False)
    assert different == [], "the generator changed: write demo/bundle anew, then look at the cases below"


def test_another_seed_is_another_centre(made: Centre) -> None:
    other = centre.make(seed=2)
    assert other.policy_text == made.policy_text
    assert other.personnel.people != made.personnel.people
    assert other.evidence.marks != made.evidence.marks


@pytest.mark.parametrize("people", [50, 1000])
def test_a_centre_of_any_size_is_a_bundle_without_a_fault(people: int, tmp_path: Path) -> None:
    centre.write(tmp_path, centre.make(people=people, seed=3))
    read = bundles.read(tmp_path)
    assert len(read.personnel.people) == people
    assert (read.notes, read.warnings) == ((), ())
    assert sum(rounds.decide(read.policy, read.personnel, read.evidence).allotment.seats.values()) == max(
        3, people // 20
    )


def test_seats_and_reviewers_can_be_chosen() -> None:
    made = centre.make(people=200, seats=4, reviewers=20)
    assert b"seats: 4\n" in made.policy_text
    assert len(made.evidence.reviewers) == 20


def test_a_centre_is_not_smaller_than_three_lines_with_teams() -> None:
    with pytest.raises(ValueError, match="at least 50"):
        centre.make(people=49)


def test_the_bundle_has_no_fault_and_nothing_to_remark(bundle: Bundle) -> None:
    assert [say(f.whole()) for f in (*bundle.notes, *bundle.warnings)] == []
    assert len(bundle.personnel.people) == 300
    assert set(bundle.materials) <= {p.staff_no for p in bundle.personnel.people}
    for files in bundle.materials.values():
        assert [name for name, _content in files] == ["case_summary.txt", "improvement_plan.txt"]
        assert all("{" not in content.decode() for _name, content in files)


def test_the_policy_is_complete_enough_for_real_documents(bundle: Bundle) -> None:
    organisation = bundle.policy.organisation
    assert all(getattr(organisation, field) for field in organisation.__dataclass_fields__)
    assert bundle.policy.code == "2026Q4-DEMO"


def test_names_are_of_many_kinds(names: dict[str, str], decision: Decision) -> None:
    applied = [names[no] for no in decision.results]
    assert any("·" in name for name in applied)
    assert any(name.startswith(("欧阳", "上官", "诸葛", "司徒")) for name in applied)
    assert any("䶮" in name for name in applied)
    assert any(ord(c) > 0xFFFF for name in applied for c in name)
    assert max(Counter(names.values()).values()) > 1  # namesakes


def test_who_came_first_has_the_lowest_number(bundle: Bundle) -> None:
    people = bundle.personnel.people
    hired = [p.hired_on for p in sorted(people, key=lambda p: p.staff_no) if p.hired_on]
    assert hired == sorted(hired)
    assert all(p.staff_no.startswith("00") for p in people)
    assert {p.manager_no for p in people} - {None} <= {p.staff_no for p in people}


def test_the_able_are_rated_better_and_complained_about_less(bundle: Bundle) -> None:
    rated = {r.staff_no for r in bundle.personnel.ratings if r.period == "2026H1" and r.rating in {"A", "S"}}
    rates = [k for k in bundle.personnel.kpis if k.kpi == "complaint_rate" and k.value is not None]
    better = [float(k.value or 0) for k in rates if k.staff_no in rated]
    others = [float(k.value or 0) for k in rates if k.staff_no not in rated]
    assert sum(better) / len(better) < 0.75 * sum(others) / len(others)


def test_reviewers_differ_in_severity(bundle: Bundle) -> None:
    marks: dict[str, list[float]] = {}
    for mark in bundle.evidence.marks:
        if mark.stage == "interview" and mark.mark is not None:
            marks.setdefault(mark.reviewer_no, []).append(float(mark.mark))
    means = [sum(m) / len(m) for m in marks.values()]
    assert max(means) - min(means) > 0.4


def test_applications_are_late_early_withdrawn_and_twice(bundle: Bundle, decision: Decision) -> None:
    outcomes = Counter(r.outcome for r in decision.results.values())
    assert min(outcomes[o] for o in ("late", "early", "withdrawn", "ineligible")) >= 1
    submitted = Counter(a.staff_no for a in bundle.evidence.applications if a.status == "submitted")
    assert max(submitted.values()) == 2


def test_people_leave_at_every_stage_that_has_a_mark_to_reach(decision: Decision) -> None:
    outcomes = {r.outcome for r in decision.results.values()}
    assert {f"eliminated:{key}" for key in ("materials", "interview", "theory", "roleplay")} <= outcomes


def test_somebody_stayed_away_and_somebody_missed_a_paper(bundle: Bundle, decision: Decision) -> None:
    stage = next(s for s in bundle.policy.stages if s.kind == "training")
    left = [no for no, r in decision.results.items() if r.outcome == f"eliminated:{stage.key}"]
    scored = KINDS[stage.kind].score(stage, bundle.evidence, left, bundle.policy.rounding)
    assert {one.left for one in scored.values()} >= {"attendance", "no_result"}


def test_reviewers_stand_back_from_their_own_people_and_kin(bundle: Bundle) -> None:
    people = {p.staff_no: p for p in bundle.personnel.people}
    own = {r.reviewer_no: r.staff_no for r in bundle.evidence.reviewers}
    scored = [m for m in bundle.evidence.marks if m.status == "scored"]
    assert not [m for m in scored if own[m.reviewer_no] and people[m.staff_no].manager_no == own[m.reviewer_no]]
    reasons = Counter(m.comment for m in bundle.evidence.marks if m.status == "recused")
    assert reasons["是候选人的直接上级，回避"]
    assert reasons["系亲属，主动回避"]
    assert any(m.status == "abstained" and m.mark is None for m in bundle.evidence.marks)


def test_every_sheet_was_drawn_and_loads_are_even(bundle: Bundle) -> None:
    drawn = {(a.stage, a.staff_no, a.reviewer_no) for a in bundle.evidence.panels}
    assert {(m.stage, m.staff_no, m.reviewer_no) for m in bundle.evidence.marks} == drawn
    sheets = {(m.stage, m.staff_no, m.reviewer_no) for m in bundle.evidence.marks if m.status != "recused"}
    load = Counter(reviewer for stage, _no, reviewer in sheets if stage == "interview")
    assert max(load.values()) - min(load.values()) <= 2


def test_the_chain_decides_about_the_last_seat(bundle: Bundle, decision: Decision) -> None:
    level: dict[object, set[str | None]] = {}
    for result in decision.results.values():
        if result.rank:
            level.setdefault(result.final, set()).add(result.outcome)
    assert {"selected", "reserve"} in level.values()
    assert "tied" not in {r.outcome for r in decision.results.values()}
    assert bundle.policy.final.tie_break


def test_the_special_channel_leads_to_a_seat_and_near_misses_know_their_day(decision: Decision) -> None:
    screened = {s.staff_no: s for s in decision.screened}
    selected = [no for no, r in decision.results.items() if r.outcome == "selected"]
    assert any(screened[no].channel == "special" for no in selected)
    missed = [screened[no] for no, r in decision.results.items() if r.outcome == "ineligible"]
    assert any(s.qualifies_on for s in missed)
    assert any(v.verdict == "unknown" for s in missed for v in s.verdicts)


def test_a_line_has_fewer_finalists_than_seats_and_its_seat_goes_to_another(
    lines: dict[str, str], decision: Decision
) -> None:
    finalists = Counter(lines[no] for no, r in decision.results.items() if r.rank)
    selected = Counter(lines[no] for no, r in decision.results.items() if r.outcome == "selected")
    seats = decision.allotment.seats
    assert finalists["vip"] == selected["vip"] < seats["vip"]
    assert sum(selected.values()) == sum(seats.values()) == 15


def test_reviewers_write_what_they_saw(bundle: Bundle) -> None:
    remarks = [m.comment for m in bundle.evidence.marks if m.status == "scored" and m.comment]
    assert len(remarks) > len(bundle.evidence.marks) / 5
    assert len(set(remarks)) > 60


def test_every_file_of_the_bundle_is_packed_with_the_product() -> None:
    package = Path(centre.__file__).parent
    settings = tomllib.loads((package.parent / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["demo"]
    packed = {file for pattern in patterns for file in package.glob(pattern) if file.is_file()}
    assert packed == {centre.POLICY, *(centre.BUNDLE / name for name in tree(centre.BUNDLE))}
