"""Courses of a learning platform: launches in a browser and out of a frame, replays, forgeries, deep links, the list of the course and grades."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, Page, expect

from endonym.wiring.compose import Composition
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import running, serving
from tests.tutor.platform import CLIENT, PEOPLE, ROLE, Platform, somebody_elses_platform
from tests.tutor.test_accessibility import needs_axe, small, unlit, violations, wide
from tests.tutor.test_accessibility import opened as opened_as
from tests.tutor.test_pages import opened
from tests.tutor.test_practice import LAW
from tests.tutor.test_sign_in import everything

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def web(method: str, address: str, **more: Any) -> httpx2.Response:
    return httpx2.request(method.upper(), address, timeout=30, verify=False, **more)


@dataclass(frozen=True)
class Here:
    address: str
    composition: Composition
    platform: Platform


def graded(folder: Path) -> Path:
    """The tiny pack under another name, with grade return turned on by law."""
    pack = Path(shutil.copytree(TINY, folder / "graded"))
    manifest = pack / "pack.toml"
    text = manifest.read_text("utf-8").replace('id = "tiny"', 'id = "graded"').replace("[title]", 'capabilities = ["grade_return"]\n\n[title]', 1)
    manifest.write_text(text.replace('en = "Tiny"', 'en = "Graded"'), "utf-8")
    (pack / "adaptations" / "repetition_by_law.md").write_text(LAW, "utf-8")
    return pack


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    folder = Path(tmp_path_factory.mktemp("lti"))
    with somebody_elses_platform() as platform, running([TINY, graded(folder)], folder / "state", platforms={"kool": platform.settings}) as (address, composition):
        platform.tool = address
        yield Here(address, composition, platform)


@pytest.fixture(autouse=True)
def honest(here: Here) -> None:
    here.platform.change, here.platform.life, here.platform.shares_names = {}, 300, True


class Person:
    """A browser without a window: it follows a platform's link to the form that the platform sends it to us with."""

    def __init__(self, here: Here) -> None:
        self.here = here
        self.client = httpx2.Client(base_url=here.address, headers={"accept-language": "et"}, timeout=30, verify=False)

    def token(self, user: str, **more: Any) -> tuple[dict[str, str], dict[str, str]]:
        """(the form, the cookie that goes with it)."""
        login = web("get", self.here.platform.start(user, **more)).headers["location"]
        departure = self.client.get(login)
        cookie = re.search(r"(endonym_going_\w+)=([^;]+)", departure.headers["set-cookie"])
        assert departure.status_code == 302 and cookie and "SameSite=none" in departure.headers["set-cookie"]
        form = web("get", departure.headers["location"]).text
        found = dict(re.findall(r'name="(id_token|state)" value="([^"]+)"', form))
        return found, {cookie[1]: cookie[2]}

    def post(self, form: dict[str, str], cookies: dict[str, str]) -> httpx2.Response:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "origin": self.here.platform.address, "sec-fetch-site": "cross-site"}
        return web("post", f"{self.here.address}/lti/launch", data=form, headers={**headers, "accept-language": "et"})

    def launch(self, user: str, **more: Any) -> httpx2.Response:
        answer = self.post(*self.token(user, **more))
        if found := re.search(r"endonym_session=([^;]+)", str(answer.headers.get_list("set-cookie"))):
            self.client.cookies.set("endonym_session", found[1])
        return answer

    def settled(self, course: str, pack: str = "tiny/et", **more: Any) -> str:
        """A teacher makes the class of a course; its id."""
        page = self.launch("t-77", course=course, **more)
        done = self.client.post("/lti/class", data={"ticket": ticket(page), "name": "11b", "pack": pack})
        assert done.status_code == 303, done.text
        return done.headers["location"].split("/")[2]


