"""A lesson drafted from what the pack holds for an outcome: passages with their sources and terms of the glossary.

What a person must still write stands behind a pencil (`endonym.pack.lessons.UNWRITTEN`), in the lesson's language; the checker counts these places
and no bundle holds such a lesson. Without a model nothing is put into words. With one the explanation is, and each of its sentences
names its passage or is marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from endonym.assistant.assistant import Assistant
from endonym.assistant.ground import admitted
from endonym.core.clock import today
from endonym.core.errors import RequestError
from endonym.core.ids import slug
from endonym.pack.lessons import UNWRITTEN
from endonym.pack.tables import Outcome, Term
from endonym.retrieval import Hit
from endonym.seams.passage import Passage
from endonym.seams.turn import Message, Request, Turn
from endonym.verify.words import WrittenText

_MOST_PASSAGES = 4
_NEAR = 0.2
"""Least similarity of a passage; what is on the topic has about .3 and more (`endonym.retrieval.search.Hit`)."""
_SHARE = 0.5
"""Where there is no embedder: the share of the best one's score from which on a passage is taken."""
_MOST_TERMS = 5
_LEAST_ASKS = 4
_MOST_TITLE = 80
_CITED = re.compile(r"\[(\d{1,2})\]")
_BLOCK = re.compile(r"^[\s#>*+=-]+|^\s*\d+[.)]\s", re.MULTILINE)
"""What makes a line a heading, a quotation or an item: an engine writes sentences here, and no parts of a lesson."""


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """A lesson to be finished by a person.

    Attributes:
        file: Where in a pack it belongs.
        front, body: The file's two parts; the body without its title.
        passages: What it quotes, in order.
        written_by: The engine that wrote its explanation, or "" where none did.
    """

    outcome: Outcome
    file: str
    title: str
    front: str
    body: str
    passages: tuple[Passage, ...]
    written_by: str = ""

    @property
    def text(self) -> str:
        """The whole file."""
        return f"---\n{self.front}---\n# {self.title}\n\n{self.body}"

    @property
    def left(self) -> int:
        """How many places a person must write."""
        return self.text.count(UNWRITTEN)


def draft_lesson(assistant: Assistant, code: str, language: str, prose: Turn | None = None) -> LessonDraft:
    """A draft for an outcome, the same for the same bundle.

    Args:
        prose: A turn in which an engine explained the outcome.

    Raises:
        RequestError: The pack has no such outcome in this language.
    """
    bundle = assistant.bundle
    outcome = bundle.outcomes.get((code, language))
    if outcome is None:
        known = sorted({one.code for one in bundle.contents.outcomes if one.language == language})
        raise RequestError(f"expected the code of an outcome in {language}, found {code!r}", param="OUTCOME",
                           remedy=f"There are {', '.join(known[:12])}{' …' if len(known) > 12 else ''}." if known else "The pack has none in this language.")  # fmt: skip
    passages = _passages(assistant, outcome)
    if prose is not None:
        named = set(_CITED.findall(prose.reply))
        cited = [bundle.passages[one.passage] for one in prose.citations if str(one.number) in named and one.passage in bundle.passages]
        passages = tuple(dict.fromkeys((*cited, *passages)))[:_MOST_PASSAGES]
    terms = _terms(assistant, outcome, passages)
    title = next((rows[0].term for rows in terms), outcome.statement)[:_MOST_TITLE].strip()
    title = title[:1].upper() + title[1:]
    return LessonDraft(outcome, f"lessons/{outcome.subject}/{slug(title)}.{language}.md", title, _front(assistant, outcome, title, passages, terms),
                       _body(assistant, outcome, passages, terms, prose), passages, prose.engine if prose else "")  # fmt: skip


async def explain_outcome(assistant: Assistant, code: str, language: str) -> Turn | None:
    """A turn in which an engine explains an outcome to an adult from the pack's passages; None where no engine that is fit does."""
    outcome = assistant.bundle.outcomes.get((code, language))
    audience = next((name for name, one in assistant.bundle.contents.head.audiences.items() if not one.minors), "")
    if outcome is None or not audience or not assistant.engines(audience):
        return None
    finished: Turn | None = None
    async with aclosing(assistant.respond(Request((Message("user", outcome.statement),), audience, language, outcome.subject), whole=True)) as items:
        async for item in items:
            if isinstance(item, Turn):
                finished = item
    return finished if finished and "guide" not in finished.engine.split(", ") else None


def _passages(assistant: Assistant, outcome: Outcome) -> tuple[Passage, ...]:
    """Those of the outcome's subject that a student's reply may rest on."""
    student = next((name for name, one in assistant.bundle.contents.head.audiences.items() if one.minors), next(iter(assistant.bundle.contents.head.audiences)))
    where = admitted(assistant.bundle, Request((), student, outcome.language, outcome.subject), today())
    found = [hit for hit in assistant.index.search(outcome.statement, outcome.language, where, limit=3 * _MOST_PASSAGES) if _fits(hit, outcome)]
    return tuple(hit.passage for hit in found[:_MOST_PASSAGES] if (hit.similarity >= _NEAR if found[0].similarity else hit.score >= _SHARE * found[0].score))


