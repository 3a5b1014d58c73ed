"""OpenID Connect sign-in: authorization code with PKCE, state and nonce, for one provider.

What has to be remembered between going there and coming back is one secret in a short-lived cookie: state, nonce and
verifier are hashes of it, so nothing is stored here and nobody can come back who did not go. ``kit.oidc_talk`` talks to
the provider; it is slow to import, and most centres never need it.
"""

import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

LASTS_SECONDS: Final = 600
"""How long somebody may take at the provider."""


SKEW_SECONDS: Final = 60
"""How far the provider's clock may be from ours."""


class OidcError(Exception):
    """A sign-in that cannot be believed; says why, for logs and developers."""


class UnreachableError(OidcError):
    """The provider does not answer, or not as one."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the provider, and where it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str
    comes_back_to: str


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to the provider and back."""

    secret: str
    began_at: int

    @property
    def state(self) -> str:
        """Return what has to come back with them."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Return what the provider has to sign."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """Return what shows that whoever comes back is who went (PKCE)."""
        return self._derived("verifier")

    def _derived(self, what: str) -> str:
        return sha256(f"{what} {self.began_at} {self.secret}".encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.began_at}.{self.secret}"


def set_out() -> Journey:
    """Return a new way there."""
    return Journey(secrets.token_urlsafe(32), int(time.time()))


def remembered(cookie: str) -> Journey:
    """Return the way that a cookie remembers.

    :raises OidcError: when it remembers none, or one that took too long.
    """
    began_at, _dot, secret = cookie.partition(".")
    if not secret or not began_at.isdecimal() or len(began_at) > 12:  # noqa: PLR2004 - seconds of the next 30,000 years
        raise OidcError("nobody went there from this browser")
    if not 0 <= time.time() - int(began_at) <= LASTS_SECONDS:
        raise OidcError("it took too long")
    return Journey(secret, int(began_at))
