"""`endonym diff`: what changed from one version of a pack to another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from endonym.cli.pieces import wrap_pieces
from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.pack.differences import Change, PackDifferences, VersionStep
    from endonym.pack.stack import PackStack


@click.command(name="diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write one page that needs nothing else, to send around or to print.")  # fmt: skip
@click.option("--exit-code", is_flag=True, help="Exit with 1 if behaviour differs.")
def command(old: str, new: str, form: str, html: Path | None, exit_code: bool) -> None:
    """What changed from OLD to NEW: two versions of a pack, each with all that it extends.

    OLD and NEW are folders, bundle files, or ids of packs under packs/. Behaviour, presentation and accountability stand
    apart; where machines can compare, a change is called narrower or wider.

    \b
    Examples:
      endonym diff ../released/estonia packs/estonia
      endonym diff estonia-0.1.0.bundle packs/estonia --html changes.html
      endonym diff old/estonia new/estonia --format json --exit-code
    """
    from endonym.pack.differences import compare_stacks, folded
    from endonym.wiring.stacks import find_pack, open_stack

    paths = [find_pack(name) for name in (old, new)]
    before, after = (open_stack(path, progress(quiet_off_terminal=True)) for path in paths)
    if any(path.is_file() for path in paths):
        before, after = folded(before), folded(after)
    found = compare_stacks(before, after)
    if html:
        from endonym.publish.differences import differences_page

        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_bytes(differences_page(found, before, after))
    if form == "json":
        click.echo(json.dumps(_data(found, paths, before, after), ensure_ascii=False, indent=2))
    else:
        for line in (*_head(paths, before, after, found), *([f"written {html}"] if html else _lines(found))):
            click.echo(line)
    if exit_code and found.of("behaviour"):
        raise click.exceptions.Exit(1)


def _head(paths: list[Path], before: PackStack, after: PackStack, found: PackDifferences) -> Iterator[str]:
    for name, path, stack in zip(("old", "new"), paths, (before, after), strict=True):
        yield f"{name}  {stack.top.manifest.id} {stack.top.manifest.version}  {path}"
    for pack in found.missing:
        yield f"left out  {pack}: one side extends it and does not have it"
    if found.faults:
        more = f", and {len(found.faults) - 1} more" if len(found.faults) > 1 else ""
        yield f"not compared  what could not be read: {found.faults[0].span} {found.faults[0].message}{more}"
    if not found.changes:
        yield "Nothing differs."
        return
    behaviour = found.of("behaviour")
    kinds = [f"{sum(c.direction == d for c in behaviour)} {d}" for d in ("wider", "narrower")]
    yield (f"behaviour {len(behaviour)} ({', '.join(kinds)}, {sum(c.judged for c in behaviour)} for people to judge), "
           f"presentation {len(found.of('presentation'))}, accountability {len(found.of('accountability'))}")  # fmt: skip


def _lines(found: PackDifferences) -> Iterator[str]:
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    for group, title in _TITLES.items():
        changes = found.of(group)
        if changes:
            yield f"\n{click.style(title, bold=True)}"
        for (pack, kind, name), own in groupby(changes, lambda c: (c.pack, c.kind, c.id)):
            yield f"  {click.style(name, bold=True)}  {kind} of {pack}"
            for change in own:
                yield from _change(change, width)
    steps = [step for step in found.versions if step.cause]
    if steps:
        yield f"\n{click.style('Version', bold=True)}"
    for step in steps:
        yield fill(_version(step, found), width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


_TITLES: dict[Any, str] = {
    "behaviour": "Behaviour: what the assistant does", "presentation": "Presentation: how it is shown and explained",
    "accountability": "Accountability: who decided, on what, and who looked at it",
}  # fmt: skip
_COLOURS = {"wider": "red", "narrower": "green"}


def _change(change: Change, width: int) -> Iterator[str]:
    where = f"{change.span.file}:{change.span.line}  " if change.span else ""
    verdict = click.style(change.direction, fg=_COLOURS[change.direction]) if change.direction else "for people to judge"
    said = f"  {verdict}" if change.group == "behaviour" else ""
    what = f"{change.part} {change.event}" if change.part and change.event != "changed" else change.part or change.event
    short = f"{change.before or 'none'} → {change.after or 'none'}"
    if change.words:
        yield f"    {where}{what}{said}"
        yield from _words(change, width)
    elif change.event == "changed" and change.before + change.after:
        yield f"    {where}{what}  {short}{said}"
    else:
        yield f"    {where}{what}{said}"
        yield from ([_paragraph(change.after or change.before, width)] if change.after or change.before else [])


def _words(change: Change, width: int) -> list[str]:
    from endonym.pack.differences import shortened

    return wrap_pieces(shortened(change.words), 8, width)


def _paragraph(text: str, width: int) -> str:
    words = text.split()
    short = " ".join(words[:60]) + (" …" if len(words) > 60 else "")
    return fill(short, width, initial_indent=" " * 8, subsequent_indent=" " * 8, break_on_hyphens=False)


def _version(step: VersionStep, found: PackDifferences) -> str:
    cause = step.cause
    if cause is None:
        return ""
    what = " ".join(part for part in (cause.id, cause.part, cause.event, cause.direction and f"({cause.direction})") if part)
    judged = sum(change.judged and change.pack == step.pack for change in found.changes)
    more = f" {judged} for people to judge: if one takes something away, it is a major change." if judged and step.level != "major" else ""
    says = f"{step.before} → {step.after}" if step.before != step.after else f"still {step.after}"
    verdict = f"enough for a {step.level} change" if step.enough else f"a {step.level} change asks for {step.lowest} or higher"
    return f"{step.pack}  {says}: {verdict}, because of {what}.{more}"


def _data(found: PackDifferences, paths: list[Path], before: PackStack, after: PackStack) -> dict[str, Any]:
    sides = zip(("old", "new"), paths, (before, after), strict=True)
    return {
        **{name: {"path": str(path), "id": stack.top.manifest.id, "version": stack.top.manifest.version,
                  "packs": {pack.manifest.id: pack.manifest.version for pack in stack.packs}} for name, path, stack in sides},
        "changes": [
            {
                "group": c.group, "pack": c.pack, "kind": c.kind, "id": c.id, "part": c.part, "event": c.event, "before": c.before,
                "after": c.after, "direction": c.direction or None, "judged_by_people": c.judged, "level": c.level,
                "file": c.span and c.span.file, "line": c.span and c.span.line, "language": c.language or None,
                "words": [{"side": piece.side, "text": piece.text} for piece in c.words],
            }
            for c in found.changes
        ],
        "versions": [
            {"pack": s.pack, "before": s.before, "after": s.after, "level": s.level, "lowest": s.lowest or None, "enough": s.enough}
            for s in found.versions
        ],
        "missing": list(found.missing),
        "not_compared": [{"file": d.span.file, "line": d.span.line, "code": d.code, "message": d.message} for d in found.faults],
    }  # fmt: skip
