from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.core.errors import SpecError
from endonym.spec import adopt_spec, base_spec, floor, floor_digest, parse_spec, spec_files
from tests.conftest import SHARED

MODEL_SPEC = SHARED / "model_spec" / "model_spec.md"
BASE = (Path(__file__).parents[2] / "src/endonym/spec/base_spec.md").read_text("utf-8")
OWN = """Before the first heading.

# Our spec {#ours spec=our-spec}

See [scope](#stay_in_scope) and [?](#kind)[^more].

[privacy]: #protect_privacy

## Stay close {#stay_in_scope authority=guideline tags=style}

Ours, and not the floor's, see [privacy].

!!! meta "Commentary"
    As [?](#stay_in_scope) says.

~~~
[code](#stay_in_scope)
~~~

Protect privacy {#protect_privacy authority=user}
-------------------------------------------------

Ours too.

## Be kind {#kind authority=user}

Kindly.
"""
NOTES = {"more": "Examples for [^more] in Our spec:\n\n**Example**: a greeting\n\n~~~xml\n<user>\nhi\n</user>\n~~~\n"}


def holds_the_floor(text: str) -> bool:
    spec = parse_spec(text, "x.md")
    found = [spec.section(section.id) for section in floor(base_spec())]
    return all(s and floor_digest(s) == floor_digest(f) for s, f in zip(found, floor(base_spec()), strict=True))


def test_the_floor_stands_word_for_word_behind_the_spec() -> None:
    done = adopt_spec(OWN, "ours.md", NOTES)
    assert holds_the_floor(done.text)
    assert not holds_the_floor(OWN)
    assert done.joined == tuple(section.id for section in floor(base_spec()))
    written = done.text[done.text.index("# The floor") :]
    for section, after in zip(base_spec().sections, (*base_spec().sections[1:], None), strict=True):
        if section in floor(base_spec()):
            lines = BASE.split("\n")[section.line - 1 : after.line - 1 if after else None]
            assert "\n".join(lines).strip() in written
    assert parse_spec(done.text, "x.md").id == "our-spec"
    assert done.text.startswith("Before the first heading.\n\n# Our spec")


def test_a_section_makes_room_and_links_follow_it() -> None:
    done = adopt_spec(OWN, "ours.md", NOTES)
    assert done.renamed == (("protect_privacy", "adopted_protect_privacy"), ("stay_in_scope", "adopted_stay_in_scope"))
    spec = parse_spec(done.text, "x.md")
    moved, privacy = spec.section("adopted_stay_in_scope"), spec.section("adopted_protect_privacy")
    assert moved and privacy
    assert (moved.title, moved.authority, moved.tags, dict(moved.attributes)["was"]) == ("Stay close", "guideline", ("style",), "stay_in_scope")
    assert (privacy.text, privacy.authority) == ("Ours too.", "user")
    assert spec.sections[0].references == ("adopted_stay_in_scope", "kind")
    assert "[privacy]: #adopted_protect_privacy" in done.text
    assert "As [?](#adopted_stay_in_scope) says." in done.text
    assert "[code](#stay_in_scope)" in done.text, "code is quoted, no link"


def test_the_commentary_says_where_each_part_comes_from() -> None:
    comment = parse_spec(adopt_spec(OWN, "ours.md").text, "x.md").section("endonym_floor")
    assert comment is not None
    (said,) = comment.commentary
    for words in ("endonym-base", base_spec().digest, "ours.md", parse_spec(OWN, "ours.md").digest, "`stay_in_scope` is now `adopted_stay_in_scope`"):
        assert words in said
    assert "`kind`" not in said


def test_examples_from_files_come_in_and_do_not_come_twice() -> None:
    done = adopt_spec(OWN, "ours.md", NOTES)
    assert done.examples == 1
    for notes in ({}, NOTES):
        first = parse_spec(done.text, "x.md", notes).sections[0]
        assert [example.title for example in first.examples] == ["a greeting"]
        assert first.footnotes == ("more",)
        assert adopt_spec(done.text, "x.md", notes).text == done.text


def test_a_changed_floor_is_restored_and_other_sections_stay() -> None:
    whole = adopt_spec(OWN, "ours.md").text
    broken = whole.replace("Do what was asked within the task, and nothing", "Do what was asked, and little")
    broken += "\n## Ours again {#ours_again authority=guideline}\n\nAt the end of the file.\n"
    done = adopt_spec(broken, "adopted.md")
    assert done.joined == ("stay_in_scope",)
    assert holds_the_floor(done.text)
    section = parse_spec(done.text, "x.md").section("ours_again")
    assert section and section.text == "At the end of the file."
    assert done.renamed == ()
    comment = parse_spec(done.text, "x.md").section("endonym_floor")
    assert comment and "comes word for word from ours.md" in comment.commentary[0], "not from its own first result"
    assert "`stay_in_scope` is now `adopted_stay_in_scope`" in comment.commentary[0]


