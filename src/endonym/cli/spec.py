"""`endonym spec`: show a behaviour spec, join the floor to it, and compare two."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from endonym.core.diagnostics import Diagnostic
    from endonym.pack.spec_effects import Touched
    from endonym.pack.stack import PackStack
    from endonym.spec import Differences, Piece, Section, SectionChange, Spec

    Effect = tuple[Path, PackStack, tuple[Touched, ...], tuple[Diagnostic, ...]]
    """(folder of a pack, its stack, what its adaptations touch, errors that it has over the new spec alone)."""


@click.group(name="spec")
def command() -> None:
    """Behaviour specs: the base that packs adapt."""


@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--section", help="Show one section whole.")
def show(file: Path | None, form: str, section: str | None) -> None:
    """List the sections of FILE, or of the base spec that ships with Endonym.

    \b
    Examples:
      endonym spec show
      endonym spec show --section help_to_think
      endonym spec show model_spec.md --format json
    """
    from endonym.core.errors import SpecError
    from endonym.spec import base_spec, read_spec

    spec = read_spec(file) if file else base_spec()
    if section:
        found = spec.section(section)
        if found is None:
            raise SpecError(f"expected the id of a section, found {section!r}", origin=str(file or "base spec"),
                            remedy="`endonym spec show` lists the ids.")  # fmt: skip
        click.echo(f"{found.title}  ({found.id}, {found.authority or 'no authority'})\n\n{found.text.strip()}")
        return
    if form == "json":
        rows = [{"id": s.id, "title": s.title, "authority": s.authority, "tags": list(s.tags), "line": s.line} for s in spec.sections]
        click.echo(json.dumps({"id": spec.id, "digest": spec.digest, "sections": rows}, ensure_ascii=False, indent=2))
        return
    for item in spec.sections:
        click.echo(f"{item.authority or '–':<10} {item.id:<34} {item.title}" + (f"  [{', '.join(item.tags)}]" if item.tags else ""))
    counted = sum(item.authority is not None for item in spec.sections)
    click.echo(f"\n{counted} sections with an authority, {len(spec.sections) - counted} without  {spec.digest}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: the terminal).")
def adopt(file: Path, output: Path | None) -> None:
    """Join the floor to the spec in FILE: the red lines and the protection of minors that every base spec must hold.

    The text of FILE stays, word for word. A section whose id the floor needs is renamed to adopted_…, links included; examples
    from the folder examples/ beside FILE are written into it. A floor that somebody altered is restored.

    \b
    Examples:
      endonym spec adopt model_spec.md -o packs/specs/model-spec-ee.md
      endonym spec adopt packs/specs/ours.md -o packs/specs/ours.md
    """
    from endonym.spec import adopt_spec, spec_files

    text, notes = spec_files(file)
    done = adopt_spec(text, file.name, notes)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(done.text, "utf-8", newline="\n")
    else:
        click.echo(done.text, nl=False)
    lines = [f"floor     {len(done.joined)} sections joined" if done.joined else "floor     stands in it already, unaltered"]
    lines += [f"examples  {done.examples} brought in from examples/"] if done.examples else []
    lines += [f"renamed   {old} → {new}, because the floor has a section of that id" for old, new in done.renamed]
    lines += [f"written   {output}"] if output else []
    click.echo("\n".join(lines), err=output is None)


@command.command()
@click.argument("old")
@click.argument("new")
@click.option("--packs", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
              help="A pack, or a folder of packs: show what the change means for them. May be repeated.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: str, packs: tuple[Path, ...], form: str) -> None:
    """What changed from the spec OLD to the spec NEW: files, or endonym-base for the one that ships.

    Exits with 1 if a pack of DIR has errors over NEW that it has not over OLD, and so would no longer compile.

    \b
    Examples:
      endonym spec diff model_spec_2025.md model_spec_2026.md
      endonym spec diff base_spec_0.1.md endonym-base --packs packs
      endonym spec diff old.md new.md --packs packs/estonia --format json
    """
    from endonym.pack.spec_effects import touched
    from endonym.spec import compare_specs
    from endonym.wiring.packs import check_change, read_stack

    before, after = _spec(old), _spec(new)
    differences = compare_specs(before, after)
    effects: list[Effect] = []
    for folder in _folders(packs):
        stack = read_stack(folder)
        effects.append((folder, stack, touched(stack.top, differences), check_change(stack, before, after)))
    if form == "json":
        click.echo(json.dumps(_data(before, after, differences, effects), ensure_ascii=False, indent=2))
    else:
        for line in (*_lines(before, after, differences), *(line for effect in effects for line in _effect(effect, before, after))):
            click.echo(line)
    if any(errors for _, _, _, errors in effects):
        raise click.exceptions.Exit(1)


def _spec(name: str) -> Spec:
    from endonym.spec import BASE_ID, base_spec, read_spec

    return base_spec() if name == BASE_ID else read_spec(Path(name))


def _folders(packs: Sequence[Path]) -> Iterator[Path]:
    """Each pack named, and each pack of a folder named."""
    from endonym.core.errors import PackError

    for folder in packs:
        inside = [path.parent for path in sorted(folder.glob("*/pack.toml"))]
        if not (folder / "pack.toml").is_file() and not inside:
            raise PackError("expected a pack or a folder of packs, found no pack.toml", origin=str(folder), remedy="Check the path.")
        yield from [folder] if (folder / "pack.toml").is_file() else inside


def _lines(old: Spec, new: Spec, differences: Differences) -> Iterator[str]:
    for name, spec in (("old", old), ("new", new)):
        yield f"{name}  {spec.title}  {len(spec.sections)} sections  {spec.digest}"
    renamed = [change for change in differences.changed if change.renamed]
    rest = [change for change in differences.changed if change.text or change.examples or change.moved or change.retitled or change.retagged]
    if not (differences.added or differences.removed or differences.changed):
        yield "\nNothing differs."
    for name, sections in (("added", differences.added), ("removed", differences.removed)):
        yield from [f"\n{_bold(name)}"] if sections else []
        yield from (f"  {section.authority or '–':<10} {section.id:<34} {section.title}" for section in sections)
    yield from [f"\n{_bold('renamed')}"] if renamed else []
    yield from (f"  {change.old.id} → {change.new.id}" for change in renamed)
    yield from [f"\n{_bold('changed')}"] if rest else []
    for change in rest:
        yield from _change(change)


def _change(change: SectionChange) -> Iterator[str]:
    old, new = change.old, change.new
    yield f"  {new.id}  {new.title}"
    if change.moved:
        yield f"    authority  {old.authority or 'none'} → {new.authority or 'none'}"
    if change.retitled:
        yield f"    title      {old.title} → {new.title}"
    if change.retagged:
        yield f"    tags       {', '.join(old.tags) or 'none'} → {', '.join(new.tags) or 'none'}"
    if change.text:
        yield _words("    text       ", change.text)
    for example in change.examples:
        yield f"    example    {example.kind}: {example.title or 'without a title'}"
        if example.words:
            yield _words("               ", example.words)


def _words(lead: str, pieces: Sequence[Piece]) -> str:
    """Both texts in one: [-what went-] and {+what came+}, with a few of the words between them."""
    shown = []
    for at, piece in enumerate(pieces):
        words = piece.text.split()
        if piece.side == "both" and len(words) > 16:
            words = [*(words[:8] if at else []), "…", *(words[-8:] if at < len(pieces) - 1 else [])]
        text = " ".join(words)
        shown.append({"both": text, "old": f"[-{text}-]", "new": f"{{+{text}+}}"}[piece.side])
    return fill(" ".join(shown), 110, initial_indent=lead, subsequent_indent=" " * 15, break_long_words=False, break_on_hyphens=False)


def _effect(effect: Effect, old: Spec, new: Spec) -> Iterator[str]:
    folder, stack, found, errors = effect
    yield f"\n{_bold(str(folder))}"
    if stack.spec.digest not in (old.digest, new.digest):
        yield f"  adapts {stack.spec.id}, which is neither of the two; judged as if it were"
    for item in found:
        count = len(item.adaptations)
        yield f"  {count} adaptation{'s touch' if count > 1 else ' touches'} {item.section}, which {_what(item)}"
        yield from (f"    {a.file}:{a.lines.get('adapts', a.line)}  {a.id} ({a.effect}, on the basis of {a.basis})" for a in item.adaptations)
    if not found:
        yield "  none of its adaptations touches what changed"
    own = [error for error in errors if not any(error.span.file.startswith(f"{pack.folder.name}/") for pack in stack.packs[:-1])]
    if errors:
        yield f"  would not compile over the new spec: {len(errors)} new error{'s' if len(errors) > 1 else ''}"
    for error in own:
        yield f"    {error.span.file}:{error.span.line}: error {error.code} {error.name}: {error.message}"
        yield f"      → {error.remedy}"
    if len(errors) > len(own):
        yield f"    {len(errors) - len(own)} of them in packs that it extends"


def _what(item: Touched) -> str:
    change = item.change
    if change is None:
        return "is gone"
    parts = [f"moved from {change.old.authority or 'no authority'} to {change.new.authority or 'no authority'}"] if change.moved else []
    parts += [f"is now called {change.new.id}" + (" (its id now belongs to another section)" if item.taken else "")] if change.renamed else []
    parts += ["changed in text"] if change.text else []
    parts += ["changed in its examples"] if change.examples else []
    parts += ["has another title"] if change.retitled else []
    parts += ["has other tags"] if change.retagged else []
    return ", ".join(parts)


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _data(old: Spec, new: Spec, differences: Differences, effects: Sequence[Effect]) -> dict[str, Any]:
    return {
        **{name: {"id": spec.id, "title": spec.title, "digest": spec.digest} for name, spec in (("old", old), ("new", new))},
        "added": [_section(section) for section in differences.added],
        "removed": [_section(section) for section in differences.removed],
        "changed": [
            {
                "old": _section(change.old), "new": _section(change.new),
                "text": [{"side": piece.side, "text": piece.text} for piece in change.text],
                "examples": [{"kind": example.kind, "title": example.title} for example in change.examples],
            }
            for change in differences.changed
        ],
        "packs": [
            {
                "folder": str(folder), "id": stack.top.manifest.id, "base_spec": stack.spec.id, "digest": stack.spec.digest,
                "touched": [
                    {"section": item.section, "gone": item.change is None, "now": item.change and _section(item.change.new),
                     "adaptations": [{"id": a.id, "file": a.file, "line": a.lines.get("adapts", a.line), "effect": a.effect,
                                      "basis": a.basis} for a in item.adaptations]}
                    for item in found
                ],
                "errors": [{"code": e.code, "name": e.name, "file": e.span.file, "line": e.span.line, "message": e.message,
                            "remedy": e.remedy} for e in errors],
            }
            for folder, stack, found, errors in effects
        ],
    }  # fmt: skip


def _section(section: Section) -> dict[str, Any]:
    return {"id": section.id, "title": section.title, "authority": section.authority, "tags": list(section.tags)}
