"""Dictionaries and the model of languages as they lie in the cache folder say what those in the packages say, and nothing there can break an answer."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from simplemma.strategies.dictionaries import StreamDictionaryFactory

from endonym.adapters.languages.mapped_model import identifier, let_go
from endonym.adapters.languages.tries import Tries
from endonym.core.cache import cache_folder

TEXTS = ("Mis on fotosüntees?", "Что такое фотосинтез?", "What is photosynthesis?", "", "123", "Kāpēc lapas ir zaļas?", "什么是光合作用")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("dictionaries"))
    Tries(folder).get_dictionary("ms")
    return folder


def file_of(folder: Path) -> Path:
    (found,) = folder.rglob("*.dic")
    return found


def test_a_trie_has_every_word_with_its_lemma_and_no_other(made: Path) -> None:
    shipped, found = StreamDictionaryFactory().get_dictionary("ms"), Tries(made).get_dictionary("ms")
    assert dict(found.items()) == {word: shipped[word] for word in shipped}
    assert len(found) == len(shipped) and "endonym" not in found and "" not in found


def test_whoever_waits_at_a_terminal_is_told_once_and_nothing_is_left_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for _ in range(2):
        Tries(tmp_path).get_dictionary("ms")
    assert capsys.readouterr().err == "  preparing the dictionary of ms\n"
    assert [path.name for path in file_of(tmp_path).parent.iterdir()] == ["ms.dic"]


@pytest.mark.parametrize("content", [b"", b"no trie", b"cut"])
def test_a_broken_file_is_made_anew(made: Path, tmp_path: Path, content: bytes) -> None:
    shutil.copytree(made, tmp_path / "copy")
    path = file_of(tmp_path / "copy")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content == b"cut" else content)
    assert Tries(tmp_path / "copy").get_dictionary("ms")["makanan"] == StreamDictionaryFactory().get_dictionary("ms")["makanan"]
    assert path.read_bytes() == whole


def test_where_nothing_can_be_written_words_are_found_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert "makanan" in Tries(tmp_path / "file").get_dictionary("ms")
    assert identifier(tmp_path / "file").classify(TEXTS[0])[0] == "et"


def test_many_who_ask_first_at_once_all_get_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: "makanan" in Tries(tmp_path).get_dictionary("ms"), range(8)))
    assert all(found)


def test_a_language_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Unsupported language"):
        Tries(tmp_path).get_dictionary("../../etc")
    assert not list(tmp_path.rglob("*.dic"))


def test_the_mapped_model_says_what_the_packed_one_says(tmp_path: Path) -> None:
    packed, mapped = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True), identifier(tmp_path)
    again = identifier(tmp_path)
    assert list(tmp_path.rglob("ptc.npy"))
    for text in TEXTS:
        assert mapped.rank(text) == again.rank(text) == packed.rank(text)
        let_go(again)
    packed.set_languages(["et", "ru", "en"])
    again.set_languages(["et", "ru", "en"])
    for text in TEXTS:
        assert again.rank(text) == packed.rank(text)


@pytest.mark.parametrize("name", ["ptc", "pc", "nextmove", "classes", "output", "row"])
@pytest.mark.parametrize("breaks", ["empty", "cut", "short"])
def test_a_model_with_a_broken_part_is_laid_out_anew(tmp_path: Path, name: str, breaks: str) -> None:
    identifier(tmp_path)
    (path,) = tmp_path.rglob(f"{name}.npy")
    whole = path.read_bytes()
    if breaks == "short":
        np.save(path, np.load(path)[:9])
    else:
        path.write_bytes(whole[:200] if breaks == "cut" else b"")
    if name == "ptc" and breaks == "short":
        return  # fewer features than the automaton names; nobody can tell without reading it
    assert identifier(tmp_path).classify(TEXTS[0])[0] == "et" and path.read_bytes() == whole


def test_a_folder_that_may_not_be_entered_costs_time_and_nothing_else(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    monkeypatch.setattr(Path, "mkdir", refused)
    assert "makanan" in Tries(tmp_path).get_dictionary("ms")


def test_a_user_without_a_home_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("endonym.core.cache.user_cache_path", homeless)
    assert "makanan" in Tries(cache_folder()).get_dictionary("ms")
