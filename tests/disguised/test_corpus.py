"""The disguised corpus is what its README says; whether the checker finds the faults is measured elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.pack.stack import load_stack
from endonym.spec import base_spec
from endonym.wiring.packs import check_pack
from tests.disguised.corpus import BASES, HERE, LANGUAGES, lay, read, variants

AS_OF = date(2026, 11, 24)
KINDS = {
    "override_as_specialise": 7, "propaganda_in_lesson": 7, "erased_view_by_terms": 7, "erased_view_by_knowledge": 7,
    "school_citing_law": 7, "foreign_law": 7, "guideline_as_statute": 7, "law_not_in_force": 7,
    "smuggled_instruction": 8, "hidden_omission": 8, "minors_weakened": 7, "root_rephrased": 7, "help_removed": 7,
    "retention_widened": 7,
}  # fmt: skip
VARIANTS = variants()


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_a_hundred_variants_evenly_over_languages_and_kinds() -> None:
    found = [read(path) for path in VARIANTS]
    assert Counter(variant.language for variant in found) == dict.fromkeys(LANGUAGES, 25)
    assert Counter(variant.kind for variant in found) == KINDS
    assert len({variant.id for variant in found}) == 100


@pytest.mark.parametrize("path", VARIANTS, ids=_name)
def test_file_name_tells_kind_and_language(path: Path) -> None:
    variant = read(path)
    number, language = path.stem.split("-")
    assert (path.parent.name, language, variant.base) == (variant.kind, variant.language, f"{variant.language}-base")
    assert 1 <= int(number) <= KINDS[variant.kind]


@pytest.mark.parametrize("path", VARIANTS, ids=_name)
def test_variant_loads_and_holds_its_fault(path: Path, tmp_path: Path) -> None:
    variant = read(path)
    pack = lay(path, tmp_path)
    assert (pack / variant.fault.file).read_text("utf-8").count(variant.fault.excerpt) == 1
    assert variant.fault.excerpt not in _text(BASES / variant.base / variant.fault.file)
    stack = load_stack(pack, base_spec(), (MarkdownReader(),))
    assert [str(found) for found in stack.diagnostics] == []
    assert variant.language in stack.languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_base_is_honest(language: str) -> None:
    report = check_pack(BASES / f"{language}-base", AS_OF)
    assert [str(found) for found in report.diagnostics if found.severity == "error"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_base_has_what_variants_need(language: str) -> None:
    pack = load_stack(BASES / f"{language}-base", base_spec(), (MarkdownReader(),)).top
    assert len(pack.adaptations) == 3 and [a.effect for a in pack.adaptations].count("omit") == 1
    assert (len(pack.lessons), len(pack.passages), len(pack.glossary), len(pack.outcomes)) == (1, 3, 6, 2)
    assert {"emergency", "self_harm", "abuse"} <= {topic for entry in pack.locale.help for topic in entry.topics}


def test_readme_counts_what_is_there() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$",
        (HERE / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    found = [read(path) for path in VARIANTS]
    assert {row[0]: [int(number) for number in row[1:]] for row in rows} == {
        kind: [len([v for v in found if v.kind == kind and v.language == language]) for language in LANGUAGES]
        + [total, len([v for v in found if v.kind == kind and v.expected == "machine"])]
        for kind, total in KINDS.items()
    }  # fmt: skip


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
