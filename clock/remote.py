"""A Prefect server elsewhere, with workers of its own: rounds are only made ready here, never driven.

Import it late: it imports Prefect. Several processes may do this at once: a run that is made ready twice is taken once.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterIdempotencyKey,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Scheduled

from clock import pool
from clock.links import leave_link

log = logging.getLogger("jingpin.clock")

UNDER_WAY = {StateType.PENDING, StateType.RUNNING, StateType.CANCELLING}

LastProgress = Callable[[UUID], datetime | None]


class BusyError(RuntimeError):
    """A worker is looking at the round now; it may have looked before what the wake speaks of."""


class Remote:
    """Wakes rounds for workers; one whose worker has died is given to another.

    ``last_progress`` says when a round last got on, from our own database: a run that says it is running, while the
    round could go on and has not for ``takeover_seconds``, lost its worker.
    """

    def __init__(self, flow: Flow[..., Any], *, takeover_seconds: float, last_progress: LastProgress) -> None:
        self._flow, self._takeover = flow, timedelta(seconds=takeover_seconds)
        self._last_progress = last_progress
        self._deployment: UUID | None = None

    def wake(self, round_id: UUID, code: str) -> "Future[None]":
        """Make a round's run ready; the future is done at once, with an exception when the wake must be repeated."""
        future: Future[None] = Future()
        try:
            with get_client(sync_client=True) as client:
                self._make_ready(client, round_id, code)
            future.set_result(None)
        except (BusyError, httpx.HTTPError, PrefectHTTPStatusError, ObjectNotFound, OSError, RuntimeError) as error:
            self._deployment = None  # a server that was set up anew has other ids
            future.set_exception(error)
        return future

    def is_awake(self, round_id: UUID) -> bool:
        """Return whether a worker has a round or will take it; when the server cannot be asked, so it is believed."""
        try:
            with get_client(sync_client=True) as client:
                run = self._find(client, round_id)
        except (httpx.HTTPError, PrefectHTTPStatusError, ObjectNotFound, OSError, RuntimeError) as error:
            log.warning("Prefect's server cannot be asked: %s", type(error).__name__)
            return True
        if run is None or run.state is None:
            return False
        if run.state.type == StateType.SCHEDULED:
            return True
        return run.state.type in UNDER_WAY and not self._died(run, round_id)

    def _make_ready(self, client: SyncPrefectClient, round_id: UUID, code: str) -> None:
        run = self._find(client, round_id)
        if run is None:
            made = client.create_flow_run_from_deployment(
                self._deployed(client),
                name=code,
                parameters={"round_id": str(round_id), "code": code},
                idempotency_key=str(round_id),
            )
            leave_link(client, made, code)
            return
        if run.state and run.state.type in UNDER_WAY and not self._died(run, round_id):
            raise BusyError(code)
        if run.state is None or run.state.type != StateType.SCHEDULED:
            client.set_flow_run_state(run.id, Scheduled(name="Resuming"), force=True)

    def _died(self, run: FlowRun, round_id: UUID) -> bool:
        seen = [run.state.timestamp] if run.state else []
        if progress := self._last_progress(round_id):
            seen.append(progress)
        return not seen or datetime.now(UTC) - max(seen) > self._takeover

    def _find(self, client: SyncPrefectClient, round_id: UUID) -> FlowRun | None:
        asked = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[self._deployed(client)]),
            idempotency_key=FlowRunFilterIdempotencyKey(any_=[str(round_id)]),
        )
        return next(iter(client.read_flow_runs(flow_run_filter=asked, limit=1)), None)

    def _deployed(self, client: SyncPrefectClient) -> UUID:
        if self._deployment is None:
            name = f"{self._flow.name}/{pool.DEPLOYMENT}"
            try:
                self._deployment = client.read_deployment_by_name(name).id
            except ObjectNotFound:
                pool.deploy(client, self._flow)
                self._deployment = client.read_deployment_by_name(name).id
        return self._deployment
