import threading
from uuid import UUID

from clock.wishes import Wishes

ONE, TWO = UUID(int=1), UUID(int=2)


def test_many_wakes_of_a_round_are_one_look() -> None:
    wishes = Wishes()
    first, second = wishes.add(ONE, "one"), wishes.add(ONE, "one")
    assert first is second
    assert wishes.take() is not None
    wishes.done(ONE)
    assert wishes.wait_idle(0)


def test_rounds_are_looked_at_in_the_order_of_their_wakes() -> None:
    wishes = Wishes()
    for round_id in (TWO, ONE):
        wishes.add(round_id, "code")
    assert [taken[0] for taken in (wishes.take(), wishes.take()) if taken] == [TWO, ONE]


def test_a_round_that_is_driven_waits_while_another_is_taken() -> None:
    wishes = Wishes()
    wishes.add(ONE, "one")
    wishes.take()
    wishes.add(ONE, "one again")
    wishes.add(TWO, "two")
    taken = wishes.take()
    assert taken
    assert taken[0] == TWO
    assert wishes.concern(ONE)
    wishes.done(ONE)
    again = wishes.take()
    assert again
    assert (again[0], again[1].code) == (ONE, "one again")


def test_the_last_word_about_a_round_counts() -> None:
    wishes = Wishes()
    wishes.add(ONE, "one")
    wishes.add(ONE, None)
    taken = wishes.take()
    assert taken
    assert taken[1].code is None


def test_a_taker_waits_until_there_is_something_to_take() -> None:
    wishes = Wishes()
    taken: list[object] = []
    taker = threading.Thread(target=lambda: taken.append(wishes.take()))
    taker.start()
    wishes.add(ONE, "one")
    taker.join(10)
    assert len(taken) == 1


def test_a_close_sends_takers_home_and_says_that_nothing_more_is_taken() -> None:
    wishes = Wishes()
    waiting = wishes.add(ONE, "one")
    wishes.close()
    assert wishes.take() is None
    assert waiting.cancelled()
    assert wishes.add(TWO, "two").cancelled()


def test_idle_is_when_nothing_waits_and_nothing_is_driven() -> None:
    wishes = Wishes()
    assert wishes.wait_idle(0)
    wishes.add(ONE, "one")
    assert not wishes.wait_idle(0)
    wishes.take()
    assert not wishes.wait_idle(0)
    wishes.done(ONE)
    assert wishes.wait_idle(0)
