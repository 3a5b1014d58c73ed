"""What is written as a bundle is read back as the same values, from a directory and from its zip."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import bundles as forms
from forms.characters import UNSEEN
from reports import bundles
from rules.records import (
    Application,
    Assignment,
    Attendance,
    Certificate,
    Evidence,
    ExamScore,
    Honour,
    Incident,
    Kpi,
    Mark,
    Person,
    Personnel,
    Rating,
    Reviewer,
)

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "2026q4-supervisor"
POLICY = forms.policies.load(SAMPLE / "policy.yaml")
POLICY_TEXT = (SAMPLE / "policy.yaml").read_bytes()


def seen(*, lines: bool) -> st.SearchStrategy[str]:
    """Texts that may come in: what spreadsheets quote and what they compute, all scripts, no blanks around."""
    special = st.sampled_from(
        ['"', ",", "'", "=", "+", "@", ";", "\\", "{{7*7}}", "<b>", "·", "𠮷", "\u200d", "NULL", "-"]
    )
    characters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]).filter(lambda c: not UNSEEN.search(c))
    breaks = [st.sampled_from(["\n", "\t"])] if lines else []
    pieces = st.lists(st.one_of(special, characters, *breaks), min_size=1, max_size=12)
    return pieces.map("".join).map(str.strip).filter(bool)


LINE, PROSE = seen(lines=False), seen(lines=True)
NUMBER = st.decimals(0, 10, allow_nan=False, allow_infinity=False, places=12) | st.sampled_from(
    [Decimal(7), Decimal("7.0"), Decimal("0.000000000001"), Decimal(10)]
)
SIGNED = st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False, places=6)
INSTANT = st.datetimes(datetime(1970, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone follows
PERIOD = st.sampled_from(["2024H1", "2024H2", "2025H1", "2025H2", "2026H1"])
STAFF = [f"{n:04}" for n in range(6)]
REVIEWERS = ["R1", "评委-2", "3"]
WHO = st.sampled_from(STAFF)


def known(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or nothing known."""
    return st.none() | strategy


def rows(
    kind: type[Any], *fields: st.SearchStrategy[Any], key: tuple[int, ...] | None = None
) -> st.SearchStrategy[Any]:
    """Rows of a table, each key once."""
    places = range(len(fields)) if key is None else key
    one = st.builds(kind, *fields)
    return st.lists(one, max_size=8, unique_by=lambda row: tuple(row[p] for p in places))


