"""What changed between two versions of a pack: found, put in the right group, and weighed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.pack.adaptations import NARROWER, Trigger
from endonym.pack.differences import Change, PackDifferences, compare_stacks, folded, shortened
from endonym.pack.manifest import version_parts
from endonym.pack.narrowing import LEVELS, by_number, by_options, by_reach, by_trigger, next_version, opposite
from endonym.pack.stack import PackStack, load_stack
from endonym.spec import Piece, base_spec
from tests.conftest import PACKS, TINY
from tests.pack.test_load import edit


def stack(folder: Path) -> PackStack:
    return load_stack(folder, base_spec(), (MarkdownReader(),))


def differences(new: Path, old: Path = TINY) -> PackDifferences:
    return compare_stacks(stack(old), stack(new))


def told(change: Change) -> tuple[str, str, str, str]:
    return (change.group, change.kind, change.id, change.part)


RULE, OMIT = "adaptations/reply_in_estonian.md", "adaptations/omit_child.md"
LESSON = "lessons/biology/fotosuntees.et.md"
EDITS = [
    # file, old, new, group, kind, id, part, direction, level
    ("pack.toml", 'languages = ["et", "en"]', 'languages = ["et", "en", "ru"]', "behaviour", "pack", "pack.toml", "languages", "wider", "minor"),
    ("pack.toml", 'languages = ["et", "en"]', 'languages = ["et"]', "behaviour", "pack", "pack.toml", "languages", "narrower", "major"),
    ("pack.toml", 'default_language = "et"', 'default_language = "en"', "behaviour", "pack", "pack.toml", "default_language", "", "minor"),
    ("pack.toml", 'layer = "country"', 'layer = "region"', "behaviour", "pack", "pack.toml", "layer", "narrower", "minor"),
    ("pack.toml", "[title]", 'capabilities = ["grading"]\n[title]', "behaviour", "pack", "pack.toml", "capabilities", "wider", "major"),
    ("pack.toml", "[title]", "[gates]\npass_rate = 0.9\n[title]", "behaviour", "pack", "pack.toml", "gates.pass_rate", "narrower", "minor"),
    ("pack.toml", "minors = false", "minors = true", "behaviour", "audience", "teacher", "minors", "narrower", "minor"),
    ("pack.toml", "[audiences.student]\nminors = true", "[audiences.student]\nminors = false", "behaviour", "audience", "student", "minors", "wider", "major"),
    ("pack.toml", 'en = "Tiny"', 'en = "Tinier"', "presentation", "pack", "pack.toml", "title.en", "", "patch"),
    ("pack.toml", 'en = "Teacher"', 'en = "Teachers"', "presentation", "audience", "teacher", "title.en", "", "patch"),
    ("pack.toml", 'status = "illustrative"', 'status = "official"', "accountability", "pack", "pack.toml", "status", "", "patch"),
    ("pack.toml", '"Endonym project"', '"Somebody"', "accountability", "pack", "pack.toml", "maintainers", "", "patch"),
    (RULE, "adapts: language_of_reply", "adapts: respectful_tone", "behaviour", "adaptation", "reply_in_estonian", "adapts", "", "major"),
    (RULE, "effect: specialise", "effect: omit", "behaviour", "adaptation", "reply_in_estonian", "effect", "", "major"),
    (RULE, "basis: law", "basis: norm", "behaviour", "adaptation", "reply_in_estonian", "basis", "", "minor"),
    (RULE, "cites: [ee-language-act-4]", "cites: [curriculum]", "behaviour", "adaptation", "reply_in_estonian", "cites", "", "minor"),
    (RULE, "summary:", "audience: [student]\nsummary:", "behaviour", "adaptation", "reply_in_estonian", "audience", "wider", "major"),
    (RULE, "summary:", "applies: {subject: biology}\nsummary:", "behaviour", "adaptation", "reply_in_estonian", "applies.subject", "wider", "major"),
    (RULE, "summary:", "sets: {retention_days: 30}\nsummary:", "behaviour", "adaptation", "reply_in_estonian", "sets.retention_days", "narrower", "minor"),
    (RULE, "allowed: [et, en]", "allowed: [et]", "behaviour", "adaptation", "reply_in_estonian", "verify.language", "narrower", "minor"),
    (RULE, "verify:", "verify:\n  - use: questions\n    with: {max: 2}", "behaviour", "adaptation", "reply_in_estonian", "verify.questions", "narrower", "minor"),
    (RULE, "in which the school teaches", "of the school", "behaviour", "adaptation", "reply_in_estonian", "instruction", "", "minor"),
    (RULE, "en: Reply in the school's", "en: Answer in the school's", "behaviour", "adaptation", "reply_in_estonian", "summary.en", "", "minor"),
    (RULE, "The language of instruction is set", "It is set", "presentation", "adaptation", "reply_in_estonian", "why", "", "patch"),
    (RULE, "# Reply in the language", "# Answer in the language", "presentation", "adaptation", "reply_in_estonian", "title", "", "patch"),
    (RULE, "make their own food", "make food", "presentation", "adaptation", "reply_in_estonian", "example a question in Estonian", "", "patch"),
    (RULE, "review_by: 2027-11-20", "review_by: 2028-11-20", "accountability", "adaptation", "reply_in_estonian", "review_by", "", "patch"),
    (RULE, "decided_by: Endonym project", "decided_by: Somebody", "accountability", "adaptation", "reply_in_estonian", "decided_by", "", "patch"),
    (OMIT, "    - [kes, nimi, who, name]\n", "", "behaviour", "adaptation", "omit_child", "trigger", "narrower", "major"),
    (OMIT, "[alaealine, laps, child, minor]", "[alaealine, child, minor]", "behaviour", "adaptation", "omit_child", "trigger", "wider", "minor"),
    (OMIT, "summary:", "audience: [student]\nsummary:", "behaviour", "adaptation", "omit_child", "audience", "wider", "minor"),
    (OMIT, "is left out here", "is missing here", "behaviour", "adaptation", "omit_child", "disclosure.en", "", "minor"),
    ("sources/law.toml", "valid_from = 2016-06-11", "valid_from = 2017-06-11", "behaviour", "source", "eu-child-privacy", "valid_from", "", "minor"),
    ("sources/law.toml", 'force = "in_force"', 'force = "repealed"', "behaviour", "source", "ee-language-act-4", "force", "", "minor"),
    ("sources/law.toml", '"RT I, 14.01.2011, 2"', '"RT I, 14.01.2011, 3"', "accountability", "source", "curriculum", "identifier", "", "patch"),
    ("sources/law.toml", '"unreviewed"', '"M. Maasikas"', "accountability", "source", "ee-language-act-4", "verified_by", "", "patch"),
    ("sources/law.toml", '"Keeleseadus"', '"Keeleseadus (2011)"', "presentation", "source", "ee-language-act-4", "title", "", "patch"),
    ("curriculum/outcomes.csv", "explains why", "tells why", "behaviour", "outcome", "X.1 (en)", "statement", "", "minor"),
    ("curriculum/outcomes.csv", "X.1,biology,10,curriculum,en", "X.1,biology,11,curriculum,en", "behaviour", "outcome", "X.1 (en)", "grades", "", "minor"),
    (LESSON, "{valgus, päike}", "{valgus, päike, footon}", "behaviour", "lesson", "biology/fotosuntees (et)", "diagnose", "", "minor"),
    (LESSON, "1. Mõtle aknalauale.", "1. Mõtle aknale.", "behaviour", "lesson", "biology/fotosuntees (et)", "hints", "", "minor"),
    (LESSON, "terms:", 'protects: ["x = 3"]\nterms:', "behaviour", "lesson", "biology/fotosuntees (et)", "protects", "narrower", "minor"),
    (LESSON, "terms: [klorofüll]", "terms: [klorofüll, leht]", "behaviour", "lesson", "biology/fotosuntees (et)", "terms", "", "minor"),
    (LESSON, "Pott mulda", "Suur pott mulda", "behaviour", "lesson", "biology/fotosuntees (et)", "misconceptions", "", "minor"),
    (LESSON, "title: Fotosüntees", "title: Taimed", "presentation", "lesson", "biology/fotosuntees (et)", "title", "", "patch"),
    (LESSON, "reviewed_by: unreviewed", "reviewed_by: M. Maasikas", "accountability", "lesson", "biology/fotosuntees (et)", "reviewed_by", "", "patch"),
    ("knowledge/fotosuntees.md", "glükoos ja hapnik", "suhkur ja hapnik", "behaviour", "passage", "fotosuntees#mis-see-on", "text", "", "minor"),
    ("knowledge/fotosuntees.md", "## Mis see on", "## Mis", "presentation", "passage", "fotosuntees#mis-see-on", "title", "", "patch"),
    ("knowledge/knowledge.toml", 'licence = "CC-BY-4.0"', 'licence = "CC0-1.0"', "accountability", "document", "fotosuntees", "licence", "", "patch"),
    ("knowledge/knowledge.toml", "reviewed_by", 'sources = ["curriculum", "ee-language-act-4"]\nreviewed_by', "accountability", "document", "fotosuntees", "sources", "", "patch"),
    ("glossary.csv", "chlorophyll,preferred", "chlorophyll,forbidden", "behaviour", "term", "chlorophyll (en)", "status", "narrower", "minor"),
    ("glossary.csv", "green pigment", "pigment", "behaviour", "term", "chlorophyll (en)", "definition", "", "minor"),
    ("locale.toml", 'identifiers = ["ee.ik"]', "identifiers = []", "behaviour", "locale", "locale.toml", "identifiers", "wider", "major"),
    ("locale.toml", 'et = "informal"', 'et = "formal"', "behaviour", "locale", "locale.toml", "address.et", "", "minor"),
    ("locale.toml", 'number = "112"', 'number = "113"', "behaviour", "help line", "emergency", "number", "", "minor"),
    ("locale.toml", '["self_harm", "abuse"]', '["abuse"]', "behaviour", "help line", "lasteabi", "topics", "", "major"),
    ("locale.toml", 'en = "Child helpline"', 'en = "Helpline"', "presentation", "help line", "lasteabi", "title.en", "", "patch"),
    ("ui/et.ftl", "guide-hint = Vihje", "guide-hint = Nõuanne", "presentation", "interface", "et", "guide-hint", "", "patch"),
    ("cases/cases.yaml", "max: 1", "max: 2", "accountability", "case", "first_question", "expect", "", "patch"),
    ("CHANGELOG.md", "0.1.0", "0.1.0, today", "presentation", "changelog", "CHANGELOG.md", "text", "", "patch"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "group", "kind", "name", "part", "direction", "level"), EDITS)
def test_each_edit_is_the_only_change_and_stands_in_its_group(
    tiny: Path, file: str, old: str, new: str, group: str, kind: str, name: str, part: str, direction: str, level: str
) -> None:
    edit(tiny, file, old, new)
    found = differences(tiny)
    assert [told(change) for change in found.changes] == [(group, kind, name, part)]
    (change,) = found.changes
    assert (change.direction, change.level) == (direction, level)
    assert change.span is not None and change.span.file == f"tiny/{file}"
    assert found.versions[-1].level == level


@pytest.mark.parametrize(("file", "old", "new"), [
    (RULE, "review_by: 2027-11-20", "review_by: 2028-11-20"), (RULE, "    with: {policy: instruction, allowed: [et, en]}", "    with: {policy: fixed, allowed: [et]}"),
    ("pack.toml", 'en = "Tiny"', 'en = "Tinier"'), ("locale.toml", 'number = "112"', 'number = "113"'),
    ("glossary.csv", "green pigment", "pigment"), ("ui/et.ftl", "guide-hint = Vihje", "guide-hint = Nõuanne"),
])  # fmt: skip
def test_the_line_is_that_of_the_new_version(tiny: Path, file: str, old: str, new: str) -> None:
    line = edit(tiny, file, old, new)
    path = tiny / file
    first = "---\n" if file == RULE else ""
    path.write_text(first + "# one line more\n" * (not file.endswith(".csv")) + path.read_text("utf-8").removeprefix(first), "utf-8")
    (change,) = differences(tiny).changes
    assert change.span is not None
    assert change.span.line in (line + (not file.endswith(".csv")), line + (not file.endswith(".csv")) - 1)


@pytest.mark.parametrize("folder", [TINY, TINY.parent / "above", *sorted(path.parent for path in PACKS.glob("*/pack.toml"))], ids=lambda p: p.name)
@pytest.mark.parametrize("shape", [lambda s: s, folded], ids=["stack", "folded"])
def test_nothing_differs_from_itself(folder: Path, shape: Callable[[PackStack], PackStack]) -> None:
    found = compare_stacks(shape(stack(folder)), shape(stack(folder)))
    assert found.changes == ()
    assert all(step.enough and step.cause is None for step in found.versions)


def test_order_white_space_and_the_names_of_files_do_not_count(tiny: Path) -> None:
    (tiny / RULE).rename(tiny / "adaptations/another.md")
    rows = (tiny / "glossary.csv").read_text("utf-8").splitlines()
    (tiny / "glossary.csv").write_text("\n".join([rows[0], *reversed(rows[1:])]) + "\n", "utf-8")
    edit(tiny, OMIT, "is protected by law", "is   protected\nby law")
    assert differences(tiny).changes == ()


ADDED = {
    "adaptations/third.md": ("adaptation", "reply_in_estonian", "third", "minor", "major", "narrower"),
    "adaptations/fourth.md": ("adaptation", "omit_child", "fourth", "major", "minor", "narrower"),
}


@pytest.mark.parametrize("file", ADDED)
def test_a_rule_that_comes_or_goes_is_one_change(tiny: Path, file: str) -> None:
    kind, model, name, comes, goes, direction = ADDED[file]
    text = (tiny / f"adaptations/{model}.md").read_text("utf-8").replace(f"id: {model}", f"id: {name}")
    (tiny / file).write_text(text, "utf-8")
    (added,) = differences(tiny).changes
    assert (told(added), added.event, added.level, added.direction) == (("behaviour", kind, name, ""), "added", comes, direction)
    (removed,) = differences(TINY, tiny).changes
    assert (removed.event, removed.level, removed.direction) == ("removed", goes, opposite(added.direction))


EDITABLE = [edited for edited in EDITS if sum(edited[0] == other[0] and edited[1] == other[1] for other in EDITS) == 1 and edited[1] != "[title]"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.sampled_from(range(len(EDITABLE))), min_size=1, max_size=6))
def test_of_several_edits_none_hides_another_and_the_way_back_is_the_opposite(chosen: set[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("edited") / "tiny"))
    made = []
    for number in sorted(chosen):
        file, old, new, *expected = EDITABLE[number]
        if old in (folder / file).read_text("utf-8"):
            edit(folder, file, old, new)
            made.append(tuple(expected[:4]))
    there, back = differences(folder), differences(TINY, folder)
    kinds = {(kind, name, part) for _, kind, name, part in made}
    assert {told(change)[1:] for change in there.changes} == kinds
    assert {(told(c), c.before, c.after) for c in there.changes} == {(told(c), c.after, c.before) for c in back.changes}
    turned = {told(change): opposite(change.direction) for change in back.changes if change.event == "changed"}
    # What a rule's effect and basis make of a change depends on the version it stands in.
    assert all(turned[told(c)] == c.direction for c in there.changes if c.event == "changed")
    assert there.versions[-1].level == max((c.level for c in there.changes), key=LEVELS.index)


def test_words_say_what_went_and_what_came(tiny: Path) -> None:
    edit(tiny, RULE, "in which the school teaches", "of the school")
    (change,) = differences(tiny).changes
    assert change.words == (
        Piece("both", "Reply in the language"), Piece("old", "in which"), Piece("new", "of"), Piece("both", "the"),
        Piece("old", "school teaches."), Piece("new", "school."),
    )  # fmt: skip


def test_a_language_without_spaces_differs_by_letters(tiny: Path) -> None:
    for folder, age in ((tiny, "十三"), (tiny.parent / "old" / "tiny", "十六")):
        if folder != tiny:
            shutil.copytree(TINY, folder)
        edit(folder, RULE, "  en: Reply", f"  zh: 未满{age}岁者不得同意。\n  en: Reply")
    (change,) = differences(tiny, tiny.parent / "old" / "tiny").changes
    assert [(p.side, p.text) for p in change.words] == [("both", "未满十"), ("old", "六"), ("new", "三"), ("both", "岁者不得同意。")]


def test_long_stretches_that_stayed_are_shortened_around_what_changed() -> None:
    stayed = " ".join(f"w{number}" for number in range(100))
    first, old, last = shortened((Piece("both", stayed), Piece("old", "x"), Piece("both", stayed)), 2)
    assert (first.text, old.text, last.text) == ("… w98 w99", "x", "w0 w1 …")
    assert shortened((Piece("both", "a b c"), Piece("new", "d"))) == (Piece("both", "a b c"), Piece("new", "d"))


# stacks


def test_each_pack_of_a_stack_answers_for_its_own_version(tiny: Path) -> None:
    old = Path(shutil.copytree(tiny.parent, tiny.parent.parent / "old"))
    edit(tiny, "locale.toml", 'number = "112"', 'number = "113"')
    edit(tiny, "pack.toml", 'version = "0.1.0"', 'version = "0.1.1"')
    edit(tiny.parent / "above", "adaptations/short_replies.md", "{max: 1}", "{max: 2}")
    found = differences(tiny.parent / "above", old / "above")
    assert [(step.pack, step.level, step.lowest, step.enough) for step in found.versions] == [
        ("tiny", "minor", "0.1.1", True), ("above", "major", "0.2.0", False)]  # fmt: skip


def test_a_pack_that_one_side_cannot_find_is_left_out_and_named(tiny: Path) -> None:
    old = Path(shutil.copytree(tiny.parent / "above", tiny.parent.parent / "old" / "above"))
    found = differences(tiny.parent / "above", old)
    assert (found.changes, found.missing) == ((), ("tiny",))


def test_a_pack_that_is_no_longer_extended_takes_everything_with_it(tiny: Path) -> None:
    old = Path(shutil.copytree(tiny.parent, tiny.parent.parent / "old"))
    edit(tiny.parent / "above", "pack.toml", 'extends = ["tiny >=0.1,<1"]', "extends = []")
    found = differences(tiny.parent / "above", old / "above")
    gone = {told(change)[1:] for change in found.changes if change.event == "removed"}
    assert {("adaptation", "omit_child", ""), ("help line", "lasteabi", ""), ("lesson", "biology/fotosuntees (et)", "")} <= gone
    assert [(step.pack, step.after, step.level) for step in found.versions] == [("tiny", "", None), ("above", "0.1.0", "major")]


def test_what_a_fault_hides_was_not_removed(tiny: Path) -> None:
    edit(tiny, RULE, "effect: specialise", "effect: specialize")
    edit(tiny, "locale.toml", 'topics = ["emergency"]', 'topics = ["fire"]')
    found = differences(tiny)
    assert found.changes == ()
    assert sorted({fault.span.file for fault in found.faults}) == ["tiny/adaptations/reply_in_estonian.md", "tiny/locale.toml"]


def test_a_pack_under_another_name_is_compared_as_the_same(tiny: Path) -> None:
    renamed = tiny.rename(tiny.with_name("smallest"))
    edit(renamed, "pack.toml", 'id = "tiny"', 'id = "smallest"')
    (change,) = differences(renamed).changes
    assert (told(change), change.level) == (("behaviour", "pack", "pack.toml", "id"), "major")


def test_a_changed_spec_is_behaviour_of_the_pack_on_top(tiny: Path) -> None:
    for folder, text in ((tiny, "Be kind."), (tiny.parent.parent / "old" / "tiny", "Be stern.")):
        if folder != tiny:
            shutil.copytree(TINY, folder)
        (folder.parent / "ours.md").write_text(f"# Ours {{#ours}}\n\n## Tone {{#tone authority=guideline}}\n\n{text}\n", "utf-8")
        edit(folder, "pack.toml", "endonym-base", "ours.md")
    (change,) = differences(tiny, tiny.parent.parent / "old" / "tiny").changes
    assert (told(change), change.pack) == (("behaviour", "section", "tone", "text"), "tiny")


# laws of narrowing


@given(st.sampled_from(sorted(NARROWER)), st.integers(0, 18) | st.none(), st.integers(0, 18) | st.none())
def test_a_number_is_narrower_where_the_checker_would_let_it_stand(name: str, before: int | None, after: int | None) -> None:
    if before == after:
        return
    direction = by_number(NARROWER[name], before, after)
    assert direction == opposite(by_number(NARROWER[name], after, before)) != ""
    if before is not None and after is not None:
        assert (direction == "narrower") == (NARROWER[name](before, after) == after)


_terms = st.lists(st.sets(st.sampled_from("abcd"), min_size=1).map(tuple), min_size=1, max_size=3).map(tuple)
_triggers = st.builds(Trigger, all=_terms, patterns=st.sets(st.sampled_from(["x", "y"])).map(tuple))


def _matches(trigger: Trigger, words: set[str]) -> bool:
    return all(set(group) & words for group in trigger.all) or bool(set(trigger.patterns) & words)


@given(_triggers, _triggers, st.sets(st.sampled_from("abcdxy")))
def test_a_trigger_called_narrower_matches_wherever_the_other_does(before: Trigger, after: Trigger, words: set[str]) -> None:
    direction = by_trigger(before, after)
    if direction == "narrower":
        assert _matches(after, words) or not _matches(before, words)
    if direction == "wider":
        assert _matches(before, words) or not _matches(after, words)
    assert direction == opposite(by_trigger(after, before))


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")), st.sampled_from("abcd"))
def test_a_rule_called_narrower_reaches_everybody_that_the_other_reaches(before: set[str], after: set[str], who: str) -> None:
    if before != after and by_reach(tuple(before), tuple(after)) == "narrower":
        assert (not after or who in after) or not (not before or who in before)


@pytest.mark.parametrize(
    ("use", "before", "after", "direction"),
    [
        ("questions", {"max": 1}, {"max": 2}, "wider"),
        ("questions", {"max": 2}, {"max": 2, "min": 1}, "narrower"),
        ("questions", {"max": 2, "min": 1}, {"max": 1}, ""),
        ("length", None, {"max_words": 100}, "narrower"),
        ("language", {"allowed": ["et"]}, {"allowed": ["et", "en"]}, "wider"),
        ("language", {"policy": "fixed", "allowed": ["et"]}, {"policy": "follow", "allowed": ["et"]}, ""),
        ("terms", {"forbidden": ["a"]}, {"forbidden": {"a": "b", "c": "d"}}, "narrower"),
        ("terms", {"required": ["a"]}, {"required": ["a", "b"]}, "wider"),
        ("terms", {"required": ["a"]}, {}, "wider"),
        ("pattern", {"required": ["a"]}, {"required": ["a", "b"]}, "narrower"),
        ("pattern", {"forbidden": ["a"]}, {"forbidden": ["b"]}, ""),
        ("giveaway", {"attempts": 2}, {"attempts": 1}, "wider"),
        ("personal_data", {}, None, "wider"),
    ],
)  # fmt: skip
def test_checks_are_compared_by_what_they_let_pass(use: str, before: dict[str, object] | None, after: dict[str, object] | None, direction: str) -> None:
    assert by_options(use, before, after) == direction


@given(st.tuples(*[st.integers(0, 30)] * 3), st.sampled_from(LEVELS))
def test_the_next_version_is_higher_and_a_major_one_leaves_the_others_behind(parts: tuple[int, int, int], level: str) -> None:
    version = ".".join(map(str, parts))
    following = {name: version_parts(next_version(version, name)) for name in LEVELS}
    assert version_parts(version) < following["patch"] <= following["minor"] < following["major"]
    assert following["major"][:2] > version_parts(version)[:2]


@pytest.mark.parametrize(("version", "level", "following"), [
    ("0.1.0", "major", "0.2.0"), ("0.1.0", "minor", "0.1.1"), ("0.1.9", "patch", "0.1.10"), ("1.4.2", "major", "2.0.0"),
    ("1.4.2", "minor", "1.5.0"), ("1.4.2", "patch", "1.4.3"),
])  # fmt: skip
def test_versions_as_the_docs_say(version: str, level: str, following: str) -> None:
    assert next_version(version, level) == following  # type: ignore[arg-type]
