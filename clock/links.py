"""From a run in Prefect's pages to the round in ours. Import it late: it imports Prefect."""

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun

from kit.settings import settings


def leave_link(client: SyncPrefectClient, run: FlowRun, code: str) -> None:
    """Leave a link to the round's page with a run that has not begun yet, among its artifacts."""
    if run.run_count == 0:
        page = f"{settings().address()}/rounds/{code}"
        client.create_artifact(ArtifactCreate(type="markdown", data=f"[{code}]({page})", flow_run_id=run.id))
