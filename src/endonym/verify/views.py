"""What verifiers look at in a reply, worked out once for all of them."""

from __future__ import annotations

from endonym.seams.verifier import Reply
from endonym.text.fold import words
from endonym.text.prose import prose, without_diagrams


def recent(reply: Reply) -> str:
    """Its text from `since` on."""
    return reply.once(recent, lambda: reply.text[reply.since :])


def whole_prose(reply: Reply) -> str:
    """Its own running text; each letter stands where it stands in the reply."""
    return reply.once(whole_prose, lambda: prose(reply.text))


def recent_prose(reply: Reply) -> str:
    """Its running text from `since` on."""
    return reply.once(recent_prose, lambda: whole_prose(reply)[reply.since :])


def whole_words(reply: Reply) -> list[str]:
    """The words of all its text."""
    return reply.once(whole_words, lambda: words(reply.text))


def told(reply: Reply) -> Reply:
    """The reply without its diagrams: who counts what there is to read does not count what there is to see."""
    return reply.once(told, lambda: reply if (text := without_diagrams(reply.text)) == reply.text else Reply(text, final=reply.final))


def recent_words(reply: Reply) -> list[str]:
    """The words of `recent_prose`."""
    return reply.once(recent_words, lambda: whole_words(reply) if recent_prose(reply) == reply.text else words(recent_prose(reply)))

