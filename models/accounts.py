"""Who may sign in, as what, and what is open in whose name. Secrets stand here only as hashes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Account(SQLModel, table=True):
    """One person's way in; ``staff_no`` says who it is in the directory (or as a reviewer from outside).

    ``password`` is an argon2id hash; empty: this account signs in through the centre's own sign-in (OIDC) or has not
    chosen a password yet. ``totp_secret`` counts only once ``totp_since`` is set.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    login: str = Field(unique=True, max_length=64, description="case-folded")
    name: str
    staff_no: str | None = Field(default=None, unique=True, max_length=64)
    password: str = ""
    totp_secret: str = ""
    totp_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    totp_step: int = Field(default=0, description="the last time step whose code was used: a code counts once")
    subject: str | None = Field(default=None, unique=True, description="issuer and subject of the OIDC sign-in")
    language: str = "zh"
    active: bool = True
    made_at: datetime = Field(sa_type=UTCDateTime)


class AccountRole(SQLModel, table=True):
    """A role that an account has."""

    __table_args__ = (CheckConstraint("role IN ('hr', 'reviewer', 'candidate', 'observer', 'admin')", name="role"),)

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    role: str = Field(primary_key=True)


class SignedIn(SQLModel, table=True):
    """A browser that is signed in; its cookie holds a secret of which this has the SHA-256."""

    id: str = Field(primary_key=True, max_length=64, description="SHA-256 of the cookie")
    account_id: UUID = Field(foreign_key="account.id", index=True)
    csrf: str
    agent: str = Field(default="", description="what the browser says it is, for the list of one's own sessions")
    began_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    shown_at: datetime = Field(sa_type=UTCDateTime, description="the owner showed to be there: by password, code, OIDC")
    proved_at: datetime | None = Field(default=None, sa_type=UTCDateTime, description="second factor given")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Attempt(SQLModel, table=True):
    """A try to sign in that failed; counted by login, address and device, so that nobody locks out another."""

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(index=True, description="SHA-256 of the login that was typed, or of whose code was asked")
    address: str = Field(index=True)
    device: str = Field(default="", description="SHA-256 of the device's cookie; empty: an unknown device")
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class Device(SQLModel, table=True):
    """A browser in which an account has signed in before; what strangers try elsewhere does not hinder it."""

    id: str = Field(primary_key=True, max_length=64, description="SHA-256 of the device's cookie")
    account_id: UUID = Field(foreign_key="account.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)


class RecoveryCode(SQLModel, table=True):
    """What stands in for the second factor, once, when its device is lost."""

    id: str = Field(primary_key=True, max_length=64, description="SHA-256 of the code")
    account_id: UUID = Field(foreign_key="account.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class OneTimeLink(SQLModel, table=True):
    """A link that lets one account choose its password, once."""

    id: str = Field(primary_key=True, max_length=64, description="SHA-256 of the link's secret")
    account_id: UUID = Field(foreign_key="account.id", index=True)
    made_by: str
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ApiToken(SQLModel, table=True):
    """A program's way in: acts in an account's name, within its scopes and never beyond the account's roles."""

    id: str = Field(primary_key=True, max_length=64, description="SHA-256 of the token")
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str
    scopes: str = Field(description="separated by blanks")
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Viewing(SQLModel, table=True):
    """Who saw what that concerns a person or a round."""

    __table_args__ = (UniqueConstraint("actor", "hour", "page", "round_code", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    actor: str = Field(index=True)
    hour: datetime = Field(sa_type=UTCDateTime, description="the hour in which; one line an hour")
    page: str
    round_code: str = Field(default="", index=True)
    subject: str = ""
    at: datetime = Field(sa_type=UTCDateTime, description="the first time in that hour")
