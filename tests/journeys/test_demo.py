"""``jingpin demo``, the real one, in a process of its own: killed in mid-course, then run again to its end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from clock.lock import try_conduct
from demo import centre
from forms import bundles
from rules import rounds
from tests.journeys.command import ROOT, jingpin

ELSEWHERE = {"JINGPIN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/production"}
"""The demonstration must not go there."""

STARTED = 150


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def ran(out: Path) -> CompletedProcess[str]:
    """One demonstration after another that was killed, for the tests that only look at what it left."""
    killed_in_mid_course(out)
    return jingpin("demo", "--out", str(out), home=out.parent / "home", **ELSEWHERE)


def killed_in_mid_course(out: Path) -> None:
    environment = {**os.environ, **ELSEWHERE, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "cli", "demo", "--out", str(out), "--people", "50"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        until = time.monotonic() + STARTED
        while not (out / "prefect").exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)


def test_it_starts_anew_and_comes_to_its_end(ran: CompletedProcess[str], out: Path) -> None:
    assert ran.returncode == 0, ran.stderr
    assert f"{out} 里上一次的演示已清除，重新开始" in ran.stderr


def test_a_log_has_one_line_for_each_step(ran: CompletedProcess[str]) -> None:
    steps = [line for line in ran.stderr.splitlines() if "：完成" in line]
    assert [line.split()[0] for line in steps] == [f"{n}/11" for n in range(1, 12)]
    assert "\x1b" not in ran.stderr + ran.stdout


def test_the_real_flow_decided_what_the_law_decides(ran: CompletedProcess[str], out: Path) -> None:
    bundle = bundles.read(centre.BUNDLE)
    wanted = rounds.results_json(bundle.policy, rounds.decide(bundle.policy, bundle.personnel, bundle.evidence))
    assert json.loads((out / "results.json").read_text()) == wanted
    names = {p.staff_no: p.name for p in bundle.personnel.people}
    for result in wanted["results"]:
        assert (f"  {names[result['staff_no']]}  " in ran.stdout) == (result["outcome"] == "selected")


def test_it_tells_seats_course_ties_and_where_everything_lies(ran: CompletedProcess[str], out: Path) -> None:
    for said in (
        "资格审查 300 人，符合 108 人",
        "潘立辉、刘洋综合成绩同为 82.08，按实战模拟分出先后",
        "VIP专属服务名额 2 个，合格 1 人",
        f"在 {out / 'documents'}",
        f"--home {out} verify",
    ):
        assert said in ran.stdout


def test_every_applicant_has_a_document_and_the_main_ones_are_named(ran: CompletedProcess[str], out: Path) -> None:
    folder = out / "documents"
    own = list((folder / "个人结果").iterdir())
    assert len(own) == 97
    main = [p for p in folder.iterdir() if p.is_file()]
    assert {"01 竞聘公告.pdf", "04 结果公示.pdf", "05 任职通知.pdf"} <= {p.name for p in main}
    assert all(f"  {p.name}\n" in ran.stdout for p in main)
    assert all(p.read_bytes().startswith(b"%PDF-") for p in [*own, *main] if p.suffix == ".pdf")
    assert f"文档 {len(own) + len(main)} 份" in ran.stdout


def test_the_command_that_it_recommends_finds_nothing_wrong(ran: CompletedProcess[str], out: Path) -> None:
    assert ran.returncode == 0
    checked = jingpin("verify", home=out)
    assert checked.returncode == 0, checked.stdout
    assert "全部相符" in checked.stdout


def test_a_demonstration_in_use_is_not_removed(ran: CompletedProcess[str], out: Path) -> None:
    assert ran.returncode == 0
    baton = try_conduct(out)
    assert baton is not None
    with baton:
        refused = jingpin("demo", "--out", str(out), home=out)
    assert refused.returncode == 1
    assert "正由另一个 jingpin 使用" in refused.stderr
    assert (out / "results.json").exists()


def test_a_directory_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    refused = jingpin("demo", "--out", str(tmp_path), home=tmp_path)
    assert refused.returncode == 1
    assert "不是空目录" in refused.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_bundle_of_any_size_can_be_generated(tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    done = jingpin("demo", "--generate", str(out), "--people", "60", "--seed", "5", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(bundles.read(out).personnel.people) == 60
    again = jingpin("demo", "--generate", str(out), home=tmp_path)
    assert again.returncode == 1
    assert "不是空目录" in again.stderr
