"""A learning platform by LTI 1.3: launches, deep linking, the list of people (NRPS) and the grade book (AGS), over pylti1p3next.

The library compares a nonce and does not consume it. Here state and nonce are one ticket of the database, taken before anything is compared, so
that a launch which is sent twice finds nothing.

Source: LTI Core 1.3, Deep Linking 2.0, NRPS 2.0, AGS 2.0; 1EdTech Security Framework 1.0, section 5.1.3 (what must be checked of a token).
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol
from urllib.parse import urlencode, urlsplit

from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.cookie import CookieService
from pylti1p3.deep_link import DeepLink as DeepLinkMessage
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, ToolConfException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.roles import StudentRole, TeacherRole
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.session import SessionService
from pylti1p3.tool_config.dict import ToolConfDict

from endonym.adapters.identity.outgoing import Outgoing, encrypted
from endonym.core.errors import IdentityError
from endonym.seams.identity import DeepLink, Departure, Launch, Linked, Member

_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
_ROLES = f"{_CLAIM}roles"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/"
_SCORE: Literal["https://purl.imsglobal.org/spec/lti-ags/scope/score"] = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_KEPT_S = 3600.0
_OLDEST_S = 600
"""How long after it was made a token is believed, whatever it says of its own end."""
_AHEAD_S = 60
"""How much the platform's clock may be ahead."""
_MOST_PAGES = 50


class LtiSettings(Protocol):
    title: str
    issuer: str
    client_id: str
    authorization: str
    token: str
    keys: str
    audience: str
    school: str
    days: int

    @property
    def deployments(self) -> tuple[str, ...]: ...
    @property
    def pages(self) -> tuple[str, ...]: ...


