"""Drives flow runs in this process. Import it late: it imports Prefect.

``prefect.flow_engine.run_flow(flow, flow_run=…)`` is no documented API: it is used here and nowhere else, and the
minor version of Prefect is pinned. Of what the engine offers, three things are switched off because they cost more
than the rest together: the heartbeat (1 s a run), the observer that waits for somebody to press "suspend" in the UI
(0.25 s), and asking the server for a default storage of results (three requests).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterIdempotencyKey,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import SyncClientContext
from prefect.exceptions import CancelledRun, ObjectNotFound, Pause, PrefectHTTPStatusError
from prefect.flow_engine import run_flow
from prefect.states import Cancelled, Scheduled

from clock.links import leave_link
from kit.prefect_home import Home

DEPLOYMENT = "embedded"
PAGE = 200
BUSY = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
"""What Prefect's server answers while its database is locked, also after the client's own repetitions."""
UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING]


class NotScheduledError(RuntimeError):
    """Somebody else changed the run's state; it is not ours to drive now."""


class Executor:
    """Drives the runs of one flow, one run per round, for a server on a loopback port."""

    def __init__(self, flow: Flow[..., Any], home: Home) -> None:
        self._home = home
        self._entrypoint = f"{flow.fn.__module__}:{flow.fn.__name__}"
        self._flow = flow.with_options(persist_result=False, result_storage=home.folder / "storage")
        self._flow.flow_run_name = None  # the run is created with its name: no need to set it at every wake
        self._deployment: UUID | None = None
        self._runs: dict[UUID, FlowRun] = {}

    @contextmanager
    def client(self) -> Iterator[SyncPrefectClient]:
        """Use one client in this thread for everything that happens inside, engine included."""
        with self._home.inside(), SyncClientContext.get_or_create() as context:
            yield context.client

    def deploy(self) -> None:
        """Make the deployment without which Prefect suspends no run; no work pool, so that no worker takes its runs."""
        with self.client() as client:
            flow_id = client.create_flow(self._flow)
            self._deployment = client.create_deployment(flow_id, DEPLOYMENT, entrypoint=self._entrypoint)

    def unfinished(self) -> list[tuple[UUID, str]]:
        """Return round and code of every run that a process left scheduled, pending or running."""
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
        with self.client() as client:
            runs = list(self._all(client, state=state))
        return [(UUID(r.parameters["round_id"]), str(r.parameters["code"])) for r in runs if "round_id" in r.parameters]

    def schedule(self, round_id: UUID, code: str) -> FlowRun:
        """Return the round's run, created if need be, in the state Scheduled whatever it was before.

        :raises NotScheduledError: when Prefect did not accept that.
        """
        try:
            run = self._runs.pop(round_id, None) or self._create(round_id, code)
            state = run.state if run.state and run.state.name == "Scheduled" else self._resume(run)
        except ObjectNotFound:  # somebody deleted it in Prefect's pages
            run = self._create(round_id, code)
            state = run.state
        if state is None or not state.is_scheduled():
            raise NotScheduledError(f"{code}: {state}")
        self._runs[round_id] = run.model_copy(update={"state": None})  # saves a request at the next wake
        return run.model_copy(update={"state": state})

    def _resume(self, run: FlowRun) -> State[Any] | None:
        resuming: State[Any] = Scheduled(name="Resuming")
        return get_client(sync_client=True).set_flow_run_state(run.id, resuming, force=True).state

    def _create(self, round_id: UUID, code: str) -> FlowRun:
        client = get_client(sync_client=True)
        run = client.create_flow_run_from_deployment(
            self._deployed(),
            name=code,
            parameters={"round_id": str(round_id), "code": code},
            idempotency_key=str(round_id),  # whoever creates it again gets the same run
        )
        leave_link(client, run, code)
        return run

    def drive(self, run: FlowRun) -> str:
        """Run the flow from its top until it ends or suspends; return how it stands.

        :raises Exception: what the flow raised; its run has failed then.
        """
        # Without its deployment the engine starts no observer; it reads the run anew before the flow begins.
        ours = run.model_copy(update={"deployment_id": None})
        ours.empirical_policy.pause_keys = set()  # spent keys would pile up in every request for ever
        try:
            state: Any = run_flow(self._flow, flow_run=ours)
        except Pause:
            return "Suspended"
        except CancelledRun:
            return "Cancelled"
        return str(state.name) if isinstance(state, State) else "Completed"

    @staticmethod
    def was_busy(error: BaseException) -> bool:
        """Return whether nothing is wrong but that Prefect's server had too much to do; a later look will pass."""
        return isinstance(error, PrefectHTTPStatusError) and error.response.status_code in BUSY

    def cancel(self, round_id: UUID) -> None:
        """Mark the round's run as cancelled, if there is one that is not over."""
        run = self._find(get_client(sync_client=True), round_id)
        if run and run.state and not run.state.is_final():
            get_client(sync_client=True).set_flow_run_state(run.id, Cancelled(), force=True)

    def state_of(self, round_id: UUID) -> str:
        """Return the name of the run's state; empty when there is no run."""
        with self.client() as client:
            run = self._find(client, round_id)
        return run.state.name or "" if run and run.state else ""

    def run_id_of(self, round_id: UUID) -> UUID | None:
        """Return Prefect's own id of the round's run."""
        with self.client() as client:
            run = self._find(client, round_id)
        return run.id if run else None

    def _find(self, client: SyncPrefectClient, round_id: UUID) -> FlowRun | None:
        key = FlowRunFilterIdempotencyKey(any_=[str(round_id)])
        return next(self._all(client, idempotency_key=key), None)

    def _all(self, client: SyncPrefectClient, **wanted: Any) -> Iterator[FlowRun]:  # noqa: ANN401 - Prefect's filters
        ours = FlowRunFilterDeploymentId(any_=[self._deployed()])
        asked = FlowRunFilter(deployment_id=ours, **wanted)
        offset = 0
        while page := client.read_flow_runs(flow_run_filter=asked, limit=PAGE, offset=offset):
            yield from page
            offset += PAGE

    def _deployed(self) -> UUID:
        if self._deployment is None:
            raise RuntimeError("deploy() comes first")
        return self._deployment
