"""For machines that watch the machine: is it alive, and how is it doing. Nobody's name is in it."""

from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from models.database import reading
from queries import rounds
from web import metrics

router: Final = APIRouter(include_in_schema=False)


@router.get("/healthz", name="health")
def health() -> dict[str, str]:
    """Answer that the process lives and the database can be read."""
    with reading() as session:
        rounds.all_rounds(session)
    return {"status": "ok"}


@router.get("/metrics", name="metrics", response_class=Response)
def numbers() -> Response:
    """Answer with the metrics; they name nobody."""
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
