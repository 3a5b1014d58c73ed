"""Kill −9 at every step and in the middle of steps; the restarted replay gives the same results, nothing twice."""

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from demo import centre as demo
from tests.journeys.command import SAMPLE, jingpin, run

STEPS = ["_screening", "_applications", "materials", "potential", "theory", "roleplay", "rotation", "_final"]
STEPS += ["_decision", "_notice", "_archive"]


def killed(moment: str, deed: str, subject: str, out: Path, *options: str, nth: int = 1, bundle: Path = SAMPLE) -> None:
    arguments = ["replay", str(bundle), "--out", str(out), *options]
    ended = run("-m", "tests.journeys.killer", moment, deed, subject, str(nth), "--", *arguments, home=out)
    assert ended.returncode == -signal.SIGKILL, (moment, deed, subject, ended.stdout, ended.stderr)


def finished(out: Path, *options: str, bundle: Path = SAMPLE) -> None:
    ended = jingpin("replay", str(bundle), "--out", str(out), *options, home=out)
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
    bundle, out = tmp_path / "bundle", tmp_path / "out"
    demo.write(bundle, demo.make(people=150))
    for nth in (1, 8, 20):
        killed("after", "document.filed", "*", out, nth=nth, bundle=bundle)
    killed("before", "document.filed", "*", out, bundle=bundle)
    finished(out, bundle=bundle)
    assert jingpin("verify", home=out).returncode == 0
    filed = [deed for deed in deeds(out).elements() if deed[0] == "document.filed"]
    own = Counter(subject for _deed, subject in filed if subject)
    assert set(own.values()) == {1}
    applicants = json.loads((out / "results.json").read_text())["results"]
    assert own.keys() == {one["staff_no"] for one in applicants}
