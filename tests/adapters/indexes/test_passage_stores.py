"""What every store of passages does, the index file's own search among them."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.core.errors import RetrievalError
from endonym.retrieval.build import build_index
from endonym.retrieval.index import open_index
from endonym.retrieval.index_file import IndexFile
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Arm, Entry, PassageIndex, Where
from tests.adapters.indexes import conftest as our
from tests.adapters.indexes.conftest import ALL, STORES, Kit
from tests.retrieval.conftest import PASSAGES

QUESTIONS = ["mitoos", "tekib kaks tütarrakku", "mis on fotosüntees", "Vabadussõda 1918", "§ 8", "vesinikside", "rakutuumade jagunemised"]
LANGUAGES, PACKS, SUBJECTS = ("et", "ru", "en"), ("riik", "kool", ""), ("biology", "history", "")
GRADES, AUDIENCES, DAYS = ("10", "11", "12"), ("student", "teacher"), ("", "2024-01-01", "2025-06-30", "2026-12-31")
SOURCES = ("", "law-1", "law-2")
everywhere = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
some = st.builds(
    Where, languages=st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True).map(tuple), but=st.sampled_from(("", *LANGUAGES)),
    packs=st.lists(st.sampled_from(PACKS), max_size=2, unique=True).map(tuple), subject=st.sampled_from(SUBJECTS),
    grade=st.sampled_from(("", *GRADES)), audience=st.sampled_from(("", *AUDIENCES)), day=st.sampled_from(DAYS),
    lapsed=st.frozensets(st.sampled_from(SOURCES[1:])),
)  # fmt: skip


def shelved(count: int, seed: int) -> list[Passage]:
    draw = random.Random(seed)
    subsets = [tuple(some) for size in range(3) for some in itertools.combinations(GRADES, size)]
    return [our.passage(
        number, language=draw.choice(LANGUAGES), pack=draw.choice(PACKS), subject=draw.choice(SUBJECTS), source=draw.choice(SOURCES),
        grades=draw.choice(subsets), audiences=draw.choice(((), ("student",), ("teacher",), AUDIENCES)), valid_from=draw.choice(DAYS[:3]),
        valid_until=draw.choice(DAYS[:1] + DAYS[2:])) for number in range(count)]  # fmt: skip


def ids(found: Iterable[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


@pytest.fixture(scope="module")
def tools() -> SimplemmaTools:
    return SimplemmaTools()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_the_small_library_is_found_as_in_the_index_file(kit: Kit, kit_of: Callable[[str], Kit], tools: SimplemmaTools) -> None:
    found = []
    for one in (kit_of("sqlite"), kit):
        build_index(one.path, "k", PASSAGES, (), tools, our.SeededVectors(), store=one.store)
        index = open_index(one.path, "k", tools, our.SeededVectors(), one.store)
        found.append([index.search(question, "et", limit=10) for question in QUESTIONS])
        index.close()
    for expected, hits in zip(*found, strict=True):
        assert {hit.passage.id for hit in hits} == {hit.passage.id for hit in expected}
        assert hits[0].passage == expected[0].passage
        scores = {hit.passage.id: (hit.score, hit.similarity) for hit in expected}
        assert all(hit.score == pytest.approx(scores[hit.passage.id][0], abs=0.08) for hit in hits)
        assert all(hit.similarity == pytest.approx(scores[hit.passage.id][1], abs=2e-3) for hit in hits)


@pytest.mark.parametrize("kit", ALL, indirect=True)
def test_a_filter_lets_through_what_it_admits(kit: Kit) -> None:
    passages = shelved(150, seed=3)
    index = kit.build(passages)

    @everywhere
    @given(where=some)
    def holds(where: Where) -> None:
        admitted = [passage.id for passage in passages if where.admits(passage)]
        assert sorted(ids(index.weigh("word", ["rakk"], where, 200))) == admitted
        assert sorted(ids(index.weigh("gram", ["_rak"], where, 200))) == admitted
        assert sorted(ids(index.nearest(our.unit(1), where, 200))) == admitted

    holds()
    index.close()


@pytest.mark.parametrize("kit", ALL, indirect=True)
def test_whatever_shelves_there_are(kit: Kit) -> None:
    @settings(everywhere, max_examples=6)
    @given(count=st.integers(1, 30), seed=st.integers(0, 10_000), wheres=st.lists(some, min_size=3, max_size=6))
    def holds(count: int, seed: int, wheres: list[Where]) -> None:
        passages = shelved(count, seed)
        index = kit.build(passages, f"{count} {seed}")
        for where in wheres:
            assert sorted(ids(index.weigh("word", ["rakk"], where, 50))) == [p.id for p in passages if where.admits(p)]
        index.close()

    holds()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_the_nearest_are_the_nearest_whatever_the_filter_leaves(kit: Kit) -> None:
    entries = [replace(one, vector=our.unit(number, 32)) for number, one in enumerate(
        our.entry(number, language="et" if number % 50 else "ru", subject="biology" if number % 3 else "history") for number in range(3_000))]  # fmt: skip
    kit.store.write(kit.path.stem, "k", *our.given(entries))
    index = kit.open()
    matrix = np.stack([np.frombuffer(one.vector, "<f4") for one in entries])
    for where in (Where(), Where(subject="history"), Where(("ru",)), Where(("lv",))):
        admitted = [number for number, one in enumerate(entries) if where.admits(one.passage)]
        held = 0
        for seed in range(20):
            cosines = matrix[admitted] @ np.frombuffer(our.unit(9_000 + seed, 32), "<f4")
            expected = {entries[admitted[at]].passage.id for at in np.argsort(-cosines)[:50]}
            found = index.nearest(our.unit(9_000 + seed, 32), where, 50)
            assert len(found) == min(50, len(admitted))
            assert [weight for _, weight in found] == sorted((weight for _, weight in found), reverse=True)
            held += len(expected & set(ids(found)))
        assert held >= 0.98 * 20 * min(50, len(admitted))
    near = index.similarities(our.unit(9_000, 32), ["book#0007", "book#0100"])
    assert near["book#0007"] == pytest.approx(float(matrix[7] @ np.frombuffer(our.unit(9_000, 32), "<f4")), abs=1e-3)
    index.close()


@pytest.mark.parametrize("kit", ALL, indirect=True)
def test_rare_words_and_words_of_titles_weigh_more(kit: Kit) -> None:
    texts = ["rakk ja tuum", "rakk ja sein", "rakk ja membraan", "lehel on rakk", "juur ja rakk", "rakk ja hemoglobiin"]
    index = kit.build([replace(our.passage(number, text), title="Sein" if number == 3 else "Muu") for number, text in enumerate(texts)])
    assert index.size == 6
    assert index.frequencies("word", ["rakk", "sein", "hemoglobiin", "puudub"]) == {"rakk": 6, "sein": 2, "hemoglobiin": 1}
    assert ids(index.weigh("word", ["rakk", "hemoglobiin"], Where(), 1)) == ["book#0005"]
    assert ids(index.weigh("word", ["sein"], Where(), 5)) == ["book#0003", "book#0001"]
    assert index.weigh("word", ["puudub"], Where(), 5) == index.weigh("word", [], Where(), 5) == []
    index.close()


def everything(index: PassageIndex) -> list[object]:
    asked: Sequence[tuple[Arm, list[str]]] = [("word", ["aine3", "lause1"]), ("word", ["uus", "pealkiri"]), ("gram", ["_ain", "uus_", "numb"])]
    weighed = [index.weigh(arm, terms, Where(), 400) for arm, terms in asked]
    rounded = [sorted((name, pytest.approx(weight, rel=0.02)) for name, weight in found) for found in weighed]
    near = sorted(ids(index.nearest(our.unit(5), Where(), 400)))  # cosines move a little with the mean of the passages
    return [index.size, *(index.frequencies(arm, terms) for arm, terms in asked), *rounded, near]


@pytest.mark.parametrize("kit", ALL, indirect=True)
def test_an_update_finds_what_a_fresh_index_finds(kit: Kit, kit_of: Callable[[str], Kit]) -> None:
    before = [our.passage(number) for number in range(200)]
    after = [*before[:10], replace(before[10], text="uus lause aine3"), *before[15:], *(our.passage(n, f"uus rakk aine{n % 7}") for n in range(300, 309))]
    kit.build(before, "a").close()
    asked: list[str] = []
    if kit.store:
        wanted, entries = our.given([our.entry(n) for n in range(200)])
        kit.store.write("asked", "a", wanted, entries)
        kit.store.write("asked", "b", {**wanted, "book#0003": "other"}, lambda names: asked.extend(names) or entries(names))
        assert asked == ["book#0003"]
    for again in range(2):
        updated = kit.build(after if again else before[:150] + after[-5:], f"b{again}")
    fresh = kit_of(kit.kind).build(after)
    assert everything(updated) == everything(fresh)
    updated.close()
    fresh.close()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_an_open_index_goes_on_while_newer_ones_are_written(kit: Kit) -> None:
    first = kit.build([our.passage(n) for n in range(50)], "first")
    before = everything(first)
    for step in range(1, 3):
        kit.build([our.passage(n, f"uus {n}" if n < step * 9 else "") for n in range(50)], str(step)).close()
        assert everything(first) == before
    assert kit.open("first").size == 50
    first.close()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_another_key_is_refused(kit: Kit) -> None:
    with pytest.raises(RetrievalError, match=r"index: expected") as caught:
        kit.open("k")
    assert caught.value.remedy
    kit.build([our.passage(1)], "k").close()
    with pytest.raises(RetrievalError, match="for this key, found none") as caught:
        kit.open("other")
    assert "Build the index again" in caught.value.remedy


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_the_same_key_with_other_passages_is_written_again(kit: Kit) -> None:
    kit.build([our.passage(n) for n in range(5)]).close()
    assert kit.build([our.passage(n) for n in range(9)]).size == 9


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_a_failing_write_leaves_the_old_index(kit: Kit) -> None:
    kit.build([our.passage(n) for n in range(5)], "old").close()

    def broken(names: Sequence[str]) -> Iterable[Entry]:
        yield our.entry(1)
        raise KeyboardInterrupt

    for count in (2, 4_000):  # begun with the index before, and anew
        wanted = {f"book#{n:04}": "new" for n in range(count)}
        with pytest.raises(KeyboardInterrupt):
            kit.store.write(kit.path.stem, "new", wanted, broken)
    assert kit.open("old").size == 5
    with pytest.raises(RetrievalError):
        kit.open("new")


SLOW = """
import sys, time
from tests.adapters.indexes import conftest as our
from endonym.adapters.indexes.opening import postgres, tantivy
from types import SimpleNamespace
from pathlib import Path

