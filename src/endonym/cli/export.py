"""`endonym export`: a pack's outcomes and glossary in the formats that other programs read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.pack.stack import PackStack


@click.command(name="export")
@click.argument("pack")
@click.option("--as", "form", type=click.Choice(["case", "tbx"]), required=True,
              help="case: learning outcomes as CASE 1.1 JSON. tbx: the glossary as TBX-Basic (ISO 30042).")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there (default: print it).")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that a CASE package is of (default: today).")
def command(pack: str, form: str, output: Path | None, as_of: datetime | None) -> None:
    """Write the outcomes or the glossary of PACK, without those of the packs that it extends.

    PACK is a folder, a bundle file, or the id of a pack under packs/. What is written can be put back: a CASE package into
    curriculum/, a glossary as glossary.tbx.

    \b
    Examples:
      endonym export estonia-upper-secondary --as case -o outcomes.json
      endonym export packs/estonia-upper-secondary --as tbx -o glossary.tbx
      endonym export estonia-upper-secondary --as tbx | less
    """
    from endonym.core.clock import today
    from endonym.pack.case import to_case
    from endonym.pack.tbx import to_tbx
    from endonym.wiring.stacks import find_pack, open_stack

    stack = open_stack(find_pack(pack), progress(quiet_off_terminal=True))
    top = stack.top
    _complete(stack, "curriculum/" if form == "case" else "glossary.", pack)
    rows = top.outcomes if form == "case" else top.glossary
    what = f"{len(rows)} {'outcomes' if form == 'case' else 'terms'}"
    if form == "case":
        text = to_case(top.outcomes, top.manifest, as_of.date() if as_of else today())
    else:
        text = to_tbx(top.glossary, top.manifest)
    if output is None:
        click.echo(text, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(text.encode())
    click.echo(f"{output}: {what}")


def _complete(stack: PackStack, place: str, pack: str) -> None:
    """Nothing is exported of files that cannot be read whole, or where there is nothing."""
    from endonym.core.errors import PackError

    top = stack.top
    fault = next((d for d in stack.diagnostics if d.severity == "error" and d.span.file.startswith(f"{top.folder.name}/{place}")), None)
    if fault:
        raise PackError(fault.message, origin=str(fault.span), remedy=f"{fault.remedy} Run `endonym check {pack}`.")
    if not (top.outcomes if place == "curriculum/" else top.glossary):
        raise PackError(f"expected rows in {place}…, found none", origin=pack, remedy="Name a pack that has some.")
