"""How often phrasings of students reach what they mean, end to end through the assistant.

    .venv/bin/python bench/held_out.py [bench/phrasings_heldout.yaml] [--show]

`expect` is `lesson:<id>`, `lookup`, `glossary:<concept>` (a look-up), `greeting`, `thanks` or `none`; alternatives are joined by
`|`. A look-up counts when it is answered with a citation or a definition. A lesson that exists in another language only counts when the reply says so and
names that very lesson.

`worded anew` are the phrasings that stand, case and marks aside, neither in another file of phrasings nor among the asks of a
lesson: they were written apart, and people still ask the same thing in the same words.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anyio
import yaml
from goals import goal

from endonym.assistant import Assistant
from endonym.evaluate.statistics import wilson
from endonym.pedagogy.cues import normal
from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent


def reached(turn: Turn) -> str:
    """What the reply does, in the words of `expect`."""
    dialogue = turn.dialogue
    if dialogue is None:
        return "nothing"
    if dialogue.kind in ("problem", "practice", "draft") or dialogue.step == "other_language":
        return f"lesson:{dialogue.lesson}"
    if dialogue.kind == "lookup":
        return "lookup" if turn.citations or turn.glossary else "lookup without an answer"
    return "none" if dialogue.kind == "not_covered" else dialogue.kind


async def ask(assistant: Assistant, text: str, language: str) -> Turn:
    async with aclosing(assistant.respond(Request((Message("user", text),), "student", language))) as items:
        async for item in items:
            if isinstance(item, Turn):
                return item
    raise AssertionError("a turn ends with itself")


def seen(assistant: Assistant, path: Path) -> set[str]:
    """What stands in the other files of phrasings and among the asks of the lessons."""
    others = [other for other in sorted((ROOT / "bench").glob("phrasings_*.yaml")) if other.resolve() != path.resolve()]
    texts = [row["text"] for other in others for row in yaml.safe_load(other.read_text("utf-8"))]
    return {normal(text) for text in (*texts, *(ask for lesson in assistant.bundle.contents.lessons for ask in lesson.asks))}


async def run(path: Path, show: bool) -> None:
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    composition = Composition(read_settings(chain=()), print)
    assistant = composition.assistant(composition.bundle(ROOT / "packs" / "estonia-upper-secondary"))
    known = seen(assistant, path)
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows:
        found = reached(await ask(assistant, row["text"], row["language"]))
        passed = found in ["lookup" if wanted.startswith("glossary:") else wanted for wanted in row["expect"].split("|")]
        apart = () if normal(row["text"]) in known else ("worded anew",)
        for group in ("all", f"language {row['language']}", f"expected {row['expect'].split('|')[0].split(':')[0]}", *apart):
            right[group] += passed
            total[group] += 1
        if show and not passed:
            print(f"{row['language']}  {row['text']!r}: expected {row['expect']}, found {found}")
    await composition.close()
    for group, count in sorted(total.items()):
        low, high = wilson(right[group], count)
        print(f"{group:<20} {right[group]:>4} of {count:<4} {right[group] / count:6.1%}   95 % interval {low:.1%} to {high:.1%}")
    goal("questions set aside that reach what they mean", 100 * right["all"] / total["all"], least=90, unit=" %", decimals=1)


def main() -> None:
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    path = Path(paths[0]) if paths else ROOT / "bench" / "phrasings_heldout.yaml"
    anyio.run(run, path, "--show" in sys.argv)


if __name__ == "__main__":
    main()
