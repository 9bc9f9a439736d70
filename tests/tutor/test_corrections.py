"""A teacher corrects a reply: who may, what is kept, and that the correction is an evaluation case that can fail."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import yaml
from playwright.sync_api import Browser, expect

from endonym.records import read_record
from endonym.seams.roster import Group, Student
from endonym.store import Store
from endonym.store.seal import key_file
from endonym.wiring.compose import Composition
from tests.browser import needs_chromium
from tests.cli.inside import inside
from tests.conftest import TINY
from tests.served import running
from tests.store.test_corrections import WRONG
from tests.tutor.test_classes import assignment_of, begun, client, group_of, key, student, teacher
from tests.tutor.test_pages import opened

PHONE = "+372 5123 4567"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("state"))) as found:
        yield found


def form_of(page: str) -> dict[str, str]:
    """What a form of the page would send as it stands."""
    return dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', page))


def shared_talk(address: str, store: Store, person: str, *messages: str) -> tuple[httpx2.Client, str, str]:
    """(the student, the conversation that they share, its newest turn)."""
    group = group_of(store, person)
    pupil = student(address, group)
    talk = begun(pupil, assignment_of(store, group))
    for message in messages:
        pupil.post(f"/c/{talk}/say", data={"message": message})
    pupil.post(f"/c/{talk}/share")
    return pupil, talk, store.turns(talk)[-1].id


@needs_chromium
def test_from_a_preview_to_a_correction_and_to_its_end(chromium: Browser, served: tuple[str, Composition]) -> None:
    address, composition = served
    given = assignment_of(composition.store, group := group_of(composition.store, "maie"))
    page, complaints = opened(chromium, java_script_enabled=False)
    page.goto(f"{address}/teach")
    page.get_by_label("Teie võti").fill(key(composition.store, "maie"))
    page.get_by_role("button", name="Logi sisse").click()
    page.goto(f"{address}/teach/{group.id}/a/{given.id}")
    page.get_by_role("button", name="Proovi õpilasena").click()
    page.get_by_role("link", name="Paranda seda vastust").last.click()
    expect(page.locator(".reply")).to_contain_text("Mida taim vajab, et endale toitu teha?")
    page.get_by_role("button", name="Salvesta parandus").click()
    expect(page.get_by_role("alert")).to_contain_text("märkige vähemalt üks")
    page.get_by_label("Vale fakt").check()
    page.get_by_label("Küsimus").fill("Mis on fotosüntees?")
    page.get_by_label("Selles peab olema").fill("valgus, päike\nvesi")
    page.get_by_role("button", name="Salvesta parandus").click()
    expect(page.locator("h1")).to_have_text("Teie parandused")
    expect(page.locator(".correction")).to_contain_text("valgus / päike")
    page.get_by_role("button", name="Kustuta parandus").click()
    expect(page.locator(".empty")).to_contain_text("Veel mitte ühtegi")
    assert complaints == [] or all("422" in line for line in complaints)


def test_a_streamed_reply_of_a_preview_can_be_corrected_and_no_student_sees_the_link(served: tuple[str, Composition]) -> None:
    address, composition = served
    guide, group = teacher(address, composition.store, "anu"), group_of(composition.store, "anu")
    given = assignment_of(composition.store, group)
    talk = str(guide.post(f"/teach/{group.id}/a/{given.id}/preview").url).rpartition("/c/")[2]
    streamed = guide.post(f"/c/{talk}/say", data={"message": "taim vajab valgust"}, headers={"hx-request": "true"}).text
    assert f"/teach/correct/{talk}/" in streamed
    pupil = student(address, group)
    assert "/teach/correct/" not in pupil.get(f"/c/{begun(pupil, given)}").text


def test_of_a_shared_conversation_personal_data_is_masked_before_the_teacher_looks_and_again_after(served: tuple[str, Composition]) -> None:
    address, composition = served
    store = composition.store
    pupil, talk, turn = shared_talk(address, store, "helve", f"Helista mulle {PHONE}, taim vajab valgust")
    guide = teacher(address, store, "helve")
    where = f"/teach/correct/{talk}/{turn}"
    group = next(iter(store.classes.taught("helve", "Tartu Gümnaasium")))
    assert where in guide.get(f"/teach/{group.id}/c/{talk}").text
    shown = form_of(guide.get(where).text)
    assert shown["asked-1"] == "Helista mulle […], taim vajab valgust" and set(shown) == {"asked-0", "asked-1", "must", "must_not", "better"}
    reply = guide.post(where, data={**shown, "kind": "unkind", "better": f"Minu number on {PHONE}"})
    assert reply.status_code == 422 and "Vaadake see veel kord üle" in reply.text and "5123" not in reply.text and store.corrections.of("helve") == ()
    assert "checked" in reply.text, "what was ticked stays"
    saved = guide.post(where, data={**form_of(reply.text), "kind": ["unkind", "gave_answer"], "asked-0": ""})
    (kept,) = store.corrections.of("helve")
    assert saved.status_code == 200 and kept.kinds == ("gave_answer", "unkind") and kept.asked == ("Helista mulle […], taim vajab valgust",)
    assert kept.attempts == 1 and talk not in str(kept) and store.owner(talk) not in str(kept)
    pupil.post(f"/c/{talk}/unshare")
    assert guide.get(where).status_code == 404 and guide.post(where, data={"kind": "other"}).status_code == 404
    assert "Helista mulle" in guide.get("/teach/corrections").text
    assert guide.get("/mine/export.json").json()["corrections"][0]["id"] == kept.id
    assert "Helista mulle […]" in guide.get("/mine/export.html").text


def test_names_of_the_class_s_list_are_masked_in_a_correction_too(served: tuple[str, Composition]) -> None:
    address, composition = served
    store = composition.store
    _, talk, turn = shared_talk(address, store, "hilja", "Minu sõber Mari Tamm ütles, et taim vajab valgust")
    where, guide = f"/teach/correct/{talk}/{turn}", teacher(address, store, "hilja")
    assert "Mari Tamm" in guide.get(where).text
    listed = (Group("c", "Nimekiri", (), (Student("s", "Mari Tamm", ("Mari Tamm",)),)),)
    store.rosters.bring(listed, school="Tartu Gümnaasium", teacher="hilja", bundle="tiny", learning="et")
    assert form_of(guide.get(where).text)["asked-1"] == "Minu sõber […] ütles, et taim vajab valgust"


@pytest.mark.parametrize(("form", "says"), [
    ({"asked-0": "Mis?"}, "märkige vähemalt üks"), ({"kind": "everything", "asked-0": "Mis?", "better": "x"}, "märkige vähemalt üks"),
    ({"kind": "wrong_fact", "asked-0": "  ", "better": "x"}, "Viimane küsimus on tühi"), ({"kind": "wrong_fact", "asked-0": "Mis?"}, "peab olema või olla ei tohi"),
])  # fmt: skip
def test_what_is_no_correction_is_told_and_nothing_is_lost(served: tuple[str, Composition], form: dict[str, str], says: str) -> None:
    address, composition = served
    _, talk, turn = shared_talk(address, composition.store, "piret")
    guide = teacher(address, composition.store, "piret")
    reply = guide.post(f"/teach/correct/{talk}/{turn}", data=form)
    assert reply.status_code == 422 and says in reply.text and 'role="alert"' in reply.text and composition.store.corrections.of("piret") == ()
    assert form_of(reply.text)["asked-0"] == form["asked-0"].strip()


def test_nobody_else_corrects_or_deletes(served: tuple[str, Composition]) -> None:
    address, composition = served
    store = composition.store
    pupil, talk, turn = shared_talk(address, store, "leida")
    made = store.corrections.add("leida", WRONG)
    assert made
    for actor in (client(address), pupil, teacher(address, store, "jaan"), teacher(address, store, "leida of Narva", "Narva")):
        for path, method in ((f"/teach/correct/{talk}/{turn}", "GET"), (f"/teach/correct/{talk}/{turn}", "POST"), ("/teach/corrections", "GET")):
            reply = actor.request(method, path, data={"kind": "other", "asked-0": "x", "better": "y"} if method == "POST" else None)
            assert reply.status_code == 404 or "Teie võti" in reply.text or (path == "/teach/corrections" and "leida" not in reply.text), path
    stranger = teacher(address, store, "jaan")
    assert stranger.post(f"/teach/corrections/{made.id}/delete").status_code == 404 and len(store.corrections.of("leida")) == 1
    unshared = begun(pupil, assignment_of(store, next(iter(store.classes.taught("leida", "Tartu Gümnaasium")))))
    assert teacher(address, store, "leida").get(f"/teach/correct/{unshared}/{store.turns(unshared)[0].id}").status_code == 404


# ---- as evaluation cases


def test_an_exported_case_is_run_by_eval_and_fails_where_the_reply_is_still_wrong(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guide asks a question about what a plant needs; it says nothing of soil, and does not name chlorophyll."""
    folder = tiny.parent
    store = Store.sqlite(folder / ".endonym" / "store.sqlite", key_file(folder / ".endonym" / "store.key"))
    asked = replace(WRONG, asked=("Mis on fotosüntees?",), better="Alusta\n# sellest: {mida} taim vajab.")
    mended = store.corrections.add("kersti", replace(asked, kinds=("wrong_fact", "wrong_language"), must=(("toit", "suhkur"),), must_not=("muld",)))
    wrong = store.corrections.add("kersti", replace(asked, must=(("klorofüll", "2,5"), ("toit",)), must_not=()))
    uncovered = store.corrections.add("jaan", replace(asked, kinds=("off_curriculum",), asked=("Kes võitis eile\n: korvpalli?",), must=(), must_not=()))
    by_people = store.corrections.add("jaan", replace(asked, kinds=("unkind",), must=(), must_not=()))
    store.close()
    assert mended and wrong and uncovered and by_people
    code, listed = inside(monkeypatch, folder, "corrections", "list", "tiny")
    assert code == 0 and "4 correction(s) of tiny" in listed and "kersti" not in listed and "jaan" not in listed
    code, said = inside(monkeypatch, folder, "corrections", "export", "tiny", "--out", "tiny/cases/corrections.yaml")
    assert code == 0 and "4 case(s)" in said
    written = (tiny / "cases" / "corrections.yaml").read_text("utf-8")
    assert "# Alusta\n" in written.replace("#   ", "# ") and "kersti" not in written and len(yaml.safe_load(written)) == 4
    run = subprocess.run([sys.executable, "-m", "endonym", "eval", str(tiny), "--engine", "guide", "-o", "record.json"], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    scores = [(score.sample, score.scorer, score.passed) for score in read_record(folder / "record.json").scores]
    assert [(scorer, passed) for sample, scorer, passed in scores if sample == mended.id] == [("language", True), ("terms", True), ("terms", True)]
    assert [(scorer, passed) for sample, scorer, passed in scores if sample == wrong.id] == [("terms", False), ("terms", True)]
    assert [(scorer, passed) for sample, scorer, passed in scores if sample == uncovered.id] == [("kind", True)]
    assert by_people.id not in {sample for sample, _, _ in scores}
    assert "nothing to write" in inside(monkeypatch, folder, "corrections", "export", "tiny", "--out", "more.yaml")[1] and not (folder / "more.yaml").exists()
    assert inside(monkeypatch, folder, "corrections", "export", "tiny", "--out", "tiny/cases/corrections.yaml")[0] == 1
