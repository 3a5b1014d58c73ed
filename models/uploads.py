"""Tables that were handed in on a page and wait there to be looked at before they are taken in."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from models.types import UTCDateTime


class Upload(SQLModel, table=True):
    """A spreadsheet between its preview and its import: only who handed it in sees it, and it is deleted afterwards.

    What is taken in of it stays as evidence in the history; the file itself holds more than anybody asked for.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    book: str = Field(description="which table it is: people, ratings, …")
    round_id: UUID | None = Field(default=None, foreign_key="round.id")
    name: str = Field(description="the file's name, as it came")
    sha256: str = Field(max_length=64)
    content: bytes
    made_by: str
    made_at: datetime = Field(sa_type=UTCDateTime, index=True)
