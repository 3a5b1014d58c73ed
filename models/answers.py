"""What programs were answered, for as long as they may send the same request again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.types import UTCDateTime


class Answered(SQLModel, table=True):
    """The answer to a request that named an idempotency key; ``status`` 0: it is being worked on."""

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=128)
    request: str = Field(max_length=64, description="SHA-256 of method, address and body")
    status: int = 0
    etag: str = ""
    body: bytes = b""
    at: datetime = Field(sa_type=UTCDateTime, index=True)