def ticket(page: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


# ---- in a browser


def out_of_the_frame(page: Page, address: str) -> Page:
    page.goto(address)
    with page.expect_popup() as window:
        page.frame_locator("iframe").get_by_role("link", name="Ava uues aknas").click()
    window.value.wait_for_load_state()
    return window.value


@needs_chromium
def test_a_course_is_opened_out_of_its_frame_by_teacher_and_student(chromium: Browser, here: Here) -> None:
    early, _ = opened(chromium)
    expect(out_of_the_frame(early, here.platform.framed("s-101")).locator("h1")).to_have_text("Õpetaja ei ole seda veel avanud.")

    page, complaints = opened(chromium)
    desk = out_of_the_frame(page, here.platform.framed("t-77"))
    expect(desk.locator("h1")).to_have_text("Klass selle kursuse jaoks")
    expect(desk.get_by_label("Klassi nimi")).to_have_value("Bioloogia 11b")
    desk.get_by_role("button", name="Kasuta seda klassi").click()
    expect(desk.locator("h1")).to_have_text("Bioloogia 11b")

    pupil, grumbles = opened(chromium, java_script_enabled=True)
    window = out_of_the_frame(pupil, here.platform.framed("s-101"))
    expect(window.locator("h1").first).to_contain_text("Bioloogia 11b")
    window.get_by_label("Sinu enda küsimus").fill("Mis on fotosüntees?")
    window.get_by_role("button", name="Saada").click()
    expect(window.locator(".reply").last).to_contain_text("Mida taim vajab")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("Liitunud õpilasi: 1")
    desk.get_by_role("link", name="Kursus ja see klass").click()
    expect(desk.locator("main")).to_contain_text("Kursuse 3 õpilasest on siin käinud 1.")
    expect(desk.locator("main")).not_to_contain_text("Mart")
    assert complaints == [] and grumbles == []
    kept = everything(here.composition)
    for word in ("Mart Mets", "Kersti Kuusk", "s-101", "t-77@", "bio-11b"):
        assert word.encode() not in kept


@needs_chromium
def test_a_link_is_chosen_in_the_frame_opened_by_a_student_and_confirmed_by_the_teacher(chromium: Browser, here: Here) -> None:
    page, complaints = opened(chromium)
    page.goto(here.platform.framed("t-77", course="keemia", choose=True))
    frame = page.frame_locator("iframe")
    frame.get_by_label("Õppekava ja õppekeel").select_option("graded/et")
    frame.get_by_role("button", name="Kasuta seda klassi").click()
    frame.get_by_label("Mille kohta").select_option(label="Fotosüntees")
    frame.get_by_role("button", name="Vali").click()
    frame.get_by_role("button", name="Lisa kursusele").click()
    expect(frame.locator("h1")).to_have_text("Lisatud")
    item = here.platform.linked[-1]
    assert (item["type"], item["url"], item["title"]) == ("ltiResourceLink", f"{here.address}/lti/launch", "Fotosüntees")
    assert item["lineItem"] == {"scoreMaximum": 1, "label": "Fotosüntees", "resourceId": item["custom"]["assignment"]}

    pupil, grumbles = opened(chromium)
    window = out_of_the_frame(pupil, here.platform.framed("s-102", course="keemia", link="link-9", assignment=item["custom"]["assignment"]))
    expect(window.locator("h1")).to_have_text("Fotosüntees")
    expect(window.locator("main")).to_contain_text("näeb õpetaja selle ülesande juures sinu nime")
    window.get_by_role("button", name="Ütle õpetajale, et olen valmis").click()
    expect(window.locator("main")).to_contain_text("Veel kinnitamata")

    desk = out_of_the_frame(page, here.platform.framed("t-77", course="keemia"))
    assert here.platform.scores == []
    desk.get_by_role("link", name="Kursus ja see klass").click()
    expect(desk.locator(".rows li")).to_contain_text("Liis Lepp")
    desk.get_by_role("button", name="Kinnita: Liis Lepp").click()
    expect(desk.locator(".rows li")).to_contain_text("Kinnitatud")
    (score,) = here.platform.scores
    assert {name: score[name] for name in ("userId", "scoreGiven", "scoreMaximum", "activityProgress", "gradingProgress", "item")} == {
        "userId": "s-102", "scoreGiven": 1, "scoreMaximum": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded", "item": "link-9"}  # fmt: skip
    window.reload()
    expect(window.locator("main")).to_contain_text("Õpetaja kinnitas")
    assert b"Liis Lepp" not in everything(here.composition)
    assert complaints == [] and grumbles == []


@needs_axe
@needs_chromium
@pytest.mark.parametrize("look", ["light", "dark"])
def test_pages_in_and_around_a_frame_are_for_everybody(chromium: Browser, here: Here, look: str) -> None:
    page = opened_as(chromium, look, viewport={"width": 320, "height": 700})

    def faults() -> list[str]:
        return [fault for check in (violations, small, wide, unlit) for fault in check(page)]

    page.goto(here.platform.start("t-77", course=f"all-{look}", choose=True))
    assert faults() == []
    page.get_by_role("button", name="Kasuta seda klassi").click()
    assert page.get_by_label("Mille kohta").is_visible() and faults() == []
    page.get_by_label("Mille kohta").select_option(label="Fotosüntees")
    page.get_by_role("button", name="Vali").click()
    assert page.get_by_role("button", name="Lisa kursusele").is_visible() and faults() == []
    page.goto(here.platform.start("t-77", course=f"all-{look}"))
    page.goto(f"{page.url}/course")
    assert faults() == []
    page.route("**/lti/login?**", lambda route: route.fulfill(response=route.fetch(headers={**route.request.headers, "sec-fetch-dest": "iframe"}, max_redirects=0)))
    page.goto(f"{here.address}/lti/login?iss={here.platform.address}&login_hint=x")
    assert page.get_by_role("link", name="Ava uues aknas").is_visible() and faults() == []


# ---- what nobody is let in with


def test_a_launch_is_taken_once(here: Here) -> None:
    teacher = Person(here)
    teacher.settled("once")
    form, cookies = teacher.token("s-101", course="once")
    first = teacher.post(form, cookies)
    assert first.status_code == 303 and first.headers["location"] == "/class" and "endonym_session=" in str(first.headers)
    again = teacher.post(form, cookies)
    assert again.status_code == 403 and "on juba kasutatud" in again.text and "endonym_session=" not in str(again.headers)
    fresh, fresh_cookies = teacher.token("s-101", course="once")
    mixed = teacher.post({**fresh, "id_token": form["id_token"]}, fresh_cookies)  # the token of before, with a state that is new
    assert mixed.status_code == 403 and "ei saanud kontrollida" in mixed.text


def test_a_launch_of_another_browser_is_not_taken(here: Here) -> None:
    for wrong in ("none", "value", "name"):
        form, cookies = Person(here).token("s-101")
        sent = {"none": {}, "value": dict.fromkeys(cookies, "x"), "name": {"endonym_going_000000000000": next(iter(cookies.values()))}}[wrong]
        answer = Person(here).post(form, sent)
        assert answer.status_code == 403 and "teises brauseris" in answer.text and "endonym_session=" not in str(answer.headers)


@pytest.mark.parametrize(("change", "says"), [
    ({"iss": "https://evil.example"}, "ei saanud kontrollida"),
    ({"aud": "somebody-else"}, "ei saanud kontrollida"),
    ({"aud": [CLIENT, "other"], "azp": "other"}, "ei saanud kontrollida"),
    ({"azp": "other"}, "ei saanud kontrollida"),
    ({f"{CLAIM}deployment_id": "2"}, "ei saanud kontrollida"),
    ({f"{CLAIM}version": "1.1"}, "ei saanud kontrollida"),
    ({f"{CLAIM}message_type": "Other"}, "ei saanud kontrollida"),
    ({f"{CLAIM}resource_link": {}}, "ei saanud kontrollida"),
    ({"sub": ""}, "ei saanud kontrollida"),
    ({f"{CLAIM}roles": [f"{ROLE}Mentor"]}, "ei ütle"),
    ({f"{CLAIM}roles": []}, "ei ütle"),
    ({f"{CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"]}, "ei ütle"),
])  # fmt: skip
def test_messages_that_are_not_right_let_nobody_in(here: Here, change: dict[str, Any], says: str) -> None:
    here.platform.change = change
    answer = Person(here).launch("t-77")
    assert answer.status_code == 403 and says in answer.text and "endonym_session=" not in str(answer.headers)
    assert f"frame-ancestors {here.platform.address}" in answer.headers["content-security-policy"]


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("forged", ["none", "HS256", "stranger", "kid", "expired", "later", "nonsense", "three.empty.parts", ""])
def test_tokens_that_the_platform_did_not_sign_let_nobody_in(here: Here, forged: str) -> None:
    person = Person(here)
    if forged == "expired":
        here.platform.life = -5
    form, cookies = person.token("t-77")
    head, body, _ = form["id_token"].split(".")
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body))
    if forged in ("none", "HS256"):
        form["id_token"] = f"{encoded(json.dumps({**header, 'alg': forged}).encode())}.{body}.{'' if forged == 'none' else encoded(b'x' * 32)}"
    elif forged in ("stranger", "kid", "later"):
        key = here.platform.key if forged == "later" else RSAKey.generate_key(2048)
        if forged == "later":
            claims |= {"iat": claims["iat"] + 3600, "exp": claims["exp"] + 7200}
        form["id_token"] = jwt.encode({**header, "kid": "other" if forged == "kid" else header["kid"]}, claims, key)
    elif forged != "expired":
        form["id_token"] = forged
    answer = person.post(form, cookies)
    assert answer.status_code == 403 and "endonym_session=" not in str(answer.headers)
    assert ("on liiga vana" if forged in ("expired", "later") else "ei saanud kontrollida") in answer.text


