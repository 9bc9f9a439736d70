"""Signing in with a school account: in a browser against a real provider, and against one that forges."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from endonym.store.sessions import Session
from endonym.wiring.compose import Composition
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import running
from tests.tutor.provider import CLIENT, Forger, forging, somebody_elses
from tests.tutor.test_accessibility import needs_axe, small, violations
from tests.tutor.test_pages import opened

USERS: dict[str, dict[str, object]] = {
    "kadri-38001085718": {"name": "Kadri Kask", "email": "kadri@kool.example", "posts": [{"kind": "faculty", "org": "75", "active": True}]},
    "mart-49403136526": {"name": "Mart Mets", "email": "mart@kool.example", "posts": [{"kind": "student", "org": "75", "form": "11b", "active": True}]},
    "both": {"posts": [{"kind": "faculty", "org": "75", "active": True}, {"kind": "student", "org": "76", "active": True},
                       {"kind": "faculty", "org": "76", "active": False}]},
    "stranger": {"posts": [{"kind": "faculty", "org": "99", "active": True}]},
}  # fmt: skip
TOLD = {"title": "Koolikonto", "client_id": CLIENT, "secret_variable": "KOOL_SECRET", "scopes": ("openid", "profile", "email"), "entries_claim": "posts", "role_claim": "kind", "school_claim": "org",
        "class_claim": "form", "where": {"active": True}, "roles": {"student": ("student",), "teacher": ("faculty",)},
        "schools": {"75": "Tartu Gümnaasium", "76": "Narva Gümnaasium"}}  # fmt: skip
FORGED = {"title": "Teine konto", "client_id": CLIENT, "role_claim": "role", "school": "Tartu Gümnaasium", "roles": {"student": ("pupil",)}}


@pytest.fixture(scope="module")
def forger() -> Iterator[Forger]:
    with forging() as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, forger: Forger) -> Iterator[tuple[str, Composition]]:
    with (
        patch.dict(os.environ, {"KOOL_SECRET": "kept in the environment"}),
        somebody_elses(USERS) as issuer,
        running([TINY], Path(tmp_path_factory.mktemp("state")),
                sign_in={"kool": {"issuer": issuer, **TOLD}, "forged": {"issuer": forger.issuer, **FORGED}}) as found,
    ):  # fmt: skip
        yield found


def signed_in(page: Page, address: str, sub: str, door: str = "/sign-in") -> None:
    page.goto(address + door)
    page.get_by_role("link", name="Logi sisse: Koolikonto").first.click()
    page.get_by_role("button", name=sub).click()


def everything(composition: Composition) -> bytes:
    """The whole database, as whoever steals it reads it."""
    folder = Path(str(composition.settings.state))
    return b"".join(path.read_bytes() for path in folder.glob("store.sqlite*"))


# ---- in a browser


@needs_chromium
def test_teacher_and_student_sign_in_with_their_school_account_and_leave_no_name(chromium: Browser, served: tuple[str, Composition]) -> None:
    address, composition = served
    page, complaints = opened(chromium)
    signed_in(page, address, "kadri", "/teach")
    expect(page.locator("h1")).to_have_text("Teie klassid")
    expect(page.locator("main")).to_contain_text("Tartu Gümnaasium")
    page.get_by_label("Klassi nimi").fill("11. b")
    page.get_by_role("button", name="Tee klass").click()
    link = page.locator(".invite .link").inner_text()

    pupil, grumbles = opened(chromium, java_script_enabled=False)
    signed_in(pupil, address, "mart", "/join")
    pupil.goto(link)
    pupil.get_by_role("button", name="Liitu klassiga").click()
    away, _ = opened(chromium)
    signed_in(away, address, "mart")
    expect(away.locator("h1").first).to_contain_text("11. b")
    page.reload()
    expect(page.locator("main")).to_contain_text("Liitunud õpilasi: 1")
    kept = everything(composition)
    assert len(kept) > 50_000
    for name in ("Kadri", "Mart Mets", "kadri@kool", "38001085718", "mart-494"):
        assert name.encode() not in kept
    # the provider's own page asks the net for its style
    assert [line for line in complaints + grumbles if not line.startswith("Failed to load resource")] == []


@needs_axe
@needs_chromium
def test_who_is_more_than_one_chooses_and_a_role_is_never_joined_with_another_school(chromium: Browser, served: tuple[str, Composition]) -> None:
    page, _ = opened(chromium)
    signed_in(page, served[0], "both")
    expect(page.locator("main button")).to_have_text(["Õpetaja, Tartu Gümnaasium", "Õpilane, Narva Gümnaasium"])
    assert [*violations(page), *small(page)] == []
    page.get_by_role("button", name="Narva").click()
    page.goto(served[0] + "/teach")
    expect(page.locator("h1")).to_have_text("Õpetajale")
    page.go_back()
    stranger, _ = opened(chromium)
    signed_in(stranger, served[0], "stranger")
    expect(stranger.locator("h1")).to_have_text("Koolikonto ei ütle, et oled siin õpilane või õpetaja.")


@needs_axe
@needs_chromium
def test_who_declines_at_the_provider_is_told_so(chromium: Browser, served: tuple[str, Composition]) -> None:
    page, _ = opened(chromium)
    page.goto(served[0] + "/sign-in/kool")
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/back?**")
    expect(page.locator("h1")).to_contain_text("kedagi ei logitud sisse")
    page.get_by_role("link", name="Sisselogimine").click()
    expect(page.get_by_role("link", name="Logi sisse: Koolikonto")).to_be_visible()
    assert [*violations(page), *small(page)] == []


# ---- over HTTP, with what a provider would never send


def gone(client: httpx2.Client, forger: Forger) -> str:
    """A state; the forger knows the nonce."""
    sent = client.get("/sign-in/forged")
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert query["code_challenge_method"] == "S256" and len(query["code_challenge"]) == 43 and query["response_type"] == "code"
    assert query["redirect_uri"] == f"{client.base_url}/sign-in/forged/back".replace("//sign", "/sign")
    forger.nonce = query["nonce"]
    return query["state"]


def back(client: httpx2.Client, state: str, **more: str) -> httpx2.Response:
    return client.get("/sign-in/forged/back", params={"state": state, "code": "c", **more})


def visitor(served: tuple[str, Composition], language: str = "et") -> httpx2.Client:
    return httpx2.Client(base_url=served[0], headers={"accept-language": language}, timeout=30, verify=False)


@pytest.fixture
def honest(forger: Forger) -> Forger:
    forger.header, forger.changes, forger.userinfo, forger.status = {"alg": "RS256", "kid": "one"}, {}, {"sub": "s-1"}, 200
    return forger


def test_each_sign_in_makes_a_new_token_and_ends_the_one_that_stood_there(served: tuple[str, Composition], honest: Forger) -> None:
    client, store = visitor(served), served[1].store
    planted = store.sessions.open(Session("p_attacker", "student"), 30)
    client.cookies.set("endonym_session", planted)
    first = back(client, gone(client, honest))
    assert first.status_code == 303 and first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and planted not in cookie
    assert store.sessions.whose(planted) is None
    one = re.search(r"endonym_session=([^;]+)", cookie)
    again = re.search(r"endonym_session=([^;]+)", back(client, gone(client, honest)).headers["set-cookie"])
    assert one and again and one[1] != again[1]
    known = store.sessions.whose(again[1])
    assert known and known.school == "Tartu Gümnaasium" and store.sessions.whose(one[1]) is None


def test_a_return_is_taken_once_and_from_the_browser_that_left(served: tuple[str, Composition], honest: Forger) -> None:
    client = visitor(served)
    state = gone(client, honest)
    elsewhere = back(visitor(served), state)
    assert elsewhere.status_code == 403 and "teises brauseris" in elsewhere.text and "endonym_session=" not in str(elsewhere.headers)
    assert back(client, state).status_code == 403  # it is used up, by whomever
    state = gone(client, honest)
    assert back(client, state).status_code == 303 and back(client, state).status_code == 403
    for wrong in ("", "x" * 5000, "\x00"):
        assert back(client, wrong).status_code == 403
    state = gone(client, honest)
    other = client.get("/sign-in/kool/back", params={"state": state, "code": "c"})
    assert other.status_code == 403


@pytest.mark.parametrize(("header", "changes", "says"), [
    ({"alg": "none"}, {}, "ei saanud kontrollida"),
    ({"alg": "HS256", "kid": "one"}, {}, "ei saanud kontrollida"),
    ({"alg": "RS256", "kid": "stranger"}, {}, "ei saanud kontrollida"),
    ({"alg": "RS256", "kid": "unheard-of"}, {}, "ei saanud kontrollida"),
    ({}, {"iss": "https://evil.example"}, "ei saanud kontrollida"),
    ({}, {"aud": "somebody-else"}, "ei saanud kontrollida"),
    ({}, {"aud": "somebody-else", "azp": CLIENT}, "ei saanud kontrollida"),
    ({}, {"aud": [CLIENT, "other"], "azp": "other"}, "ei saanud kontrollida"),
    ({}, {"nonce": "replayed"}, "ei saanud kontrollida"),
    ({}, {"nonce": None}, "ei saanud kontrollida"),
    ({}, {"sub": None}, "ei saanud kontrollida"),
    ({}, {"sub": ["s-1"]}, "ei saanud kontrollida"),
    ({}, {"exp": None}, "ei saanud kontrollida"),
    ({}, {"exp": 1_000_000_000}, "on liiga vana"),
    ({}, {"role": "guest"}, "ei ütle"),
    ({}, {"role": {"$gt": ""}}, "ei ütle"),
])  # fmt: skip
def test_what_is_not_right_lets_nobody_in_and_says_so(served: tuple[str, Composition], honest: Forger, header: dict[str, str], changes: dict[str, object], says: str) -> None:
    honest.header, honest.changes = {**honest.header, **header}, changes
    if header.get("alg") == "none":
        honest.header = {"alg": "none"}
    client = visitor(served)
    answer = back(client, gone(client, honest))
    assert answer.status_code == 403 and says in answer.text and "endonym_session=" not in str(answer.headers)


def test_userinfo_of_another_and_a_provider_that_breaks_let_nobody_in(served: tuple[str, Composition], honest: Forger) -> None:
    client = visitor(served)
    honest.userinfo = {"sub": "s-2"}
    assert back(client, gone(client, honest)).status_code == 403
    honest.userinfo, honest.status = {"sub": "s-1"}, 500
    broken = back(client, gone(client, honest))
    assert broken.status_code == 502 and "praegu ei vasta" in broken.text
    honest.status = 200
    assert back(client, gone(client, honest), iss="https://evil.example").status_code == 403


def test_nothing_in_an_address_leads_elsewhere(served: tuple[str, Composition], honest: Forger) -> None:
    client = visitor(served)
    sent = client.get("/sign-in/forged?redirect_uri=https://evil.example&next=//evil.example", headers={"referer": "https://evil.example"})
    assert urlsplit(sent.headers["location"]).netloc == urlsplit(honest.issuer).netloc and "evil" not in sent.headers["location"]
    assert client.get("/sign-in/forged", headers={"host": "evil.example"}).status_code == 503
    done = back(client, gone(client, honest), next="https://evil.example", redirect_uri="https://evil.example")
    assert done.headers["location"] == "/"
    assert client.get("/sign-in/unknown").status_code == 404 and client.post("/sign-in/choose", data={"ticket": "x", "as": "0"}).status_code == 403


def test_what_is_kept_is_told_erased_and_made_anew(served: tuple[str, Composition], honest: Forger) -> None:
    client, store = visitor(served), served[1].store
    honest.changes = honest.userinfo = {"sub": "to-be-erased"}
    assert back(client, gone(client, honest)).status_code == 303
    told = client.get("/mine/export.json").json()
    assert [(one["role"], one["school"], one["issuer"]) for one in told["sign_in"]] == [("student", "Tartu Gümnaasium", honest.issuer)]
    assert "to-be-erased" not in json.dumps(told)
    person = told["person"]
    assert store.identities.known(honest.issuer, ["to-be-erased", "nobody"]) == {"to-be-erased": person}
    store.erase_person(person)
    assert store.identities.known(honest.issuer, ["to-be-erased"]) == {} and client.get("/mine/export.json").status_code == 404
    assert person.encode() not in everything(served[1])
    assert back(client, gone(client, honest)).status_code == 303
    assert client.get("/mine/export.json").json()["person"] != person
