"""All tables in one place, for Alembic and for tests that need the whole schema."""

from sqlmodel import SQLModel

from models import (
    accounts,
    answers,
    applications,
    changes,
    documents,
    drafts,
    hearings,
    history,
    marks,
    messages,
    people,
    results,
    rounds,
    sheets,
    stages,
    uploads,
)

__all__ = [
    "accounts",
    "answers",
    "applications",
    "changes",
    "documents",
    "drafts",
    "hearings",
    "history",
    "marks",
    "messages",
    "metadata",
    "people",
    "results",
    "rounds",
    "sheets",
    "stages",
    "uploads",
]

metadata = SQLModel.metadata