def _fits(hit: Hit, outcome: Outcome) -> bool:
    return hit.passage.subject in ("", outcome.subject) and hit.passage.language == outcome.language


def _terms(assistant: Assistant, outcome: Outcome, passages: Sequence[Passage]) -> list[list[Term]]:
    """Concepts that the outcome names, then those that its passages name; of each the preferred term with its definition first."""
    concepts: dict[str, list[Term]] = {}
    for term in assistant.bundle.contents.glossary:
        if term.language == outcome.language and term.subject in ("", outcome.subject) and term.status != "forbidden":
            concepts.setdefault(term.concept, []).append(term)
    defined = [sorted(rows, key=lambda row: not (row.status == "preferred" and row.definition)) for rows in concepts.values()]
    found: list[list[Term]] = []
    for text in (outcome.statement, " ".join(passage.text for passage in passages)):
        said = WrittenText(text, outcome.language, assistant.language_tools)
        found += [rows for rows in defined if rows[0].definition and rows not in found and said.holds_any([row.term for row in rows])]
    return found[:_MOST_TERMS]


def _front(assistant: Assistant, outcome: Outcome, title: str, passages: Sequence[Passage], terms: Sequence[Sequence[Term]]) -> str:
    say = _Say(assistant, outcome.language)
    names = [rows[0].term for rows in terms]
    asks = [*names, *[say("draft-ask")] * max(1, _LEAST_ASKS - len(names))]
    lines = [
        f"# {assistant.phrase('draft-unreviewed', outcome.language)}", f"# {outcome.code}: {' '.join(outcome.statement.split())}",
        *(f"# [{number}] {' '.join(_named(passage).split())} ({passage.licence}, {passage.reviewed_by})" for number, passage in enumerate(passages, 1)),
        f"title: {_quoted(title)}", f"outcomes: [{_quoted(outcome.code)}]", f"grades: [{', '.join(map(_quoted, outcome.grades))}]",
        f"passages: [{', '.join(_quoted(passage.id) for passage in passages)}]", "asks:", *(f"  - {_quoted(ask)}" for ask in asks),
        f"terms: [{', '.join(map(_quoted, names))}]", "reviewed_by: unreviewed",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _body(assistant: Assistant, outcome: Outcome, passages: Sequence[Passage], terms: Sequence[Sequence[Term]], prose: Turn | None) -> str:
    say = _Say(assistant, outcome.language)
    pen = f"{{{UNWRITTEN}}}"
    ideas = [f"- {' '.join(rows[0].definition.split())} {{{', '.join(row.term for row in rows)}}}" for rows in terms[:3]]
    lines = [
        say("draft-matter"), "", "## Diagnose", "", say("draft-diagnose"), "", *ideas, f"- {say('draft-idea')} {pen}", "",
        "## Hints", "", f"1. {say('draft-hint-nudge')}", f"2. {say('draft-hint-strategy')}", f"3. {say('draft-hint-example')}", "",
        "## Explain", "", *_explain(assistant, say, passages, prose), "## Misconceptions", "", f"- {say('draft-belief')} {pen}", f"  > {say('draft-reply')}", "",
        "## Check", "", say("draft-check"), "", f"- {say('draft-idea')} {pen}", "", "## Transfer", "", say("draft-transfer"), "", f"- {say('draft-idea')} {pen}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _explain(assistant: Assistant, say: _Say, passages: Sequence[Passage], prose: Turn | None) -> Iterator[str]:
    """What an engine wrote, sentence by sentence; then the passages word for word, each with its number and title."""
    if prose is not None:
        numbers = {str(one.number): str(at) for one in prose.citations for at, passage in enumerate(passages, 1) if passage.id == one.passage}
        sentences = [" ".join(text.split()) for text in assistant.language_tools.sentences(prose.reply.replace("\n", " "), say.language)]
        yield say("draft-explain-model")
        yield ""
        yield " ".join(_attributed(sentence, numbers, say("draft-uncited")) for sentence in sentences if sentence)
        yield ""
    yield say("draft-explain" if passages else "draft-explain-none")
    yield ""
    for number, passage in enumerate(passages, 1):
        yield from (f"> {line}".rstrip() for line in (f"**[{number}] {_named(passage)}**", "", *passage.text.splitlines()))
        yield ""


def _attributed(sentence: str, numbers: dict[str, str], uncited: str) -> str:
    """A sentence with the numbers of its passages as this draft counts them; marked where it names none that is here."""
    kept = list(dict.fromkeys(numbers[number] for number in _CITED.findall(sentence) if number in numbers))
    plain = " ".join(_BLOCK.sub("", _CITED.sub("", sentence)).split()).replace(" .", ".")
    return f"{plain} {' '.join(f'[{number}]' for number in kept) or f'[{uncited}]'}"


def _named(passage: Passage) -> str:
    return passage.document_title + (f": {passage.title}" if passage.title and passage.title != passage.document_title else "")


class _Say:
    """What is left to a person, in the language of the lesson."""

    def __init__(self, assistant: Assistant, language: str) -> None:
        self._assistant = assistant
        self.language = language

    def __call__(self, message_id: str) -> str:
        return f"{UNWRITTEN} {self._assistant.phrase(message_id, self.language)}"


def _quoted(text: str) -> str:
    """A YAML string: JSON's quoting is a subset of it."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
