"""Compile a checked stack into the contents of a bundle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from endonym.bundle.contents import Contents, Head, SpecContents
from endonym.check.report import CheckReport
from endonym.core.errors import BundleError
from endonym.pack.stack import PackStack
from endonym.pack.tables import Outcome, Term

R = TypeVar("R", Outcome, Term)


def compile_stack(stack: PackStack, report: CheckReport) -> Contents:
    """The contents of the bundle of `stack`, independent of the order of files, time zone, locale and folder.

    Raises:
        BundleError: The report holds errors; a pack that crosses a line does not compile.
    """
    if report.errors:
        first = report.errors[0]
        raise BundleError(
            f"{stack.top.manifest.id} has {len(report.errors)} error(s) and does not compile; "
            f"the first: {first.code} {first.message}",
            origin=str(first.span),
            remedy=f"{first.remedy} `endonym check` lists them all.",
        )
    top = stack.top.manifest
    return Contents(
        head=Head(
            id=top.id, version=top.version, title=top.title, description=top.description, languages=stack.languages,
            default_language=top.default_language, jurisdiction=top.jurisdiction,
            status="official" if all(pack.manifest.status == "official" for pack in stack.packs) else "illustrative",
            audiences=stack.audiences,
        ),
        packs=tuple(pack.manifest for pack in stack.packs),
        spec=SpecContents(id=stack.spec.id, title=stack.spec.title, digest=stack.spec.digest, sections=stack.spec.sections),
        adaptations=stack.adaptations,
        sources=tuple(sorted(stack.sources.values(), key=lambda source: source.id)),
        outcomes=_sorted(o for pack in stack.packs for o in pack.outcomes),
        lessons=tuple(sorted((lesson for pack in stack.packs for lesson in pack.lessons if not lesson.unwritten), key=lambda x: (x.id, x.language))),
        passages=tuple(sorted((p for pack in stack.packs for p in pack.passages), key=lambda p: (p.document, p.start))),
        glossary=_sorted(t for pack in stack.packs for t in pack.glossary),
        locale=stack.locale,
        interface={
            language: tuple(pack.interface[language] for pack in stack.packs if language in pack.interface)
            for language in sorted({language for pack in stack.packs for language in pack.interface})
        },
        cases=tuple(sorted((case for pack in stack.packs for case in pack.cases), key=lambda case: case.id)),
        changelogs={pack.manifest.id: pack.changelog for pack in stack.packs},
    )  # fmt: skip


def _sorted(rows: Iterable[R]) -> tuple[R, ...]:
    return tuple(sorted(rows, key=lambda row: (row.file, row.line)))
