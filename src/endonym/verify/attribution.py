"""What the reply names as its source is among what it was given: provisions of law, links and DOIs are not made up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import fold
from endonym.verify.options import Options
from endonym.verify.views import recent

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_PARAGRAPH = r"§+|paragrahv\w*|параграф\w*|pants?\b|panta\b"
_ARTICLE = r"art(?:icle)?s?\b\.?|artik(?:kel|li)\w*|artiklid?|стат(?:ья|ьи|ье|ью|ьёй|ьей)|ст\.|бап\w*|المادة|مادة|perkara\b|pasal\b"
_NAMED = re.compile(rf"(?:({_PARAGRAPH})|\b(?:{_ARTICLE}))(?:-?l?e|-?s|-?st)?\s*(?:nr\.?\s*)?\(?\s*(\d+)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(\d+)(?:\.\s*|-(?:я|й|ой)?\s*)(?:paragrahv\w*|параграф\w*|artik(?:kel|li)\w*|стат(?:ья|ьи|ье|ью)|бап\w*|pants?\b|panta\b)"
    r"|第\s*(\d+)\s*条"
    r"|\bsections?\s+(\d+)(?=(?:\(\w+\))*\s+of\s+the\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"https?://[^\s<>\"'»”)\]]+", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"'»”)\]]+", re.IGNORECASE)


class Attribution:
    """Passes a reply that names no source at all; `citation` asks for one."""

    name = "attribution"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        named, dois, links = provisions_of(recent(reply)), _DOI.findall(recent(reply)), _LINK.findall(recent(reply))
        if not (named or dois or links):
            return Outcome(True, "names no source")
        provisions, folded, hosts = reply.kept(self.name, lambda: _nameable("\n".join(_given(turn))))
        for number, shown in named:
            if number not in provisions:
                return Outcome(False, f"{shown!r} stands in none of the passages, rules and questions", shown)
        for doi in dois:
            if fold(doi.rstrip(".,;:")) not in folded:
                return Outcome(False, f"the DOI {doi[:80]!r} stands in nothing that was given", doi)
        for link in links:
            if urlsplit(link).hostname not in hosts:
                return Outcome(False, f"the link {link[:80]!r} leads to a site that nothing given names", link)
        return Outcome(True, "names no source that was not given")


def _given(turn: Turn) -> Iterator[str]:
    """What the reply may name: passages, outcomes and terms, the sources of the active rules, what the user wrote, what tools gave."""
    for passage in turn.passages:
        yield f"{passage.document_title}\n{passage.title}\n{passage.text}"
    for outcome in turn.outcomes:
        yield outcome.statement
    for pair in turn.glossary:
        yield "\n".join(pair)
    for rule in turn.rules:
        yield rule.summary
        for source in rule.sources:
            yield f"{source.title} {source.pinpoint} {source.url}"
    for message in turn.request.messages:
        if message.role in ("user", "tool"):
            yield message.text


def _nameable(given: str) -> tuple[frozenset[str], str, frozenset[str | None]]:
    """(provisions, folded text, hosts) of what was given."""
    return (frozenset(number for number, _ in provisions_of(given)), fold(given),
            frozenset(urlsplit(link).hostname for link in _LINK.findall(given)))  # fmt: skip


def provisions_of(text: str) -> list[tuple[str, str]]:
    """(number, as written) of each paragraph or article that `text` names by its number.

    Paragraphs and articles are not told apart: people say § where the law says article.
    """
    if not _DIGIT.search(text):
        return []
    plain = text.translate(_DIGITS)
    found = [(match.start(), match.group(2), match.group()) for match in _NAMED.finditer(plain)]
    found += [(match.start(), match.group(1) or match.group(2) or match.group(3), match.group()) for match in _NUMBERED.finditer(plain)]
    return [(number, shown.strip()) for _, number, shown in sorted(found)]
