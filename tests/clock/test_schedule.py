import logging
import threading
import time

import pytest

from clock.schedule import Schedule, Tick


def test_ticks_begin_at_once_and_go_on() -> None:
    thrice = threading.Barrier(2)
    with Schedule([Tick("close what is due", 0.02, lambda: thrice.wait(60))]):
        for _ in range(3):
            thrice.wait(60)
        thrice.abort()


def test_a_tick_that_fails_is_logged_and_called_again(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []
    twice = threading.Event()

    def fail() -> None:
        calls.append(1)
        if len(calls) > 1:
            twice.set()
        raise OSError("the database is away")

    with caplog.at_level(logging.ERROR), Schedule([Tick("close what is due", 0.02, fail)]):
        assert twice.wait(60)
    assert "close what is due" in caplog.text
    assert "the database is away" in caplog.text


def test_a_slow_tick_does_not_run_twice_at_once_and_does_not_hold_up_the_others() -> None:
    over, alone, quick = threading.Event(), threading.Lock(), threading.Semaphore(0)
    first_in: list[bool] = []

    def hang() -> None:
        first_in.append(alone.acquire(blocking=False))
        over.wait(60)
        alone.release()

    with Schedule([Tick("slow", 0.02, hang), Tick("quick", 0.02, quick.release)]):
        for _ in range(10):
            assert quick.acquire(timeout=60)
        assert first_in == [True]
        over.set()


def test_what_has_just_happened_need_not_wait_for_the_next_tick() -> None:
    called = threading.Semaphore(0)
    with Schedule([Tick("deliver", 3600, called.release)]) as schedule:
        assert called.acquire(timeout=60)
        schedule.soon("deliver")
        assert called.acquire(timeout=60)


def test_a_stop_does_not_wait_for_a_tick_aside_which_still_runs_once_at_a_time() -> None:
    over, calls, turns = threading.Event(), threading.Semaphore(0), threading.Semaphore(0)

    def hang() -> None:
        calls.release()
        over.wait(30)

    with Schedule([Tick("send", 0.02, hang, aside=True), Tick("other", 0.02, turns.release)]) as schedule:
        assert calls.acquire(timeout=60)
        for _ in range(10):
            assert turns.acquire(timeout=60)
        began = time.monotonic()
        schedule.stop()
    assert time.monotonic() - began < 25  # it hangs for thirty seconds
    assert not calls.acquire(blocking=False)
    over.set()


def test_a_tick_aside_that_fails_is_logged_and_called_again(caplog: pytest.LogCaptureFixture) -> None:
    twice = threading.Barrier(2)

    def fail() -> None:
        twice.wait(60)
        raise OSError("the mail server is away")

    with caplog.at_level(logging.ERROR), Schedule([Tick("send", 0.02, fail, aside=True)]):
        twice.wait(60)
        twice.wait(60)
    assert "the mail server is away" in caplog.text
    twice.abort()
