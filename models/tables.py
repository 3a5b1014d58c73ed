"""All tables in one place, for Alembic and for tests that need the whole schema."""

from sqlmodel import SQLModel

from models import applications, changes, documents, history, marks, messages, people, results, rounds, stages

__all__ = [
    "applications",
    "changes",
    "documents",
    "history",
    "marks",
    "messages",
    "metadata",
    "people",
    "results",
    "rounds",
    "stages",
]

metadata = SQLModel.metadata
