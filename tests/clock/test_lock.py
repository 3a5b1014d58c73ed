import subprocess
import sys
from pathlib import Path

from clock.lock import FILE_NAME, try_conduct

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sys, pathlib
from clock.lock import try_conduct
baton = try_conduct(pathlib.Path(sys.argv[1]))
print("mine" if baton else "taken", flush=True)
sys.stdin.read()
"""


def test_one_process_conducts_until_it_is_gone_however_it_went(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "mine\n"
        assert try_conduct(home) is None
        assert (home / FILE_NAME).read_text() == f"{other.pid}\n"
        other.kill()
        other.wait()
    baton = try_conduct(home)
    assert baton
    baton.lay_down()


def test_the_right_to_conduct_is_handed_on(home: Path) -> None:
    first = try_conduct(home)
    assert first
    assert try_conduct(home) is None
    first.lay_down()
    first.lay_down()
    second = try_conduct(home)
    assert second
    second.lay_down()