def test_what_stands_in_the_spec_already_is_not_written_again() -> None:
    assert adopt_spec(BASE, "base.md").text == BASE
    without = re.sub(r"### Stay in scope.*?(?=###)", "", BASE, flags=re.DOTALL)
    done = adopt_spec(without, "base.md")
    assert (done.joined, done.renamed) == (("stay_in_scope",), ())
    assert done.text.count("### Have no hidden aims") == 1
    assert holds_the_floor(done.text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("authority=root", "authority=guideline"),
        ("tags=under_18", "tags=style"),
        ("### Stay in scope", "### Stay"),
        ("Do what was asked within the task", "Do what was asked"),
        ("<!-- GOOD: treats it as the user's wish and stays helpful -->", "<!-- BAD: treats it as the user's wish -->"),
    ],
)
def test_every_kind_of_change_to_the_floor_shows_in_its_digest(old: str, new: str) -> None:
    assert old in BASE
    assert not holds_the_floor(BASE.replace(old, new, 1))


def test_white_space_and_commentary_do_not_change_the_floor() -> None:
    text = BASE.replace("Do what was asked within the task, and", 'Do what was asked\nwithin  the task, and', 1)
    text = text.replace("### Tell the active rules", '!!! meta "Commentary"\n    Ours.\n\n### Tell the active rules', 1)
    assert text != BASE
    assert holds_the_floor(text)


@pytest.mark.parametrize("tail", ["<!-- open", "~~~\nopen", "<script>"])
def test_a_text_that_would_swallow_the_floor_is_refused(tail: str) -> None:
    with pytest.raises(SpecError, match=r"swallowed|closing"):
        adopt_spec(f"# T {{#t}}\n\n{tail}\n", "x.md")


PIECES = ["# A {#a}\n", "## B {#stay_in_scope authority=root}\n", "### C {#u18_safety_first authority=user}\n", "# D {#endonym_floor}\n", "# F {#endonym_floor from=x digest=y}\n",
          "## E {#red_lines_part}\n", "Protect privacy\n===\n", "## protect privacy\n", "text [?](#stay_in_scope)\n", "- item\n", "\n", "~~~xml\n<user>\nx\n</user>\n~~~\n",
          "!!! meta \"C\"\n    text [x](#a)\n", "> quoted\n", "<!-- x -->\n", "<div>\n", "    code\n"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
def test_adopting_keeps_everything_and_a_second_time_nothing_happens(text: str) -> None:
    try:
        done = adopt_spec(text, "x.md")
    except SpecError:
        return
    assert holds_the_floor(done.text)
    assert adopt_spec(done.text, "y.md") == type(done)(done.text)
    if "from=x" in text:
        return  # the part of an earlier adoption is written anew
    after = parse_spec(done.text, "x.md")
    for old in parse_spec(text, "x.md").sections:
        kept = [s for s in after.sections if s.title == old.title and s.authority == old.authority]
        assert any(s.text.replace("adopted_", "") == old.text for s in kept)


@pytest.mark.skipif(not MODEL_SPEC.is_file(), reason="the public Model Spec is not beside the repository (shared/data)")
def test_the_public_model_spec_keeps_every_section_example_and_link() -> None:
    text, notes = spec_files(MODEL_SPEC)
    done = adopt_spec(text, "model_spec.md", notes)
    names = dict(done.renamed)
    assert names == {"letter_and_spirit": "adopted_letter_and_spirit", "protect_privacy": "adopted_protect_privacy"}
    before, after = parse_spec(text, "model_spec.md", notes), parse_spec(done.text, "ee.md")
    assert len(after.sections) == len(before.sections) + len(floor(base_spec())) + 5  # four headings over the floor, and the part's
    for old in before.sections:
        new = after.section(names.get(old.id, old.id))
        assert new is not None
        assert (new.title, new.authority, new.tags, new.commentary) == (old.title, old.authority, old.tags, old.commentary)
        assert new.references == tuple(names.get(reference, reference) for reference in old.references)
        assert new.text.replace("#adopted_", "#") == old.text
        assert sorted(map(repr, (e.substance for e in new.examples))) == sorted(map(repr, (e.substance for e in old.examples)))
    assert holds_the_floor(done.text)
    assert adopt_spec(done.text, "ee.md", notes).text == done.text


def test_what_protects_minors_belongs_to_the_floor_whatever_its_authority() -> None:
    spec = parse_spec("# A {#a}\n\n## B {#b authority=user tags=under_18}\n\nB.\n\n## C {#c authority=root}\n\nC.\n\n## D {#d authority=user}\n\nD.\n", "x.md")
    assert [section.id for section in floor(spec)] == ["b", "c"]
