"""The course of a round."""

from uuid import UUID

from prefect import flow

from tasks.papers import make_papers
from tasks.stages import end_round, finish_stage, note_run, open_stage, tally_stage, where
from tasks.waiting import wait_for_a_wake


@flow(name="promotion-round", flow_run_name="{code}")
def run_round(round_id: UUID, code: str) -> None:
    """Take a round from call to announcement. Safe to enter again from the top.

    Every step opens, waits for its people, is counted, gets its documents. Waiting suspends the run: it holds no
    process, and whoever wakes it only says "look again".
    """
    note_run(round_id)
    while (step := where(round_id)).stage_id:
        state = open_stage(step.stage_id, step.name) if step.state == "pending" else step.state
        make_papers(step.stage_id, step.name, "opened" if state in {"open", "closed"} else "planned")
        if state != "closed":
            wait_for_a_wake(code)
        tally_stage(step.stage_id, step.name)
        make_papers(step.stage_id, step.name, "tallied")
        finish_stage(step.stage_id, step.name)
    end_round(round_id)
