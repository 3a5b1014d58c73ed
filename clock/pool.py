"""What a Prefect server elsewhere must know: the work pool, and the deployment of a round's flow for workers.

Import it late: it imports Prefect.
"""

import asyncio
import contextlib
import signal
import warnings
from typing import Any, Final

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import WorkerFlowRunResponse
from prefect.exceptions import ObjectAlreadyExists
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

POOL: Final = "jingpin"
DEPLOYMENT: Final = "workers"


def deploy(client: SyncPrefectClient, flow: Flow[..., Any]) -> None:
    """Make the pool and the deployment, as ``prefect.yaml`` says; a second time changes nothing."""
    try:
        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template))
    except ObjectAlreadyExists:
        pass
    client.create_deployment(
        client.create_flow(flow),
        DEPLOYMENT,
        entrypoint=f"{flow.fn.__module__}.{flow.fn.__name__}",
        work_pool_name=POOL,
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
    )


with warnings.catch_warnings():  # it takes the place of Prefect's own among the types of workers, on purpose
    warnings.simplefilter("ignore", UserWarning)

    class RoundWorker(ProcessWorker):
        """A process worker that may meet a run again while the process of its last look is still ending.

        Prefect's own raises then, and the worker dies: a round that suspends and is woken within a second does that.
        Here the run is left for the next time that the worker asks for work.
        """

        async def _submit_scheduled_flow_runs(self, flow_run_response: list[WorkerFlowRunResponse]) -> list[FlowRun]:
            held = self._limiter.statistics().borrowers if self._limiter else ()
            free = [entry for entry in flow_run_response if entry.flow_run.id not in held]
            return await super()._submit_scheduled_flow_runs(free)


async def work(*, name: str, limit: int) -> None:
    """Carry out runs of the pool, each in a process of its own, until the process is told to stop (SIGTERM, SIGINT)."""
    worker = RoundWorker(work_pool_name=POOL, name=name, limit=limit, heartbeat_interval_seconds=5)
    working = asyncio.ensure_future(worker.start())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await working
