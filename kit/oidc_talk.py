"""Talk to an OpenID Connect provider: where to go, and what it says about who came back."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from authlib.integrations.base_client.errors import OAuthError  # type: ignore[import-untyped] # carries no types
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped] # see above
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kit.oidc import SKEW_SECONDS, Client, Journey, OidcError, UnreachableError

SCOPE: Final = "openid profile"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with the provider's own key; never one that our secret could make, never none."""

AFRESH: Final = {"prompt": "login", "max_age": "0"}

TIMEOUT_SECONDS: Final = 10.0


def address(client: Client, journey: Journey, *, afresh: bool = False) -> str:
    """Return the provider's page to send the browser to; ``afresh``: who is signed in there has to sign in again.

    :raises UnreachableError: when the provider does not say where that is.
    """
    with _session(client) as session:
        url, _state = session.create_authorization_url(
            _provider(client.issuer)["authorization_endpoint"],
            state=journey.state,
            nonce=journey.nonce,
            code_verifier=journey.verifier,
            **(AFRESH if afresh else {}),
        )
    return str(url)


def signed_in_at(claims: Mapping[str, Any]) -> datetime | None:
    """Return when somebody last signed in at the provider; ``None``: it does not say."""
    said = claims.get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        return datetime.fromtimestamp(said, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def ways_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return how somebody signed in at the provider, in its words: the methods (``amr``) and the level (``acr``)."""
    methods = claims.get("amr")
    said = [*(methods if isinstance(methods, list) else ()), claims.get("acr")]
    return frozenset(word for word in said if word and isinstance(word, str))


def end_of_session(client: Client, *, back_to: str) -> str:
    """Return the provider's page on which people sign out there; empty when it has none.

    :raises UnreachableError: when the provider does not answer.
    """
    page = _provider(client.issuer).get("end_session_endpoint")
    if not isinstance(page, str):
        return ""
    asked = urlencode({"client_id": client.client_id, "post_logout_redirect_uri": back_to})
    return f"{page}{'&' if '?' in page else '?'}{asked}"


def claims(client: Client, journey: Journey, came_back_with: Mapping[str, str]) -> dict[str, Any]:
    """Return what the provider says about who came back.

    :raises OidcError: when anything does not fit.
    """
    if not secrets.compare_digest(came_back_with.get("state", "").encode(), journey.state.encode()):
        raise OidcError("the state is not ours")
    if "error" in came_back_with:
        raise OidcError(f"the provider refused: {came_back_with['error'][:100]!r}")
    if came_back_with.get("iss", client.issuer).rstrip("/") != client.issuer.rstrip("/"):
        raise OidcError("another provider answered")
    provider = _provider(client.issuer)
    token = _id_token(client, journey, provider, came_back_with.get("code", ""))
    return _checked(client, journey, provider, token)


def _session(client: Client) -> OAuth2Client:
    return OAuth2Client(
        client.client_id,
        client.client_secret,
        scope=SCOPE,
        redirect_uri=client.comes_back_to,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
    )


def _id_token(client: Client, journey: Journey, provider: Mapping[str, Any], code: str) -> str:
    try:
        with _session(client) as session:
            given = session.fetch_token(
                provider["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=journey.verifier
            )
    except httpx.HTTPError as error:
        raise UnreachableError(str(error)) from None
    except (OAuthError, ValueError) as error:
        raise OidcError(f"no token: {error}") from None
    token = given.get("id_token")
    if not isinstance(token, str):
        raise OidcError("no id token")
    return token


def _checked(client: Client, journey: Journey, provider: Mapping[str, Any], token: str) -> dict[str, Any]:
    wanted = jwt.JWTClaimsRegistry(
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": client.client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": journey.nonce},
    )
    try:
        keys = KeySet.import_key_set(_got(provider["jwks_uri"]))
        found = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        wanted.validate(found)
    except (JoseError, ValueError, KeyError) as error:
        raise OidcError(f"the id token does not fit: {error}") from None
    if isinstance(found.get("aud"), list) and len(found["aud"]) > 1 and found.get("azp") != client.client_id:
        raise OidcError("the id token is for somebody else")
    return dict(found)


@cache
def _providers() -> dict[str, dict[str, Any]]:
    return {}


def _provider(issuer: str) -> dict[str, Any]:
    """Return what a provider says about itself, asked once in the life of this process.

    :raises UnreachableError: when it does not answer, or says that it is another.
    """
    known = _providers()
    if issuer not in known:
        said = _got(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
            raise UnreachableError("the provider calls itself otherwise")
        if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(said):
            raise UnreachableError("the provider does not say where its pages are")
        known[issuer] = said
    return known[issuer]


def _got(url: str) -> Any:  # noqa: ANN401 - a document of whatever they say
    try:
        answer = httpx.get(url, timeout=TIMEOUT_SECONDS).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise UnreachableError(str(error)) from None
    if not isinstance(answer, dict):
        raise UnreachableError(f"{url} is no document of a provider")
    return answer
