"""What else relieves a teacher: a task from a file, drafts with sources, and the misunderstandings of a class over time where law allows it."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from endonym.tutor import aggregate, practice
from endonym.tutor.desk import GRADE_RETURN
from endonym.wiring.compose import Composition
from tests.adapters.readers.samples import archive, pdf
from tests.browser import needs_chromium
from tests.conftest import PACKS, TINY
from tests.served import running
from tests.tutor.test_accessibility import violations
from tests.tutor.test_classes import TASK, assignment_of, client, group_of, key, student, teacher, worked
from tests.tutor.test_pages import opened
from tests.tutor.test_practice import LAW

CAPABILITIES = {practice.CAPABILITY, aggregate.CAPABILITY, GRADE_RETURN}
"""Every named capability that the product knows."""


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    """A pack whose country has recorded the law for misunderstandings over time."""
    pack = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("packs") / "tiny"))
    manifest = pack / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("[title]", f'capabilities = ["{aggregate.CAPABILITY}"]\n\n[title]', 1), "utf-8")
    (pack / "adaptations" / "misconceptions_by_law.md").write_text(LAW.replace("repetition_by_law", "misconceptions_by_law"), "utf-8")
    with running([pack], Path(tmp_path_factory.mktemp("state"))) as found:
        yield found


def faults(page: Page) -> list[str]:
    """What axe-core finds, where it is installed."""
    return violations(page) if find_spec("axe_playwright_python") else []


def docx(text: str) -> bytes:
    from io import BytesIO

    from docx import Document

    document = Document()
    document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


# ---- a task from a file


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
def test_the_text_of_a_file_is_looked_at_before_it_is_set(chromium: Browser, lawful: tuple[str, Composition], tmp_path: Path, script: bool) -> None:
    address, composition = lawful
    group = group_of(composition.store, f"maie{script}")
    page, complaints = opened(chromium, java_script_enabled=script)
    page.goto(f"{address}/teach")
    page.get_by_label("Teie võti").fill(key(composition.store, f"maie{script}"))
    page.get_by_role("button", name="Logi sisse").click()
    page.goto(f"{address}/teach/{group.id}/set")
    (tmp_path / "ülesanne.md").write_text(f"{TASK}\n\nUuri 38001085718 <b>lehte</b>.", "utf-8")
    page.get_by_label("Ainult vihjed").check()
    page.get_by_label("Või võtke tekst failist").set_input_files(tmp_path / "ülesanne.md")
    page.get_by_role("button", name="Anna ülesanne").click()
    expect(page.get_by_role("status").filter(has_text="Faili tekst")).to_be_visible()
    expect(page.get_by_role("textbox", name="Minu enda ülesanne")).to_have_value(f"{TASK}\n\nUuri 38001085718 <b>lehte</b>.")
    expect(page.get_by_label("Ainult vihjed")).to_be_checked()
    assert composition.store.classes.assignments(group.id) == (), "nothing is set before the teacher has looked"
    page.get_by_role("textbox", name="Minu enda ülesanne").fill(TASK)
    page.get_by_role("button", name="Anna ülesanne").click()
    expect(page.locator("blockquote.task")).to_have_text(TASK)
    assert composition.store.classes.assignments(group.id)[0].help == "hints" and complaints == []


@pytest.mark.parametrize(("name", "data", "says"), [
    ("a.txt", TASK.encode(), TASK), ("A.PDF", pdf([[(11, 700, "Kirjelda taime.")]]), "Kirjelda taime."), ("a.docx", docx(TASK), TASK), ("../../etc/a.md", b"Tere", "Tere"),
    ("a.txt", "õ".encode() * 4001, "Failis on 4"), ("a.odt", b"x", "TXT, MD, PDF, DOCX"), ("a", b"x", "TXT, MD, PDF, DOCX"), ("a.txt", b" \n ", "ei ole teksti"),
    ("a.pdf", pdf([[(11, 700, "x")]], locked=True), "parooliga lukus"), ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "parooliga lukus"),
    ("a.pdf", pdf([[], []]), "pildid ilma tekstita"), ("a.txt", "Tõde".encode("utf-16"), "UTF-8-na"), ("a.md", b"\xff\xfe\xfa", "UTF-8-na"),
    ("a.pdf", b"%PDF-1.4 nothing", "rikutud"), ("a.docx", archive({"x": "y"}), "rikutud"), ("a.txt", b"x" * 5_000_001, "kuni 5 MB"),
])  # fmt: skip
def test_a_file_is_read_or_it_is_said_why_not_and_what_was_typed_stays(lawful: tuple[str, Composition], name: str, data: bytes, says: str) -> None:
    address, composition = lawful
    guide, group = teacher(address, composition.store, "piret"), next(iter(composition.store.classes.taught("piret", "Tartu Gümnaasium")), None) or group_of(composition.store, "piret")
    reply = guide.post(f"/teach/{group.id}/set", data={"about": "", "text": "varem kirjutatud", "title": "Minu pealkiri", "help": "hints"}, files={"file": (name, data)})
    assert says in reply.text and 'value="Minu pealkiri"' in reply.text and 'value="hints" checked' in reply.text
    bad = reply.status_code == 422
    assert ('role="alert"' in reply.text, ">varem kirjutatud</textarea>" in reply.text) == (bad, bad)
    assert composition.store.classes.assignments(group.id) == ()


# ---- drafts


def test_a_quiz_holds_nothing_that_the_pack_does_not_and_its_answers_stand_apart(lawful: tuple[str, Composition]) -> None:
    address, composition = lawful
    guide, group = teacher(address, composition.store, "anu"), group_of(composition.store, "anu")
    assert "Kontrollküsimused" in guide.get(f"/teach/{group.id}/drafts").text
    page = guide.get(f"/teach/{group.id}/drafts/quiz?lesson=biology/fotosuntees").text
    file = guide.get(f"/teach/{group.id}/drafts/quiz.md?lesson=biology/fotosuntees")
    asked, _, answers = file.text.partition("## Vastused")
    assert file.headers["content-type"].startswith("text/markdown") and "Kas fotosüntees toimub öösel?" in asked and "Ei, sest valgust ei ole." in answers
    assert "Ei, sest valgust ei ole." not in asked and "fotosuntees#mis-see-on" in answers and 'class="answers"' in page
    draft = guide.get(f"/teach/{group.id}/drafts/lesson?outcome=X.1").text
    assert "Mustand, üle vaatamata" in draft and "/passages/tiny/fotosuntees/mis-see-on" in draft
    assert guide.get(f"/teach/{group.id}/drafts/lesson.md?outcome=X.1").text.startswith("---\n# Mustand, üle vaatamata")
    assert {guide.get(f"/teach/{group.id}/drafts/{path}").status_code for path in ("quiz?lesson=none", "quiz.md", "lesson?outcome=none", "lesson.md?outcome=")} == {404}


@needs_chromium
def test_wrong_choices_are_misconceptions_and_a_quiz_prints_its_answers_on_a_page_of_their_own(chromium: Browser, tmp_path: Path) -> None:
    """In Arabic, with the correction and the file as a teacher meets them there."""
    import pypdfium2

    with running([PACKS / "jordan"], tmp_path) as (address, composition):
        store, bundle = composition.store, composition.bundle(PACKS / "jordan")
        lesson = next(one for one in bundle.contents.lessons if one.language == "ar" and len(one.misconceptions) > 1 and not one.protects)
        group = store.classes.make("kersti", "مدرسة اليرموك", "jordan", "الصف العاشر", "ar")
        assert group
        page = chromium.new_context(locale="ar-JO", viewport={"width": 360, "height": 800}).new_page()
        page.goto(f"{address}/teach")
        page.locator("input[name=key]").fill(key(store, "kersti", "مدرسة اليرموك"))
        page.locator("form .primary").click()
        page.goto(f"{address}/teach/{group.id}/drafts/quiz?lesson={lesson.id}")
        choices = page.locator(".choices").first.locator("li").all_inner_texts()
        right = {idea.text for idea in lesson.diagnose.ideas}
        assert len(choices) > 2 and sum(choice in right for choice in choices) == 1
        assert {choice for choice in choices if choice not in right} <= {one.belief for one in lesson.misconceptions}
        assert page.evaluate("document.documentElement.dir") == "rtl" and page.evaluate("document.documentElement.scrollWidth") <= 360
        assert faults(page) == []
        page.pdf(path=tmp_path / "quiz.pdf", format="A4")
        printed = pypdfium2.PdfDocument(tmp_path / "quiz.pdf")
        sheets = [number for number in range(len(printed)) if "unreviewed" in printed[number].get_textpage().get_text_range()]
        assert len(printed) >= 2 and sheets == [len(printed) - 1]
        given = assignment_of(store, group, lesson=lesson.id, learning="ar", title=lesson.title)
        page.goto(f"{address}/teach/{group.id}/a/{given.id}")
        page.get_by_role("button", name="تجربتها كما يراها الطالب").click()
        page.get_by_role("link", name="تصحيح هذا الرد").last.click()
        assert faults(page) == []
        page.get_by_label("معلومة خاطئة").check()
        page.get_by_label("يجب أن يكون فيه").fill("الضوء، الشمس")
        page.get_by_role("button", name="حفظ التصحيح").click()
        expect(page.locator(".correction")).to_contain_text("الضوء / الشمس")
        for path in ("drafts", f"drafts/lesson?outcome={next(one.code for one in bundle.contents.outcomes if one.language == 'ar')}", "set"):
            page.goto(f"{address}/teach/{group.id}/{path}")
            assert faults(page) == [], path
        page.locator("input[type=file]").set_input_files({"name": "مهمة.txt", "mimeType": "text/plain", "buffer": "صف ورقة النبات.".encode()})
        page.locator("form .primary").click()
        expect(page.locator("textarea[name=text]")).to_have_value("صف ورقة النبات.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


# ---- misunderstandings over time


def test_over_time_the_class_is_seen_and_no_student(lawful: tuple[str, Composition]) -> None:
    address, composition = lawful
    store = composition.store
    guide, group = teacher(address, store, "helve"), group_of(store, "helve")
    first, second = (assignment_of(store, group, title=title) for title in ("Esimene töö", "Teine töö"))
    belief, where = "taim saab toidu mullast", f"/teach/{group.id}/misconceptions"
    pupils = [worked(address, group, first, belief)[0] for _ in range(5)]
    for _ in range(4):
        worked(address, group, first, "anna vihje")
    assert "Veel ei ole midagi näha" in guide.get(where).text, "of nine, five would be all but four"
    worked(address, group, first, "anna vihje")
    for _ in range(5):
        worked(address, group, first, "anna vihje")
    shown = guide.get(where).text
    assert "Taim saab toidu mullast." in shown and "Esimene töö" in shown and "vähemalt 5" in shown and "Teine töö" not in shown
    assert "Siin ei hinnata" not in guide.get(f"/teach/{group.id}").text and where in guide.get(f"/teach/{group.id}").text
    for person in {work.person for work in store.classes.works_on(first.id)}:
        assert person not in shown
    assert "millised väärarusaamad on klassil olnud mitmes ülesandes" in pupils[0].get("/class").text, "students are told"
    assert client(address).get(where).history and teacher(address, store, "jaan").get(where).status_code == 404
    assert second


def test_with_every_capability_off_which_is_how_all_packs_ship_nothing_looks_over_time(tmp_path: Path) -> None:
    """Every other journey under tests/tutor runs on packs without capabilities too; here is what would differ."""
    documented = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")
    assert all(f"`{name}`" in documented for name in CAPABILITIES)
    named = {name for path in (Path(__file__).parents[2] / "src").rglob("*.py") for name in re.findall(r'(?m)^(?:CAPABILITY|GRADE_RETURN) = "(\w+)"', path.read_text("utf-8"))}
    assert named == CAPABILITIES, "a capability that this test does not name"
    for manifest in (*PACKS.glob("*/pack.toml"), TINY / "pack.toml"):
        assert tomllib.loads(manifest.read_text("utf-8")).get("capabilities", []) == [], manifest
    with running([TINY], tmp_path) as (address, composition):
        store = composition.store
        guide, group = teacher(address, store), group_of(store)
        board = guide.get(f"/teach/{group.id}").text
        assert guide.get(f"/teach/{group.id}/misconceptions").status_code == 404 and "misconceptions" not in board and "Siin ei hinnata" in board
        assert "mitmes ülesandes" not in student(address, group).get("/class").text
