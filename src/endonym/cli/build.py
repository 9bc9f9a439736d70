"""`endonym build`: a pack stack into a reproducible bundle."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command(name="build")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: <id>.bundle).")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates as of this day (default: today).")
def command(folder: Path, output: Path | None, as_of: datetime | None) -> None:
    """Compile a pack and what it extends into one file; the same input gives the same bytes on every machine.

    \b
    Example:
      endonym build packs/estonia-upper-secondary -o ee.bundle
    """
    from endonym.bundle import write_bundle
    from endonym.cli.progress import progress
    from endonym.wiring.packs import compile_pack

    contents, report = compile_pack(folder, as_of.date() if as_of else None, progress=progress(quiet_off_terminal=True))
    path = output or Path(f"{contents.head.id}.bundle")
    digest = write_bundle(contents, path)
    click.echo(f"{path}  {path.stat().st_size:,} bytes  {digest}")
    if report.warnings:
        click.echo(f"{len(report.warnings)} warning(s); `endonym check {folder}` shows them.", err=True)
