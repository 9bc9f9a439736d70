import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.diagnostics import Diagnostic
from endonym.core.errors import PackError
from endonym.pack.load import Pack, load

READERS = (MarkdownReader(),)


def faults(folder: Path) -> tuple[Diagnostic, ...]:
    return load(folder, READERS).diagnostics


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace text in a file; returns the line on which it stood."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_right_pack_has_no_faults(tiny: Path) -> None:
    pack = load(tiny, READERS)
    assert pack.diagnostics == ()
    assert [a.id for a in pack.adaptations] == ["omit_child", "reply_in_estonian"]
    assert [p.id for p in pack.passages] == ["fotosuntees#mis-see-on", "fotosuntees#tartu-rahu"]
    assert pack.lessons[0].diagnose.ideas[1].groups == (("süsihappegaas", "CO2"), ("vesi", "H2O"))
    assert pack.adaptations[1].examples[0].replies[1].verdict == "BAD"


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "says"),
    [
        ("pack.toml", 'layer = "country"', 'layer = "planet"', None, "layer"),
        ("adaptations/reply_in_estonian.md", "effect: specialise", "efect: specialise", "PK010", "efect"),
        ("adaptations/reply_in_estonian.md", "basis: law", "basis: opinion", "PK010", "opinion"),
        ("adaptations/reply_in_estonian.md", "decided_on: 2026-11-20", "decided_on: yesterday", "PK010", "yesterday"),
        ("adaptations/reply_in_estonian.md", "## Why", "## Because", "PK022", "Because"),
        ("adaptations/omit_child.md", "  all:", "  everything:", "PK010", "everything"),
        ("adaptations/omit_child.md", 'reveals: ["[A', 'reveals: ["([A', "PK010", "regular expression"),
        ("sources/law.toml", 'kind = "statute"', 'kind = "rumour"', "PK010", "rumour"),
        ("sources/law.toml", "[[source]]", "[[source]", "PK004", "TOML"),
        ("lessons/biology/fotosuntees.et.md", "## Hints", "## Tips", "PK030", "tips"),
        ("lessons/biology/fotosuntees.et.md", " {valgus, päike}", "", "PK035", "braces"),
        ("lessons/biology/fotosuntees.et.md", "## Hints", "## Hints\n```mermaid\npie\n```", "PK039", "under Explain alone"),
        ("lessons/biology/fotosuntees.et.md", "## Explain", "## Explain\n~~~mermaid\n~~~", "PK039", "with words"),
        ("lessons/biology/fotosuntees.et.md", "## Explain", "## Explain\n```mermaid\npie\n```\n```mermaid\npie\n```", "PK039", "at most one"),
        ("knowledge/knowledge.toml", 'file = "fotosuntees.md"', 'file = "other.md"', "PK013", "other.md"),
        ("glossary.csv", "concept,", "idea,", "PK040", "columns"),
        ("cases/cases.yaml", "audience: student", "audience: &a student", "PK005", "anchor"),
        ("locale.toml", 'topics = ["self_harm", "abuse"]', 'topics = ["sorrow"]', "PK010", "sorrow"),
    ],
)
def test_each_fault_names_its_file_its_line_and_what_was_found(
    tiny: Path, name: str, old: str, new: str, code: str | None, says: str
) -> None:
    line = edit(tiny, name, old, new)
    if code is None:
        with pytest.raises(PackError, match=says):
            load(tiny, READERS)
        return
    found = [d for d in faults(tiny) if d.code == code and says in d.message]
    assert found, faults(tiny)
    assert found[0].span.file == f"tiny/{name}"
    assert found[0].remedy
    if code not in ("PK005", "PK013"):
        assert abs(found[0].span.line - line) <= 1


@pytest.mark.parametrize("place", ["## Explain\n", "\n## Misconceptions"])
def test_a_diagram_is_kept_beside_the_explanation_wherever_it_stands_in_it(tiny: Path, place: str) -> None:
    before = load(tiny, READERS).lessons[0]
    drawn = "\n~~~ mermaid\ngraph LR\n  A[Valgus] --> B[Leht]\n~~~\n"
    edit(tiny, "lessons/biology/fotosuntees.et.md", place, f"{place}{drawn}" if place.startswith("## E") else f"{drawn}{place}")
    lesson = load(tiny, READERS).lessons[0]
    assert lesson.diagram == "graph LR\n  A[Valgus] --> B[Leht]" and lesson.explain == before.explain and before.diagram == ""


def test_a_file_that_is_not_utf8_is_named_and_the_rest_is_read(tiny: Path) -> None:
    path = tiny / "adaptations/omit_child.md"
    path.write_bytes(path.read_bytes().replace("õ".encode(), b"\xf5"))
    pack = load(tiny, READERS)
    assert [d.code for d in pack.diagnostics] == ["PK003"]
    assert [a.id for a in pack.adaptations] == ["reply_in_estonian"]


def test_a_link_out_of_the_pack_is_refused(tiny: Path) -> None:
    (tiny / "adaptations/secret.md").symlink_to("/etc/hostname")
    assert "PK008" in [d.code for d in faults(tiny)]


def test_yaml_cannot_grow(tiny: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n"
    edit(tiny, "adaptations/reply_in_estonian.md", "basis: law", bomb + "basis: law")
    assert "PK005" in [d.code for d in faults(tiny)]


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"found no pack\.toml"):
        load(tmp_path, READERS)


def test_order_and_names_of_files_do_not_matter(tiny: Path) -> None:
    (tiny / "adaptations/omit_child.md").rename(tiny / "adaptations/zz.md")
    assert [a.id for a in load(tiny, READERS).adaptations] == ["omit_child", "reply_in_estonian"]


FILES = ["adaptations/omit_child.md", "sources/law.toml", "lessons/biology/fotosuntees.et.md", "glossary.csv", "locale.toml",
         "cases/cases.yaml", "knowledge/knowledge.toml", "curriculum/outcomes.csv"]  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FILES), at=st.floats(0, 1), cut=st.integers(0, 40), put=st.text(max_size=20))
def test_no_damage_to_a_file_ends_in_a_traceback(tiny: Path, name: str, at: float, cut: int, put: str) -> None:
    path = tiny / name
    whole = path.read_text("utf-8")
    start = int(at * len(whole))
    try:
        path.write_text(whole[:start] + put + whole[start + cut :], "utf-8", errors="surrogatepass")
        pack = load(tiny, READERS)
        assert isinstance(pack, Pack)
        assert all(d.remedy and d.span.line >= 1 for d in pack.diagnostics)
    finally:
        path.write_text(whole, "utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), name=st.sampled_from([*FILES, "pack.toml"]))
def test_any_bytes_are_a_diagnostic_or_a_pack_error(tiny: Path, data: bytes, name: str) -> None:
    path = tiny / name
    whole = path.read_bytes()
    try:
        path.write_bytes(data)
        try:
            load(tiny, READERS)
        except PackError as error:
            assert name == "pack.toml"
            assert error.remedy
    finally:
        path.write_bytes(whole)
        shutil.rmtree(tiny / "nothing", ignore_errors=True)