class LtiPlatform:
    """Args: pem: The private key by which we sign."""

    def __init__(self, name: str, settings: LtiSettings, pem: str) -> None:
        self.name, self.title, self.school, self.days = name, settings.title, settings.school, settings.days
        self.issuer, self.client = settings.issuer, settings.client_id
        self.frames = tuple(dict.fromkeys((*settings.pages, _origin(settings.issuer), _origin(settings.authorization))))
        self._settings = settings
        self._pem = pem
        self._jwk = _public(pem)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._key_set: tuple[float, dict[str, Any]] = (float("-inf"), {})

    # ---- launches

    def depart(self, back: str, state: str, asked: Mapping[str, str]) -> Departure:
        if not asked.get("login_hint"):
            raise IdentityError(f"{self.name}: expected a login_hint, found none", "forged")
        if asked.get("lti_deployment_id", self._settings.deployments[0]) not in self._settings.deployments:
            raise IdentityError(f"{self.name}: deployment {asked['lti_deployment_id'][:80]!r} is not registered", "forged")
        nonce = secrets.token_urlsafe(32)
        query = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none", "client_id": self.client,
                 "redirect_uri": back, "state": state, "nonce": nonce, "login_hint": asked["login_hint"]}  # fmt: skip
        if asked.get("lti_message_hint"):
            query["lti_message_hint"] = asked["lti_message_hint"]
        address = self._settings.authorization
        return Departure(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", {"nonce": nonce})

    def arrive(self, token: str, keep: Mapping[str, str]) -> Launch:
        message = _Message(_Params({"id_token": token, "state": "state"}), self._tool(), session_service=_Kept(keep["nonce"]), cookie_service=_NoCookies())
        message.platform = self
        message.set_jwt_verify_options({"verify_aud": False, "verify_iat": False, "verify_nbf": False, "require": ["exp", "iat", "nonce", "sub", "aud"]})
        try:
            said: dict[str, Any] = dict(message.validate().get_launch_data())
        except (LtiException, ToolConfException) as error:
            raise IdentityError(f"{self.name}: {str(error)[:300]}", "expired" if "expired" in str(error) else "forged") from None
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:  # what is no token at all, or a claim of another shape
            raise IdentityError(f"{self.name}: no token of LTI 1.3: {type(error).__name__}", "forged") from None
        self._expect(said)
        return self._launch(said)

    def _expect(self, said: Mapping[str, Any]) -> None:
        """What the library leaves open: whose the token is where it names several, and that it is fresh."""
        audience = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
        if said["iss"] != self.issuer or self.client not in audience or said.get("azp", self.client) != self.client or (len(audience) > 1 and "azp" not in said):
            raise IdentityError(f"{self.name}: the token is for somebody else", "forged")
        begins = [said["iat"], said.get("nbf", said["iat"])]
        if not all(isinstance(one, int | float) and one < time.time() + _AHEAD_S for one in begins) or begins[0] < time.time() - _OLDEST_S:
            raise IdentityError(f"{self.name}: the token was made too long ago, or is not valid yet", "expired")
        if not isinstance(said["sub"], str) or not 0 < len(said["sub"]) <= 255:
            raise IdentityError(f"{self.name}: expected somebody, found nobody", "forged")

    def _launch(self, said: dict[str, Any]) -> Launch:
        context, link, deployment = (said.get(f"{_CLAIM}{name}") or {} for name in ("context", "resource_link", "deployment_id"))
        course = _text(context, "id") or f"link {_text(link, 'id')}"
        endpoint, custom = said.get(f"{_AGS}claim/endpoint") or {}, said.get(f"{_CLAIM}custom") or {}
        service = said.get("https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice") or {}
        graded = _SCORE in (endpoint.get("scope") or ()) if isinstance(endpoint, dict) else False
        deep = said.get("https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings")
        asked = None
        if isinstance(deep, dict):
            back = _text(deep, "deep_link_return_url", 2000)
            if not encrypted(back):
                raise IdentityError(f"{self.name}: expected an https address for the choice, found {back[:200]!r}", "forged")
            asked = DeepLink(back, str(deployment), json.dumps(deep.get("data")), graded)
        role = "teacher" if TeacherRole(said).check() else "student" if StudentRole(said).check() else ""
        return Launch(
            self.issuer, said["sub"], role, json.dumps([self.issuer, self.client, str(deployment), course]), _text(context, "title") or _text(context, "label"),
            json.dumps([self.issuer, self.client, str(deployment), course, _text(link, "id")]),
            {str(name): str(value)[:200] for name, value in custom.items()} if isinstance(custom, dict) else {},
            _text(service, "context_memberships_url", 2000), _text(endpoint, "lineitem", 2000) if graded else "", asked,
        )  # fmt: skip

    # ---- what we send

    def answer(self, asked: DeepLink, chosen: Sequence[Linked]) -> str:
        resources = []
        for one in chosen:
            resource = DeepLinkResource().set_title(one.title).set_url(one.address).set_custom_params(dict(one.custom))
            if one.graded:
                resource.set_lineitem(LineItem().set_label(one.title).set_score_maximum(1).set_resource_id(next(iter(one.custom.values()), "")))
            resources.append(resource)
        message = DeepLinkMessage(self._registration(), asked.deployment, {"deep_link_return_url": asked.back, "data": json.loads(asked.data or "null")})
        body = message.get_message_jwt(resources)
        if body["https://purl.imsglobal.org/spec/lti-dl/claim/data"] is None:
            del body["https://purl.imsglobal.org/spec/lti-dl/claim/data"]
        return str(message.encode_jwt(body))

    def members(self, address: str) -> tuple[Member, ...]:
        service, found, page = NamesRolesProvisioningService(self._connector(), {"context_memberships_url": address}), [], 0
        onward: str | None = address
        try:
            while onward and page < _MOST_PAGES:
                listed, onward = service.get_members_page(onward)
                found += [one for one in listed if isinstance(one, dict)]
                page += 1
        except (LtiException, KeyError, TypeError, ValueError) as error:
            raise IdentityError(f"{self.name}: the list of the course: {str(error)[:200]}", "unreachable") from None
        active = (one for one in found if one.get("user_id") and one.get("status", "Active") == "Active")
        return tuple(Member(str(one["user_id"]), _role(one), _name(one)) for one in active)

    def confirm(self, line_item: str, subject: str, moment: str) -> None:
        grade = Grade().set_score_given(1).set_score_maximum(1).set_timestamp(moment).set_user_id(subject)
        grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
        try:
            AssignmentsGradesService(self._connector(), {"scope": [_SCORE], "lineitem": line_item}).put_grade(grade)
        except (LtiException, KeyError, TypeError, ValueError) as error:
            raise IdentityError(f"{self.name}: the grade book: {str(error)[:200]}", "unreachable") from None

    def keys(self) -> Mapping[str, Any]:
        return {"keys": [self._jwk]}

    def check(self) -> str:
        return f"{self.issuer} publishes {len(self.key_set(anew=True).get('keys', ()))} key(s)"

    # ---- how

    def key_set(self, *, anew: bool = False) -> dict[str, Any]:
        """The platform's public keys, read anew every hour."""
        read, found = self._key_set
        if anew or time.monotonic() - read > _KEPT_S:
            with Outgoing() as session:
                found = session.json_of(self._settings.keys)
            self._key_set = (time.monotonic(), found)
        return found

    def signed_by(self, key_id: object) -> dict[str, Any]:
        """The keys; read anew where the one that signed is not among them, at most twice a minute."""
        found = self.key_set()
        known = any(isinstance(key, dict) and key.get("kid") == key_id for key in found.get("keys", ()))
        return found if known or time.monotonic() - self._key_set[0] < 30 else self.key_set(anew=True)

    def _tool(self) -> ToolConfDict:
        settings = self._settings
        tool = ToolConfDict({self.issuer: [{
            "default": True, "client_id": self.client, "auth_login_url": settings.authorization, "auth_token_url": settings.token,
            "auth_audience": settings.audience or None, "key_set_url": settings.keys, "deployment_ids": list(settings.deployments)}]})  # fmt: skip
        tool.set_private_key(self.issuer, self._pem, self.client)
        tool.set_public_key(self.issuer, _public_pem(self._pem), self.client)
        return tool

    def _registration(self) -> Registration:
        found: Registration = self._tool().find_registration_by_params(self.issuer, self.client)
        return found

    def _connector(self) -> ServiceConnector:
        return _Connector(self._registration(), Outgoing(), self._tokens)


class _Params(Request):
    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    @property
    def session(self) -> dict[str, Any]:
        return {}

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        return self._params.get(key, "")


class _Kept(SessionService):
    """Of a session only the nonce, which the database has given up already; nothing is saved."""

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce

    def check_nonce(self, nonce: str) -> bool:
        return isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), self._nonce.encode())

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:
        return True  # whoever calls has taken the ticket

    def save_launch_data(self, key: str, jwt_body: Mapping[str, Any]) -> None: ...

    def set_state_valid(self, state: str, id_token_hash: str) -> None: ...


