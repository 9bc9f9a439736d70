"""Lessons: authored guidance for an outcome, in the file format of docs/packs.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import Field, field_validator

from endonym.core.diagnostics import Diagnostic
from endonym.pack.adaptations import OneOrMany, split_front_matter
from endonym.pack.positions import Faults, FileModel, build, parse_yaml
from endonym.text.prose import is_diagram

PARTS = ("diagnose", "hints", "explain", "misconceptions", "check", "transfer")

UNWRITTEN = "✎"
"""Behind it stands what a person must still write in a drafted lesson."""

_RECOGNISER = re.compile(r"(?:^|\s)((?:\{[^{}]*\}(?:\s*\+\s*)?)+)\s*$")
_GROUP = re.compile(r"\{([^{}]*)\}")
_markdown = MarkdownIt("commonmark").disable(["inline", "text_join"])  # blocks alone are asked for


class KeyIdea(FileModel):
    """What a good answer holds, and how it is recognised.

    Attributes:
        groups: One match is needed in each group. An alternative is `word`, `several words` (a phrase), `word + word`
            (both), `=2.5` (a number) or `~x^2` (an algebraic expression).
    """

    text: str
    groups: tuple[tuple[str, ...], ...] = ()


class Misconception(FileModel):
    belief: str
    groups: tuple[tuple[str, ...], ...]
    reply: str


class Task(FileModel):
    """A question with the key ideas of a good answer."""

    question: str
    ideas: tuple[KeyIdea, ...]


class LessonFront(FileModel):
    """The part of a lesson between the `---` lines.

    Attributes:
        title: What students see.
        outcomes: Codes of the curriculum's outcomes that it serves.
        grades: School years it is for.
        passages: Passages it rests on, as `document#anchor`, the most important first.
        asks: How students ask for it: eight or more, as they would type.
        terms: Words that belong to this lesson alone.
        protects: Answers that may not be revealed before the explanation.
        reviewed_by: Who reviewed it, or `unreviewed`.
    """

    title: str
    outcomes: tuple[str, ...] = Field(min_length=1)
    grades: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    asks: tuple[str, ...] = Field(min_length=3)
    terms: tuple[str, ...] = ()
    protects: tuple[str, ...] = ()
    reviewed_by: str

    @field_validator("outcomes", "grades", "passages", mode="before", json_schema_input_type=OneOrMany)
    @classmethod
    def _listed(cls, value: object) -> object:
        return [value] if isinstance(value, str | int) else value


class Lesson(LessonFront):
    """A lesson in one language. `id` is `subject/topic`, the same in every language; `diagram` is what the explanation draws, in Mermaid's words, or "";
    `lines` says where its parts begin.
    """

    id: str
    language: str
    subject: str
    matter: str
    diagnose: Task
    hints: tuple[str, ...]
    explain: str
    diagram: str = ""
    misconceptions: tuple[Misconception, ...]
    check: Task
    transfer: Task
    pack: str
    file: str
    lines: dict[str, int] = Field(default_factory=dict, exclude=True)

    @property
    def unwritten(self) -> int:
        """How many places a person must still write."""
        return self.model_dump_json().count(UNWRITTEN)


def parse_lesson(text: str, file: str, *, lesson_id: str, language: str, subject: str, pack: str
                 ) -> tuple[Lesson | None, tuple[Diagnostic, ...]]:  # fmt: skip
    """One lesson file; faults are returned, never raised."""
    faults = Faults(file)
    parts = split_front_matter(text)
    if parts is None:
        faults.add("PK020", "no-front-matter", 1, "expected front matter between two lines of `---`, found none",
                   "Begin the file with --- and the keys that docs/packs.md shows.")  # fmt: skip
        return None, tuple(faults.found)
    head, body, first = parts
    parsed = parse_yaml(head, faults, 2)
    front = build(LessonFront, parsed[0], parsed[1], faults) if parsed else None
    bodies = _parts(body, first, faults)
    if front is None or faults.found:
        return None, tuple(faults.found)
    matter = bodies[""].text
    diagnose, check, transfer = (_task(bodies[name], faults) for name in ("diagnose", "check", "transfer"))
    hints = _hints(bodies["hints"], faults)
    misconceptions = _misconceptions(bodies["misconceptions"], faults)
    diagram = _diagram(bodies, faults)
    if not matter or not bodies["explain"].text:
        faults.add("PK033", "empty-part", first, "expected text under the title and under Explain, found none",
                   "Write both; docs/packs.md shows a lesson.")  # fmt: skip
    if faults.found or not (diagnose and check and transfer):
        return None, tuple(faults.found)
    return Lesson(
        **{name: getattr(front, name) for name in LessonFront.model_fields},
        id=lesson_id, language=language, subject=subject, matter=matter, diagnose=diagnose, hints=hints,
        explain=bodies["explain"].text, diagram=diagram, misconceptions=misconceptions, check=check, transfer=transfer,
        pack=pack, file=file, lines=_lines(bodies),
    ), ()  # fmt: skip


def _lines(bodies: Mapping[str, _Part]) -> dict[str, int]:
    """Line of each part by its name, and of each hint and misconception as `hints.1`."""
    lines = {name or "matter": part.line for name, part in bodies.items()}
    return lines | {f"{name}.{number}": item.line for name in ("hints", "misconceptions")
                    for number, item in enumerate(bodies[name].items, 1)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    quote: str
    line: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Text before the first list, the list's items, where the part begins, and what is drawn in it."""

    text: str
    items: tuple[_Item, ...]
    line: int
    diagrams: tuple[str, ...]


