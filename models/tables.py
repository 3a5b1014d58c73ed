"""All tables in one place, for Alembic and for tests that need the whole schema."""

from sqlmodel import SQLModel

from models import applications, documents, history, marks, people, results, rounds, stages

__all__ = ["applications", "documents", "history", "marks", "metadata", "people", "results", "rounds", "stages"]

metadata = SQLModel.metadata
