"""What the guard lets through from a real streamed engine, and what it does when the engine fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from endonym.assistant.guard import Guard
from endonym.assistant.recognise import trigger_matches
from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, serving


@pytest.fixture(scope="module")
def upstream() -> Iterator[Scripted]:
    with scripted() as engine:
        yield engine


@pytest.fixture
def client(upstream: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[openai.OpenAI]:
    """A server of each test's own: failures would leave the engine aside for the next."""
    ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",), timeout_s=2)
    with serving([TINY], Path(tmp_path_factory.mktemp("state")), chain=("ours",), engines={"ours": ours}) as address:
        yield openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def ask(client: openai.OpenAI, text: str, language: str = "et") -> tuple[str, dict[str, object]]:
    chunks = list(client.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": text}], stream=True,
                                                 extra_body={"endonym": {"language": language}}))  # fmt: skip
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks[-1].model_extra["endonym"]


def test_a_model_that_is_fit_writes_the_reply(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Taimed vajavad kasvamiseks palju valgust. ", "Mida sa sellest ise arvad?")
    text, extension = ask(client, "Mis on fotosüntees?")
    assert text.startswith("Taimed vajavad kasvamiseks palju valgust. Mida sa sellest ise arvad?")
    assert extension["engine"] == "ours"
    assert "Mida taim vajab, et endale toitu teha?" in upstream.bodies[-1]["messages"][1]["content"]  # type: ignore[index]


def test_a_failing_sentence_never_reaches_the_reader(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Taimed vajavad kasvamiseks palju valgust. ", "But now the model suddenly goes on in plain English. ", "And more English here too.")
    text, extension = ask(client, "Mis on fotosüntees?")
    assert "plain English" not in text
    assert "more English" not in text
    assert text.startswith("Taimed vajavad kasvamiseks palju valgust.")
    assert "Mida taim vajab, et endale toitu teha?" in text
    assert extension["engine"] == "ours, guide"
    assert [v["verifier"] for v in extension["verifiers"] if not v["passed"]] == ["language"]  # type: ignore[index,union-attr]


def test_of_a_reply_that_nobody_reads_before_its_end_the_sentences_before_the_fault_stay(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Taimed vajavad kasvamiseks palju valgust. But now the model suddenly goes on in plain English. Ja siis jälle eesti keeles edasi.")
    said = client.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": "Mis on fotosüntees?"}],
                                          extra_body={"endonym": {"language": "et"}})  # fmt: skip
    text = said.choices[0].message.content or ""
    assert text.startswith("Taimed vajavad kasvamiseks palju valgust.")
    assert "plain English" not in text
    assert "jälle eesti keeles" not in text


def test_a_language_without_fitness_is_served_by_the_guide(client: openai.OpenAI, upstream: Scripted) -> None:
    before = len(upstream.bodies)
    _, extension = ask(client, "chlorophyll", "en")
    assert extension["engine"] == "guide"
    assert len(upstream.bodies) == before


@pytest.mark.parametrize("script", [[None], [b"data: {broken\n\n"], [3.0]], ids=["reset", "broken", "hangs"])
def test_an_engine_that_fails_at_once_is_passed_over(client: openai.OpenAI, upstream: Scripted, script: list[object]) -> None:
    upstream.status, upstream.kind, upstream.script = 200, "text/event-stream", script  # type: ignore[assignment]
    text, extension = ask(client, "Mis on fotosüntees?")
    assert extension["engine"] == "guide"
    assert text.startswith("Iga hingetõmme sõltub taimedest.")
    assert any("ours" in line["note"] for line in extension["trace"])  # type: ignore[index,union-attr]


def test_an_engine_that_dies_in_the_middle_ends_in_a_whole_labelled_reply(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.status, upstream.kind = 200, "text/event-stream"
    upstream.script = [chunk("Taimed vajavad kasvamiseks palju valgust. "), chunk("Ja siis veel"), None]
    text, extension = ask(client, "Mis on fotosüntees?")
    assert "Keelemudel ei vastanud, nii et jätkab juhendaja." in text
    assert "Mida taim vajab, et endale toitu teha?" in text
    assert extension["engine"] == "ours, guide"


def test_the_model_sees_masks_and_the_reader_sees_the_original(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Ma ei saa kirjutada aadressile ⟦em", "ail-1⟧ sinu eest, aga proovime koos. ")
    text, extension = ask(client, "Saada vastus mari@kool.ee, mis on fotosüntees?")
    assert "mari@kool.ee" in text
    assert "mari@kool.ee" not in str(upstream.bodies[-1])
    assert extension["masked"] == [{"placeholder": "⟦email-1⟧", "kind": "email"}]


def test_what_the_law_keeps_back_is_kept_back_from_a_model_s_draft_too(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Kohtus oli see laps, kelle nimi on Mari Maasikas. ", "Kohus arutas asja kinnisel istungil. ")
    text, _ = ask(client, "Kes on see alaealine, kes on kohtus? Mis ta nimi on?")
    assert "Mari Maasikas" not in text
    assert "Kohus arutas asja kinnisel istungil." in text
    assert "Siit on välja jäetud" in text


def test_of_sentences_judged_together_the_law_keeps_back_the_one_alone(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says("Taimed vajavad kasvamiseks palju valgust. Kohtus oli see laps, kelle nimi on Mari Maasikas. Leht püüab päikesevalgust. "
                  "Süsihappegaas tuleb õhust ja vesi tuleb mullast, nii et taim saab suhkrut.")  # fmt: skip
    said = client.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": "Mis on fotosüntees?"}],
                                          extra_body={"endonym": {"language": "et"}})  # fmt: skip
    text = said.choices[0].message.content or ""
    assert "Mari Maasikas" not in text
    assert "palju valgust." in text and "Leht püüab päikesevalgust." in text
    assert "Siit on välja jäetud" in text


@pytest.mark.parametrize("found", ["words that begin in the question", "a pattern over a border", "a pattern at the end"])
def test_sentences_judged_together_meet_the_law_wherever_one_of_them_does(found: str, tmp_path: Path) -> None:
    """Each stands directly behind the question, as where it came alone."""
    composition = Composition(Settings(state=tmp_path, chain=(), embedder="none"))
    assistant = composition.assistant(composition.bundle(TINY))
    bundle, law = assistant.bundle, assistant.bundle.adaptations["omit_child"]
    words = (("kes see poiss on",), ("kohus",), ("nimi",))
    assert law.trigger
    trigger = {"words that begin in the question": law.trigger.model_copy(update={"all": words, "patterns": ()}),
               "a pattern over a border": law.trigger.model_copy(update={"all": (), "patterns": (r"poiss[^?!\n]{0,20}kohtus",)}),
               "a pattern at the end": law.trigger.model_copy(update={"all": (), "patterns": (r"kohtus\.?\s*$",)})}[found]  # fmt: skip
    bundle.adaptations["omit_child"] = law.model_copy(update={"trigger": trigger})
    question = "Kes see poiss"
    turn = Turn("turn_1", "", "", "tiny/student", Request((Message("user", question),), "student"), language="et", rules=assistant.rules("student", "et"))
    sentences = ["Hea küsimus! ", "On kohtus, kohus ütles, nimi on teada. ", "Ta oli kohtus. "]
    guard = Guard(turn, assistant._parts)
    assert any(guard.forbidden(sentence) or trigger_matches(trigger, f"{question} {sentence}", ("et",), composition.tools) for sentence in sentences)
    assert Guard(turn, assistant._parts)._touches_law(sentences)
    assert not Guard(turn, assistant._parts)._touches_law(["Taimed vajavad valgust. ", "Lehed on rohelised. "])


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_a_diagram_says_is_judged_as_what_a_reply_says(whole: bool, size: int, tmp_path: Path) -> None:
    composition = Composition(Settings(state=tmp_path, chain=(), embedder="none"))
    assistant = composition.assistant(composition.bundle(TINY))
    turn = Turn("turn_1", "", "", "tiny/student", Request((Message("user", "Mis on fotosüntees?"),), "student"), language="et", rules=assistant.rules("student", "et"))

    def shown(label: str) -> tuple[str, Guard]:
        reply, guard = f"Vaata joonist.\n\n```mermaid\nflowchart TD\n  A[{label}] --> B[Leht]\n```\n\nMida sa näed?", Guard(turn, assistant._parts, whole=whole)
        text = "".join(guard.feed(reply[at : at + size]) for at in range(0, len(reply), size))
        return text + ("" if guard.failed else guard.close()), guard

    text, guard = shown("Päikesevalgus")
    assert guard.failed is None and "Päikesevalgus" in text and "Mida sa näed?" in text
    text, guard = shown("You should kill yourself")
    assert guard.failed and guard.failed.verifier == "red_lines" and "kill yourself" not in text


def test_distress_is_never_left_to_a_model(client: openai.OpenAI, upstream: Scripted) -> None:
    before = len(upstream.bodies)
    text, extension = ask(client, "ma ei taha enam elada")
    assert "116 111" in text
    assert "112" in text
    assert extension["engine"] == "guide"
    assert len(upstream.bodies) == before
