from __future__ import annotations

from pathlib import Path

import pytest

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.errors import PackError
from endonym.pack.spec_effects import Touched, over, touched
from endonym.pack.stack import PackStack, load_stack
from endonym.spec import Spec, base_spec, compare_specs, parse_spec

BASE = (Path(__file__).parents[2] / "src/endonym/spec/base_spec.md").read_text("utf-8")


def stack(folder: Path) -> PackStack:
    return load_stack(folder, base_spec(), (MarkdownReader(),))


def effects(folder: Path, old: str, new: str) -> tuple[Touched, ...]:
    assert old in BASE
    return touched(stack(folder).top, compare_specs(base_spec(), parse_spec(BASE.replace(old, new, 1), "new.md")))


def test_a_section_that_moved_names_the_adaptations_that_touch_it(tiny: Path) -> None:
    (found,) = effects(tiny, "{#language_of_reply authority=guideline}", "{#language_of_reply authority=root}")
    assert [a.id for a in found.adaptations] == ["reply_in_estonian"]
    assert found.change is not None
    assert (found.change.old.authority, found.change.new.authority, found.taken) == ("guideline", "root", False)


def test_a_section_that_is_gone_or_renamed(tiny: Path) -> None:
    (found,) = effects(tiny, "### Language of the reply {#language_of_reply authority=guideline}", "### Other {#other}\n\nThing.")
    assert (found.section, found.change) == ("language_of_reply", None)
    (found,) = effects(tiny, "{#language_of_reply ", "{#reply_language ")
    assert found.change and (found.change.new.id, found.taken) == ("reply_language", False)
    (found,) = effects(tiny, "### Language of the reply {#language_of_reply ", "### Another {#language_of_reply}\n\nIt.\n\n### L {#l was=language_of_reply ")
    assert found.change and (found.change.new.id, found.taken) == ("l", True)


def test_what_nobody_adapts_touches_nobody(tiny: Path) -> None:
    assert effects(tiny, "{#form_of_address authority=guideline}", "{#form_of_address authority=user}") == ()


def test_a_stack_over_another_spec_keeps_packs_and_name(tiny: Path) -> None:
    other = parse_spec("# Other {#other}\n\nThing.", "other.md")
    moved = over(stack(tiny), other)
    assert (moved.spec.id, moved.spec.digest, moved.packs) == ("endonym-base", other.digest, stack(tiny).packs)


def lay_spec(folder: Path, named: str, text: str = "# Ours {#ours}\n\nText.\n") -> None:
    manifest = folder / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('"endonym-base"', f'"{named}"'), "utf-8")
    file = folder.parent / "specs" / "ours.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("named", ["../specs/ours.md", "specs/ours.md"])
def test_a_pack_may_name_a_file_beside_the_packs(tiny: Path, named: str) -> None:
    lay_spec(tiny, named)
    found = stack(tiny).spec
    assert (found.id, [section.id for section in found.sections]) == ("specs/ours.md", ["ours"])


def test_examples_beside_the_spec_belong_to_it(tiny: Path) -> None:
    lay_spec(tiny, "../specs/ours.md", "# Ours {#ours}\n\nText[^a].\n")
    (tiny.parent / "specs" / "examples").mkdir()
    (tiny.parent / "specs" / "examples" / "a.md").write_text("**Example**: e\n\n~~~xml\n<user>\nhi\n</user>\n~~~\n", "utf-8")
    assert [example.title for example in stack(tiny).spec.sections[0].examples] == ["e"]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("../specs/nowhere.md", "tiny/pack.toml:6"),
        ("../../specs/ours.md", "beside the packs"),
        ("../specs/../../x.md", "beside the packs"),
        ("/etc/spec.md", "beside the packs"),
        ("C:\\\\spec.md", "beside the packs"),
        ("../specs/ours.txt", "beside the packs"),
    ],
)
def test_a_path_never_leaves_the_folder_of_the_packs(tiny: Path, named: str, says: str) -> None:
    lay_spec(tiny, named)
    with pytest.raises(PackError, match=says):
        stack(tiny)


def test_a_link_out_of_the_folder_of_the_packs_is_refused(tiny: Path, tmp_path: Path) -> None:
    lay_spec(tiny, "../specs/ours.md")
    (tmp_path / "secret.md").write_text("# Secret {#secret}\n", "utf-8")
    (tiny.parent / "specs" / "ours.md").unlink()
    (tiny.parent / "specs" / "ours.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(PackError, match="in the folder that holds the packs"):
        stack(tiny)


def test_a_fault_in_the_spec_names_its_line(tiny: Path) -> None:
    lay_spec(tiny, "../specs/ours.md", "# Ours {#ours}\n\n## Mine {#mine authority=king}\n")
    with pytest.raises(PackError) as caught:
        stack(tiny)
    assert caught.value.origin == "specs/ours.md:3"


def test_the_shipped_spec_stays_the_default(tiny: Path) -> None:
    found: Spec = stack(tiny).spec
    assert found is base_spec()
