"""What a pack knows, as tools: `search` and `fetch` over passages and outcomes, `explain` over rules.

Result items are as OpenAI's connectors for deep research expect them. Source: OpenAI, "Building MCP servers for ChatGPT":
`search` gives `results` with id, title and url, `fetch` gives id, title, text, url and metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from endonym.assistant import Assistant
from endonym.assistant.disclose import passage_url
from endonym.assistant.ground import admitted
from endonym.assistant.sense import NEAR
from endonym.bundle import Bundle
from endonym.core.clock import today
from endonym.core.errors import RequestError
from endonym.retrieval import Index
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Where
from endonym.seams.turn import Request

_OUTCOME = "outcome:"
_SHOWN = 400
"""Characters of a passage that a search shows."""

Query = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Search(msgspec.Struct, forbid_unknown_fields=True):
    query: Query
    pack: str = ""
    language: str = ""
    audience: str = ""
    limit: Annotated[int, Meta(ge=1, le=20)] = 8


class Fetch(msgspec.Struct, forbid_unknown_fields=True):
    id: Annotated[str, Meta(min_length=1, max_length=500)]
    audience: str = ""


class Explain(msgspec.Struct, forbid_unknown_fields=True):
    pack: str = ""
    language: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is looked up. Attributes: audiences: By pack, those that this caller may use; site: `http://…`, or ""."""

    audiences: Mapping[str, Sequence[str]]
    site: str


class Knowledge:
    """Synchronous; call it in a worker thread."""

    def __init__(self, assistants: Mapping[str, Assistant], index: Callable[[str], Index]) -> None:
        self._assistants = assistants
        self._index = index

    def search(self, wanted: Search, reader: Reader) -> dict[str, Any]:
        """Passages and outcomes, the best first, pack by pack.

        Raises:
            RequestError: There is no such pack or language, or this caller may not use the audience.
        """
        found = []
        for pack in self._packs(wanted.pack, reader):
            bundle = self._assistants[pack].bundle
            where = self._where(bundle, wanted.audience, reader)
            language = _language(bundle, wanted.language)
            if wanted.language:
                where = replace(where, languages=(language,))
            index = self._index(pack)
            hits = index.search(wanted.query, language, where, limit=wanted.limit)
            found += [_shown(_passage(bundle, hit.passage, reader.site)) for hit in hits]
            near = [match for match in index.match(wanted.query, language, kinds=("outcome",), limit=3) if match.score >= NEAR]
            found += [_outcome(bundle, match.target, language, reader.site) for match in near]
        return {"results": found}

    def fetch(self, wanted: Fetch, reader: Reader) -> dict[str, Any]:
        """One passage or outcome, whole, with where it comes from.

        Raises:
            RequestError: Nothing has this id for this caller.
        """
        pack, _, inner = wanted.id.partition("/")
        if pack in reader.audiences and pack in self._assistants:
            bundle = self._assistants[pack].bundle
            where = self._where(bundle, wanted.audience, reader)
            if inner.startswith(_OUTCOME):
                code, _, language = inner.removeprefix(_OUTCOME).rpartition(":")
                if (code, language) in bundle.outcomes:
                    return _outcome(bundle, code, language, reader.site)
            elif (passage := bundle.passages.get(inner)) and where.admits(passage):
                return _passage(bundle, passage, reader.site)
        raise RequestError("nothing that you may read has this id", param="id", status=404, code="not_found", remedy="Take an id from search.")

    def explain(self, wanted: Explain, reader: Reader) -> dict[str, Any]:
        """The rules that hold for an audience, with their sources, the lowest layer first.

        Raises:
            RequestError: There is no such pack or language, or this caller may not use the audience.
        """
        packs = []
        for pack in self._packs(wanted.pack, reader):
            assistant = self._assistants[pack]
            audience = _audience(assistant.bundle, wanted.audience, reader)
            rules = assistant.rules(audience, _language(assistant.bundle, wanted.language))
            packs.append({"pack": pack, "audience": audience, "digest": assistant.bundle.digest, "status": assistant.bundle.contents.head.status,
                          "rules": [asdict(rule) for rule in rules]})  # fmt: skip
        return {"packs": packs}

    def _packs(self, named: str, reader: Reader) -> list[str]:
        known = [pack for pack in self._assistants if reader.audiences.get(pack)]
        if named and named not in known:
            raise RequestError(f"expected one of {', '.join(known)}, found {named[:100]!r}", param="pack", remedy="Name another pack.")
        return [named] if named else known

    def _where(self, bundle: Bundle, audience: str, reader: Reader) -> Where:
        return admitted(bundle, Request((), _audience(bundle, audience, reader)), today())


def _audience(bundle: Bundle, named: str, reader: Reader) -> str:
    """The audience named, or of those that the caller may use the one with minors: it may read the least."""
    allowed = reader.audiences.get(bundle.id, ())
    if named and named not in allowed:
        raise RequestError(f"expected one of {', '.join(allowed)}, found {named[:100]!r}", param="audience", status=403, code="audience_not_allowed",
                           remedy="Name another audience, or use a key for this one.")  # fmt: skip
    minors = [name for name in allowed if bundle.contents.head.audiences[name].minors]
    return named or (minors or list(allowed))[0]


def _language(bundle: Bundle, named: str) -> str:
    if named and named not in bundle.languages:
        raise RequestError(f"expected one of {', '.join(bundle.languages)}, found {named[:100]!r}", param="language", remedy="Name another language.")
    return named or bundle.contents.head.default_language


def _passage(bundle: Bundle, passage: Passage, site: str) -> dict[str, Any]:
    return {
        "id": f"{bundle.id}/{passage.id}", "title": f"{passage.document_title}: {passage.title}" if passage.title else passage.document_title,
        "text": passage.text, "url": site + passage_url(bundle.id, passage.document, passage.anchor),
        "metadata": {
            "kind": "passage", "pack": passage.pack or bundle.id, "language": passage.language, "subject": passage.subject,
            "licence": passage.licence, "author": passage.author, "reviewed_by": passage.reviewed_by, "sha256": passage.digest,
            "source": next((asdict(source) for source in bundle.source_refs((passage.source,))), None),
        },
    }  # fmt: skip


def _outcome(bundle: Bundle, code: str, language: str, site: str) -> dict[str, Any]:
    outcome = bundle.outcome(code, language)
    if outcome is None:
        raise AssertionError("the index is of this bundle")
    source = next(iter(bundle.source_refs((outcome.source,))), None)
    return {
        "id": f"{bundle.id}/{_OUTCOME}{code}:{outcome.language}", "title": f"{code} ({outcome.subject})", "text": outcome.statement,
        "url": source.url if source and source.url else f"{site}/t/{bundle.id}",
        "metadata": {"kind": "outcome", "pack": outcome.pack or bundle.id, "language": outcome.language, "subject": outcome.subject,
                     "grades": list(outcome.grades), "source": asdict(source) if source else None},
    }  # fmt: skip


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    text = item["text"]
    return {**item, "text": text if len(text) <= _SHOWN else text[:_SHOWN] + "…"}