def _parts(body: str, first: int, faults: Faults) -> dict[str, _Part]:
    tokens = _markdown.parse(body)
    lines = body.splitlines()
    starts = [index for index, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    found: dict[str, _Part] = {}
    for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True):
        heading, at = tokens[start], (tokens[start].map or [0])[0]
        name = "" if heading.tag == "h1" else tokens[start + 1].content.strip().casefold()
        if name and name not in PARTS:
            faults.add("PK030", "unknown-part", at + first, f"expected one of {', '.join(p.title() for p in PARTS)}, found {name!r}",
                       "Rename or remove this heading.")  # fmt: skip
            continue
        if name in found:
            faults.add("PK031", "part-twice", at + first, f"expected each part once, found {name or 'the title'!r} again",
                       "Join the two parts.")  # fmt: skip
        end = (tokens[stop].map or [0])[0] if stop < len(tokens) else len(lines)
        found[name] = _part(tokens[start:stop], lines, at + 1, end, first)
    for name in ("", *PARTS):
        if name not in found:
            faults.add("PK032", "part-missing", first, f"expected a part {name.title() or '# Title'!r}, found none",
                       "Add it; docs/packs.md shows a lesson.")  # fmt: skip
    return found


def _part(tokens: Sequence[Token], lines: Sequence[str], start: int, end: int, first: int) -> _Part:
    """What stands in the lines from `start` to `end`, of which `tokens` are."""
    items: list[_Item] = []
    list_start = end
    fences = [token for token in tokens if token.type == "fence" and not token.level and is_diagram(f"{token.markup}{token.info}")]
    drawn = {line for fence in fences for line in range(*(fence.map or (0, 0)))}
    walk = iter(tokens)
    for token in walk:
        if token.type in ("bullet_list_open", "ordered_list_open") and token.level == 0 and token.map:
            list_start = min(list_start, token.map[0])
        if token.type == "list_item_open" and token.level == 1 and token.map:
            items.append(_item(walk, token.map[0] + first))
    text = "\n".join(line for number, line in enumerate(lines[start:list_start], start) if number not in drawn)
    return _Part(text.strip(), tuple(items), start + first, tuple(fence.content.strip() for fence in fences))


def _item(walk: Iterator[Token], line: int) -> _Item:
    """The item whose tokens come next in `walk`, which stands behind it then."""
    text: list[str] = []
    quote: list[str] = []
    in_quote = 0
    for token in walk:
        if token.type == "list_item_close" and token.level == 1:
            break
        in_quote += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "inline":
            (quote if in_quote else text).append(token.content.replace("\n", " "))
    return _Item("\n\n".join(text).strip(), "\n\n".join(quote).strip(), line)


def split_recogniser(text: str) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """(`text` without its recogniser, the recogniser's groups)."""
    match = _RECOGNISER.search(text)
    if not match:
        return text.strip(), ()
    groups = tuple(_alternatives(group) for group in _GROUP.findall(match.group(1)))
    return text[: match.start()].strip(), tuple(group for group in groups if group)


def _alternatives(group: str) -> tuple[str, ...]:
    group = group.strip()
    if group.startswith(("=", "~")):
        return (group,)
    return tuple(part.strip() for part in group.split(",") if part.strip())


def _task(part: _Part, faults: Faults) -> Task | None:
    if not part.text or not part.items:
        faults.add("PK034", "task-incomplete", part.line, "expected a question and a list of key ideas, found one of them missing",
                   "Write the question, then `- key idea {word, word}` for each idea.")  # fmt: skip
        return None
    ideas = []
    for item in part.items:
        text, groups = split_recogniser(item.text)
        if not groups:
            faults.add("PK035", "no-recogniser", item.line, f"expected words in braces after the key idea, found none: {text[:60]!r}",
                       "End the line with the words that show the idea, such as {valgus, päike}.")  # fmt: skip
        ideas.append(KeyIdea(text=text, groups=groups))
    return Task(question=part.text, ideas=tuple(ideas))


def _diagram(bodies: Mapping[str, _Part], faults: Faults) -> str:
    """What the explanation draws, or ""."""
    for name, part in bodies.items():
        most = 1 if name == "explain" else 0
        if len(part.diagrams) > most or not all(part.diagrams):
            faults.add("PK039", "diagram-misplaced", part.line, f"expected {'at most one diagram, with words' if most else 'a diagram under Explain alone'}, "
                       f"found {len(part.diagrams)} here", "Keep the one that helps most, under Explain.")  # fmt: skip
    return "".join(bodies["explain"].diagrams)


def _hints(part: _Part, faults: Faults) -> tuple[str, ...]:
    if len(part.items) < 3:
        faults.add("PK036", "ladder-too-short", part.line, f"expected at least 3 hints, found {len(part.items)}",
                   "Write a nudge, a strategy and a parallel worked example as a numbered list.")  # fmt: skip
    return tuple(item.text for item in part.items)


def _misconceptions(part: _Part, faults: Faults) -> tuple[Misconception, ...]:
    found = []
    for item in part.items:
        belief, groups = split_recogniser(item.text)
        if not groups or not item.quote:
            faults.add("PK037", "misconception-incomplete", item.line, f"expected words in braces and a reply after `>`, found {belief[:60]!r} without",
                       "Write `- belief {words}` and below it `  > reply`.")  # fmt: skip
            continue
        found.append(Misconception(belief=belief, groups=groups, reply=item.quote))
    return tuple(found)
