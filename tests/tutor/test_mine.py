"""A student's own pages: found again, taken away, deleted, and closed to everybody else."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from endonym.seams.turn import Turn
from endonym.store.classes import Assignment
from endonym.wiring.compose import Composition
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import running

ESTONIAN = {"accept-language": "et"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("state"))) as running_server:
        yield running_server


@pytest.fixture(scope="module")
def address(served: tuple[str, Composition]) -> str:
    return served[0]


def student(address: str, *questions: str) -> httpx2.Client:
    session = httpx2.Client(base_url=address, follow_redirects=True, headers=ESTONIAN)
    for question in questions:
        assert session.post("/t/tiny/ask", data={"message": question}).status_code == 200
    return session


def listed(page: str) -> list[str]:
    return re.findall(r'<a href="/c/(c_[0-9a-f]+)"', page)


def test_own_conversations_are_listed_the_newest_first_with_lesson_and_pack(address: str) -> None:
    mine = student(address, "Mis on fotosüntees?", "Mis on klorofüll?")
    page = mine.get("/mine").text
    assert page.index("Mis on klorofüll?") < page.index("Mis on fotosüntees?")
    assert "Fotosüntees</span> · Pisike" in page and len(listed(page)) == 2
    assert listed(student(address, "tere").get("/mine").text) != listed(page)


def test_nobody_sees_anything_of_others_and_an_unknown_browser_is_told_kindly(address: str) -> None:
    mine, other = student(address, "Mis on fotosüntees?"), httpx2.Client(base_url=address, headers=ESTONIAN)
    assert listed(other.get("/mine").text) == [] and "Siin ei ole veel midagi" in other.get("/mine").text
    for path in ("/mine/export.json", "/mine/export.html", "/mine/delete"):
        assert other.get(path).status_code == 404
    (conversation,) = listed(mine.get("/mine").text)
    for stranger in (other, student(address, "tere")):
        assert stranger.post(f"/mine/{conversation}/delete").status_code == 404
    assert listed(mine.get("/mine").text) == [conversation]


def test_a_session_that_ended_is_said(address: str) -> None:
    mine = student(address, "Mis on fotosüntees?")
    conversation, token = listed(mine.get("/mine").text)[0], {"cookie": f"endonym_session={mine.cookies['endonym_session']}", **ESTONIAN}
    left = mine.post("/mine/leave")
    assert "Oled sellest seadmest välja logitud" in left.text and left.headers["clear-site-data"] == '"cache", "storage"'
    assert listed(mine.get("/mine").text) == [] and "endonym_session" not in mine.cookies
    assert "Sinu seanss selles seadmes on lõppenud." in httpx2.get(f"{address}/mine", headers=token).text
    gone = httpx2.get(f"{address}/c/{conversation}", headers=token)
    assert gone.status_code == 404 and "Sinu seanss selles seadmes on lõppenud." in gone.text


@pytest.mark.parametrize(("find", "found"), [("klorofüll", 1), ("KLOROFYLL", 0), ("klorofull", 1), ("mis on", 2), ("mis jaanalind", 0), ("<b>", 0)])
def test_search_finds_every_word_in_questions_and_replies(address: str, find: str, found: int) -> None:
    mine = student(address, "Mis on fotosüntees?", "Mis on klorofüll?")
    page = mine.post("/mine", data={"find": find}).text
    assert len(listed(page)) == found and ("Neid sõnu" in page) is (found == 0) and "<b>" not in page


def test_fifty_are_shown_and_older_ones_behind_a_link(address: str, served: tuple[str, Composition]) -> None:
    mine = student(address, *("tere" for _ in range(52)))
    page = mine.get("/mine").text
    older = re.search(r'href="(/mine\?pack=tiny&amp;before=[^"]+)"', page)
    assert len(listed(page)) == 50 and older
    rest = mine.get(older[1].replace("&amp;", "&")).text
    assert len(listed(rest)) == 2 and not set(listed(rest)) & set(listed(page)) and 'before=2' not in rest.split("<footer")[0]


def test_one_is_deleted_and_then_all(address: str) -> None:
    mine = student(address, "Mis on fotosüntees?", "Mis on klorofüll?")
    gone, stays = listed(mine.get("/mine").text)
    assert listed(mine.post(f"/mine/{gone}/delete").text) == [stays]
    assert mine.get(f"/c/{gone}").status_code == 404
    assert "ei saa tagasi võtta" in mine.get("/mine/delete").text and mine.get(f"/c/{stays}").status_code == 200
    assert listed(mine.post("/mine/delete").text) == []
    assert mine.get(f"/c/{stays}").status_code == 404
    assert mine.get("/mine/export.json").json()["conversations"] == []


def test_everything_is_taken_away_and_the_ledger_does_not_grow(address: str, served: tuple[str, Composition]) -> None:
    mine = student(address, "Mis on <fotosüntees>?")
    before = served[1].store.ledger_size()
    data = mine.get("/mine/export.json")
    assert data.headers["content-disposition"] == 'attachment; filename="endonym.json"' and data.headers["cache-control"] == "no-store"
    (kept,) = json.loads(data.text)["conversations"]
    assert kept["turns"][0]["request"]["messages"][-1]["text"] == "Mis on <fotosüntees>?"
    page = mine.get("/mine/export.html")
    assert page.headers["content-disposition"] == 'attachment; filename="endonym.html"'
    assert "Mis on &lt;fotosüntees&gt;?" in page.text and "Mida taim vajab" in page.text and "<script" not in page.text
    assert served[1].store.ledger_size() == before
    served[1].store.export_person(json.loads(data.text)["person"])
    assert served[1].store.ledger_size() == before + 1
    assert "Kes on seda lugenud" in mine.get("/mine/export.html").text and "Kes on seda lugenud" not in page.text
    (read,) = mine.get("/mine/export.json").json()["reads"]
    assert read["kind"] == "person-export"


def test_the_page_to_take_away_tells_of_classes_sharing_devices_and_the_return_code_too(address: str, served: tuple[str, Composition]) -> None:
    store = served[1].store
    group = store.classes.make("kersti", "Tartu Gümnaasium", "tiny", "Bioloogia <11b>", "et")
    assert group is not None
    given = store.classes.add_assignment(Assignment("", group.id, "Valgus ja lehed", text="Selgita."))
    mine = student(address, "Mis on fotosüntees?")
    (conversation,), person = listed(mine.get("/mine").text), mine.get("/mine/export.json").json()["person"]
    bare = mine.get("/mine/export.html").text
    assert given is not None and "Sinu naasmiskood" not in bare and "Sisse logitud seadmed" in bare
    store.classes.join(group.id, person)
    code = store.classes.new_return_code(person)
    store.classes.begin(conversation, group.id, given.id, person)
    store.classes.share(conversation, person, shared=True)
    page = mine.get("/mine/export.html").text
    assert "Bioloogia &lt;11b&gt;" in page and "Valgus ja lehed" in page and "shared" in page and "Tartu Gümnaasium" in page
    assert "Sinu naasmiskood" in page and code not in page and mine.cookies["endonym_session"] not in page


def test_a_question_whose_reply_broke_stands_in_the_box_and_can_be_sent_again(tmp_path: Path) -> None:
    with running([TINY], tmp_path) as (address, _):
        mine = student(address, "Mis on fotosüntees?")
        page = listed(mine.get("/mine").text)[0]
        with create_engine(f"sqlite:///{tmp_path / 'store.sqlite'}", isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE TRIGGER broken BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'broken'); END"))
            for path, code in ((f"/c/{page}/say", 503), ("/t/tiny/ask", 503)):
                broken = mine.post(path, data={"message": "taim vajab valgust"})
                assert (broken.status_code, ">taim vajab valgust</textarea>" in broken.text, 'role="alert"' in broken.text) == (code, True, True)
            assert listed(mine.get("/mine").text) == [page]
            connection.execute(text("DROP TRIGGER broken"))
        assert "taim vajab valgust</p>" in mine.post(f"/c/{page}/say", data={"message": "taim vajab valgust"}).text


def test_a_reply_that_ends_after_its_conversation_was_deleted_says_so_and_is_not_kept(
    address: str, served: tuple[str, Composition], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another window, at the last moment: nobody is told that something broke, or shown a reply as if it were kept."""
    store = served[1].store
    record = store.record

    def too_late(turn: Turn, conversation: str = "", person: str = "") -> Future[bool]:
        store.delete_conversation(conversation)
        return record(turn, conversation, person)

    said = {}
    for way, headers in (("page", {}), ("stream", {"hx-request": "true"})):
        mine = student(address, "Mis on fotosüntees?")
        (conversation,) = listed(mine.get("/mine").text)
        with monkeypatch.context() as patched:
            patched.setattr(store, "record", too_late)
            said[way] = mine.post(f"/c/{conversation}/say", data={"message": "taim vajab valgust"}, headers=headers)
        assert listed(mine.get("/mine").text) == [] and mine.get("/mine/export.json").json()["conversations"] == []
    assert (said["page"].status_code, said["stream"].status_code) == (410, 200)
    for answer in said.values():
        assert "Vestlus on kustutatud." in answer.text and "Serveris läks midagi valesti" not in answer.text
    assert "/why" not in said["stream"].text and "Mida taim vajab" not in said["page"].text
    with monkeypatch.context() as patched:
        patched.setattr(store, "record", too_late)
        begun = student(address).post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert begun.status_code == 410 and "Vestlus on kustutatud." in begun.text and ">Mis on fotosüntees?</textarea>" in begun.text


