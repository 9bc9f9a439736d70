"""What the reply names as its source is among what it was given: provisions of law, links and DOIs are not made up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome
from endonym.text.fold import fold
from endonym.verify.options import Options, faults

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
_LINK = re.compile(r"https?://[^\s<>\"'»”)\]]+", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"'»”)\]]+", re.IGNORECASE)


class Attribution:
    """Passes a reply that names no source at all; `citation` asks for one."""

    name = "attribution"

    def problems(self, options: Mapping[str, Any]) -> list[str]:
        return faults(Options, options)

    def verify(self, turn: Turn, reply: str, options: Mapping[str, Any], tools: LanguageTools, *, final: bool) -> Outcome:
        given = "\n".join(_given(turn))
        provisions = frozenset(number for number, _ in provisions_of(given))
        for number, shown in provisions_of(reply):
            if number not in provisions:
                return Outcome(False, f"{shown!r} stands in none of the passages, rules and questions", shown)
        folded = fold(given)
        for match in _DOI.finditer(reply):
            if fold(match.group().rstrip(".,;:")) not in folded:
                return Outcome(False, f"the DOI {match.group()[:80]!r} stands in nothing that was given", match.group())
        hosts = {urlsplit(link).hostname for link in _LINK.findall(given)}
        for link in _LINK.findall(reply):
            if urlsplit(link).hostname not in hosts:
                return Outcome(False, f"the link {link[:80]!r} leads to a site that nothing given names", link)
        return Outcome(True, "names no source that was not given")


def _given(turn: Turn) -> Iterator[str]:
    """What the reply may name: passages, outcomes and terms, the sources of the active rules, what the user wrote."""
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
        if message.role == "user":
            yield message.text


def provisions_of(text: str) -> list[tuple[str, str]]:
    """(number, as written) of each paragraph or article that `text` names by its number.

    Paragraphs and articles are not told apart: people say § where the law says article.
    """
    plain = text.translate(_DIGITS)
    found = [(match.start(), match.group(2), match.group()) for match in _NAMED.finditer(plain)]
    found += [(match.start(), match.group(1) or match.group(2) or match.group(3), match.group()) for match in _NUMBERED.finditer(plain)]
    return [(number, shown.strip()) for _, number, shown in sorted(found)]
