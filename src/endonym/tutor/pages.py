"""What the pages show, prepared for the templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from endonym.assistant import Assistant
from endonym.bundle import Bundle
from endonym.pack.lessons import Lesson
from endonym.pack.tables import Outcome
from endonym.seams.passage import Passage
from endonym.seams.turn import Role, Turn
from endonym.tutor.style import STYLE
from endonym.tutor.visitor import Visitor
from endonym.web.languages import direction
from endonym.web.markdown import to_html

MOST_CHARACTERS = 8000
"""Of a message."""

templates = jinja2.Environment(
    loader=jinja2.FunctionLoader(lambda name: resources.files("endonym.tutor").joinpath("templates", name).read_text("utf-8")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    cache_size=64,
    auto_reload=False,
)


def render(name: str, visitor: Visitor, /, **values: Any) -> str:
    head = visitor.assistant.bundle.contents.head
    return templates.get_template(name).render(
        v=visitor, t=visitor.text, direction=direction(visitor.page), dir_of=direction, head=head,
        bundle=visitor.assistant.bundle, title_of=lambda texts: title(texts, visitor.page), most_characters=MOST_CHARACTERS, style=STYLE,
        md=lambda text, cite="", language="", growing=False: Markup(to_html(text, cite=cite, language=language, growing=growing)), language_of=lambda text: language_of(visitor, text), **values,
    )  # fmt: skip


def language_of(visitor: Visitor, text: str) -> str:
    """The language of the stack in which somebody wrote `text`, or "" where it cannot be told."""
    return visitor.assistant.language_tools.identify(text, visitor.assistant.bundle.languages)


def download(text: str, kind: str, name: str) -> Response:
    return Response(text.encode(), media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def title(texts: Mapping[str, str], language: str) -> str:
    """A text in the language of the page, or in the first that it has."""
    return texts.get(language) or next(iter(texts.values()), "")


def page(name: str, visitor: Visitor, status: int = 200, /, **values: Any) -> HTMLResponse:
    return HTMLResponse(render(name, visitor, **values), status)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Lessons of one subject in one language."""

    subject: str
    lessons: tuple[Any, ...]


def shelves(bundle: Bundle, language: str) -> tuple[Shelf, ...]:
    """Lessons by subject, in the language of learning."""
    found: dict[str, list[Any]] = {}
    for lesson in bundle.contents.lessons:
        if lesson.language == language:
            found.setdefault(lesson.subject, []).append(lesson)
    return tuple(Shelf(subject, tuple(lessons)) for subject, lessons in sorted(found.items()))


def outcomes(who: Visitor) -> list[tuple[str, list[tuple[Outcome, tuple[Lesson, ...]]]]]:
    """What is to be learnt, in the language of learning: by subject, each outcome with the lessons that serve it."""
    contents, found = who.assistant.bundle.contents, dict[str, list[tuple[Outcome, tuple[Lesson, ...]]]]()
    for outcome in contents.outcomes:
        if outcome.language == who.learning:
            lessons = tuple(lesson for lesson in contents.lessons if lesson.language == who.learning and outcome.code in lesson.outcomes)
            found.setdefault(outcome.subject, []).append((outcome, lessons))
    return [(subject_name(who, subject), listed) for subject, listed in sorted(found.items())]


def start_page(who: Visitor, problem: str = "", typed: str = "", status: int = 200, *, pictures: bool) -> HTMLResponse:
    """Where one begins, with a message that could not be taken. Args: pictures: One may send some."""
    found = [(subject_name(who, shelf.subject), shelf) for shelf in shelves(who.assistant.bundle, who.learning)]
    return page("start.html", who, status, shelves=found, rule=reply_rule(who.assistant, who), problem=problem, typed=typed, pictures=pictures)


def subject_name(visitor: Visitor, subject: str) -> str:
    key = f"tutor-subject-{subject}"
    name = visitor.text(key)
    return subject.replace("-", " ").capitalize() if name == key else name


def reply_rule(assistant: Assistant, visitor: Visitor) -> str:
    """The summary of the adaptation that decides the language of replies, in the language of the page, or ""."""
    for adaptation in reversed(assistant.bundle.contents.adaptations):
        if any(check.use == "language" for check in adaptation.verify):
            return adaptation.summary.get(visitor.page, "") or adaptation.title
    return ""


def document(bundle: Bundle, document_id: str) -> tuple[Passage, ...]:
    """The passages of a document in order."""
    return tuple(sorted((p for p in bundle.contents.passages if p.document == document_id), key=lambda p: p.start))


def marked(passage: Passage, quote: str) -> Iterator[tuple[str, bool]]:
    """(text, whether it was quoted) in order."""
    before, found, after = passage.text.partition(quote) if quote else (passage.text, "", "")
    yield before, False
    if found:
        yield found, True
        yield after, False


def history(turns: tuple[Turn, ...]) -> Iterator[tuple[Role, str]]:
    """(role, text) of a stored conversation, oldest first."""
    for turn in turns:
        yield "user", turn.request.messages[-1].text
        yield "assistant", turn.reply
