"""An identity provider by OpenID Connect: authorisation code with PKCE, state and nonce.

Source: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from time import monotonic
from typing import Any, Protocol

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from endonym.adapters.identity.claims import Wanted, standings
from endonym.adapters.identity.outgoing import Outgoing, encrypted
from endonym.core.errors import IdentityError
from endonym.seams.identity import Arrival, Departure

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Those with a key that the provider alone has: never `none`, never a secret that two know."""

_NOT_COUNTED = ("amr", "at_hash")
"""HarID writes `amr` as a text, and TARA has written `at_hash` in another base64 than the standard's. We rest nothing on the first; the second
proves nothing of a token that came straight from the token endpoint."""

_KEPT_S = 3600.0
_LEEWAY_S = 60
_SILENT_S = 5.0
"""How long one that did not answer is left alone, so that not everybody waits for it."""
_AGAIN_S = 30.0
"""An unknown key is looked for anew, but not more often than this."""


class OidcSettings(Wanted, Protocol):
    title: str
    issuer: str
    discovery: str
    client_id: str
    scopes: tuple[str, ...]
    userinfo: bool
    days: int

    @property
    def secret(self) -> str: ...


class OidcProvider:
    def __init__(self, name: str, settings: OidcSettings) -> None:
        self.name = name
        self.title = settings.title
        self.days = settings.days
        self._settings = settings
        self._about: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._read = self._failed = float("-inf")

    # ---- out and back

    def depart(self, back: str, state: str, language: str) -> Departure:
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                self._metadata()["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, ui_locales=language)  # fmt: skip
        return Departure(address, {"nonce": nonce, "verifier": verifier})

    def arrive(self, back: str, answer: Mapping[str, str], keep: Mapping[str, str]) -> Arrival:
        about = self._metadata()
        if answer.get("iss", about["issuer"]) != about["issuer"]:
            raise IdentityError(f"expected an answer of {about['issuer']}, found one of {answer['iss'][:200]!r}", "forged")
        if "error" in answer or not answer.get("code"):
            raise IdentityError(f"{self.name}: {answer.get('error', 'no code')[:100]!r}", "cancelled")
        with self._session(back) as session:
            token = self._token(session, about, answer["code"], keep["verifier"])
            claims = self._claims(token, keep["nonce"])
            if self._settings.userinfo and about.get("userinfo_endpoint"):
                claims = {**self._userinfo(about["userinfo_endpoint"], token, claims["sub"]), **claims}
        return Arrival(about["issuer"], claims["sub"], standings(claims, self._settings))

    def check(self) -> str:
        self._read = self._failed = float("-inf")
        about = self._metadata()
        return f"{about['issuer']} answers; {len(self._keys['keys'])} key(s)"

    # ---- how

    def _session(self, back: str) -> OAuth2Session:
        settings = self._settings
        made = _Session(client_id=settings.client_id, client_secret=settings.secret or None, redirect_uri=back, scope=" ".join(settings.scopes),
                        code_challenge_method="S256", token_endpoint_auth_method=None if settings.secret else "none")  # fmt: skip
        made.headers["User-Agent"] = "Endonym"
        return made

    def _token(self, session: OAuth2Session, about: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
        try:
            token: Mapping[str, Any] = session.fetch_token(about["token_endpoint"], code=code, code_verifier=verifier)
        except AuthlibBaseError as error:  # a code that was used or is not ours
            raise IdentityError(f"{self.name}: the token was refused: {error.error}", "forged") from None
        except (ValueError, requests.RequestException) as error:
            raise IdentityError(f"{self.name}: expected a token as JSON: {type(error).__name__}", "unreachable") from None
        if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
            raise IdentityError(f"{self.name}: expected an id_token and an access_token, found {sorted(token)}", "forged")
        return token

    def _claims(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the id_token says, once its signature, issuer, audience, times and nonce are seen to be right."""
        settings, issuer = self._settings, self._metadata()["issuer"]
        wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": settings.client_id}, "nonce": {"essential": True}}
        try:
            signed = self._signed(token["id_token"])
            counted = {name: value for name, value in signed.claims.items() if name not in _NOT_COUNTED}
            said = CodeIDToken(counted, signed.header, wanted, {"nonce": nonce, "client_id": settings.client_id})
            said.validate(leeway=_LEEWAY_S)
        except ExpiredTokenError as error:
            raise IdentityError(f"{self.name}: {error.description or error.error}", "expired") from None
        except (JoseError, AuthlibBaseError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise IdentityError(f"{self.name}: the id_token is not right: {type(error).__name__}: {str(error)[:200]}", "forged") from None
        if not isinstance(said["sub"], str) or not 0 < len(said["sub"]) <= 1024:
            raise IdentityError(f"{self.name}: expected a subject, found something else", "forged")
        return dict(said)

    def _signed(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(_ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(token, KeySet.import_key_set(self._keys), registry=registry)  # type: ignore[arg-type]
        except (InvalidKeyIdError, ValueError):
            if monotonic() - self._read < _AGAIN_S:
                raise
            self._read = float("-inf")  # it may have got new keys
            self._metadata()
            return jwt.decode(token, KeySet.import_key_set(self._keys), registry=registry)  # type: ignore[arg-type]

    def _userinfo(self, address: str, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        with Outgoing() as session:
            session.headers["Authorization"] = f"Bearer {token['access_token']}"
            said = session.json_of(address)
        if said.get("sub") != subject:  # Source: OpenID Connect Core 1.0, section 5.3.2
            raise IdentityError(f"{self.name}: userinfo is of another subject", "forged")
        return said

    def _metadata(self) -> dict[str, Any]:
        """What the provider publishes of itself, with its keys; read anew every hour."""
        if monotonic() - self._read < _KEPT_S:
            return self._about
        if monotonic() - self._failed < _SILENT_S:
            raise IdentityError(f"{self._settings.issuer} did not answer a moment ago", "unreachable")
        try:
            self._about, self._keys = self._published()
        except IdentityError:
            self._failed = monotonic()
            raise
        self._read = monotonic()
        return self._about

    def _published(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(what the provider says of itself, its keys)."""
        settings = self._settings
        with Outgoing() as session:
            about = session.json_of(settings.discovery or settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if about.get("issuer") != settings.issuer:
                raise IdentityError(f"expected the issuer {settings.issuer}, found {str(about.get('issuer'))[:200]!r}", "unreachable")
            lacking = [name for name in ("authorization_endpoint", "token_endpoint", "jwks_uri") if not encrypted(str(about.get(name, "")))]
            if lacking:
                raise IdentityError(f"{settings.issuer}: expected https addresses in what it publishes, found none for {', '.join(lacking)}", "unreachable")
            keys = session.json_of(about["jwks_uri"])
            if not isinstance(keys.get("keys"), list):
                raise IdentityError(f"{settings.issuer}: expected keys at {about['jwks_uri']}, found none", "unreachable")
        return about, keys


_Session: Any = type("_Session", (OAuth2Session, Outgoing), {"__doc__": "Authlib's client with our bounds."})


def from_settings(name: str, settings: OidcSettings) -> OidcProvider:
    return OidcProvider(name, settings)
