"""What one browser keeps from another: sessions that end, what is forgotten and never stored, and that pages say truly who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from endonym.seams.turn import Message, Request, Turn
from endonym.store.access import Access
from endonym.tutor.app import tutor_app
from endonym.tutor.guarded import Guarded
from endonym.wiring.compose import Composition
from tests.conftest import TINY
from tests.served import EngineSettings, running
from tests.tutor.test_classes import assignment_of, begun, client, group_of, key, student

FORGET = '"cache", "storage"'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("state"))) as found:
        yield found


def signed_in(address: str, secret: str) -> httpx2.Client:
    found = client(address)
    assert "Teie klassid" in found.post("/teach/in", data={"key": secret}).text
    return found


def revoke(access: Access, secret: str) -> None:
    caller = access.caller(secret)
    assert caller is not None and access.revoke(caller.key)


def test_a_revoked_key_closes_every_page_that_its_session_opened(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    secret = key(store, "urve")
    guide = signed_in(address, secret)
    group = group_of(store, "urve")
    talk = str(guide.post(f"/teach/{group.id}/a/{assignment_of(store, group).id}/preview").url).rpartition("/")[2]
    why = re.findall(r'href="(/why/[^"]+)"', guide.get(f"/c/{talk}").text)[0]
    paths = [f"/c/{talk}", why, "/mine/export.json", "/mine/export.html", "/mine/delete"]
    assert [guide.get(path).status_code for path in paths] == [200] * 5 and talk in guide.get("/mine").text
    revoke(store.access, secret)
    assert [guide.get(path).status_code for path in paths] == [404] * 5 and talk not in guide.get("/mine").text
    for path in (f"/c/{talk}/say", f"/c/{talk}/delete", f"/mine/{talk}/delete", "/mine/delete"):
        assert guide.post(path, data={"message": "x"}).status_code == 404
    assert len(store.turns(talk)) == 1


@pytest.mark.parametrize("path", ["/mine/leave", "/class/out", "/teach/out"])
def test_every_way_out_has_the_browser_forget(served: tuple[str, Composition], path: str) -> None:
    address, store = served[0], served[1].store
    someone = student(address, group_of(store))
    someone.follow_redirects = False
    assert someone.post(path).headers["clear-site-data"] == FORGET
    assert "clear-site-data" not in someone.post(path).headers, "nobody was there any more"


def test_who_comes_after_somebody_else_finds_nothing_of_theirs_kept(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    someone = client(address)
    joined = someone.post(f"/join/{group_of(store).code}")
    code = re.search(r"(?:[A-Z]{4} ){3}[A-Z]{4}", joined.text)
    assert code and "clear-site-data" not in joined.headers
    someone.follow_redirects = False
    assert "clear-site-data" not in someone.post("/return", data={"code": code[0]}).headers, "the same person comes back"
    assert someone.post("/teach/in", data={"key": key(store, "viive")}).headers["clear-site-data"] == FORGET
    assert someone.post("/return", data={"code": code[0]}).headers["clear-site-data"] == FORGET


def test_a_question_after_a_revoked_key_is_another_person_s(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    secret = key(store, "hilja")
    guide = signed_in(address, secret)
    revoke(store.access, secret)
    asked = httpx2.post(f"{address}/t/tiny/ask", data={"message": "tere"}, headers={"cookie": f"endonym_session={guide.cookies['endonym_session']}"})
    assert asked.headers["clear-site-data"] == FORGET and store.owner(asked.headers["location"].rpartition("/")[2]) not in ("", "hilja")


PUBLIC = {"/": None, "/t/{bundle}": None, "/t/{bundle}/outcomes": None, "/passages/{bundle}/{document}/{anchor}": None, "/rules/{bundle}": None, "/static/{name}": "public, max-age=3600",
          "/worker.js": "no-cache", "/t/{bundle}/manifest.webmanifest": None}  # fmt: skip


def test_of_every_other_route_nothing_may_be_stored(served: tuple[str, Composition]) -> None:
    address, composition = served
    store = composition.store
    group = group_of(store)
    pupil = student(address, group)
    given = assignment_of(store, group)
    talk = begun(pupil, given)
    names = {"bundle": "tiny", "document": "fotosuntees", "anchor": "lehed", "name": "endonym.css", "conversation": talk, "turn": store.turns(talk)[0].id,
             "group": group.id, "assignment": given.id, "code": group.code, "round": "x", "number": "1"}  # fmt: skip
    app = tutor_app({"tiny": composition.assistant(composition.bundle(TINY))}, store, None)  # type: ignore[arg-type]
    assert isinstance(app, Guarded) and isinstance(app.app, Starlette)
    pupil.follow_redirects = False
    tried = 0
    for route in app.app.routes:
        assert isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}:
            answer = pupil.request(method, re.sub(r"\{(\w+)[^}]*\}", lambda found: names.get(found[1], "x"), route.path), data={"message": ""} if method == "POST" else None)
            wanted = PUBLIC[route.path] if method == "GET" and route.path in PUBLIC else "no-store"
            assert answer.headers.get("cache-control") == wanted, (method, route.path)
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            tried += 1
    assert tried > 40


def test_a_shared_conversation_says_that_the_teacher_can_read_it(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    group = group_of(store)
    pupil = student(address, group)
    talk = begun(pupil, assignment_of(store, group))
    alone = "avaneb ainult sinu enda seansis"
    assert alone in pupil.get(f"/c/{talk}").text
    shared = pupil.post(f"/c/{talk}/share").text
    assert alone not in shared and "õpetaja saab seda lugeda, kuni sa seda jagad" in shared
    assert alone in pupil.post(f"/c/{talk}/unshare").text


def test_who_leaves_a_class_or_the_device_is_told_how_to_come_back_and_can(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    alone = client(address)
    alone.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert "sul ei ole naasmiskoodi" in alone.get("/mine").text
    made = alone.post("/class/code").text
    code = re.search(r"(?:[A-Z]{4} ){3}[A-Z]{4}", made)
    assert code and "Minu asjad" in made and "sul ei ole naasmiskoodi" not in alone.get("/mine").text
    alone.post("/mine/leave")
    back = alone.post("/return", data={"code": code[0]})
    assert str(back.url).endswith("/mine") and "Mis on fotosüntees?" in back.text

    group = group_of(store)
    pupil = client(address)
    code = re.search(r"(?:[A-Z]{4} ){3}[A-Z]{4}", pupil.post(f"/join/{group.code}").text)
    pupil.post(f"/class/{group.id}/ask", data={"message": "Mis on klorofüll?"})
    left = pupil.post(f"/class/{group.id}/leave").text
    assert code and "naasmiskood avab need endiselt" in left
    elsewhere = client(address)
    assert "Mis on klorofüll?" in elsewhere.post("/return", data={"code": code[0]}).text


def test_the_page_names_the_services_outside_that_read_what_is_written(tmp_path: Path) -> None:
    far = EngineSettings(kind="openai", base_url="http://127.0.0.1:9/v1", model="m", route="external", languages=("et",), storage_region="Soome",
                         inference_region="Rootsi", key_holder="Näidis OÜ", jurisdiction="Iirimaa", training_use="mitte kunagi", telemetry="<arvud>")  # fmt: skip
    near, silent = far.model_copy(update={"route": "operator"}), far.model_copy(update={"telemetry": ""})
    with running([TINY], tmp_path, chain=("kaugel", "kodus", "vaikne"), engines={"kaugel": far, "kodus": near, "vaikne": silent}) as (address, _):
        page = client(address).get("/mine").text
    told = page[page.index('class="who-sees"') :]
    for said in ("kaugel", "Soome", "Rootsi", "Näidis OÜ", "Iirimaa", "mitte kunagi", "&lt;arvud&gt;", "äratuntud isikuandmed asendatakse enne"):
        assert said in told
    assert "kodus" not in told and "vaikne" not in told, "one is the operator's own, the other is refused for what it does not declare"


def test_where_no_service_outside_writes_that_is_said_and_what_the_ledger_tells(served: tuple[str, Composition]) -> None:
    page = client(served[0]).get("/mine").text
    assert "Ükski väline teenus siin vastuseid ei kirjuta." in page and "millal vastus anti, mis keeles" in page


async def _turn(composition: Composition) -> Turn:
    async for item in composition.assistant(composition.bundle(TINY)).respond(Request((Message("user", "Mis on <klorofüll>?"),), "student", "et")):
        if isinstance(item, Turn):
            return item
    raise AssertionError


@pytest.mark.anyio
async def test_the_page_to_read_leaves_out_nothing_that_the_data_has(served: tuple[str, Composition], monkeypatch: pytest.MonkeyPatch) -> None:
    address, composition = served
    store = composition.store
    group = group_of(store, name="Klass <x>")
    pupil = student(address, group)
    talk = begun(pupil, assignment_of(store, group))
    store.save_turn(await _turn(composition), "", store.owner(talk))
    own = store.own_export
    def grown(person: str) -> dict[str, object]:
        kept = own(person)
        kept["conversations"][0]["turns"][0] |= {"later": "midagi uut vastuse kohta"}
        return {**kept, "something-new": [{"kept": "ka see", "since": "2026"}]}

    monkeypatch.setattr(store, "own_export", grown)
    page = pupil.get("/mine/export.html").text
    assert "midagi uut vastuse kohta" in page and "Miks selline vastus" in page
    for said in ("Mis on fotosüntees?", "Mis on &lt;klorofüll&gt;?", "Küsitud teise programmi kaudu", "Klass &lt;x&gt;", "Tartu Gümnaasium", "something-new",
                 "ka see", store.owner(talk)):  # fmt: skip
        assert said in page, said


def test_a_class_shows_its_newest_conversations_and_older_ones_behind_a_link(served: tuple[str, Composition]) -> None:
    address, store = served[0], served[1].store
    group, other = group_of(store), group_of(store, name="Teine")
    pupil = student(address, group)
    pupil.post(f"/join/{other.code}")
    pupil.post(f"/class/{other.id}/ask", data={"message": "teise klassi küsimus"})
    for number in range(22):
        pupil.post(f"/class/{group.id}/ask", data={"message": f"tere {number}"})
    page = pupil.get("/class").text
    older = re.search(r'href="(/class\?of=[^"]+)"', page)
    assert older and page.count("/c/c_") == 21 and "tere 21<" in page and "tere 1<" not in page
    rest = pupil.get(older[1].replace("&amp;", "&")).text
    assert re.findall(r">(tere \d+)<", rest) == ["tere 1", "tere 0"] and "teise klassi" not in rest


@pytest.mark.parametrize("message", ["", "x" * 8001])
def test_a_question_to_a_class_that_cannot_be_taken_is_told_and_not_lost(served: tuple[str, Composition], message: str) -> None:
    address, store = served[0], served[1].store
    group = group_of(store)
    answer = student(address, group).post(f"/class/{group.id}/ask", data={"message": message})
    assert answer.status_code == 422 and 'role="alert"' in answer.text and f">{message[:8000]}</textarea>" in answer.text
