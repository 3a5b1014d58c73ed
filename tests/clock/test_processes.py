import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from clock.conductor import Conductor
from kit.prefect_home import Home
from tests.clock import toy
from tests.clock.toy import PATIENCE, launched, until

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """Another process that conducts a home."""

    def __init__(self, home: Path) -> None:
        self.errors = home.with_name("errors.txt")
        with self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.clock.child", str(home)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def hears(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def say(self, *words: object) -> str:
        assert self.process.stdin
        print(*words, file=self.process.stdin, flush=True)
        return self.hears()

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(PATIENCE)


@contextmanager
def conducting(home: Path) -> Iterator[Child]:
    child = Child(home)
    try:
        yield child
    finally:
        child.process.kill()
        child.process.wait()
        for pipe in (child.process.stdin, child.process.stdout):
            assert pipe
            pipe.close()


@pytest.mark.usefixtures("truth")
def test_a_round_survives_a_kill_in_the_middle_of_a_step_and_does_each_step_once(home: Path) -> None:
    rounds = [launched("round-1"), launched("round-2")]
    waiting, code = launched("round-3")
    with conducting(home) as child:
        assert child.hears() == "started"
        child.say("wake", waiting, code)
        child.say("idle")
        gate = toy.hold("step")
        for round_id, code in rounds:
            toy.answer(round_id)
            child.say("wake", round_id, code)
        until(lambda: all(toy.steps(round_id, "begun") == [1, 0, 0] for round_id, _ in rounds))
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()
    gate.unlink()
    with Conductor(home, toy.load) as conductor:
        assert conductor.wait_idle(PATIENCE)
        for round_id, _ in rounds:
            assert toy.steps(round_id) == [1, 0, 0]
            assert toy.steps(round_id, "begun") == [2, 0, 0]
            assert conductor.state_of(round_id) == "Suspended"
        for round_id, code in rounds:
            for _ in range(toy.STEPS - 1):
                toy.answer(round_id)
                conductor.wake(round_id, code)
                assert conductor.wait_idle(PATIENCE)
            assert (toy.steps(round_id), conductor.state_of(round_id)) == ([1, 1, 1], "Completed")
        assert len(toy.looks(waiting)) == 1  # nobody woke it, so the restart did not either


@pytest.mark.usefixtures("truth")
def test_a_conducting_process_reaches_nobody_prints_nothing_and_is_gone_soon_when_told_to_stop(home: Path) -> None:
    with conducting(home) as child:
        assert child.hears() == "started"
        round_id, code = launched()
        toy.answer(round_id)
        assert child.say("wake", round_id, code) == "done"
        assert child.say("idle") == "True"
        assert child.say("state", round_id) == "Suspended"
        gate = toy.hold("step")
        toy.answer(round_id)
        child.say("wake", round_id, code)
        until(toy.held("step").exists)  # in the middle of a step that will not end in time
        before = monotonic()
        assert child.say("stop", 3) == "False"
        assert child.say("reached") == "127.0.0.1"
        child.end()
        assert monotonic() - before < PATIENCE / 2
        assert child.errors.read_text() == ""
    gate.unlink()
    with Conductor(home, toy.load) as conductor:
        assert conductor.wait_idle(PATIENCE)
    assert toy.steps(round_id) == [1, 1, 0]


def test_the_environment_of_another_prefect_is_dropped(tmp_path: Path) -> None:
    script = (
        "import os; from pathlib import Path; from kit.prefect_home import Home;"
        f"Home(Path({str(tmp_path)!r}), port=4711, ui=Path({str(tmp_path)!r})).prepare();"
        "import prefect.settings as s; now = s.get_current_settings();"
        "print(now.api.url, now.api.key, now.server.analytics_enabled, os.environ['DO_NOT_TRACK'])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PREFECT_API_URL": "https://example.com/api", "PREFECT_API_KEY": "secret", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["http://127.0.0.1:4711/api", "None", "False", "1"]
    assert said.stderr == ""


def test_prefect_knows_every_setting_that_is_set(tmp_path: Path) -> None:
    home = Home(tmp_path, port=4711, ui=tmp_path)
    with home.inside():  # refuses a name that it does not know
        from prefect.settings import get_current_settings

        now = get_current_settings()
    assert now.server.services.triggers.enabled is False
    assert now.flows.heartbeat_frequency is None
    url = now.server.database.connection_url
    assert url
    assert url.get_secret_value() == f"sqlite+aiosqlite:///{tmp_path}/prefect.db"