def test_messages_say_their_language(address: str) -> None:
    page = student(address, "Kuidas taim endale toitu teeb ja mida ta selleks vajab?").get("/mine")
    conversation = student(address, "Kuidas taim endale toitu teeb ja mida ta selleks vajab?")
    shown = conversation.get(f"/c/{listed(conversation.get('/mine').text)[0]}").text
    assert '<p lang="et" dir="ltr">Kuidas taim' in shown and 'lang="et" dir="ltr">Kuidas taim' in page.text


@pytest.mark.parametrize(("back", "to"), [("/t/tiny", "/t/tiny"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/")])
def test_the_size_of_the_text_is_kept_and_leads_back_to_this_site(address: str, back: str, to: str) -> None:
    session = httpx2.Client(base_url=address)
    answer = session.post("/size", data={"size": "3", "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, to)
    assert 'class="size-3"' in session.get("/t/tiny").text
    assert 'class="size-3"' not in httpx2.get(f"{address}/t/tiny").text.split("<body")[0]


def opened(chromium: Browser, **options: object) -> tuple[Page, list[str]]:
    page = chromium.new_context(locale="et-EE", **options).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1100, "light")])
def test_a_student_finds_takes_and_deletes_what_is_theirs(chromium: Browser, address: str, script: bool, width: int, scheme: str) -> None:
    page, complaints = opened(chromium, java_script_enabled=script, viewport={"width": width, "height": 700}, color_scheme=scheme)
    page.goto(f"{address}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    page.get_by_role("link", name="Minu asjad").click()
    expect(page.locator(".kept-list a")).to_have_text("Mis on fotosüntees?")
    page.fill("#find", "klorofüll jaanalind")
    page.get_by_role("button", name="Otsi").click()
    expect(page.locator(".empty")).to_contain_text("Neid sõnu")
    page.get_by_role("link", name="Näita kõiki").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Laadi alla lugemiseks").click()
    assert "Mis on fotosüntees?" in download.value.path().read_text("utf-8")
    page.get_by_role("button", name="Teksti suurus 3").click()
    expect(page.locator("html")).to_have_class("size-3")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".kept-list summary").click()
    page.get_by_role("button", name="Kustuta jäädavalt").click()
    expect(page.locator(".empty")).to_contain_text("Siin ei ole veel midagi")
    assert complaints == []


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_prints_black_on_white_without_buttons(chromium: Browser, address: str, scheme: str) -> None:
    page, _ = opened(chromium, color_scheme=scheme)
    page.goto(f"{address}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    page.wait_for_url("**/c/**")  # with its style sheet
    page.emulate_media(media="print", color_scheme=scheme)
    colours = page.evaluate("""() => [...document.querySelectorAll(".said p, .said .who, .foot p")].map((one) => getComputedStyle(one).color)""")
    assert set(colours) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"} and page.locator(":is(button, textarea, select):visible").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.said.you')).backgroundColor") == "rgb(255, 255, 255)"


@needs_chromium
def test_a_question_whose_reply_broke_is_sent_again_with_one_button(chromium: Browser, address: str, served: tuple[str, Composition]) -> None:
    page, _ = opened(chromium)
    page.goto(f"{address}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    engine = create_engine(f"sqlite:///{served[1].settings.state / 'store.sqlite'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE TRIGGER broken BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'broken'); END"))
        page.fill("#message", "taim vajab valgust")
        page.click("#send")
        expect(page.locator(".again")).to_be_visible()
        connection.execute(text("DROP TRIGGER broken"))
    page.locator(".again").click()
    expect(page.locator(".why a")).to_have_count(2)
    expect(page.locator(".said.you")).to_have_count(2)
    expect(page.locator(".again")).to_have_count(0)


@needs_chromium
def test_a_question_whose_reply_was_stopped_is_sent_again_with_one_button(chromium: Browser, address: str, served: tuple[str, Composition]) -> None:
    """The reply waits at its end for a database that somebody else holds."""
    page, _ = opened(chromium)
    page.goto(f"{address}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    with closing(sqlite3.connect(served[1].settings.state / "store.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        page.fill("#message", "taim vajab valgust")
        page.click("#send")
        page.wait_for_timeout(500)  # a click at once would be a second one on the button before
        page.click("#stop")
        expect(page.locator(".stopped .again")).to_be_visible()
        expect(page.locator("#message")).to_have_value("taim vajab valgust")
        holder.execute("ROLLBACK")
    page.locator(".again").click()
    expect(page.locator(".why a")).to_have_count(2)
    expect(page.locator(".said.you")).to_have_count(2)
    expect(page.locator("#message")).to_have_value("")
