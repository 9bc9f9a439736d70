from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.core.errors import SpecError
from endonym.spec import base_spec, check_spec, floor, parse_sections, parse_spec, read_spec, render_spec
from tests.conftest import SHARED

MODEL_SPEC = SHARED / "model_spec" / "model_spec.md"


@pytest.mark.skipif(not MODEL_SPEC.is_file(), reason="the public Model Spec is not beside the repository (shared/data)")
def test_the_public_model_spec_is_read_whole() -> None:
    spec = read_spec(MODEL_SPEC)
    assert sum(section.authority is not None for section in spec.sections) == 59
    own = [example for section in spec.sections for example in section.examples if example.origin == "model_spec.md"]
    assert len(own) == 183
    named = {name for section in spec.sections for name in section.footnotes}
    files = {path.stem for path in (MODEL_SPEC.parent / "examples").glob("*.md")}
    joined = {e.origin.removeprefix("examples/").removesuffix(".md") for s in spec.sections for e in s.examples} - {"model_spec"}
    assert joined == files
    assert files - named == {"91ld", "lds1"}  # named by no footnote; their own first line says where they belong
    teens = spec.section("prioritize_teen_safety")
    assert teens is not None
    assert (teens.authority, teens.tags) == ("root", ("under_18",))
    assert {reply.verdict for reply in teens.examples[0].replies} == {"GOOD", "BAD"}
    assert teens.examples[0].settings == (("under_18", "true"),)


def test_the_base_spec_has_every_level_and_a_floor() -> None:
    spec = base_spec()
    authorities = [section.authority for section in spec.sections if section.authority]
    assert set(authorities) == {"root", "system", "developer", "user", "guideline"}
    assert len(authorities) >= 45
    assert {section.id for section in floor(spec)} >= {
        "no_weapons_or_mass_harm", "no_child_sexual_content", "no_emotion_inference", "safety_critical_information",
        "same_facts_everywhere", "balance_of_views", "no_silent_removal", "tell_active_rules", "u18_safety_first",
    }  # fmt: skip
    assert all("under_18" in section.tags for section in spec.sections if section.id.startswith("u18_"))


def test_rendering_and_parsing_again_gives_the_same_spec() -> None:
    spec = base_spec()
    again = parse_spec(render_spec(spec), "again.md")
    assert again.digest == spec.digest
    assert render_spec(again) == render_spec(spec)


SECTION = """# Title {#top}

Intro.

## Be kind {#be_kind authority=user tags="under_18,style"}

Speak *kindly*, see [?](#top)[^abc1].

!!! meta "Commentary"
    Because it helps.

**Example**: a greeting

~~~xml
<user>
if a < b then hi
</user>
<comparison>
<assistant> <!-- GOOD: warm -->
Hello!
</assistant>
<assistant> <!-- BAD, rude -->
Go away.
</assistant>
</comparison>
~~~

After.
"""


def test_every_part_of_a_section_is_read() -> None:
    section = parse_spec(SECTION, "x.md", {"abc1": "**Example**: more\n\n~~~xml\n<user>\nhey\n</user>\n~~~"}).section("be_kind")
    assert section is not None
    assert (section.authority, section.tags, section.parent) == ("user", ("under_18", "style"), "top")
    assert section.text == "Speak *kindly*, see [?](#top)[^abc1].\n\nAfter."
    assert section.commentary == ("Because it helps.",)
    assert section.references == ("top",)
    first, more = section.examples
    assert (first.title, first.messages[0].text) == ("a greeting", "if a < b then hi")
    assert [(reply.verdict, reply.reason, reply.text) for reply in first.replies] == [("GOOD", "warm", "Hello!"), ("BAD", "rude", "Go away.")]
    assert (more.origin, more.title) == ("examples/abc1.md", "more")


@pytest.mark.parametrize(
    ("old", "new", "name", "line"),
    [
        ("{#be_kind authority", "{#top authority", "duplicate-id", 5),
        ("authority=user", "authority=king", "unknown-authority", 5),
        ("</user>\n<comparison>", "<comparison>", "unclosed-example", 15),
        ("</comparison>\n", "", "unclosed-example", 24),
        ("[?](#top)", "[?](#nowhere)", "unknown-reference", 5),
        ("~~~\n\nAfter.", "", "unclosed-fence", 14),
    ],
)
def test_faults_name_their_line(old: str, new: str, name: str, line: int) -> None:
    assert old in SECTION
    found = {d.name: d for d in check_spec(SECTION.replace(old, new, 1), "x.md")}
    assert name in found, found
    assert found[name].span.line == line
    assert found[name].remedy


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_spec_or_a_spec_error(text: str) -> None:
    try:
        parse_spec(text, "x.md")
    except SpecError as error:
        assert error.origin.startswith("x.md:")


PIECES = ["# A {#a}\n", "## B {#b authority=root}\n", "~~~xml\n", "~~~\n", "<user>\n", "</user>\n", "<comparison>\n", "</comparison>\n",
          "<assistant> <!-- GOOD -->\n", "</assistant>\n", "!!! meta \"C\"\n", "    text\n", "**Example**: e\n\n", "text [?](#b)\n\n", "{#", "\n"]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_mix_of_the_dialect_is_read_or_refused(text: str) -> None:
    sections, found = parse_sections(text, "x.md")
    assert all(section.id for section in sections)
    assert all(diagnostic.span.line >= 1 for diagnostic in found)
