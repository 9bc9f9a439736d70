"""A learning platform for tests: somebody else's LTI 1.3 (lti1p3platform) behind a few pages, as a school's has them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import flask
import werkzeug.serving
from joserfc.jwk import RSAKey
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request, TRequest
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService

CLIENT, DEPLOYMENT = "tutor-1", "1"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
PEOPLE = {"t-77": ("Instructor", "Kersti Kuusk"), "s-101": ("Learner", "Mart Mets"), "s-102": ("Learner", "Liis Lepp"), "s-103": ("Learner", "Jaan Jõgi")}


class _Asked(Request):
    def build_metadata(self, request: Any) -> TRequest:
        return {"method": request.method, "form_data": request.form.to_dict(), "get_data": request.args.to_dict(), "headers": request.headers,
                "content_type": request.content_type, "path": request.path, "json": request.get_json(silent=True)}  # fmt: skip


class Platform:
    """Attributes: linked: What deep linking brought; scores: What the grade book got; asked: Who shall be launched, by the hint; change: Made to the next message."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = RSAKey.generate_key(2048)
        self.tool = ""
        self.linked: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []
        self.tokens: list[dict[str, str]] = []
        self.change: dict[str, Any] = {}
        self.life = 300
        self.shares_names = True

    def registration(self) -> Registration:
        found = Registration().set_iss(self.address).set_client_id(CLIENT).set_deployment_id(DEPLOYMENT)
        found.set_launch_url(f"{self.tool}/lti/launch").set_deeplink_launch_url(f"{self.tool}/lti/choose").set_oidc_login_url(f"{self.tool}/lti/login")
        found.set_tool_key_set_url(f"{self.tool}/lti/keys")
        found.set_platform_public_key(self.key.as_pem(private=False).decode()).set_platform_private_key(self.key.as_pem(private=True).decode())
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """How the tutor is told of it."""
        return {"title": "Kooli Moodle", "issuer": self.address, "client_id": CLIENT, "deployments": (DEPLOYMENT,), "authorization": f"{self.address}/auth",
                "token": f"{self.address}/token", "keys": f"{self.address}/keys", "school": "Tartu Gümnaasium"}  # fmt: skip

    def start(self, user: str, *, course: str = "bio-11b", link: str = "link-1", assignment: str = "", choose: bool = False) -> str:
        """The address behind a link in a course."""
        query = {"user": user, "course": course, "link": link, "assignment": assignment, "choose": "1" if choose else ""}
        return f"{self.address}/open?{urlencode(query)}"

    def framed(self, user: str, **more: Any) -> str:
        """The same inside a page of the platform."""
        return f"{self.address}/frame?{urlencode({'open': self.start(user, **more)})}"


class _Conf(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, platform: Platform) -> None:
        self._registration = platform.registration()

    def get_registration_by_params(self, **_: Any) -> Registration:
        raise AssertionError("there is one")


class _Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, hint: str) -> None:
        self._lti_message_hint = hint

    def get_redirect(self, url: str) -> Any:
        return flask.redirect(url)


class _Launch(LTIAdvantageMessageLaunchAbstract):
    platform: Platform

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        platform = self.platform
        user, course, link, assignment, choose = preflight_response["lti_message_hint"].split("|")
        role, name = PEOPLE[user]
        self.set_user_data(user, [ROLE + role], name, f"{user}@kool.example")
        self.set_launch_context_claim(course, context_title="Bioloogia 11b")
        self.set_resource_link_claim(link, title="Endonym")
        if assignment:
            self.set_custom_parameters_claim({"assignment": assignment})
        self.set_nrps(f"{platform.address}/courses/{course}/members")
        self.set_ags(f"{platform.address}/courses/{course}/items", f"{platform.address}/courses/{course}/items/{link}" if assignment else None)
        if choose:
            self.set_dl(f"{platform.address}/linked", "Bioloogia 11b", extra_data={"csrf": "77"})
        self.set_extra_claims(platform.change)
        self.set_id_token_expiration(platform.life)

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> Any:
        self.platform.tokens.append(dict(launch_data))
        return flask.render_template_string(
            '<form method="post" action="{{ launch_url }}"><input name="id_token" value="{{ id_token }}"><input name="state" value="{{ state }}">'
            "<button>on</button></form><script>document.forms[0].submit()</script>", **launch_data)  # fmt: skip


class _Members(NamesRoleProvisioningService):
    platform: Platform

    def get_member_data_page(self, *_: Any, **__: Any) -> Any:
        shared = self.platform.shares_names
        people = [{"user_id": user, "roles": [role], **({"name": name} if shared else {})} for user, (role, name) in PEOPLE.items()]
        return {"content": [*people, {"user_id": "gone", "roles": ["Learner"], "status": "Inactive"}], "has_next": False}

    def get_context_by_id(self) -> Context:
        return Context(id="bio-11b", label="bio", title="Bioloogia 11b")


class _Grades(AssignmentsGradesService):
    platform: Platform

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.platform.scores.append({"item": line_item_id, **score})
        return next(iter(UpdateScoreStatus))

    def _no(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    find_lineitems = find_lineitem = create_lineitem = update_lineitem = delete_lineitem = get_results = _no


def _app(platform: Platform) -> flask.Flask:
    app = flask.Flask("platform")

    @app.get("/open")
    def begin() -> Any:
        login = _Login(None, _Conf(platform=platform))
        asked = flask.request.args
        login.set_lti_message_hint("|".join(asked[name] for name in ("user", "course", "link", "assignment", "choose")))
        if asked["choose"]:
            login.set_deeplinking_launch_url()
        return login.initiate_login(asked["user"])

    @app.get("/frame")
    def frame() -> str:
        return flask.render_template_string('<h1>Kooli Moodle</h1><iframe src="{{ at }}" width="800" height="600"></iframe>', at=flask.request.args["open"])

    @app.get("/auth")
    def auth() -> Any:
        launch = _Launch(_Asked(flask.request), _Conf(platform=platform))
        launch.platform = platform
        return launch.lti_launch()

    @app.get("/keys")
    def keys() -> Any:
        return _Conf(platform=platform).get_jwks()

    @app.post("/token")
    def token() -> Any:
        return flask.jsonify(_Conf(platform=platform).get_access_token(flask.request.form.to_dict()))

    @app.get("/courses/<course>/members")
    def members(course: str) -> Any:
        service = _Members(_Asked(flask.request), _Conf(platform=platform), flask.request.base_url)
        service.platform = platform
        told = service.handle_resp(service.handle_get_members)
        return flask.jsonify(told.result), told.code

    @app.post("/courses/<course>/items/<item>/scores")
    def scores(course: str, item: str) -> Any:
        service = _Grades(_Asked(flask.request), _Conf(platform=platform), f"{platform.address}/courses/{course}/items")
        service.platform = platform
        told = service.handle_resp(service.handle_update_score, line_item_id=item)
        return "", told.code

    @app.post("/linked")
    def linked() -> str:
        platform.linked += _Conf(platform=platform).validate_deeplinking_resp(flask.request.form.to_dict())
        return "<h1>Lisatud</h1>"

    return app


@contextmanager
def somebody_elses_platform() -> Iterator[Platform]:
    held: list[flask.Flask] = []
    server = werkzeug.serving.make_server("localhost", 0, lambda environ, start: held[0](environ, start), threaded=True)
    platform = Platform(f"http://localhost:{server.server_port}")
    held.append(_app(platform))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
