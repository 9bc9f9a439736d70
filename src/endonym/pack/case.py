"""Outcomes as a CASE 1.1 package, in and out.

Source: 1EdTech Competencies and Academic Standards Exchange 1.1, information model (CFPackage).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from endonym.core.ids import slug
from endonym.pack.manifest import Manifest
from endonym.pack.positions import Faults, build
from endonym.pack.tables import Outcome

EXTENSION = "endonym"
"""Under `extensions` of an item: what CASE has no field for, or no field of the same meaning."""

_IDENTIFIER = re.compile(r'"identifier"\s*:\s*"([^"\\]{1,200})"')


def to_case(outcomes: Sequence[Outcome], manifest: Manifest, on: date) -> str:
    """The package of a pack's outcomes, one item for each outcome and language; identifiers stay the same from time to time.

    Args:
        on: The day that the package is of.
    """
    space = uuid5(NAMESPACE_URL, f"https://endonym.invalid/{manifest.id}")
    changed = f"{on.isoformat()}T00:00:00Z"
    title = manifest.title.get(manifest.default_language, manifest.id)
    document = _node(space, "document", title)
    items = [_item(outcome, _node(space, f"item {outcome.code} {outcome.language} {number}", outcome.code), changed)
             for number, outcome in _numbered(outcomes)]  # fmt: skip
    package = {
        "CFDocument": {
            "identifier": document["identifier"], "uri": document["uri"], "caseVersion": "1.1", "creator": ", ".join(manifest.maintainers),
            "title": title, "lastChangeDateTime": changed, "language": manifest.default_language, "version": manifest.version,
            "subject": list(dict.fromkeys(outcome.subject for outcome in outcomes)), "adoptionStatus": "Adopted" if manifest.status == "official" else "Draft",
            "notes": f"Licence: {manifest.licence}",
        },
        "CFItems": items,
        "CFAssociations": list(_associations(outcomes, items, document, space, changed)),
    }  # fmt: skip
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def parse_case(text: str, pack: str, faults: Faults) -> tuple[Outcome, ...]:
    """The items of a package that are no headings of others. Faults go to `faults`, and the item is left out.

    What an item of another publisher does not say is taken from its document; its source is the register entry that the
    file is named after.
    """
    try:
        package = json.loads(text)
        if "\\ud" in text.lower():  # half of a character, which JSON can name and no file can hold
            json.dumps(package, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        faults.add("PK043", "malformed-json", getattr(error, "lineno", 1), f"expected JSON, found a fault: {error}", "Export the file anew.")
        return ()
    items = package.get("CFItems") if isinstance(package, dict) else None
    if not isinstance(items, list) or not isinstance(package.get("CFDocument"), dict):
        faults.add("PK044", "case-structure", 1, "expected a CASE package with CFDocument and CFItems, found other JSON",
                   "Export the framework as a CFPackage of CASE 1.1.")  # fmt: skip
        return ()
    lines = _lines(text)
    headings = _headings(package)
    found = []
    for item in items:
        if not isinstance(item, dict):
            faults.add("PK044", "case-structure", 1, f"expected an object in CFItems, found {str(item)[:40]!r}", "Export the framework anew.")
            continue
        if str(item.get("identifier")) in headings:
            continue
        line = lines.get(str(item.get("identifier")), 1)
        data = {**_fields(item, package["CFDocument"], faults.file), "pack": pack, "file": faults.file, "line": line}
        outcome = build(Outcome, data, {(): line}, faults)
        if outcome:
            found.append(outcome)
    return tuple(found)


def _numbered(outcomes: Sequence[Outcome]) -> Iterator[tuple[int, Outcome]]:
    """Each outcome with how often its code and language stood before it."""
    seen: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        key = (outcome.code, outcome.language)
        seen[key] = seen.get(key, -1) + 1
        yield seen[key], outcome


def _node(space: UUID, name: str, title: str) -> dict[str, str]:
    """A link to something in the package."""
    identifier = str(uuid5(space, name))
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def _item(outcome: Outcome, node: Mapping[str, str], changed: str) -> dict[str, Any]:
    return {
        "identifier": node["identifier"], "uri": node["uri"], "CFItemType": "Learning Outcome", "humanCodingScheme": outcome.code,
        "fullStatement": outcome.statement, "language": outcome.language, "subject": [outcome.subject],
        "educationLevel": list(outcome.grades), "lastChangeDateTime": changed,
        "extensions": {EXTENSION: {"source": outcome.source, "subject": outcome.subject, "grades": list(outcome.grades)}},
    }  # fmt: skip


def _associations(outcomes: Sequence[Outcome], items: Sequence[Mapping[str, Any]], document: Mapping[str, str], space: UUID,
                  changed: str) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Every item stands in the document, in order; a second language is a translation of the first of the same code."""
    first: dict[str, dict[str, str]] = {}
    for number, (outcome, item) in enumerate(zip(outcomes, items, strict=True), 1):
        node = {"title": outcome.code, "identifier": item["identifier"], "uri": item["uri"]}
        original = first.setdefault(outcome.code, node)
        links = [("isChildOf", document)] + ([("isTranslationOf", original)] if original is not node else [])
        for kind, target in links:
            own = _node(space, f"{kind} {item['identifier']}", "")
            yield {"identifier": own["identifier"], "uri": own["uri"], "associationType": kind, "sequenceNumber": number,
                   "originNodeURI": node, "destinationNodeURI": dict(target), "lastChangeDateTime": changed}  # fmt: skip


def _headings(package: Mapping[str, Any]) -> set[str]:
    """The items that others are children of: strands and domains, which nobody learns as such."""
    associations = package.get("CFAssociations")
    found = set()
    for link in associations if isinstance(associations, list) else ():
        if isinstance(link, dict) and link.get("associationType") == "isChildOf":
            target = link.get("destinationNodeURI")
            found.add(str(target.get("identifier")) if isinstance(target, dict) else "")
    return found


def _fields(item: Mapping[str, Any], document: Mapping[str, Any], file: str) -> dict[str, Any]:
    extensions = item.get("extensions")
    own = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    own = own if isinstance(own, dict) else {}
    return {
        "code": item.get("humanCodingScheme") or item.get("identifier"),
        "subject": own.get("subject") or _subject(item) or _subject(document),
        "grades": own.get("grades", _grades(item.get("educationLevel"))),
        "source": own.get("source", PurePosixPath(file).stem),
        "language": item.get("language") or document.get("language"),
        "statement": item.get("fullStatement"),
    }  # fmt: skip


def _subject(part: Mapping[str, Any]) -> str:
    """The first subject, written as this format writes subjects: `Life Sciences` is `life-sciences`."""
    subjects = part.get("subject")
    return slug(str(subjects[0])) if isinstance(subjects, list) and subjects else ""


def _grades(levels: Any) -> list[str]:
    """The levels as this format names grades: CASE writes them with two digits, as in `09`."""
    return [str(level).lstrip("0") or "0" for level in levels] if isinstance(levels, list) else []


def _lines(text: str) -> dict[str, int]:
    """The line on which each identifier stands first: JSON parsers do not keep lines."""
    found: dict[str, int] = {}
    at, line = 0, 1
    for match in _IDENTIFIER.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        found.setdefault(match[1], line)
    return found
