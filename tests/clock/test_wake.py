from collections.abc import Sequence
from concurrent.futures import Future
from uuid import UUID

from clock.wake import Delivery, RoundRef, SignalRef
from clock.wishes import Wish, Wishes

ONE, TWO = UUID(int=1), UUID(int=2)


class Desk:
    """Signals on one side, a conductor whose drivers are the test itself on the other."""

    def __init__(self) -> None:
        self.wishes = Wishes()
        self.signals: list[SignalRef] = []
        self.marked: list[Sequence[int]] = []
        self.asleep: list[RoundRef] = []
        self.delivery = Delivery(
            self, pending=lambda: self.signals, delivered=self._mark, ready_but_asleep=lambda: self.asleep
        )

    def wake(self, round_id: UUID, code: str) -> "Future[None]":
        return self.wishes.add(round_id, code)

    def is_awake(self, round_id: UUID) -> bool:
        return self.wishes.concern(round_id)

    def _mark(self, ids: Sequence[int]) -> None:
        self.marked.append(list(ids))
        self.signals = [signal for signal in self.signals if signal.id not in ids]

    def take(self) -> tuple[UUID, Wish]:
        taken = self.wishes.take()
        assert taken
        return taken

    def drive(self) -> UUID:
        round_id, wish = self.take()
        wish.taken.set_result(None)
        self.wishes.done(round_id)
        return round_id


def test_a_signal_is_delivered_when_its_wake_can_no_longer_get_lost() -> None:
    desk = Desk()
    desk.signals = [SignalRef(1, ONE, "one")]
    desk.delivery.deliver()
    assert desk.marked == []
    desk.drive()
    desk.delivery.deliver()
    assert desk.marked == [[1]]


def test_signals_wake_in_the_order_of_their_ids() -> None:
    desk = Desk()
    desk.signals = [SignalRef(2, TWO, "two"), SignalRef(1, ONE, "one")]
    desk.delivery.deliver()
    assert [desk.drive(), desk.drive()] == [ONE, TWO]


def test_a_signal_under_way_wakes_once_however_often_the_clock_ticks() -> None:
    desk = Desk()
    desk.signals = [SignalRef(1, ONE, "one")]
    for _ in range(5):
        desk.delivery.deliver()
    desk.drive()
    assert desk.wishes.wait_idle(0)


def test_a_wake_that_prefect_refused_is_tried_again() -> None:
    desk = Desk()
    desk.signals = [SignalRef(1, ONE, "one")]
    desk.delivery.deliver()
    round_id, wish = desk.take()
    wish.taken.set_exception(OSError("the database is locked"))
    desk.wishes.done(round_id)
    desk.delivery.deliver()
    assert desk.marked == []
    desk.delivery.deliver()
    assert desk.drive() == ONE
    desk.delivery.deliver()
    assert desk.marked == [[1]]


def test_signals_of_a_conductor_that_stopped_stay_pending() -> None:
    desk = Desk()
    desk.signals = [SignalRef(1, ONE, "one")]
    desk.delivery.deliver()
    desk.wishes.close()
    desk.delivery.deliver()
    assert desk.marked == []
    assert [signal.id for signal in desk.signals] == [1]


def test_a_round_that_could_go_on_but_sleeps_is_woken() -> None:
    desk = Desk()
    desk.asleep = [RoundRef(ONE, "one")]
    desk.delivery.reconcile(now=lambda: 0)
    assert not desk.is_awake(ONE)  # somebody may just have clicked: the signal is on its way
    desk.delivery.reconcile(now=lambda: 5)
    assert desk.drive() == ONE


def test_a_round_that_is_awake_is_not_woken_again() -> None:
    desk = Desk()
    desk.asleep = [RoundRef(ONE, "one")]
    desk.wake(ONE, "one")
    desk.take()
    desk.delivery.reconcile(now=lambda: 0)
    desk.wishes.done(ONE)
    assert desk.wishes.wait_idle(0)


def test_a_round_that_goes_on_sleeping_is_left_alone_for_longer_each_time() -> None:
    desk = Desk()
    desk.asleep = [RoundRef(ONE, "one")]
    woken = []
    for second in range(40):
        desk.delivery.reconcile(now=lambda second=second: second)  # type: ignore[misc] # a default binds the second
        if desk.is_awake(ONE):
            woken.append(second)
            desk.drive()
    assert woken == [1, 6, 16, 36]


def test_a_round_that_went_on_is_looked_after_afresh() -> None:
    desk = Desk()
    woken = []
    for second, asleep in enumerate([True, True, False, True, True]):
        desk.asleep = [RoundRef(ONE, "one")] if asleep else []
        desk.delivery.reconcile(now=lambda second=second: second)  # type: ignore[misc] # a default binds the second
        if desk.is_awake(ONE):
            woken.append(second)
            desk.drive()
    assert woken == [1, 4]
