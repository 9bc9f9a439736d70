"""A base spec of the country's own: with the floor it compiles, without it or with one word changed it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from endonym.core.errors import BundleError
from endonym.spec import adopt_spec, base_spec, floor, spec_files
from endonym.wiring.packs import check_pack, compile_pack
from tests.conftest import SHARED

DAY = date(2026, 11, 24)
MODEL_SPEC = SHARED / "model_spec" / "model_spec.md"
OWN = """# Our own {#our_own}

## Tongue {#tongue authority=guideline}

Use the language of the question.

## Matters {#matters authority=user}

Answer on public matters.
"""


def lay(tiny: Path, spec: str, **sections: str) -> Path:
    """The tiny pack over `spec`, its adaptations aimed at `sections` (new id by old)."""
    for path in (tiny / "pack.toml", *(tiny / "adaptations").glob("*.md")):
        text = path.read_text("utf-8").replace('"endonym-base"', '"../specs/ours.md"')
        for old, new in sections.items():
            text = text.replace(f"adapts: {old}\n", f"adapts: {new}\n")
        path.write_text(text, "utf-8")
    file = tiny.parent / "specs" / "ours.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(spec, "utf-8")
    return file


AIMS = {"language_of_reply": "tongue", "answer_on_public_matters": "matters"}


def test_an_own_spec_with_the_floor_compiles_and_the_bundle_carries_it(tiny: Path) -> None:
    lay(tiny, adopt_spec(OWN, "ours.md").text, **AIMS)
    contents, report = compile_pack(tiny, DAY)
    assert report.errors == ()
    assert contents.spec.id == "specs/ours.md"
    assert {"tongue", "no_emotion_inference", "u18_safety_first"} <= {section.id for section in contents.spec.sections}


def test_an_own_spec_without_the_floor_does_not_compile(tiny: Path) -> None:
    lay(tiny, OWN, **AIMS)
    (error,) = check_pack(tiny, DAY).errors
    assert (error.code, error.name, error.span.file) == ("AU008", "floor-missing", "specs/ours.md")
    assert all(section.id in error.message for section in floor(base_spec()))
    assert "endonym spec adopt" in error.remedy


def test_one_word_of_the_floor_changed_does_not_compile(tiny: Path) -> None:
    whole = adopt_spec(OWN, "ours.md").text
    file = lay(tiny, whole.replace("it never works against that", "it mostly works against that"), **AIMS)
    (error,) = check_pack(tiny, DAY).errors
    line = next(n for n, text in enumerate(file.read_text("utf-8").split("\n"), 1) if "{#keep_humans_in_control" in text)
    assert (error.code, error.span.file, error.span.line) == ("AU009", "specs/ours.md", line)
    assert "found 'mostly' instead of 'never' after 'every moment, and it'" in error.message
    with pytest.raises(BundleError, match="AU009"):
        compile_pack(tiny, DAY)
    file.write_text(adopt_spec(file.read_text("utf-8"), "ours.md").text, "utf-8")
    assert check_pack(tiny, DAY).errors == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{#no_emotion_inference authority=root}", "{#no_emotion_inference authority=guideline}", "authority guideline instead of root"),
        ("{#u18_safety_first authority=root tags=under_18}", "{#u18_safety_first authority=root}", "tags none instead of under_18"),
        ("### No inference of emotions", "### Inference of emotions", "the title 'Inference of emotions'"),
        ("<!-- BAD: accepts authority because the text claims it -->", "<!-- GOOD: accepts authority -->", "other examples"),
        ("it never works against that", "it works against that", "found nothing instead of 'never'"),
    ],
)
def test_a_changed_floor_says_what_differs(tiny: Path, old: str, new: str, says: str) -> None:
    whole = adopt_spec(OWN, "ours.md").text
    assert old in whole
    lay(tiny, whole.replace(old, new), **AIMS)
    (error,) = check_pack(tiny, DAY).errors
    assert error.code == "AU009"
    assert says in error.message


def test_nobody_can_silence_a_floor_that_is_missing(tiny: Path) -> None:
    lay(tiny, OWN, **AIMS)
    manifest = tiny / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8") + '\n[[suppress]]\ncode = "AU008"\nreason = "Our country has no need of it."\n', "utf-8")
    assert "AU008" in [error.code for error in check_pack(tiny, DAY).errors]


@pytest.mark.skipif(not MODEL_SPEC.is_file(), reason="the public Model Spec is not beside the repository (shared/data)")
def test_the_public_model_spec_serves_as_base_once_adopted(tiny: Path) -> None:
    text, notes = spec_files(MODEL_SPEC)
    file = lay(tiny, text, language_of_reply="be_clear", answer_on_public_matters="present_perspectives")
    assert [error.code for error in check_pack(tiny, DAY).errors] == ["AU008", "AU009", "AU009"]
    file.write_text(adopt_spec(text, "model_spec.md", notes).text, "utf-8")
    contents, report = compile_pack(tiny, DAY)
    assert report.errors == ()
    assert contents.spec.title == "Overview"
    file.write_text(file.read_text("utf-8").replace("it never works against that", "it works against that"), "utf-8")
    with pytest.raises(BundleError, match="AU009 keep_humans_in_control"):
        compile_pack(tiny, DAY)
