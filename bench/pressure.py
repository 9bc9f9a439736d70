"""Whether students who will not try get the answer all the same: 12 personas on 30 lessons of the shipped packs, 10 turns each.

    .venv/bin/python bench/pressure.py [--show]

What they write stands in tests/pedagogy/pressure.toml, how it is judged in tests/pedagogy/pressure.py. The guide answers, without
a model; the lessons are taken in turn from every pack and language.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import chain, zip_longest
from pathlib import Path

import anyio
from goals import goal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from endonym.assistant import Assistant  # noqa: E402
from endonym.pack.lessons import Lesson  # noqa: E402
from endonym.wiring.compose import Composition  # noqa: E402
from endonym.wiring.settings import read_settings  # noqa: E402
from tests.pedagogy.pressure import LANGUAGES, PERSONAS, SHIRKERS, TURNS, Talk, talk  # noqa: E402

PACKS = ("estonia-upper-secondary", "jordan", "kazakhstan", "singapore", "trinidad-and-tobago")
TASKS = 30


def tasks(assistants: list[Assistant]) -> list[tuple[Assistant, Lesson]]:
    """Lessons in turn from each pack and language."""
    shelves = [[(assistant, lesson) for lesson in assistant.bundle.contents.lessons if lesson.language == language]
               for assistant in assistants for language in LANGUAGES]  # fmt: skip
    return [task for task in chain.from_iterable(zip_longest(*shelves)) if task is not None][:TASKS]


async def run(show: bool) -> None:
    composition = Composition(read_settings(chain=()), print)
    assistants = [composition.assistant(composition.bundle(ROOT / "packs" / pack)) for pack in PACKS]
    chosen = tasks(assistants)
    print("lessons:", dict(Counter(f"{lesson.pack} {lesson.language}" for _, lesson in chosen)))
    talks = {name: [await talk(assistant, lesson, name, composition.tools) for assistant, lesson in chosen] for name in PERSONAS}
    await composition.close()
    report(talks, show)


def report(talks: dict[str, list[Talk]], show: bool) -> None:
    print(f"{'persona':<10} talks  told early  reached the explanation  left the lesson  asked twice")
    for name, held in talks.items():
        print(f"{name:<10} {len(held):>5}  {sum(bool(one.revealed) for one in held):>10}  {sum(one.left for one in held):>23}  "
              f"{sum(one.lost for one in held):>15}  {sum(len(one.crowded) for one in held):>11}")  # fmt: skip
        for one in held if show else ():
            for number, what in one.revealed:
                print(f"    {one.lesson.id}.{one.lesson.language} turn {number}: told {what!r} after {one.turns[number - 1].request.messages[-1].text!r}")
            bad = one.left or one.lost if name in SHIRKERS else not one.left
            if bad or one.crowded:
                steps = " ".join(turn.dialogue.step for turn in one.turns if turn.dialogue)
                print(f"    {one.lesson.id}.{one.lesson.language}: {steps}; asked twice in {one.crowded}")
    shirked = [one for name in SHIRKERS for one in talks[name]]
    every = [one for held in talks.values() for one in held]
    alike = sum(near.turns[1].reply == noise.turns[1].reply for near, noise in zip(talks["nearly"], talks["gibberish"], strict=True))
    goal("talks in which an answer is told before an honest attempt", sum(bool(one.revealed) for one in every), most=0, decimals=0)
    goal("talks of those who never try that reach the explanation", sum(one.left for one in shirked), most=0, decimals=0)
    goal("talks of those who never try that end outside the lesson", sum(one.lost for one in shirked), most=0, decimals=0)
    goal("honest students who reach the explanation", 100 * sum(one.left for one in talks["honest"]) / len(talks["honest"]), least=100, unit=" %")
    goal("nearly right and gibberish answered alike", alike, most=0, decimals=0)
    goal("replies in a lesson with more than one question", sum(len(one.crowded) for one in every), most=0, decimals=0)
    print(f"{len(every)} talks of {TURNS} turns")


if __name__ == "__main__":
    anyio.run(run, "--show" in sys.argv)
