import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterIdempotencyKey
from prefect.exceptions import PrefectHTTPStatusError

from clock.conductor import Conductor
from tests.clock import toy
from tests.clock.toy import PATIENCE, launched, look, until


@pytest.fixture(scope="module")
def conductor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conductor]:
    with Conductor(tmp_path_factory.mktemp("home"), toy.load) as conductor:
        yield conductor


@pytest.fixture(autouse=True)
def _truth(truth: Path) -> None:
    """Each test has a database of its own; the conductor serves all."""


def test_a_round_waits_for_people_and_goes_on_once_per_step(conductor: Conductor) -> None:
    round_id, _ = launched()
    seen = [look(conductor, round_id)]
    for _ in range(toy.STEPS):
        toy.answer(round_id)
        seen.append(look(conductor, round_id))
    assert seen == ["Suspended"] * toy.STEPS + ["Completed"]
    assert toy.steps(round_id) == [1] * toy.STEPS
    assert round_id not in conductor.failures()


def test_suspended_rounds_hold_no_threads_and_are_not_awake(conductor: Conductor) -> None:
    def threads_with_more_rounds(count: int) -> int:
        rounds = [launched(f"round {n}") for n in range(count)]
        for round_id, code in rounds:
            conductor.wake(round_id, code)
        assert conductor.wait_idle(PATIENCE)
        assert not any(conductor.is_awake(round_id) for round_id, _ in rounds)
        return threading.active_count()

    few = threads_with_more_rounds(4)
    assert threads_with_more_rounds(20) < few + 10  # Prefect's database may open a connection more, no round a thread


def test_waking_a_round_that_has_nothing_to_do_does_no_harm(conductor: Conductor) -> None:
    round_id, code = launched()
    for _ in range(10):
        conductor.wake(round_id, code)
    assert conductor.wait_idle(PATIENCE)
    toy.answer(round_id)
    for _ in range(10):
        conductor.wake(round_id, code)
    assert conductor.wait_idle(PATIENCE)
    assert toy.steps(round_id) == [1, 0, 0]
    assert conductor.state_of(round_id) == "Suspended"


def test_a_wake_between_the_last_look_and_the_suspension_is_not_lost(conductor: Conductor) -> None:
    round_id, code = launched()
    gate = toy.hold("sleep")
    conductor.wake(round_id, code)
    until(toy.held("sleep").exists)  # the flow has looked, found nothing to do, and is about to fall asleep
    toy.answer(round_id)
    taken = conductor.wake(round_id, code)
    assert not taken.done()
    assert conductor.is_awake(round_id)
    gate.unlink()
    assert conductor.wait_idle(PATIENCE)
    assert taken.done()
    assert toy.steps(round_id) == [1, 0, 0]


def test_one_round_is_never_driven_twice_at_once(conductor: Conductor) -> None:
    round_id, code = launched()
    toy.answer(round_id)
    gate = toy.hold("step")
    conductor.wake(round_id, code)
    until(toy.held("step").exists)
    conductor.wake(round_id, code)
    looks = len(toy.looks(round_id))
    threading.Event().wait(0.3)  # the second driver is free and would have begun by now
    assert len(toy.looks(round_id)) == looks
    gate.unlink()
    assert conductor.wait_idle(PATIENCE)
    assert toy.steps(round_id, "begun") == [1, 0, 0]


def test_twenty_rounds_woken_in_any_order_each_go_on_once(conductor: Conductor) -> None:
    rounds = [launched(f"round {n}") for n in range(20)]
    for round_id, code in rounds:
        conductor.wake(round_id, code)
    assert conductor.wait_idle(PATIENCE)
    for round_id, code in sorted(rounds):
        toy.answer(round_id)
        conductor.wake(round_id, code)
    assert conductor.wait_idle(PATIENCE)
    assert [toy.steps(round_id) for round_id, _ in rounds] == [[1, 0, 0]] * 20
    assert [conductor.state_of(round_id) for round_id, _ in rounds] == ["Suspended"] * 20


def test_a_completed_round_that_is_reopened_goes_on(conductor: Conductor) -> None:
    round_id, _ = launched()
    for _ in range(toy.STEPS):
        toy.answer(round_id)
        look(conductor, round_id)
    toy.reopen(round_id)
    assert look(conductor, round_id) == "Completed"
    assert toy.steps(round_id) == [1, 1, 2]