class _NoCookies(CookieService):
    def get_cookie(self, name: str) -> str | None:
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None: ...


class _Message(MessageLaunch[Any, Any, Any, Any]):
    platform: LtiPlatform

    def _get_request_param(self, key: str) -> str:
        return str(self._request.get_param(key))

    def fetch_public_key(self, key_set_url: str) -> Any:
        return self.platform.signed_by(self._jwt.get("header", {}).get("kid"))


class _Connector(ServiceConnector):
    """Tokens of the platform are kept in memory as long as it says."""

    def __init__(self, registration: Registration, session: Outgoing, tokens: dict[str, tuple[str, float]]) -> None:
        super().__init__(registration, session)
        self._kept = tokens

    def _get_cached_access_token(self, scope_key: str) -> str | None:
        token, ends = self._kept.get(scope_key, ("", 0.0))
        return token if ends > time.monotonic() else None

    def _cache_access_token(self, scope_key: str, access_token: str, expires_in: float) -> None:
        self._kept[scope_key] = (access_token, time.monotonic() + max(0.0, float(expires_in) - 60))


def _role(member: Mapping[str, Any]) -> str:
    body = {_ROLES: [role for role in member.get("roles", ()) if isinstance(role, str)]}
    return "teacher" if TeacherRole(body).check() else "student" if StudentRole(body).check() else ""


def _name(member: Mapping[str, Any]) -> str:
    whole = _text(member, "name") or f"{_text(member, 'given_name')} {_text(member, 'family_name')}"
    return whole.strip()


def _text(value: Any, name: str, most: int = 200) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found.strip()[:most] if isinstance(found, str) else ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _public_pem(pem: str) -> str:
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(pem.encode(), None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _public(pem: str) -> dict[str, Any]:
    return dict(Registration.get_jwk(_public_pem(pem)))


def from_settings(name: str, settings: LtiSettings, pem: str) -> LtiPlatform:
    return LtiPlatform(name, settings, pem)
