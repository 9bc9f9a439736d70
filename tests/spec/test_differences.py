from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.spec import Differences, SectionChange, adopt_spec, base_spec, compare_specs, compare_words, parse_spec

OLD = """# Spec {#spec}

Intro.

## Be kind {#kind authority=user}

Speak kindly to everybody who asks.

**Example**: a greeting

~~~xml
<user>
hi
</user>
<comparison>
<assistant> <!-- GOOD: warm -->
Hello!
</assistant>
</comparison>
~~~

**Example**: a farewell

~~~xml
<user>
bye
</user>
~~~

## Be short {#short authority=guideline}

Few words.

## Be exact {#exact authority=developer tags=style}

Check numbers.
"""


def differences(*edits: tuple[str, str]) -> Differences:
    text = OLD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return compare_specs(parse_spec(OLD, "old.md"), parse_spec(text, "new.md"))


def only(found: Differences) -> SectionChange:
    assert (found.added, found.removed) == ((), ())
    (change,) = found.changed
    return change


def test_a_spec_does_not_differ_from_itself_nor_by_order_commentary_or_white_space() -> None:
    assert differences() == Differences((), (), ())
    assert differences(("Intro.", 'Intro.\n\n!!! meta "Commentary"\n    Why.\n'), ("Speak kindly to", "Speak\nkindly   to")) == Differences((), (), ())
    moved = OLD.replace("## Be short {#short authority=guideline}\n\nFew words.\n\n", "") + "\n## Be short {#short authority=guideline}\n\nFew words.\n"
    assert compare_specs(parse_spec(OLD, "old.md"), parse_spec(moved, "new.md")) == Differences((), (), ())


def test_a_section_that_moved_in_authority_was_retitled_or_retagged() -> None:
    change = only(differences(("## Be kind {#kind authority=user}", "## Be very kind {#kind authority=root tags=under_18}")))
    assert (change.moved, change.retitled, change.retagged, change.renamed, change.text, change.examples) == (True, True, True, False, (), ())
    assert (change.old.authority, change.new.authority) == ("user", "root")


def test_a_changed_text_is_shown_word_by_word() -> None:
    change = only(differences(("kindly to everybody who asks", "kindly to all who ask politely")))
    assert [(piece.side, piece.text) for piece in change.text] == [
        ("both", "Speak kindly to"), ("old", "everybody"), ("new", "all"), ("both", "who"), ("old", "asks."), ("new", "ask politely."),
    ]  # fmt: skip


def test_examples_are_added_removed_or_changed() -> None:
    change = only(differences(("Hello!", "Hello, you!"), ("**Example**: a farewell", "**Example**: a good-bye")))
    assert [(e.kind, e.title) for e in change.examples] == [("changed", "a greeting"), ("added", "a good-bye"), ("removed", "a farewell")]
    assert [(p.side, p.text) for p in change.examples[0].words if p.side != "both"] == [("old", "Hello!"), ("new", "Hello, you!")]
    verdict = only(differences(("<!-- GOOD: warm -->", "<!-- BAD: warm -->")))
    assert [e.kind for e in verdict.examples] == ["changed"]


def test_added_removed_and_renamed_sections_are_told_apart() -> None:
    found = differences(("{#short", "{#brief"), ("## Be exact {#exact authority=developer tags=style}\n\nCheck numbers.", "## Be fair {#fair}\n\nBe fair."))
    assert [s.id for s in found.added] == ["fair"]
    assert [s.id for s in found.removed] == ["exact"]
    assert [(c.old.id, c.new.id, c.text) for c in found.changed] == [("short", "brief", ())]


def test_a_heading_that_says_what_it_was_called_is_the_same_section() -> None:
    new = "## Be brief {#brief was=short authority=user}\n\nAs few words as it takes.\n\n## Be short {#short authority=root}\n\nAnother thing."
    found = differences(("## Be short {#short authority=guideline}\n\nFew words.", new))
    assert [s.id for s in found.added] == ["short"]
    (change,) = found.changed
    assert (change.old.id, change.new.id, change.moved, bool(change.text)) == ("short", "brief", True, True)


def test_a_second_adoption_is_compared_by_ids() -> None:
    text = adopt_spec("# T {#t}\n\n## Mine {#stay_in_scope authority=user}\n\nMine.\n", "t.md").text
    once = parse_spec(text, "once.md")
    again = parse_spec(text.replace("\nMine.", "\nMine too."), "again.md")
    assert [(c.old.id, c.new.id) for c in compare_specs(once, again).changed] == [("adopted_stay_in_scope", "adopted_stay_in_scope")]


def test_headings_without_ids_of_their_own_are_paired_in_order() -> None:
    text = "# A\n\n## Part\n\nOne.\n\n## Part\n\nTwo.\n"
    old, new = parse_spec(text, "o.md"), parse_spec(text.replace("Two", "Three"), "n.md")
    assert [(c.old.text, c.new.text) for c in compare_specs(old, new).changed] == [("Two.", "Three.")]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "[-", "-]"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    if old == new:
        assert pieces == ()
        return
    assert " ".join(p.text for p in pieces if p.side != "new") == old
    assert " ".join(p.text for p in pieces if p.side != "old") == new


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(range(77))), st.sets(st.sampled_from(range(77))))
def test_no_section_is_lost_and_the_way_back_is_the_mirror(first: set[int], second: set[int]) -> None:
    sections = base_spec().sections
    old, new = (type(base_spec())("x", "X", tuple(s for at, s in enumerate(sections) if at not in gone), "") for gone in (first, second))
    there, back = compare_specs(old, new), compare_specs(new, old)
    assert ({s.id for s in there.added}, {s.id for s in there.removed}) == ({s.id for s in back.removed}, {s.id for s in back.added})
    assert {s.id for s in there.removed} == {s.id for s in old.sections} - {s.id for s in new.sections}
    assert there.changed == ()


@pytest.mark.parametrize("title", ["", "the same"])
def test_two_examples_of_one_title_are_counted(title: str) -> None:
    one = f"**Example**: {title}\n\n~~~xml\n<user>\nhi\n</user>\n~~~\n"
    old, new = parse_spec(f"# T {{#t}}\n\n{one}", "o.md"), parse_spec(f"# T {{#t}}\n\n{one}\n{one}", "n.md")
    assert [e.kind for e in compare_specs(old, new).changed[0].examples] == ["added"]
