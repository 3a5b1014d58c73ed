import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import MODULES
from tests.bench.measure import Figure
from tests.bench.replay import slopes

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", MODULES)
def test_every_figure_can_be_measured(name: str) -> None:
    done = bench(name, "--quick")
    assert done.returncode == 0, done.stderr
    _machine, _versions, _blank, heading, _blank, title, *rows, _blank, end = done.stdout.splitlines()
    assert heading.startswith("figure")
    assert title == f"— {name}"
    assert rows
    assert end == "Small sizes: nothing was judged."


def test_figures_that_do_not_exist_are_named_with_those_that_do() -> None:
    done = bench("screenign")
    assert done.returncode == 2
    assert "screenign" in done.stderr
    assert "screening" in done.stderr


def test_a_promise_is_kept_up_to_its_bound_and_broken_beyond() -> None:
    figure = Figure("f", 6, "s", 2, "half", most_ratio=3)
    assert figure.kept is True
    assert figure._replace(value=6.01).kept is False
    assert figure._replace(most=5.9).kept is False
    assert figure._replace(floor=None).kept is False
    assert figure._replace(most_ratio=None).kept is None
    assert figure._replace(most=6).promise == "≤ 6 s, ≤ 3 ×"


def test_a_straight_line_has_equal_slopes_whatever_the_start_costs() -> None:
    assert slopes({500: 8.0, 1000: 9.0, 2500: 12.0, 5000: 17.0}) == (2, 2)
    assert slopes({500: 8.0, 2500: 12.0, 5000: 22.0}) == (2, 4)
