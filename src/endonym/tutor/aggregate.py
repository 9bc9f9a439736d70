"""What a teacher sees of a class's work on one assignment: how many different students met what, never who and never a text.

Three things keep one student out of sight. A number is shown from five students on, rounded down to a multiple of five, and only as
far as five who began stay outside it, so that nothing is said of everybody. And a view stays as it is until at least five different
students have worked since, so that two views differ by a group, never by one. Each assignment is for one class and stands alone.
Where the packs have turned on `class_misconceptions`, the views of a class's assignments are laid side by side; no student is followed
from one to another, and no number is computed over several.

Source: threshold and rounding as in statistical disclosure control, Hundepool et al. 2012 (doi 10.1002/9781118348239), chapter 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from endonym.core.clock import now, stamp
from endonym.seams.turn import Turn
from endonym.store import Store
from endonym.store.classes import Assignment

K = 5
"""Fewer different students are never shown."""

CAPABILITY = "class_misconceptions"
"""Misunderstandings of a class over time: off unless a pack with a legal basis turns it on (docs/tutor.md)."""

Kind = Literal["lesson", "hint", "misconception"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Attributes: number: Of the hint, from 1, or of the misconception, from 0; least: So many students at least, a multiple of five."""

    kind: Kind
    lesson: str
    number: int
    least: int


@dataclass(frozen=True, slots=True)
class View:
    """Attributes: began: So many at least, a multiple of five, 0 for fewer than five; made: When, or "" where there is none yet."""

    began: int
    cells: tuple[Cell, ...]
    made: str


def view(store: Store, assignment: Assignment) -> View:
    """The view of an assignment: the one that was shown last, or a new one where enough students have worked since."""
    kept = store.classes.view(assignment)
    met, tokens = _met(store, assignment)
    old = set(kept["tokens"]) if kept else set()
    if max(len(tokens - old), len(old - tokens)) >= K:  # each student has one token, and another one after each turn
        kept = {"made": stamp(now()), "tokens": sorted(tokens), "began": _down(len(met)), "cells": [list(cell) for cell in _cells(met)]}
        store.classes.keep_view(assignment, kept)
    if kept is None:
        return View(0, (), "")
    return View(kept["began"], tuple(Cell(cast(Kind, kind), lesson, number, least) for kind, lesson, number, least in kept["cells"]), kept["made"])


@dataclass(frozen=True, slots=True)
class Met:
    """A misunderstanding in one assignment. Attributes: least: So many students at least, a multiple of five."""

    assignment: Assignment
    least: int


def over_time(store: Store, assignments: Sequence[Assignment]) -> dict[tuple[str, int], tuple[Met, ...]]:
    """By lesson and misconception: in which assignments of a class it was met, as each one's own view shows it, in their order."""
    found: dict[tuple[str, int], list[Met]] = defaultdict(list)
    for assignment in assignments:
        for cell in view(store, assignment).cells:
            if cell.kind == "misconception":
                found[cell.lesson, cell.number].append(Met(assignment, cell.least))
    return {key: tuple(met) for key, met in found.items()}


def _met(store: Store, assignment: Assignment) -> tuple[dict[str, set[tuple[str, str, int]]], set[str]]:
    """For each student who wrote something what was met, and a token that changes with each turn of theirs."""
    met: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    written: dict[str, list[str]] = defaultdict(list)
    for work in store.classes.works_on(assignment.id):
        for turn in store.turns(work.conversation):
            met[work.person].update(_of(turn))
            written[work.person].append(turn.id)
    return met, {store.classes.token(assignment.group, "\0".join([person, *sorted(ids)])) for person, ids in written.items()}


def _of(turn: Turn) -> Iterator[tuple[str, str, int]]:
    dialogue = turn.dialogue
    if dialogue is None or not dialogue.lesson:
        return
    yield "lesson", dialogue.lesson, 0
    if dialogue.kind == "problem":
        yield from (("hint", dialogue.lesson, number) for number in range(1, dialogue.hints + 1))
    if dialogue.diagnosis.misconception is not None:
        yield "misconception", dialogue.lesson, dialogue.diagnosis.misconception


def _cells(met: dict[str, set[tuple[str, str, int]]]) -> Iterator[tuple[str, str, int, int]]:
    counts: dict[tuple[str, str, int], int] = defaultdict(int)
    for cells in met.values():
        for cell in cells:
            counts[cell] += 1
    for (kind, lesson, number), count in sorted(counts.items(), key=lambda item: (get_args(Kind).index(item[0][0]), item[0])):
        if least := _down(min(count, len(met) - K)):
            yield kind, lesson, number, least


def _down(count: int) -> int:
    return max(count, 0) // K * K
