from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Cancelled

from clock.conductor import Conductor, HomeTakenError
from clock.lock import try_conduct
from kit.prefect_home import listen
from tests.clock import toy
from tests.clock.toy import launched, look, until


def test_a_flow_that_leaves_by_system_exit_takes_no_driver_with_it(home: Path, truth: Path) -> None:
    @flow(name="leaver")
    def leave(round_id: UUID, code: str) -> None:
        raise SystemExit(3)

    with Conductor(home, lambda: leave, workers=1) as conductor:
        round_id, _ = launched()
        assert look(conductor, round_id) == "Crashed"
        assert look(conductor, round_id) == "Crashed"
        assert set(conductor.failures()) == {round_id}


def test_a_flow_may_end_itself_as_cancelled(home: Path, truth: Path) -> None:
    @flow(name="canceller")
    def cancel(round_id: UUID, code: str) -> State[None]:
        return Cancelled(message="HR cancelled the round")

    with Conductor(home, lambda: cancel) as conductor:
        assert look(conductor, uuid4()) == "Cancelled"
        assert conductor.failures() == {}


def test_a_clean_stop_and_another_start_go_on_where_the_round_stood(home: Path, truth: Path) -> None:
    round_id, _ = launched()
    with Conductor(home, toy.load) as conductor:
        look(conductor, round_id)
        assert conductor.stop()
    toy.answer(round_id)
    with Conductor(home, toy.load) as conductor:
        assert conductor.state_of(round_id) == "Suspended"
        assert look(conductor, round_id) == "Suspended"
    assert toy.steps(round_id) == [1, 0, 0]


def test_a_port_that_is_taken_is_refused_and_the_home_is_free_again(home: Path) -> None:
    with listen(0) as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            Conductor(home, toy.load, port=taken.getsockname()[1]).start()
    with Conductor(home, toy.load) as conductor:
        assert conductor.state_of(uuid4()) == ""


def test_a_home_that_another_process_conducts_is_refused(home: Path) -> None:
    baton = try_conduct(home)
    assert baton
    with baton, pytest.raises(HomeTakenError):
        Conductor(home, toy.load).start()
    with Conductor(home, toy.load):
        pass


def test_two_conductors_in_one_process_are_refused(home: Path) -> None:
    with Conductor(home, toy.load), pytest.raises(RuntimeError, match="at a time"):
        Conductor(home.with_name("other"), toy.load).start()


def test_a_prefect_that_has_ended_is_noticed_and_the_next_start_goes_on(home: Path, truth: Path) -> None:
    round_id, _ = launched()
    with Conductor(home, toy.load) as conductor:
        look(conductor, round_id)
        assert conductor.is_up()
        assert conductor._server
        assert conductor._server._uvicorn
        conductor._server._uvicorn.should_exit = True
        until(lambda: not conductor.is_up())
    toy.answer(round_id)
    with Conductor(home, toy.load) as conductor:
        assert look(conductor, round_id) == "Suspended"
    assert toy.steps(round_id) == [1, 0, 0]
