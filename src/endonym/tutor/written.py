"""What a student sends: words, and a picture of a task where an engine reads it."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request

from endonym.privacy.images import picture
from endonym.seams.turn import Image
from endonym.tutor.pages import MOST_CHARACTERS
from endonym.tutor.services import Services
from endonym.tutor.uploads import Sent, sent_form
from endonym.tutor.visitor import Visitor

MOST_PICTURE = 8_000_000
"""Bytes: cameras of phones write two to six million; a browser with JavaScript sends a smaller one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message. Attributes: problem: What is wrong with it, in words, or ""."""

    text: str
    images: tuple[Image, ...] = ()
    problem: str = ""


def reads_pictures(who: Visitor, services: Services) -> bool:
    """Whether the operator lets this audience send pictures, and an engine fit for the language reads them."""
    return f"{who.assistant.bundle.id}/{who.audience}" in services.images and who.assistant.images(who.audience, who.learning)


async def written(request: Request, who: Visitor, services: Services) -> Written:
    """What was sent; a picture's own notes, such as where it was taken, are cut off, and only its digest will be kept."""
    sent = await sent_form(request, "picture", MOST_PICTURE)
    text = str(sent.form.get("quick") or sent.form.get("message") or "").strip()
    if len(text) > MOST_CHARACTERS:
        return Written(text[:MOST_CHARACTERS], problem=who.text("tutor-too-long", most=MOST_CHARACTERS, found=len(text)))
    if sent.chosen:
        return await to_thread.run_sync(_with_picture, who, text, sent, reads_pictures(who, services))
    return Written(text) if text else Written("", problem=who.text("tutor-empty"))


def _with_picture(who: Visitor, text: str, sent: Sent, read: bool) -> Written:
    if not read:
        return Written(text, problem=who.text("tutor-picture-none"))
    if sent.large:
        return Written(text, problem=who.text("tutor-picture-large", most=MOST_PICTURE // 1_000_000))
    try:
        image = picture(sent.file)
    except ValueError:
        return Written(text, problem=who.text("tutor-picture-kind"))
    return Written(text or who.assistant.phrase("tutor-picture-message", who.learning), (image,))
