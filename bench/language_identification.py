"""How surely the language of what people write is told, among the languages of a stack.

    .venv/bin/python bench/language_identification.py [--tuning] [--show]

Sentences of six words and more: for languages of shipped packs from the packs' own lessons and interface strings (each fifth
is kept for tuning), for ten others from bench/sentences.yaml, written for this. Short and sloppy ones stand in the same file.
Recall is the mean over languages; an answer counts when it holds nothing but the language or others of its confusable set.
`strange` are sentences of languages outside the stack in a script of the stack: `named` counts those that were taken for a
language of it. Times are of single calls with everything loaded; `first` is the first call, models and dictionaries loading.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

import yaml
from goals import goal

from endonym.adapters.languages.identification import Identifier, confusable
from endonym.text.fold import words
from endonym.text.scripts import main_script, scripts_of

ROOT = Path(__file__).parents[1]
SHIPPED = ("et", "ru", "en", "ar", "kk", "zh", "ms", "ta")
OTHERS = ("lv", "lt", "fi", "uk", "de", "fr", "es", "pl", "tr", "id")
STACKS = {
    "estonia": ("et", "en", "ru"), "kazakhstan": ("kk", "ru", "en"), "jordan": ("ar", "en"), "singapore": ("en", "zh", "ms", "ta"),
    "all 18": (*SHIPPED, *OTHERS),
}  # fmt: skip
LEAST_WORDS = 6
Answer = Callable[[str, Sequence[str]], tuple[str, ...]]
Samples = dict[str, list[str]]


def main() -> None:
    part = "tuning" if "--tuning" in sys.argv else "reported"
    written = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text("utf-8"))
    sentences: Samples = {code: list(of_packs(code, part)) for code in SHIPPED}
    sentences |= {code: written["sentences"][part][code] for code in OTHERS}
    short: Samples = written["short"][part]
    identifier = Identifier()
    ways: dict[str, Answer] = {"together": identifier.among, "py3langid": by_langid(identifier), "CLD3": by_cld(identifier)}
    print(f"{part}: {sum(map(len, sentences.values()))} sentences, {sum(map(len, short.values()))} short texts")
    print(f"{'stack':12}{'what':10}{'texts':>6}" + "".join(f"{name:>11}" for name in ways) + f"{'wrong':>7}{'undecided':>11}{'first ms':>10}{'µs':>6}{'µs 95 %':>9}")
    reached: dict[str, float] = {}
    for stack, codes in STACKS.items():
        for what, samples in (("sentences", sentences), ("short", short)):
            recalled = judge(stack, what, {code: samples[code] for code in codes if samples.get(code)}, codes, ways)
            reached |= {stack: recalled} if what == "sentences" else {}
        strange(stack, {code: texts for code, texts in sentences.items() if code not in codes}, codes, identifier.among)
    print()
    for stack, recalled in reached.items():
        goal(f"language of a sentence of six words and more, {stack}: macro recall", 100 * recalled, least=97, unit=" %", decimals=1)


def judge(stack: str, what: str, samples: Samples, codes: Sequence[str], ways: dict[str, Answer]) -> float:
    """Print one row: recall by each way, and what went wrong and how long it took together, whose recall is returned."""
    asked = [(code, text) for code, texts in samples.items() for text in texts]
    start = perf_counter()
    ways["together"](asked[0][1], codes)
    first = (perf_counter() - start) * 1e3
    recalls = [recall(samples, codes, way) for way in ways.values()]
    took, answers = [], []
    for _, text in asked:
        start = perf_counter()
        answers.append(ways["together"](text, codes))
        took.append((perf_counter() - start) * 1e6)
    missed = [(code, text, answer) for (code, text), answer in zip(asked, answers, strict=True) if not holds(answer, code)]
    wrong = [row for row in missed if row[2]]
    print(
        f"{stack:12}{what:10}{len(asked):6}" + "".join(f"{value:10.1%} " for value in recalls)
        + f"{len(wrong):6}{len(missed) - len(wrong):11}{first:10.0f}{statistics.mean(took):7.0f}{sorted(took)[int(0.95 * len(took))]:9.0f}"
    )  # fmt: skip
    if "--show" in sys.argv:
        for code, text, answer in missed:
            print(f"    {code} → {' '.join(answer) or 'undecided'}: {text[:90]}")
    return recalls[0]


def strange(stack: str, samples: Samples, codes: Sequence[str], way: Answer) -> None:
    known = {script for code in codes for script in scripts_of(code)}
    texts = [text for code, listed in samples.items() for text in listed[:40] if main_script(text) in known
             and not any(confusable(code, other) for other in codes)]  # fmt: skip
    if texts:
        named = [(text, answer) for text in texts if (answer := way(text, codes))]
        print(f"{stack:12}{'strange':10}{len(texts):6}   named {len(named)}, {len(named) / len(texts):.1%}")
        if "--show" in sys.argv:
            for text, answer in named:
                print(f"    {' '.join(answer)}: {text[:90]}")


def recall(samples: Samples, codes: Sequence[str], way: Answer) -> float:
    return statistics.mean(sum(holds(way(text, codes), code) for text in texts) / len(texts) for code, texts in samples.items())


def holds(answer: Sequence[str], code: str) -> bool:
    return bool(answer) and all(found == code or confusable(found, code) for found in answer)


def by_langid(identifier: Identifier) -> Answer:
    """The n-grams alone, restricted to the candidates."""

    def answer(text: str, codes: Sequence[str]) -> tuple[str, ...]:
        probable = identifier.probabilities(text, tuple(sorted(codes)))
        return (max(probable, key=probable.__getitem__),)

    return answer


def by_cld(identifier: Identifier) -> Answer:
    """CLD3 alone, which names any language."""
    return lambda text, codes: tuple(code for code in codes if code == identifier.named(text)[0])


def of_packs(code: str, part: str) -> Iterator[str]:
    """Sentences of lessons and interface strings, without the recognisers of lessons and strings with places to fill."""
    found: dict[str, None] = {}
    for path in sorted((*ROOT.glob(f"packs/*/lessons/*/*.{code}.md"), *ROOT.glob(f"packs/*/ui/{code}.ftl"))):
        text = path.read_text("utf-8")
        if path.suffix == ".md":
            text = re.sub(r"\{[^}]*\}", "", text.split("\n---\n", 1)[-1])
        else:
            text = "\n".join(line.split(" = ", 1)[1] for line in text.splitlines() if " = " in line and "{" not in line)
        text = re.sub(r"^[\s>#\-\d.*]+", "", text, flags=re.MULTILINE)
        for sentence in re.split(r"(?<=[.!?。！？؟])\s*|\n+", text):
            # Chinese writes no spaces: two characters are taken for a word.
            count = len(sentence) / 2 if code == "zh" else len(words(sentence))
            if count >= LEAST_WORDS and not re.search(r"[$\\=\[]", sentence):
                found[sentence.strip()] = None
    yield from (sentence for at, sentence in enumerate(found) if (at % 5 == 0) == (part == "tuning"))


if __name__ == "__main__":
    main()
