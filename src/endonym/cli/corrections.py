"""`endonym corrections`: what teachers said of replies, as evaluation cases of a pack."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.pack.stack import PackStack
    from endonym.store.corrections import Correction


@click.group(name="corrections")
def command() -> None:
    """Teachers correct replies of the tutor; each correction becomes an evaluation case. Who made one is not told.

    \b
    Examples:
      endonym corrections list packs/estonia-upper-secondary
      endonym corrections export packs/estonia-upper-secondary --out packs/estonia-upper-secondary/cases/corrections.yaml
    """


@command.command(name="list")
@click.argument("pack")
def show(pack: str) -> None:
    """Show the corrections of replies from PACK, and which of them its cases hold already."""
    stack, found = _of(pack)
    held = _held(stack)
    for one in found:
        from endonym.evaluate.corrections import said

        click.echo(f"{one.made[:10]}  {one.id}  {said(one)}{'  (in the pack)' if one.id in held else ''}\n  {' / '.join(' '.join(text.split()) for text in one.asked)[:160]}")
    click.echo(f"{len(found)} correction(s) of {stack.top.manifest.id}")


@command.command()
@click.argument("pack")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="New file, such as cases/corrections.yaml of the pack.")
def export(pack: str, out: Path) -> None:
    """Write the corrections that PACK does not hold yet as cases into FILE. Read them before you publish the pack: they are a teacher's words."""
    from endonym.core.errors import PackError
    from endonym.evaluate.corrections import to_cases

    stack, found = _of(pack)
    held = _held(stack)
    new = [one for one in found if one.id not in held]
    if out.exists():
        raise PackError("expected no such file yet, found one", origin=str(out), remedy="Name another: an older export may have been edited.")
    if not new:
        click.echo(f"nothing to write: {len(found)} correction(s), all of them in the pack" if found else "nothing to write: no corrections")
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_cases(new, stack.languages), "utf-8")
    except OSError as error:
        raise PackError(f"cannot write: {error.strerror}", origin=str(out), remedy="Name a file that you may write.") from None
    click.echo(f"{out}: {len(new)} case(s)" + (f"; {len(found) - len(new)} were in the pack already" if len(new) < len(found) else ""))


def _of(pack: str) -> tuple[PackStack, tuple[Correction, ...]]:
    from endonym.wiring.settings import read_settings
    from endonym.wiring.stacks import find_pack, open_stack
    from endonym.wiring.state import open_store

    stack = open_stack(find_pack(pack), progress(quiet_off_terminal=True))
    with closing(open_store(read_settings())) as store:
        return stack, store.corrections.about(stack.top.manifest.id)


def _held(stack: PackStack) -> frozenset[str]:
    return frozenset(case.id for pack in stack.packs for case in pack.cases)