def test_what_is_no_platform_of_ours_is_told_so(here: Here) -> None:
    address = here.address
    unknown = web("get", f"{address}/lti/login?iss=https://evil.example&login_hint=x", headers={"accept-language": "et"})
    assert unknown.status_code == 403 and "ei ole siin registreeritud" in unknown.text
    assert web("get", f"{address}/lti/login?iss={here.platform.address}").status_code == 403  # without a hint of whom
    assert web("get", f"{address}/lti/login?iss={here.platform.address}&login_hint=x&lti_deployment_id=9").status_code == 403
    sent = web("get", f"{address}/lti/login?iss={here.platform.address}&login_hint=x&target_link_uri=https://evil.example")
    assert urlsplit(sent.headers["location"]).netloc == urlsplit(here.platform.address).netloc and "evil" not in sent.headers["location"]
    asked = {"iss": here.platform.address, "client_id": CLIENT, "login_hint": "x\"><b>"}  # as a form of the platform's site
    posted = web("post", f"{address}/lti/login", data=asked, headers={"sec-fetch-site": "cross-site"})
    assert posted.status_code == 302 and urlsplit(posted.headers["location"]).netloc == urlsplit(here.platform.address).netloc
    framed = web("post", f"{address}/lti/login", data=asked, headers={"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"})
    assert framed.status_code == 200 and "/lti/login?iss=" in framed.text and "<b>" not in framed.text and "set-cookie" not in framed.headers
    for path in ("/lti/launch", "/lti/class", "/lti/choose"):
        assert web("post", address + path, data={"ticket": "x", "state": "x", "id_token": "x" * 50_000}).status_code == 403
    assert web("post", f"{address}/lti/class", data={"ticket": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    keys = web("get", f"{address}/lti/keys").json()["keys"]
    assert [sorted(key) for key in keys] == [["alg", "e", "kid", "kty", "n", "use"]]


def test_where_nothing_is_configured_none_of_it_exists(tmp_path: Path, here: Here) -> None:
    bundle = next((here.composition.settings.state / "bundles").glob("tiny.*.bundle"))
    with serving([bundle], tmp_path) as address:
        for path in ("/sign-in", "/sign-in/x", "/lti/keys"):
            assert web("get", address + path).status_code == 404
        assert web("get", f"{address}/lti/login?iss=x&login_hint=y").status_code == 403
        assert "sign-in" not in web("get", f"{address}/teach").text and not (tmp_path / "lti.key").exists()


# ---- classes, lists and grades


def test_a_choice_is_kept_whole_where_something_is_wrong_with_it(here: Here) -> None:
    teacher = Person(here)
    page = teacher.launch("t-77", course="faults")
    faulty = teacher.client.post("/lti/class", data={"ticket": ticket(page), "name": " ", "pack": "tiny/et"})
    assert faulty.status_code == 422 and "Andke klassile nimi" in faulty.text
    assert teacher.client.post("/lti/class", data={"ticket": ticket(page), "name": "x", "pack": "tiny/et"}).status_code == 403  # that ticket is used
    foreign = teacher.client.post("/lti/class", data={"ticket": ticket(faulty), "class": "class_of_somebody", "name": "x"})
    assert foreign.status_code == 422
    assert teacher.client.post("/lti/class", data={"ticket": ticket(foreign), "name": "<b>x</b>", "pack": "tiny/et"}).status_code == 303
    colleague = here.platform
    colleague.change = {"sub": "t-78"}
    assert "on kolleegi oma" in teacher.launch("t-77", course="faults").text


def test_deep_links_take_only_what_is_there_and_only_from_teachers(here: Here) -> None:
    teacher, count = Person(here), len(here.platform.linked)
    assert Person(here).launch("s-101", course="deep", choose=True).status_code == 403
    page = teacher.launch("t-77", course="deep", choose=True)
    assert "endonym_session=" not in str(page.headers)  # in a frame nobody is signed in
    chosen = teacher.client.post("/lti/class", data={"ticket": ticket(page), "name": "11b", "pack": "tiny/et"})
    for about in ("", "lesson:none", "assignment:a_of_another_class", "outcome:x", "x" * 3000):
        chosen = teacher.client.post("/lti/choose", data={"ticket": ticket(chosen), "about": about})
        assert chosen.status_code == 422
    done = teacher.client.post("/lti/choose", data={"ticket": ticket(chosen), "about": "lesson:biology/fotosuntees"})
    assert f"form-action 'self' {here.platform.address};" in done.headers["content-security-policy"]
    signed = re.search(r'name="JWT" value="([^"]+)"', done.text)
    assert signed and web("post", f"{here.platform.address}/linked", data={"JWT": signed[1]}).status_code == 200
    assert "lineItem" not in here.platform.linked[count]  # the pack has not turned grades on
    assert teacher.client.post("/lti/choose", data={"ticket": ticket(chosen), "about": "lesson:biology/fotosuntees"}).status_code == 403
    here.platform.change = {"https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": {
        "deep_link_return_url": "http://evil.example/", "accept_types": ["ltiResourceLink"], "accept_presentation_document_targets": ["iframe"]},
        f"{CLAIM}message_type": "LtiDeepLinkingRequest"}  # fmt: skip
    assert teacher.launch("t-77", course="deep").status_code == 403


def test_without_the_law_nothing_can_be_handed_in_or_confirmed(here: Here) -> None:
    teacher, pupil, store = Person(here), Person(here), here.composition.store
    group = teacher.settled("lawless")
    made = teacher.client.post(f"/teach/{group}/set", data={"about": "lesson:biology/fotosuntees", "help": "ladder"})
    assignment = made.headers["location"].rpartition("/")[2]
    opened_page = pupil.launch("s-101", course="lawless", assignment=assignment)
    assert opened_page.headers["location"] == f"/a/{assignment}"
    assert "olen valmis" not in pupil.client.get(f"/a/{assignment}").text and "sinu nime nii" not in pupil.client.get("/class").text
    assert pupil.client.post(f"/a/{assignment}/done").status_code == 404
    course = teacher.client.get(f"/teach/{group}/course").text
    assert "on välja lülitatud" in course
    person = store.identities.known(here.platform.address, ["s-101"])["s-101"]
    assert teacher.client.post(f"/teach/{group}/course/confirm", data={"assignment": assignment, "person": person}).status_code == 404
    assert pupil.client.get(f"/teach/{group}/course").status_code == 303


def test_who_hands_in_can_take_it_back_leave_and_be_erased_and_a_silent_platform_loses_nothing(here: Here) -> None:
    teacher, pupil, store = Person(here), Person(here), here.composition.store
    group = teacher.settled("rights", "graded/et")
    made = teacher.client.post(f"/teach/{group}/set", data={"about": "lesson:biology/fotosuntees", "help": "ladder"})
    assignment = made.headers["location"].rpartition("/")[2]
    pupil.launch("s-103", course="rights", assignment=assignment)
    assert "näeb ta seal sinu nime" in pupil.client.get("/class").text and "selle nime näete" in teacher.client.get(f"/teach/{group}").text
    assert pupil.client.post(f"/a/{assignment}/done").status_code == 303
    told = pupil.client.get("/mine/export.json").json()
    assert [one["assignment"] for one in told["done"]] == [assignment] and told["sign_in"][0]["issuer"] == here.platform.address
    assert pupil.client.post(f"/a/{assignment}/undone").status_code == 303 and store.courses.handed_in(group) == ()
    pupil.client.post(f"/a/{assignment}/done")
    here.platform.shares_names = False
    assert "kelle nime kursus ei jaga" in teacher.client.get(f"/teach/{group}/course").text
    tool, here.platform.key = here.platform.key, RSAKey.generate_key(2048)  # tokens of before no longer count there
    send = {"assignment": assignment, "person": told["person"]}
    count = len(here.platform.scores)
    silent = teacher.client.post(f"/teach/{group}/course/confirm", data=send)
    assert silent.status_code == 502 and "ei võtnud seda vastu" in silent.text and store.courses.handed_in(group)[0].confirmed == ""
    here.platform.key = tool
    assert teacher.client.post(f"/teach/{group}/course/confirm", data=send).status_code == 303 and len(here.platform.scores) == count + 1
    teacher.client.post(f"/teach/{group}/course/confirm", data=send)
    assert len(here.platform.scores) == count + 1  # once is once
    store.erase_person(told["person"])
    assert store.courses.handed_in(group) == () and store.identities.known(here.platform.address, PEOPLE).get("s-103") is None
    assert pupil.client.get("/class").headers["location"] == "/join"
    store.classes.delete(group)
    assert store.courses.of_class(group) == ()
    assert "Klass selle kursuse jaoks" in teacher.launch("t-77", course="rights").text