def test_a_round_that_fails_says_why_and_goes_on_when_the_fault_is_gone(conductor: Conductor) -> None:
    round_id, _ = launched()
    toy.answer(round_id)
    toy.breakage().touch()
    assert look(conductor, round_id) == "Failed"
    assert conductor.failures()[round_id] == "the toy is broken"
    toy.breakage().unlink()
    assert look(conductor, round_id) == "Suspended"
    assert round_id not in conductor.failures()
    assert toy.steps(round_id) == [1, 0, 0]


def test_a_prefect_that_is_too_busy_is_said_in_one_line_and_asked_again(
    conductor: Conductor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    round_id, code = launched()
    request = httpx.Request("POST", "http://127.0.0.1/api")
    busy = httpx.HTTPStatusError("busy", request=request, response=httpx.Response(503, request=request))

    def refuse(*_: object) -> None:
        raise PrefectHTTPStatusError.from_httpx_error(busy)

    with monkeypatch.context() as patched:
        patched.setattr("clock.executor.Executor._create", refuse)
        taken = conductor.wake(round_id, code)
        assert conductor.wait_idle(PATIENCE)
    assert isinstance(taken.exception(), PrefectHTTPStatusError)
    assert [(r.levelname, r.exc_info) for r in caplog.records if r.name == "jingpin.clock"] == [("WARNING", None)]
    toy.answer(round_id)
    assert look(conductor, round_id) == "Suspended"
    assert round_id not in conductor.failures()


def test_a_round_can_be_cancelled_and_restored(conductor: Conductor) -> None:
    round_id, _ = launched()
    look(conductor, round_id)
    conductor.cancel(round_id)
    assert conductor.wait_idle(PATIENCE)
    assert conductor.state_of(round_id) == "Cancelled"
    toy.answer(round_id)
    assert look(conductor, round_id) == "Suspended"
    assert toy.steps(round_id) == [1, 0, 0]


def test_a_run_that_somebody_deleted_in_prefects_pages_is_made_again(conductor: Conductor) -> None:
    round_id, _ = launched()
    look(conductor, round_id)
    run_id = conductor.run_url(round_id).rsplit("/", 1)[1]
    httpx.delete(f"{conductor.ui_url}/api/flow_runs/{run_id}").raise_for_status()
    toy.answer(round_id)
    assert look(conductor, round_id) == "Suspended"
    assert toy.steps(round_id) == [1, 0, 0]


def test_the_state_of_an_unknown_round_is_empty(conductor: Conductor) -> None:
    assert conductor.state_of(uuid4()) == ""
    assert conductor.run_url(uuid4()) == ""


def test_people_find_the_round_in_prefects_own_pages_by_its_code_with_a_task_per_step(conductor: Conductor) -> None:
    round_id, _ = launched()
    for _ in range(toy.STEPS):
        toy.answer(round_id)
        look(conductor, round_id)
    page = httpx.get(conductor.ui_url, follow_redirects=True)
    assert "<html" in page.text
    with conductor._driver.client() as client:
        key = FlowRunFilterIdempotencyKey(any_=[str(round_id)])
        (run,) = client.read_flow_runs(flow_run_filter=FlowRunFilter(idempotency_key=key))
    assert (run.name, conductor.run_url(round_id)) == ("2026-Q4", f"{conductor.ui_url}/runs/flow-run/{run.id}")

    def tasks() -> set[tuple[str, str]]:
        asked = {"flow_runs": {"id": {"any_": [str(run.id)]}}}
        found = httpx.post(f"{conductor.ui_url}/api/task_runs/filter", json=asked).json()
        return {(task["name"], task["state_name"]) for task in found}

    until(lambda: tasks() == {(f"step {n}", "Completed") for n in range(toy.STEPS)})


def test_suspensions_leave_nothing_behind_that_grows(conductor: Conductor) -> None:
    round_id, _ = launched()
    for _ in range(5):
        look(conductor, round_id)
    with conductor._driver.client() as client:
        key = FlowRunFilterIdempotencyKey(any_=[str(round_id)])
        (run,) = client.read_flow_runs(flow_run_filter=FlowRunFilter(idempotency_key=key))
    assert len(run.empirical_policy.pause_keys or ()) <= 1
