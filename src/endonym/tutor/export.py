"""What is kept of a person as a page to read: `Store.own_export` and nothing else, so that the page leaves out nothing that the data has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from endonym.assistant import Assistant
from endonym.tutor import pages
from endonym.tutor.visitor import Visitor
from endonym.web.times import day_name, local_day

_WRITTEN_OUT = ("request", "reply", "calls", "disclosures", "citations", "started")


@dataclass(frozen=True, slots=True)
class _Conversation:
    """Attributes: pack: Its title, or "" for turns of the API; turns: Each as in the data, and of that what the page does not write out; settings: Other circumstances."""

    day: str
    pack: str
    lesson: str
    lesson_language: str
    settings: Mapping[str, str]
    turns: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]


def export_page(who: Visitor, assistants: Mapping[str, Assistant], kept: Mapping[str, Any]) -> str:
    conversations = [_conversation(who, assistants, one) for one in kept["conversations"]]
    return pages.render("export.html", who, conversations=conversations, others=list(_others(who, kept)))


def _conversation(who: Visitor, assistants: Mapping[str, Assistant], kept: Mapping[str, Any]) -> _Conversation:
    settings = dict(kept.get("settings", {}))
    bundle = settings.pop("bundle", "")
    assistant = assistants.get(bundle)
    turns = tuple(kept["turns"])
    started = (turns[0].get("dialogue") or {}) if turns else {}
    lesson = assistant.bundle.lesson(started["lesson"], turns[0]["language"]) if assistant and started.get("lesson") else None
    head = assistant.bundle.contents.head if assistant else None
    return _Conversation(
        day_name(local_day(kept["started"], head.jurisdiction if head else who.jurisdiction), who.page), pages.title(head.title, who.page) if head else bundle,
        lesson.title if lesson else "", lesson.language if lesson else "", {"conversation": kept["conversation"], **{name: value for name, value in settings.items() if value}},
        tuple((turn, _further(turn)) for turn in turns),
    )  # fmt: skip


def _further(turn: Mapping[str, Any]) -> dict[str, Any]:
    """Of a turn what stands nowhere else on the page."""
    request = {name: value for name, value in turn["request"].items() if name != "messages"}
    images = [image for message in turn["request"]["messages"] for image in message.get("images") or ()]
    return {**{name: value for name, value in turn.items() if name not in _WRITTEN_OUT}, "request": request, "images": images}


def _others(who: Visitor, kept: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(heading, what is under it) of all that is no conversation; a part that has no heading in the language of the page goes by its name in the data."""
    for name, value in kept.items():
        if name == "conversations" or value in ([], {}, "", None):
            continue
        heading = who.text(f"export-{name}")
        yield (name if heading == f"export-{name}" else heading), value