def of_all(kind: type[Any], numbers: list[str], *fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One row for each number."""
    return st.tuples(*(st.builds(kind, st.just(number), *fields) for number in numbers)).map(list)


REVIEWED = [(s.key, c.key) for s in POLICY.stages if hasattr(s.terms, "criteria") for c in s.terms.criteria]
TRAINING = next(s.terms for s in POLICY.stages if hasattr(s.terms, "areas"))
DAY = known(st.dates())
BUSINESS_LINE = st.sampled_from(sorted(POLICY.lines))
PERSONNEL = st.builds(
    Personnel,
    of_all(
        Person,
        STAFF,
        LINE,
        st.sampled_from(sorted(POLICY.lines)),
        known(LINE),
        known(LINE),
        DAY,
        DAY,
        known(WHO),
        known(LINE),
    ),
    rows(Rating, WHO, PERIOD, known(LINE), key=(0, 1)),
    rows(Incident, WHO, DAY, known(LINE), known(PROSE)),
    rows(Honour, WHO, LINE, DAY),
    rows(Certificate, WHO, LINE, known(LINE), DAY, DAY),
    rows(Kpi, WHO, PERIOD, LINE, known(SIGNED), key=(0, 1, 2)),
)
MARK = st.builds(
    lambda place, who, reviewer, mark, status, comment: Mark(place[0], who, reviewer, place[1], mark, status, comment),
    *(st.sampled_from(REVIEWED), WHO, st.sampled_from(REVIEWERS), known(NUMBER)),
    *(st.sampled_from(["scored", "abstained", "recused"]), known(PROSE)),
)
PANEL = (st.sampled_from([stage for stage, _criterion in REVIEWED]), WHO, st.sampled_from(REVIEWERS))
EVIDENCE = st.builds(
    Evidence,
    rows(Application, WHO, INSTANT, st.sampled_from(["submitted", "withdrawn"]), key=(0, 1)),
    of_all(Reviewer, REVIEWERS, LINE, known(LINE), known(WHO)),
    rows(Assignment, *PANEL, st.sampled_from(["assigned", "replaced"]), key=(0, 1, 2)),
    st.lists(MARK, max_size=8, unique_by=lambda mark: mark[:4]),
    rows(
        *(Attendance, WHO, st.integers(1, TRAINING.sessions)),
        *(st.sampled_from(["present", "late", "absent", "excused"]),),
        key=(0, 1),
    ),
    rows(ExamScore, WHO, st.sampled_from(sorted(TRAINING.areas)), known(NUMBER), key=(0, 1)),
)
NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
MATERIALS = st.dictionaries(WHO, st.dictionaries(NAME, st.binary(max_size=20), min_size=1, max_size=3), max_size=3)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(personnel=PERSONNEL, evidence=EVIDENCE, materials=MATERIALS, posted=known(st.dates()))
def test_what_was_written_is_read_back_as_it_was(
    personnel: Personnel,
    evidence: Evidence,
    materials: dict[str, dict[str, bytes]],
    posted: date | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    directory = tmp_path_factory.mktemp("bundle") / "out"
    files = {who: sorted(named.items()) for who, named in materials.items()}
    facts = {"posted_on": posted.isoformat()} if posted else {}
    bundles.write(
        directory, policy_text=POLICY_TEXT, personnel=personnel, evidence=evidence, materials=files, facts=facts
    )
    read = forms.read(directory)
    assert (read.policy, read.policy_text, read.facts) == (POLICY, POLICY_TEXT, facts)
    assert (read.personnel, read.evidence) == (personnel, evidence)
    assert [_digits(mark.mark) for mark in read.evidence.marks] == [_digits(mark.mark) for mark in evidence.marks]
    assert read.materials == files
    assert read.notes == ()
    assert forms.read(Path(shutil.make_archive(str(directory), "zip", directory))) == read
    shutil.rmtree(directory.parent)


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def test_the_sample_comes_back_and_again_as_the_same_bytes(tmp_path: Path) -> None:
    first = forms.read(SAMPLE)
    for name, read in (("a", first), ("b", None)):
        one = read or forms.read(tmp_path / "a")
        bundles.write(
            tmp_path / name,
            policy_text=one.policy_text,
            personnel=one.personnel,
            evidence=one.evidence,
            materials=one.materials,
            facts=one.facts,
        )
    second = forms.read(tmp_path / "b")
    assert (second.personnel, second.evidence, second.notes) == (first.personnel, first.evidence, ())
    assert second.files == forms.read(tmp_path / "a").files


def test_a_bundle_is_data_so_its_cells_stand_as_they_are(tmp_path: Path) -> None:
    person = Person("001", "=1+1", "phone", "+x", "-Ⅱ", None, None, None, "@a")
    bundles.write(
        tmp_path / "b", policy_text=b"x", personnel=Personnel([person]), evidence=Evidence(), materials={}, facts={}
    )
    assert "001,=1+1,phone,+x,-Ⅱ,,,,@a\n" in (tmp_path / "b" / "people.csv").read_text("utf-8")


def test_facts_are_written_as_utf_8_wherever_the_program_runs(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from reports import bundles; from rules.records import Evidence, Personnel\n"
        "bundles.write(Path('b'), policy_text=b'x', personnel=Personnel([]), evidence=Evidence(), materials={},"
        " facts={'title': chr(0x7ADE)})"
    )
    nowhere = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], env=nowhere, cwd=tmp_path, check=True)
    assert json.loads((tmp_path / "b" / "round.json").read_bytes()) == {"title": "竞"}


@pytest.mark.parametrize("name", ["../../x", "/x", "a/../../../x"])
def test_nothing_is_ever_written_beside_the_bundle(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"):
        bundles.write(
            tmp_path / "b",
            policy_text=b"x",
            personnel=Personnel([]),
            evidence=Evidence(),
            materials={"001": [(name, b"x")]},
            facts={},
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]
