"""What the settings say of an operation, for pages that tell it."""

from __future__ import annotations

from endonym.tutor.operation import Operation
from endonym.wiring.settings import Settings


def operation_of(settings: Settings) -> Operation:
    return Operation(
        database="postgresql" if settings.store.startswith("postgresql") else "sqlite",
        embedder="" if settings.embedder == "none" else settings.embedding.base_url or settings.embedder,
        classifier="" if settings.classifier == "none" else settings.moderation.base_url or settings.classifier,
        currency=settings.currency, images=settings.images, traces=bool(settings.traces),
        sign_in=(*(one.title for one in settings.sign_in.values()), *(one.title for one in settings.platforms.values())),
    )  # fmt: skip
