"""Files that are kept: evidence that came in, documents that went out. Content is addressed by its hash."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Blob(SQLModel, table=True):
    """Bytes under the SHA-256 of themselves; never changed, never deleted while something names them."""

    sha256: str = Field(primary_key=True, max_length=64)
    size: int
    content: bytes


class Frozen(SQLModel, table=True):
    """A table of the directory as it stood when the round was screened (``kit.canonical`` form)."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    name: str = Field(primary_key=True)
    sha256: str = Field(foreign_key="blob.sha256")


class Document(SQLModel, table=True):
    """A document that was made once and is kept; a later one of the same kind is a new version beside it."""

    __table_args__ = (UniqueConstraint("round_id", "kind", "staff_no", "version", "media_type"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    kind: str
    staff_no: str = Field(default="", description="whose own document it is; empty: the round's")
    version: int = 1
    name: str = Field(description="the file name, in Chinese")
    media_type: str
    sha256: str = Field(foreign_key="blob.sha256")
    fonts: str = Field(default="", description="the fonts that the file embeds")
    made_at: datetime = Field(sa_type=UTCDateTime)
