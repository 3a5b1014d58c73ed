"""How a round waits for people: the run is suspended, and no process and no thread is held."""

from uuid import uuid4

from prefect import suspend_flow_run


def wait_for_a_wake(code: str) -> None:
    """Leave the flow here; the next wake enters it again from the top, so nothing after this call ever runs.

    Call it in the flow itself: Prefect refuses to suspend inside a task. Without a timeout the run may sleep for
    weeks. The key is fresh each time, because Prefect falls straight through a suspension whose key it has seen.
    """
    suspend_flow_run(timeout=None, key=f"{code} {uuid4()}")