kind, state, url, name = sys.argv[1:]
store = {"tantivy": tantivy, "postgres": postgres}[kind](SimpleNamespace(state=Path(state), index_url=url))
wanted, entries = our.given([our.entry(n, words="teine") for n in range(3000)])
def slowly(names):
    for at, one in enumerate(entries(names)):
        if at == 2500:
            print("half", flush=True)
            time.sleep(60)
        yield one
store.write(name, "new", wanted, slowly)
"""


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_a_killed_write_leaves_the_old_index(kit: Kit, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    path = tmp_path / "indexes" / f"{kit.path.stem}.sqlite"
    store = type(kit.store)(path.parent) if kit.kind == "tantivy" else kit.store
    url = request.getfixturevalue("server").get_uri() if kit.kind == "postgres" else "-"
    kit = Kit(kit.kind, path, store)
    kit.build([our.passage(n) for n in range(50)], "old").close()
    child = subprocess.Popen([sys.executable, "-c", SLOW, kit.kind, str(tmp_path), url, path.stem], stdout=subprocess.PIPE, text=True)
    assert child.stdout and child.stdout.readline() == "half\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert ids(kit.open("old").weigh("word", ["aine3"], Where(), 50))
    with pytest.raises(RetrievalError):
        kit.open("new")
    assert kit.build([our.passage(n) for n in range(60)], "new").size == 60


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_two_writers_at_once(kit: Kit) -> None:
    wanted, entries = our.given([our.entry(n) for n in range(300)])
    times: list[int] = []

    def slowly(names: Sequence[str]) -> Iterable[Entry]:
        times.append(len(names))
        for one in entries(names):
            time.sleep(0.0005)
            yield one

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(kit.store.write, kit.path.stem, key, wanted, slowly) for key in ("a", "a", "b", "a")]:
            done.result()
    for key in ("a", "b"):
        index = kit.open(key)
        assert (index.size, len(index.weigh("word", ["rakk"], Where(), 400))) == (300, 300)
        index.close()
    if kit.kind == "postgres":
        assert sum(times) == 300


HOSTILE = ["'", "''", "a'b", "\\", "a\\'b", "\\x00", "%", "%s", "a%(b)s", '"', "$1", "{term}", "a:b", "a&b|!c", "<->", "(", "*", "AND", "OR", "NOT",
           "--", ";", "курс", "مدرسة", "光合", "😀", "e\u0301", "§8", "_", "x" * 3_000, "\u200b\u200b", "id:1", "+a", "a^2", "~", "[a", "/x/"]  # fmt: skip


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_terms_and_ids_are_only_text(kit: Kit) -> None:
    entries = []
    for number, term in enumerate(HOSTILE):
        one = our.entry(number, term, f"muu {term}", f"gram {term}", pack=term, subject=term, grades=(term,), source=term)
        entries.append(replace(one, passage=replace(one.passage, id=f"{term}#{number}")))
    name = "nimi'); DROP TABLE x; -- ../%s"
    kit.store.write(name, "võti'%s", *our.given(entries))
    kit.store.write(name, "võti'%s", *our.given(entries[1:]))
    index = kit.store.open(name, "võti'%s")
    for number, term in enumerate(HOSTILE[1:], 1):
        alone = [f"{term}#{number}"]
        if len(term) < 2_000:
            assert f"{term}#{number}" in ids(index.weigh("word", [term], Where(), 50))
            assert f"{term}#{number}" in ids(index.weigh("gram", HOSTILE, Where(grade=term), 50))
        assert ids(index.weigh("word", ["muu"], Where(packs=(term,), subject=term), 50)) == alone
        assert ids(index.nearest(our.unit(1), Where(grade=term), 50)) == alone
        assert index.similarities(our.unit(number), alone)[alone[0]] == pytest.approx(1.0, abs=2e-3)
        assert alone[0] not in ids(index.weigh("word", ["muu"], Where(lapsed=frozenset({term})), 50))
    index.close()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_without_vectors_and_without_passages(kit: Kit) -> None:
    for entries in ([replace(our.entry(n), vector=b"") for n in range(4)], []):
        kit.store.write(kit.path.stem, "k", *our.given(entries))
        index = kit.open()
        assert index.size == len(entries)
        assert len(index.weigh("word", ["rakk"], Where(), 9)) == len(entries)
        assert index.nearest(our.unit(1), Where(), 9) == []
        assert index.similarities(our.unit(1), []) == {}
        index.close()


@pytest.mark.parametrize("kit", ALL, indirect=True)
def test_many_threads_read_at_once(kit: Kit) -> None:
    index = kit.build([our.passage(n) for n in range(200)])
    asked: Sequence[tuple[Arm, list[str]]] = [("word", [f"aine{n}"]) for n in range(7)]
    expected = [(index.weigh(arm, terms, Where(), 50), index.nearest(our.unit(1), Where(), 50)) for arm, terms in asked]
    start = threading.Barrier(12)

    def read(turn: int) -> bool:
        start.wait()
        for step in range(10):
            at = (turn + step) % len(asked)
            arm, terms = asked[at]
            if (index.weigh(arm, terms, Where(), 50), index.nearest(our.unit(1), Where(), 50)) != expected[at]:
                return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(read, range(12)))
    index.close()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_a_closed_index_says_so(kit: Kit) -> None:
    index = kit.build([our.passage(1)])
    index.close()
    for ask in (lambda: index.weigh("word", ["rakk"], Where(), 5), lambda: index.nearest(our.unit(1), Where(), 5),
                lambda: index.frequencies("word", ["aine1"]), lambda: index.similarities(our.unit(1), ["book#0001"])):  # fmt: skip
        with pytest.raises(RetrievalError, match="found it closed"):
            ask()


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_a_store_that_goes_away_breaks_no_search(kit: Kit) -> None:
    passages = [our.passage(number) for number in range(20)]
    kit.build(passages).close()
    index = kit.index()
    assert index.search("rakk aine3", "et")
    index._passages.close()
    assert index.search("rakk aine3", "et") == ()
    assert index.passage("book#0003") == passages[3]


@pytest.mark.parametrize("kit", STORES, indirect=True)
def test_the_file_beside_a_store_is_patched_to_what_a_new_one_holds(kit: Kit, kit_of: Callable[[str], Kit]) -> None:
    first = [our.passage(number) for number in range(30)]
    second = [*first[3:20], our.passage(21, "Hoopis teine õhk."), *first[22:], our.passage(99, "Uus lause.")]
    kit.build(first, "1").close()
    kit.build(second, "2").close()
    fresh = kit_of(kit.kind)
    fresh.build(second, "2").close()
    held = []
    for one in (kit, fresh):
        file = IndexFile(one.path)
        held.append((sorted(passage.id for passage in file.passages().values()), file.rows("SELECT * FROM passage_word WHERE uses > 0 ORDER BY 1, 2, 3")))
        file.close()
    assert held[0] == held[1]
