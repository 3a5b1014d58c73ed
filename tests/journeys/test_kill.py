"""Kill −9 at every step and in the middle of steps; the restarted replay gives the same results, nothing twice."""

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.journeys.command import SAMPLE, jingpin, run

STEPS = ["_screening", "_applications", "materials", "potential", "theory", "roleplay", "rotation", "_final"]
STEPS += ["_decision", "_notice", "_archive"]


def killed(moment: str, deed: str, subject: str, out: Path, *options: str, nth: int = 1) -> None:
    arguments = ["replay", str(SAMPLE), "--out", str(out), *options]
    ended = run("-m", "tests.journeys.killer", moment, deed, subject, str(nth), "--", *arguments, home=out)
    assert ended.returncode == -signal.SIGKILL, (moment, deed, subject, ended.stdout, ended.stderr)


def finished(out: Path, *options: str) -> None:
    ended = jingpin("replay", str(SAMPLE), "--out", str(out), *options, home=out)
    assert ended.returncode == 0, ended.stderr


def deeds(out: Path) -> Counter[tuple[str, str]]:
    lines = (out / "history.jsonl").read_text().splitlines()
    return Counter((e["deed"], e["subject"]) for e in map(json.loads, lines))


def assert_as_expected(out: Path) -> None:
    results = json.loads((out / "results.json").read_text())
    expected = json.loads((SAMPLE / "expected.json").read_text())
    assert results["quota"] == expected["quota"]
    assert results["results"] == expected["results"]
    for got, wanted in zip(results["screening"], expected["screening"], strict=True):
        assert {key: got[key] for key in wanted} == wanted
    twice = {deed for deed, n in deeds(out).items() if n > 1 and deed[0] != "document.filed"}
    assert twice == set()
    assert jingpin("verify", home=out).returncode == 0


@pytest.mark.parametrize(
    ("moment", "deed"),
    [
        pytest.param("after", "stage.done", id="at every boundary"),
        pytest.param("before", "stage.tallied", id="in the middle of every step"),
    ],
)
def test_a_kill_at_any_step_changes_nothing(tmp_path: Path, moment: str, deed: str) -> None:
    out = tmp_path / "out"
    for step in STEPS:
        killed(moment, deed, step, out, "--no-documents")
    finished(out, "--no-documents")
    assert_as_expected(out)


def test_a_kill_before_anything_is_taken_in_leaves_nothing_half_done(tmp_path: Path) -> None:
    out = tmp_path / "out"
    killed("before", "round.launched", "*", out, "--no-documents")
    finished(out, "--no-documents")
    assert_as_expected(out)


def test_a_kill_among_the_documents_files_each_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for nth in (1, 20, 60):
        killed("after", "document.filed", "*", out, nth=nth)
    killed("before", "document.filed", "*", out)
    finished(out)
    assert_as_expected(out)
    filed = [deed for deed in deeds(out).elements() if deed[0] == "document.filed"]
    own = Counter(subject for _deed, subject in filed if subject)
    assert set(own.values()) == {1}
    assert len(own) == 161
